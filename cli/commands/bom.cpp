// SPDX-License-Identifier: Apache-2.0
// railhub bom
#include "cli/check_source.h"
#include "cli/commands.h"
#include "cli/knowledge.h"
#include "cli/lock_file.h"
#include "cli/repo_spec.h"
#include "core/app/make_bom.h"
#include "core/app/project_bom.h"
#include "core/bom/formats.h"

#include <filesystem>

namespace railhub::cli {

namespace {

// What the hub lists: large files with their hash, others with git's.
util::Result<std::vector<bom::File>> listed_files(Shell& shell, const CheckTarget& target) {
    RAILHUB_TRY(const types::RepoId id, types::RepoId::parse(target.kind, target.id));
    RAILHUB_TRY(
        const auto entries,
        target.connection->hub.tree(
            shell.ctx, id, target.revision, "", transfer::HubClient::Depth::Recursive
        )
    );
    std::vector<bom::File> files;
    for (const transfer::RemoteEntry& entry : entries) {
        if (!entry.is_folder) {
            files.push_back({entry.path, entry.size, entry.lfs, entry.lfs ? "" : entry.oid});
        }
    }
    std::sort(files.begin(), files.end(), [](const bom::File& a, const bom::File& b) {
        return a.path < b.path;
    });
    return files;
}

// --date, else SOURCE_DATE_EPOCH, else none.
util::Result<std::optional<std::int64_t>> bill_date(Shell& shell, const Args& args) {
    const auto variable = shell.config.environment.find("SOURCE_DATE_EPOCH");
    const bool is_set = variable != shell.config.environment.end() && !variable->second.empty();
    const std::string text = args.has("date") ? args.text("date")
                             : is_set         ? variable->second
                                              : std::string();
    if (text.empty()) {
        return std::optional<std::int64_t>();
    }
    const auto seconds = bom::parse_timestamp(text);
    if (!seconds) {
        return util::fail(
            util::Code::InvalidInput,
            (args.has("date") ? "--date '" : "SOURCE_DATE_EPOCH '") + text + "' is no date",
            "write 2026-11-22, 2026-11-22T21:35:00Z, or seconds since 1970"
        );
    }
    return seconds;
}

// A folder goes by its own name, not by the way to it, which differs from machine to machine.
std::string name_of(const std::string& folder, const Args& args) {
    if (args.has("name") || folder.empty()) {
        return args.text("name");
    }
    std::error_code error;
    auto path = std::filesystem::weakly_canonical(folder, error);
    return error ? folder : path.filename().string();
}

// With its lock, where there is one.
util::Result<bom::Bom> bom_of_project(
    Shell& shell, const Args& args, const license::Catalogue& catalogue, const std::string& folder
) {
    Args unsaid; // --date is that of the bill here, and no day to judge by
    RAILHUB_TRY(const auto target, open_project(shell, unsaid, catalogue, folder));
    RAILHUB_TRY(const auto lock, read_lock(shell, folder));
    std::unique_ptr<app::LineageResolver> hub;
    if (lock) {
        hub = std::exchange(target->upstream->resolver, std::make_unique<app::LockResolver>(*lock));
    }
    RAILHUB_TRY(const auto checked, run_project_check(shell, *target, catalogue));
    app::ProjectBomOptions options;
    options.name = name_of(folder, args);
    options.endpoint = lock ? lock->endpoint : app::public_endpoint(shell.config.endpoint);
    RAILHUB_TRY(options.created, bill_date(shell, args));
    return app::project_bom(checked, target->project, catalogue, options);
}

util::Result<bom::Bom>
bom_of_artifact(Shell& shell, const Args& args, const license::Catalogue& catalogue) {
    RAILHUB_TRY(const auto target, open_check_target(shell, args, catalogue));
    app::BomOptions options;
    options.check = options_for(shell, *target);
    options.name = name_of(target->folder, args);
    options.endpoint = app::public_endpoint(shell.config.endpoint);
    RAILHUB_TRY(options.created, bill_date(shell, args));
    if (args.has("no-files")) {
        options.files = app::BomOptions::Files::Omit;
    } else if (!target->id.empty()) {
        RAILHUB_TRY(options.listed, listed_files(shell, *target));
    }
    return app::make_bom(shell.ctx, *target->source, *target->resolver, catalogue, options);
}

util::Result<ExitCode> run_bom(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    RAILHUB_TRY(const auto project, project_folder(shell, args));
    RAILHUB_TRY(
        const bom::Bom made,
        project ? bom_of_project(shell, args, catalogue, *project)
                : bom_of_artifact(shell, args, catalogue)
    );
    const bom::Format* format = bom::find_format(args.text("format"));
    RAILHUB_ASSERT(format != nullptr); // one of the option's choices
    const std::string text = format->render(made).dump_pretty();
    if (!args.has("output")) {
        shell.terminal.print(text);
        return ExitCode::Done;
    }
    const std::string path = args.text("output");
    RAILHUB_TRY(util::write_atomic(shell.fs, path, util::as_bytes(std::string_view(text))));
    shell.terminal.say(
        "wrote " + path + ": " + std::to_string(made.components.size()) + " components, " +
        std::string(format->summary)
    );
    return ExitCode::Done;
}

} // namespace

Command bom_command() {
    return {
        .name = "bom",
        .group = "Everyday",
        .summary = "Write the bill of materials of a project, model or data set",
        .page = "bom",
        .options =
            {type_option(),
             revision_option("Branch, tag or commit [main]"),
             {.name = "format",
              .kind = OptionKind::Choice,
              .value = "NAME",
              .help = "Standard to follow",
              .fallback = "cyclonedx",
              .choices = bom::format_names()},
             {.name = "output",
              .letter = 'o',
              .value = "FILE",
              .help = "Write to FILE instead of standard output"},
             {.name = "date",
              .value = "DATE",
              .help = "Date of the bill; SOURCE_DATE_EPOCH when left out, else none"},
             {.name = "name", .value = "NAME", .help = "What to call the subject"},
             {.name = "no-files",
              .kind = OptionKind::Switch,
              .help = "Leave out files and their hashes"},
             overrides_option(),
             licenses_option()},
        .operands =
            {{"SOURCE",
              Need::Optional,
              "Folder or repository[@revision]; the current folder when left out"}},
        .run = run_bom};
}

} // namespace railhub::cli
