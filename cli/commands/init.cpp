// SPDX-License-Identifier: Apache-2.0
// railhub init
#include "cli/commands.h"
#include "cli/knowledge.h"
#include "core/app/starter_project.h"
#include "core/util/fs.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>

namespace railhub::cli {

namespace {

// The name of the folder itself, also of ".".
std::string folder_name(const std::string& folder) {
    std::error_code failed;
    const std::filesystem::path whole = std::filesystem::weakly_canonical(folder, failed);
    const std::string name = failed ? std::string() : whole.filename().string();
    return name.empty() ? "project" : name;
}

util::Result<ExitCode> run_init(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    app::ProjectOptions options;
    options.folder = args.has("FOLDER") ? args.text("FOLDER") : ".";
    options.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
    const std::string path = util::join_path(options.folder, app::kProjectFile);
    RAILHUB_TRY(const auto info, shell.fs.info(path));
    if (info && !args.has("force") && !args.has("dry-run")) {
        return util::fail(
            util::Code::AlreadyExists,
            "'" + path + "' is there already",
            "look at a new one with --dry-run, or write over it with --force"
        );
    }
    RAILHUB_TRY(
        const std::string text,
        app::starter_project(shell.ctx, shell.fs, catalogue, folder_name(options.folder), options)
    );
    if (args.has("dry-run")) {
        shell.terminal.print(text);
        return ExitCode::Done;
    }
    RAILHUB_TRY(util::write_atomic(shell.fs, path, util::as_bytes(text)));
    shell.print(
        util::Json::object({{"path", path}}),
        "wrote " + path + "; state what it is for, then run 'railhub check " + options.folder +
            "'\n"
    );
    return ExitCode::Done;
}

} // namespace

Command init_command() {
    return {
        .name = "init",
        .group = "Everyday",
        .summary = "Write a railhub.toml from what a code base uses",
        .page = "init",
        .options =
            {{.name = "dry-run",
              .kind = OptionKind::Switch,
              .help = "Print it instead of writing it"},
             {.name = "force",
              .kind = OptionKind::Switch,
              .help = "Write over a file that is there"},
             licenses_option()},
        .operands = {{"FOLDER", Need::Optional, "The project; the current folder when left out"}},
        .run = run_init};
}

} // namespace railhub::cli
