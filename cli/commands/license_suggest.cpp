// SPDX-License-Identifier: Apache-2.0
// railhub license suggest|obligations
#include "cli/check_source.h"
#include "cli/commands.h"
#include "cli/facts.h"
#include "cli/knowledge.h"
#include "cli/repo_spec.h"
#include "core/app/license_answers.h"
#include "core/compliance/suggest.h"
#include "core/util/text.h"

#include <algorithm>
#include <set>

namespace railhub::cli {

namespace {

// What both commands begin with: the source as `check` judges it, and how it was asked for.
struct Situation {
    std::unique_ptr<CheckTarget> target;
    app::CheckOptions options;
    app::JudgedFacts judged;
};

util::Result<Situation>
open_situation(Shell& shell, const Args& args, const license::Catalogue& catalogue) {
    Situation situation;
    RAILHUB_TRY(situation.target, open_check_target(shell, args, catalogue));
    CheckTarget& target = *situation.target;
    situation.options = options_for(shell, target);
    RAILHUB_TRY(read_facts(args, situation.options));
    RAILHUB_TRY(
        situation.judged,
        app::check_in_full(
            shell.ctx, *target.source, *target.resolver, catalogue, situation.options
        )
    );
    return situation;
}

std::set<std::string> duty_ids(const report::Report& report) {
    std::set<std::string> ids;
    for (const report::Obligation& obligation : report.obligations) {
        ids.insert(obligation.id);
    }
    return ids;
}

// The clauses are many: their number is enough.
std::string carry_text(const std::vector<compliance::Carried>& carries) {
    std::vector<std::string> parts;
    std::size_t clauses = 0;
    for (const compliance::Carried& carried : carries) {
        if (carried.starts_with("use-restriction:")) {
            ++clauses;
        } else {
            parts.push_back(carried);
        }
    }
    if (clauses > 0) {
        parts.push_back("the " + std::to_string(clauses) + " use restrictions in your terms");
    }
    return parts.empty() ? "-" : util::join(parts, ", ");
}

util::Json suggestion_json(const compliance::Suggestion& suggestion) {
    util::Json obligations = util::Json::array();
    for (const report::Obligation& obligation : suggestion.report.obligations) {
        obligations.push_back(util::Json::object(
            {{"id", obligation.id},
             {"license", obligation.license},
             {"section", obligation.section},
             {"artifact", obligation.artifact}}
        ));
    }
    return util::Json::object(
        {{"license", suggestion.id},
         {"name", suggestion.name},
         {"verdict", report::verdict_word(suggestion.report.verdict())},
         {"carries", util::Json::array_of(suggestion.carries)},
         {"obligations", std::move(obligations)}}
    );
}

util::Result<ExitCode> run_license_suggest(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    RAILHUB_TRY(const Situation situation, open_situation(shell, args, catalogue));
    const auto found = compliance::suggest(
        situation.judged.lineage, situation.judged.use, situation.options.policy, catalogue
    );
    util::Json list = util::Json::array();
    std::vector<std::vector<std::string>> rows = {{"license", "duties", "carry along"}};
    for (const compliance::Suggestion& suggestion : found) {
        list.push_back(suggestion_json(suggestion));
        const auto duties = duty_ids(suggestion.report);
        rows.push_back(
            {suggestion.id,
             duties.empty() ? "-" : util::join({duties.begin(), duties.end()}, ", "),
             carry_text(suggestion.carries)}
        );
    }
    shell.print(
        util::Json::object(
            {{"suggestions", std::move(list)}, {"knowledge", catalogue.description()}}
        ),
        found.empty() ? "no license satisfies all of the lineage; 'railhub check' says why\n"
                      : align(rows)
    );
    return found.empty() ? ExitCode::Findings : ExitCode::Done;
}

std::string checklist_text(
    const license::Catalogue& catalogue, const std::vector<report::Obligation>& obligations
) {
    std::string text;
    for (const report::Obligation& obligation : obligations) {
        text += "[ ] " + obligation.id + ": " + std::string(catalogue.meaning(obligation.id)) +
                "\n    " + obligation.license +
                (obligation.section.empty() ? "" : " section " + obligation.section) + ", from " +
                obligation.artifact + (obligation.note.empty() ? "" : "; " + obligation.note) +
                "\n";
    }
    return text.empty() ? "nothing is owed\n" : text;
}

std::string clauses_text(const std::vector<compliance::ClauseToCarry>& clauses) {
    std::vector<std::vector<std::string>> rows;
    for (const compliance::ClauseToCarry& clause : clauses) {
        rows.push_back(
            {clause.license,
             clause.section,
             clause.id + (clause.variant.empty() ? "" : "#" + clause.variant),
             clause.meaning}
        );
    }
    return rows.empty() ? "no use restriction has to be carried\n" : align(rows);
}

util::Result<ExitCode> run_license_obligations(Shell& shell, const Args& args) {
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    RAILHUB_TRY(const Situation situation, open_situation(shell, args, catalogue));
    const auto& [lineage, use, report] = situation.judged;
    const compliance::Policy& policy = situation.options.policy;
    const auto clauses = compliance::clauses_to_carry(lineage, use, policy, catalogue);
    const std::string notice = compliance::notice_text(lineage, use, policy, catalogue);
    const std::string form = args.text("form");
    const std::string text = form == "notice" ? notice
                             : form == "restrictions"
                                 ? clauses_text(clauses)
                                 : checklist_text(catalogue, report.obligations);
    shell.print(app::obligations_json(report, clauses, notice), text);
    return ExitCode::Done;
}

std::vector<OptionSpec> situation_options() {
    std::vector<OptionSpec> options = {
        type_option(), revision_option("Branch, tag or commit [main]"), overrides_option()};
    for (OptionSpec& option : fact_options()) {
        options.push_back(std::move(option));
    }
    options.push_back(licenses_option());
    return options;
}

} // namespace

Command license_suggest_command() {
    return {
        .name = "license suggest",
        .group = "Licenses",
        .summary = "List licenses that satisfy the whole lineage",
        .page = "license_suggest",
        .options = situation_options(),
        .operands =
            {{"SOURCE",
              Need::Optional,
              "Folder or repository[@revision]; the current folder when left out"}},
        .run = run_license_suggest};
}

Command license_obligations_command() {
    std::vector<OptionSpec> options = situation_options();
    options.push_back(
        {.name = "form",
         .kind = OptionKind::Choice,
         .value = "WHAT",
         .help = "What to print",
         .fallback = "checklist",
         .choices = {"checklist", "notice", "restrictions"}}
    );
    return {
        .name = "license obligations",
        .group = "Licenses",
        .summary = "Print what is owed: checklist, NOTICE file, clauses to carry",
        .page = "license_obligations",
        .options = std::move(options),
        .operands =
            {{"SOURCE",
              Need::Optional,
              "Folder or repository[@revision]; the current folder when left out"}},
        .run = run_license_obligations};
}

} // namespace railhub::cli
