// SPDX-License-Identifier: Apache-2.0
// railhub check
#include "core/app/check.h"

#include "cli/check_source.h"
#include "cli/commands.h"
#include "cli/knowledge.h"
#include "cli/repo_spec.h"
#include "core/report/formats.h"

namespace railhub::cli {

namespace {

std::vector<std::string> format_names() {
    std::vector<std::string> names;
    for (const auto& format : report::formats()) {
        names.emplace_back(format.name);
    }
    return names;
}

util::Result<compliance::Use> read_use(const Args& args) {
    compliance::Use use;
    const std::string delivery = args.text("use");
    using Delivery = compliance::Use::Delivery;
    use.delivery = delivery == "internal" ? Delivery::Internal
                   : delivery == "serve"  ? Delivery::Serve
                                          : Delivery::Distribute;
    if (args.has("purpose")) {
        use.purpose = args.text("purpose") == "commercial"
                          ? compliance::Use::Purpose::Commercial
                          : compliance::Use::Purpose::NonCommercial;
    }
    return use;
}

util::Result<ExitCode> run_check(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    RAILHUB_TRY(const auto target, open_check_target(shell, args));
    app::CheckOptions options;
    options.kind = target->kind;
    options.id = target->id;
    options.revision = target->revision;
    RAILHUB_TRY(options.use, read_use(args));
    const auto fail_on = report::parse_verdict(args.text("fail-on"));
    RAILHUB_ASSERT(fail_on.has_value()); // one of the option's choices
    options.policy.fail_on = *fail_on;
    RAILHUB_TRY(
        const report::Report report,
        app::check(shell.ctx, *target->source, *target->resolver, catalogue, options)
    );
    const std::string name = args.has("format") ? args.text("format")
                             : shell.is_json()  ? "json"
                                                : "text";
    const report::Format* format = report::find_format(name);
    RAILHUB_ASSERT(format != nullptr); // one of the option's choices
    shell.terminal.print(format->render(report));
    return app::fails(report, options.policy) ? ExitCode::Findings : ExitCode::Done;
}

} // namespace

Command check_command() {
    return {
        .name = "check",
        .group = "Everyday",
        .summary = "Check a folder or repository against the licenses of its lineage",
        .page = "check",
        .options =
            {type_option(),
             revision_option("Branch, tag or commit [main]"),
             {.name = "format",
              .kind = OptionKind::Choice,
              .value = "NAME",
              .help = "Form of the report",
              .choices = format_names()},
             {.name = "fail-on",
              .kind = OptionKind::Choice,
              .value = "VERDICT",
              .help = "Exit with 1 at this verdict or worse",
              .fallback = "conflict",
              .choices = {"ok-with-obligations", "needs-human", "conflict"}},
             {.name = "use",
              .kind = OptionKind::Choice,
              .value = "HOW",
              .help = "What is done with it",
              .fallback = "distribute",
              .choices = {"internal", "serve", "distribute"}},
             {.name = "purpose",
              .kind = OptionKind::Choice,
              .value = "WHY",
              .help = "What for; not stated when left out",
              .choices = {"commercial", "non-commercial"}},
             licenses_option()},
        .operands =
            {{"SOURCE",
              Need::Optional,
              "Folder or repository[@revision]; the current folder when left out"}},
        .run = run_check};
}

} // namespace railhub::cli
