// SPDX-License-Identifier: Apache-2.0
// railhub lock
#include "cli/check_source.h"
#include "cli/commands.h"
#include "cli/knowledge.h"
#include "cli/lock_file.h"
#include "cli/repo_spec.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

// What became of the artifacts of a lock.
struct LockCounts {
    std::size_t all = 0;
    std::size_t added = 0;
    std::size_t changed = 0;
    std::size_t dropped = 0;
};

LockCounts count_changes(const lock::Lock& before, const lock::Lock& after) {
    LockCounts counts;
    counts.all = after.artifacts.size();
    std::size_t known = 0;
    for (const lock::Artifact& now : after.artifacts) {
        const auto same_name = [&now](const lock::Artifact& was) {
            return was.kind == now.kind && was.id == now.id;
        };
        if (std::find(before.artifacts.begin(), before.artifacts.end(), now) !=
            before.artifacts.end()) {
            ++known;
        } else if (std::any_of(before.artifacts.begin(), before.artifacts.end(), same_name)) {
            ++counts.changed;
        } else {
            ++counts.added;
        }
    }
    const std::size_t accounted = known + counts.changed;
    counts.dropped = before.artifacts.size() > accounted ? before.artifacts.size() - accounted : 0;
    return counts;
}

// --update, --update ARTIFACT
app::LockUpdate update_of(const Args& args) {
    app::LockUpdate update;
    if (args.has("update")) {
        const std::string id = args.text("update");
        update.all = id.empty() || id == "all";
        if (!update.all) {
            update.ids.insert(id);
        }
    }
    return update;
}

// A lock that cannot be read is no reason not to write one: what it held is asked for anew.
util::Result<lock::Lock> lock_before(Shell& shell, const std::string& folder) {
    auto read = read_lock(shell, folder);
    if (!read.ok() && read.error().code == util::Code::InvalidInput) {
        shell.terminal.warn(util::to_line(read.error()) + "; everything is asked for anew");
        return lock::Lock{};
    }
    RAILHUB_TRY(read);
    return read->value_or(lock::Lock{});
}

util::Result<> check_answers(const app::LockingResolver& resolver) {
    const std::vector<std::string> unknown = resolver.unknown_updates();
    if (!unknown.empty()) {
        return util::fail(
            util::Code::NotFound,
            "nothing in the lineage is called '" + unknown.front() + "'",
            "'railhub lineage' lists the names"
        );
    }
    if (!resolver.unreachable().empty()) {
        return util::fail(
            util::Code::Unavailable,
            "cannot lock '" + *resolver.unreachable().begin() + "': nobody could be asked about it",
            "a lock is written with the hub at hand; check HF_ENDPOINT"
        );
    }
    return {};
}

// Asks about everything that the folder's lineage names, and writes the answers down.
class Locking {
  public:
    Locking(Shell& shell, const Args& args, const license::Catalogue& catalogue, lock::Lock before)
        : shell_(shell), args_(args), catalogue_(catalogue), before_(std::move(before)) {}

    util::Result<lock::Lock> of_project(const std::string& folder) {
        RAILHUB_TRY(const auto target, open_project(shell_, args_, catalogue_, folder));
        const std::unique_ptr<app::LineageResolver> hub = std::move(target->upstream->resolver);
        auto locking = std::make_unique<app::LockingResolver>(
            *hub, before_, update_of(args_), catalogue_.version()
        );
        const app::LockingResolver& resolver = *locking;
        target->upstream->resolver = std::move(locking);
        RAILHUB_TRY(run_project_check(shell_, *target, catalogue_));
        return made(resolver);
    }

    util::Result<lock::Lock> of_artifact(CheckTarget& target) {
        app::LockingResolver resolver(
            *target.resolver, before_, update_of(args_), catalogue_.version()
        );
        RAILHUB_TRY(app::lineage_of(
            shell_.ctx, *target.source, resolver, catalogue_, options_for(shell_, target)
        ));
        return made(resolver);
    }

    [[nodiscard]] const lock::Lock& before() const { return before_; }

  private:
    util::Result<lock::Lock> made(const app::LockingResolver& resolver) {
        RAILHUB_TRY(check_answers(resolver));
        return resolver.lock(lock_endpoint(shell_));
    }

    Shell& shell_;
    const Args& args_;
    const license::Catalogue& catalogue_;
    lock::Lock before_;
};

util::Result<> write_and_say(
    Shell& shell, const std::string& folder, const lock::Lock& before, const lock::Lock& made
) {
    const std::string path = lock_path(folder);
    const std::string text = lock::write_lock(made);
    RAILHUB_TRY(util::write_atomic(shell.fs, path, util::as_bytes(std::string_view(text))));
    const LockCounts counts = count_changes(before, made);
    shell.print(
        util::Json::object(
            {{"format", "lock-written/1"},
             {"path", path},
             {"artifacts", counts.all},
             {"added", counts.added},
             {"changed", counts.changed},
             {"dropped", counts.dropped}}
        ),
        path + ": " + std::to_string(counts.all) + " artifacts, " + std::to_string(counts.added) +
            " added, " + std::to_string(counts.changed) + " changed, " +
            std::to_string(counts.dropped) + " dropped\n"
    );
    return {};
}

util::Result<ExitCode> run_lock(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    if (shell.config.is_offline) {
        return util::fail(
            util::Code::Unavailable, "a lock cannot be written offline", "leave out --offline"
        );
    }
    RAILHUB_TRY(const auto project, project_folder(shell, args, "FOLDER"));
    const std::string folder = args.has("FOLDER") ? args.text("FOLDER") : ".";
    RAILHUB_TRY(lock::Lock before, lock_before(shell, folder));
    Locking locking(shell, args, catalogue, std::move(before));
    lock::Lock made;
    if (project) {
        RAILHUB_TRY(made, locking.of_project(folder));
    } else {
        RAILHUB_TRY(const auto target, open_check_target(shell, args, catalogue, "FOLDER"));
        if (target->folder.empty()) {
            return util::fail(
                util::Code::InvalidInput,
                "a lock lies in a folder, and '" + folder + "' is a repository",
                "name the folder of a project or a model"
            );
        }
        RAILHUB_TRY(made, locking.of_artifact(*target));
    }
    RAILHUB_TRY(write_and_say(shell, folder, locking.before(), made));
    return ExitCode::Done;
}

} // namespace

Command lock_command() {
    return {
        .name = "lock",
        .group = "Everyday",
        .summary = "Pin licenses, texts and origins of all artifacts in railhub.lock",
        .page = "lock",
        .options =
            {type_option(),
             {.name = "update",
              .kind = OptionKind::OptionalText,
              .value = "ARTIFACT",
              .help = "Ask anew about one artifact, or all"},
             overrides_option(),
             licenses_option()},
        .operands =
            {{"FOLDER",
              Need::Optional,
              "Folder of a project or a model; the current one when left out"}},
        .run = run_lock};
}

} // namespace railhub::cli
