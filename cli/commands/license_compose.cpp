// SPDX-License-Identifier: Apache-2.0
// railhub license compose
#include "cli/check_source.h"
#include "cli/commands.h"
#include "cli/facts.h"
#include "cli/knowledge.h"
#include "cli/repo_spec.h"
#include "core/compliance/compose.h"
#include "core/compliance/suggest.h"

namespace railhub::cli {

namespace {

// What the lineage of a source demands, so that the draft is at least as strict.
util::Result<std::vector<license::Restriction>>
demanded(Shell& shell, const Args& args, const license::Catalogue& catalogue) {
    std::vector<license::Restriction> all;
    if (!args.has("SOURCE")) {
        return all;
    }
    RAILHUB_TRY(const auto target, open_check_target(shell, args, catalogue));
    const app::CheckOptions options = options_for(shell, *target);
    RAILHUB_TRY(
        const compliance::Lineage lineage,
        app::lineage_of(shell.ctx, *target->source, *target->resolver, catalogue, options)
    );
    for (const compliance::ClauseToCarry& clause :
         compliance::clauses_to_carry(lineage, options.use, options.policy, catalogue)) {
        all.push_back({clause.id, clause.variant});
    }
    return all;
}

util::Result<ExitCode> run_license_compose(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    compliance::Composition composition;
    composition.scope = args.text("scope");
    composition.title = args.text("title");
    RAILHUB_TRY(
        composition.restrictions, compliance::restrictions_named(catalogue, args.list("restrict"))
    );
    RAILHUB_TRY(const auto upstream, demanded(shell, args, catalogue));
    composition.restrictions.insert(
        composition.restrictions.end(), upstream.begin(), upstream.end()
    );
    RAILHUB_TRY(const std::string text, compliance::compose_license(catalogue, composition));
    shell.print(
        util::Json::object(
            {{"scope", composition.scope}, {"draft", text}, {"knowledge", catalogue.description()}}
        ),
        text
    );
    return ExitCode::Done;
}

} // namespace

Command license_compose_command() {
    return {
        .name = "license compose",
        .group = "Licenses",
        .summary = "Draft an OpenRAIL-style license from chosen use restrictions",
        .page = "license_compose",
        .options =
            {type_option(),
             revision_option("Branch, tag or commit [main]"),
             {.name = "restrict",
              .kind = OptionKind::List,
              .value = "NAME",
              .help = "A restriction set, a use restriction, or one with its variant"},
             {.name = "scope",
              .value = "LETTERS",
              .help = "What it covers: of D, A, M and S",
              .fallback = "M"},
             {.name = "title",
              .value = "TEXT",
              .help = "Heading of the draft",
              .fallback = "Use-based license"},
             licenses_option()},
        .operands =
            {{"SOURCE",
              Need::Optional,
              "Folder or repository[@revision] whose lineage the draft has to satisfy"}},
        .run = run_license_compose};
}

} // namespace railhub::cli
