// SPDX-License-Identifier: Apache-2.0
// Options and files -> project::Project and app::ProjectOptions.
#include "cli/project_source.h"

#include "cli/facts.h"
#include "cli/repo_spec.h"
#include "core/util/digest.h"
#include "core/util/text.h"

#include <algorithm>
#include <thread>

namespace railhub::cli {

namespace {

class HubPolicies final : public project::PolicySource {
  public:
    HubPolicies(const transfer::HubClient* hub, util::Fs& fs, std::string folder)
        : hub_(hub), fs_(fs), folder_(std::move(folder)) {}

    util::Result<std::string> policy(
        const util::Context& ctx,
        const std::string& repo,
        const std::string& revision,
        const std::string& path
    ) override {
        RAILHUB_TRY(const RepoSpec spec, parse_repo(repo, ""));
        const std::string address = spec.id.describe() + "@" + revision + ":" + path;
        const std::string kept = util::join_path(
            folder_, util::sha256(util::as_bytes(address)).hex().substr(0, 40) + ".toml"
        );
        if (hub_ == nullptr) {
            auto text = util::read_file(fs_, kept, project::kMaxProjectFile);
            if (text.ok()) {
                return text;
            }
            return util::fail(
                util::Code::Unavailable,
                "cannot read policy '" + path + "' of " + spec.id.describe() + ": offline",
                "check once with a connection; the policy is then kept"
            );
        }
        RAILHUB_TRY(
            std::string text,
            hub_->text(
                ctx, spec.id, revision.empty() ? "main" : revision, path, project::kMaxProjectFile
            )
        );
        keep(kept, text);
        return text;
    }

  private:
    // A cache never fails what it serves.
    void keep(const std::string& path, const std::string& text) {
        if (fs_.make_dirs(folder_).ok()) {
            static_cast<void>(util::write_atomic(fs_, path, util::as_bytes(text)));
        }
    }

    const transfer::HubClient* hub_;
    util::Fs& fs_;
    std::string folder_;
};

// From NAME=VALUE of the command line, checked against the tables by read_facts before.
util::Result<std::vector<project::Setting>>
settings_from(const Args& args, std::string_view option) {
    std::vector<project::Setting> settings;
    for (const std::string& text : args.list(option)) {
        RAILHUB_TRY(const NamedValue row, parse_named("--" + std::string(option), text));
        settings.push_back({row.name, row.value, {}});
    }
    return settings;
}

} // namespace

OptionSpec date_option() {
    return {
        .name = "date",
        .value = "YYYY-MM-DD",
        .help = "The day to judge waivers by; today when left out"};
}

util::Result<project::Date> date_of(Shell& shell, const Args& args) {
    if (!args.has("date")) {
        return project::date_of(util::to_millis(shell.ctx.clock.now()));
    }
    const auto date = project::parse_date(args.text("date"));
    if (!date) {
        return util::fail(
            util::Code::InvalidInput,
            "'" + args.text("date") + "' is no day",
            "write it as 2027-01-31"
        );
    }
    return *date;
}

util::Result<std::optional<std::string>>
project_folder(Shell& shell, const Args& args, std::string_view operand) {
    using Answer = std::optional<std::string>;
    const std::string folder = args.has(operand) ? args.text(operand) : ".";
    RAILHUB_TRY(const auto info, shell.fs.info(folder));
    if (!info) {
        return Answer{};
    }
    RAILHUB_TRY(const bool is_one, app::is_project(shell.ctx, shell.fs, folder));
    return is_one ? Answer(folder) : Answer{};
}

util::Result<std::unique_ptr<ProjectTarget>> open_project(
    Shell& shell,
    const Args& args,
    const license::Catalogue& catalogue,
    const std::string& folder,
    Mistakes mistakes
) {
    auto target = std::make_unique<ProjectTarget>();
    target->upstream = std::make_unique<CheckTarget>();
    RAILHUB_TRY(connect_target(shell, catalogue, *target->upstream));
    const auto policies = make_policy_source(
        target->upstream->connection ? &target->upstream->connection->hub : nullptr,
        shell.fs,
        util::join_path(shell.config.state_folder, "policies")
    );
    const std::string path = util::join_path(folder, app::kProjectFile);
    RAILHUB_TRY(const auto stated, shell.fs.info(path));
    if (stated) {
        RAILHUB_TRY(
            project::Reading reading,
            project::read_project_file(
                shell.ctx, shell.fs, folder, std::string(app::kProjectFile), policies.get()
            )
        );
        if (!reading.mistakes.empty() && mistakes == Mistakes::End) {
            return project::to_error(path, reading.mistakes);
        }
        target->project = std::move(reading.project);
        target->mistakes = std::move(reading.mistakes);
    }
    target->source = app::make_folder_source(shell.fs, folder);
    app::ProjectOptions& options = target->options;
    options.folder = folder;
    RAILHUB_TRY(options.today, date_of(shell, args));
    options.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
    app::CheckOptions given;
    RAILHUB_TRY(read_facts(args, given)); // says what is wrong with them
    RAILHUB_TRY(options.facts, settings_from(args, "fact"));
    RAILHUB_TRY(options.switches, settings_from(args, "policy"));
    if (args.has("purpose")) {
        options.facts.push_back({"commercial", args.text("purpose") == "commercial", {}});
    }
    if (args.has("use")) {
        target->project.use.delivery = given.use.delivery;
    }
    return target;
}

util::Result<app::ProjectChecked>
run_project_check(Shell& shell, ProjectTarget& target, const license::Catalogue& catalogue) {
    RAILHUB_TRY(
        app::ProjectChecked checked,
        app::check_project(
            shell.ctx,
            shell.fs,
            target.project,
            *target.upstream->resolver,
            catalogue,
            target.options
        )
    );
    for (const scan::Note& note : checked.notes) {
        shell.terminal.warn(note.file + ": " + note.message);
    }
    return checked;
}

std::unique_ptr<project::PolicySource>
make_policy_source(const transfer::HubClient* hub, util::Fs& fs, std::string cache_folder) {
    return std::make_unique<HubPolicies>(hub, fs, std::move(cache_folder));
}

} // namespace railhub::cli
