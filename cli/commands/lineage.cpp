// SPDX-License-Identifier: Apache-2.0
// railhub lineage
#include "cli/check_source.h"
#include "cli/commands.h"
#include "cli/knowledge.h"
#include "cli/repo_spec.h"
#include "core/app/lineage_view.h"

#include <algorithm>

namespace railhub::cli {

namespace {

constexpr std::uint64_t kMostArtifacts = 20'000;

util::Result<ExitCode> run_lineage(Shell& shell, const Args& args) {
    if (args.has("svg") && args.has("mermaid")) {
        return util::fail(
            util::Code::InvalidInput, "--svg and --mermaid exclude each other", "give one of them"
        );
    }
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    RAILHUB_TRY(const auto target, open_check_target(shell, args, catalogue, "REF"));
    app::CheckOptions options = options_for(shell, *target);
    options.max_ancestors = std::min(args.number("max"), kMostArtifacts);
    options.max_depth = options.max_ancestors;
    RAILHUB_TRY(
        compliance::Lineage lineage,
        app::lineage_of(shell.ctx, *target->source, *target->resolver, catalogue, options)
    );
    const app::LineageView view =
        app::view_of(std::move(lineage), target->source->label(), catalogue);
    if (args.has("svg")) {
        shell.terminal.print(app::svg_text(view));
    } else if (args.has("mermaid")) {
        shell.terminal.print(app::mermaid_text(view));
    } else {
        shell.print(app::to_json(view), app::tree_text(view));
    }
    return ExitCode::Done;
}

} // namespace

Command lineage_command() {
    return {
        .name = "lineage",
        .group = "Everyday",
        .summary = "Show what a folder or repository was made from",
        .page = "lineage",
        .options =
            {type_option(),
             revision_option("Branch, tag or commit [main]"),
             {.name = "svg", .kind = OptionKind::Switch, .help = "Draw it as SVG"},
             {.name = "mermaid", .kind = OptionKind::Switch, .help = "Print a Mermaid flowchart"},
             {.name = "max",
              .kind = OptionKind::Number,
              .value = "N",
              .help = "Look at most at so many artifacts",
              .fallback = "1000"},
             overrides_option(),
             licenses_option()},
        .operands =
            {{"REF",
              Need::Optional,
              "Folder or repository[@revision]; the current folder when left out"}},
        .run = run_lineage};
}

} // namespace railhub::cli
