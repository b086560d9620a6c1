// SPDX-License-Identifier: Apache-2.0
// railhub scan
#include "core/scan/scan.h"

#include "cli/commands.h"
#include "cli/shell.h"
#include "core/scan/print.h"
#include "core/scan/tables.h"

#include <algorithm>
#include <array>
#include <thread>

namespace railhub::cli {

namespace {

struct SkippedPart {
    std::string_view name;
    scan::Part part;
};

constexpr std::array<SkippedPart, 3> kSkippedParts = {{
    {"tests", scan::Part::Test},
    {"examples", scan::Part::Example},
    {"docs", scan::Part::Documentation},
}};

std::vector<std::string> skipped_names() {
    std::vector<std::string> out;
    for (const SkippedPart& row : kSkippedParts) {
        out.emplace_back(row.name);
    }
    return out;
}

util::Result<scan::ScanOptions> read_scan_options(const Args& args) {
    scan::ScanOptions options;
    options.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
    options.walk.vendored =
        args.has("vendored") ? scan::Include::Everything : scan::Include::Sources;
    options.walk.ignored = args.has("ignored") ? scan::Include::Everything : scan::Include::Sources;
    for (const std::string& name : args.list("skip")) {
        const auto* row =
            std::find_if(kSkippedParts.begin(), kSkippedParts.end(), [&](const SkippedPart& one) {
                return one.name == name;
            });
        if (row == kSkippedParts.end()) {
            return util::fail(
                util::Code::InvalidInput,
                "cannot skip '" + name + "': no such part of a project",
                "Parts are tests, examples and docs."
            );
        }
        options.skipped.push_back(row->part);
    }
    return options;
}

// Places as the caller would open them: below the path that was given.
void put_below(const std::string& root, scan::Findings& findings, scan::Findings& into) {
    const auto below = [&](std::string& file) {
        file = root == "." ? file : util::join_path(root, file);
    };
    for (scan::Use& use : findings.uses) {
        below(use.place.file);
        for (scan::Place& place : use.used_at) {
            below(place.file);
        }
        into.uses.push_back(std::move(use));
    }
    for (scan::Unresolved& one : findings.unresolved) {
        below(one.place.file);
        into.unresolved.push_back(std::move(one));
    }
    for (scan::WeightsFile& one : findings.weights) {
        below(one.file);
        into.weights.push_back(std::move(one));
    }
    for (scan::Note& note : findings.notes) {
        below(note.file);
        into.notes.push_back(std::move(note));
    }
    into.files_seen += findings.files_seen;
    into.files_read += findings.files_read;
}

util::Result<ExitCode> run_scan(Shell& shell, const Args& args) {
    RAILHUB_TRY(const scan::ScanOptions options, read_scan_options(args));
    std::vector<std::string> roots = args.list("PATH");
    if (roots.empty()) {
        roots.emplace_back(".");
    }
    scan::Findings all;
    for (std::string& root : roots) {
        while (root.size() > 1 && root.ends_with('/')) {
            root.pop_back();
        }
        RAILHUB_TRY(
            scan::Findings findings,
            scan::scan(shell.ctx, shell.fs, scan::builtin_tables(), root, options)
        );
        RAILHUB_TRY(const auto info, shell.fs.info(root));
        const bool is_file = info && !info->is_directory && !info->is_symlink;
        put_below(is_file ? util::parent_path(root) : root, findings, all);
    }
    for (const scan::Note& note : all.notes) {
        if (!shell.is_json()) {
            shell.terminal.warn(note.file + ": " + note.message);
        }
    }
    shell.terminal.print(shell.is_json() ? scan::to_json(all).dump_pretty() : scan::to_text(all));
    return ExitCode::Done;
}

} // namespace

Command scan_command() {
    return {
        .name = "scan",
        .group = "Everyday",
        .summary = "List the models and datasets that a code base uses",
        .page = "scan",
        .options =
            {{.name = "skip",
              .kind = OptionKind::List,
              .value = "PART",
              .help = "Leave out tests, examples or docs (several times)",
              .choices = skipped_names()},
             {.name = "vendored",
              .kind = OptionKind::Switch,
              .help = "Also folders that package managers fill (node_modules, .venv ...)"},
             {.name = "ignored", .kind = OptionKind::Switch, .help = "Also what git ignores"}},
        .operands =
            {{"PATH", Need::AnyNumber, "Folders or files; the current folder when left out"}},
        .run = run_scan};
}

} // namespace railhub::cli
