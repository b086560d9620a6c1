// SPDX-License-Identifier: Apache-2.0
// railhub card show|lint
#include "core/card/card.h"

#include "cli/card_source.h"
#include "cli/commands.h"
#include "core/card/validate.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

void add_row(
    std::vector<std::vector<std::string>>& rows, std::string name, const std::string& value
) {
    if (!value.empty()) {
        rows.push_back({std::move(name), value});
    }
}

std::string card_text(const card::Card& card) {
    std::vector<std::vector<std::string>> rows;
    add_row(rows, "license", util::join(card.licenses, ", "));
    add_row(rows, "license name", card.license_name);
    add_row(rows, "license link", card.license_link);
    add_row(rows, "base models", util::join(card.base_models, ", "));
    if (card.base_model_relation) {
        add_row(rows, "relation", std::string(card::relation_word(*card.base_model_relation)));
    }
    add_row(rows, "datasets", util::join(card.datasets, ", "));
    add_row(rows, "languages", util::join(card.languages, ", "));
    add_row(rows, "task", card.pipeline_tag);
    add_row(rows, "library", card.library_name);
    add_row(rows, "tags", util::join(card.tags, ", "));
    add_row(rows, "use restrictions", util::join(card.use_restrictions, ", "));
    return align(rows);
}

util::Result<ExitCode> run_card_show(Shell& shell, const Args& args) {
    RAILHUB_TRY(const CardText source, read_card(shell, args));
    RAILHUB_TRY(const card::Card card, card::parse(source.readme));
    if (card.metadata.is_null() && !shell.is_json()) {
        shell.terminal.say("'" + source.label + "' has no front matter");
    }
    shell.print(card.metadata, card_text(card));
    return ExitCode::Done;
}

util::Json problem_json(const card::Problem& problem, std::string_view severity) {
    return util::Json::object(
        {{"severity", severity},
         {"field", problem.field},
         {"message", problem.message},
         {"line", problem.position.line},
         {"column", problem.position.column}}
    );
}

std::string
problem_text(const std::string& label, const card::Problem& problem, const std::string& severity) {
    std::string where = label;
    if (problem.position.line > 0) {
        where += ":" + std::to_string(problem.position.line) + ":" +
                 std::to_string(problem.position.column);
    }
    return where + ": " + severity + ": " + problem.message + "\n";
}

util::Result<ExitCode> run_card_lint(Shell& shell, const Args& args) {
    RAILHUB_TRY(const CardText source, read_card(shell, args));
    const card::Validation validation = card::validate(source.readme, source.kind);
    util::Json list = util::Json::array();
    std::string text;
    for (const auto& problem : validation.errors) {
        list.push_back(problem_json(problem, "error"));
        text += problem_text(source.label, problem, shell.terminal.styled(Style::Red, "error"));
    }
    for (const auto& problem : validation.warnings) {
        list.push_back(problem_json(problem, "warning"));
        text +=
            problem_text(source.label, problem, shell.terminal.styled(Style::Yellow, "warning"));
    }
    if (list.as_array()->empty() && !shell.is_json()) {
        shell.terminal.say("no problems");
    }
    shell.print(util::Json::object({{"ok", validation.ok()}, {"problems", std::move(list)}}), text);
    const bool fails = !validation.ok() || (args.has("strict") && !validation.warnings.empty());
    return fails ? ExitCode::Findings : ExitCode::Done;
}

} // namespace

Command card_show_command() {
    return {
        .name = "card show",
        .group = "Licenses",
        .summary = "Show what a model or dataset card declares",
        .page = "card_show",
        .options = {type_option(), revision_option("Branch, tag or commit [main]")},
        .operands = {card_operand()},
        .run = run_card_show};
}

Command card_lint_command() {
    return {
        .name = "card lint",
        .group = "Licenses",
        .summary = "Check a card's metadata",
        .page = "card_lint",
        .options =
            {type_option(),
             revision_option("Branch, tag or commit [main]"),
             {.name = "strict", .kind = OptionKind::Switch, .help = "Warnings count as errors"}},
        .operands = {card_operand()},
        .run = run_card_lint};
}

} // namespace railhub::cli
