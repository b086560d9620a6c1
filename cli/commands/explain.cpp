// SPDX-License-Identifier: Apache-2.0
// railhub explain
#include "cli/commands.h"
#include "cli/knowledge.h"
#include "core/compliance/context.h"
#include "core/compliance/rules.h"
#include "core/util/text.h"

#include <array>

namespace railhub::cli {

namespace {

// Findings about a card that no rule of the table makes.
struct CardFinding {
    std::string_view id;
    std::string_view explanation;
};

constexpr std::array kCardFindings = {
    CardFinding{
        "card.readable",
        "The README.md of what is checked can be read. A card that cannot be parsed hides what the "
        "work was made from, so it is a conflict and not passed over; 'railhub card lint' says "
        "where it is wrong."},
    CardFinding{
        "card.use_restrictions",
        "Every entry of 'use_restrictions' is a restriction set or an id of the taxonomy. Other "
        "names carry nothing; 'railhub license show' lists the set of a license."},
};

util::Json rule_json(const compliance::Rule& rule) {
    return util::Json::object(
        {{"kind", "rule"},
         {"id", rule.id},
         {"name", rule.name},
         {"checks", rule.title},
         {"basis", rule.basis},
         {"explanation", rule.explanation}}
    );
}

std::string rule_text(const compliance::Rule& rule) {
    return std::string(rule.id) + " " + std::string(rule.name) + "\n" + std::string(rule.title) +
           "\n\n" + std::string(rule.explanation) + "\n\nbasis: " + std::string(rule.basis) + "\n";
}

const compliance::Switch* find_switch(const std::string& name) {
    for (const compliance::Switch& row : compliance::switches()) {
        if (row.name == name) {
            return &row;
        }
    }
    return nullptr;
}

std::vector<std::string> topics() {
    std::vector<std::string> names;
    for (const compliance::Rule& rule : compliance::rules()) {
        names.emplace_back(rule.id);
        names.emplace_back(rule.name);
    }
    for (const compliance::Switch& row : compliance::switches()) {
        names.emplace_back(row.name);
    }
    return names;
}

util::Result<ExitCode> run_explain(Shell& shell, const Args& args) {
    const std::string topic = args.text("TOPIC");
    if (const compliance::Rule* rule = compliance::find_rule(topic)) {
        shell.print(rule_json(*rule), rule_text(*rule));
        return ExitCode::Done;
    }
    for (const CardFinding& row : kCardFindings) {
        if (row.id == topic) {
            shell.print(
                util::Json::object(
                    {{"kind", "finding"}, {"id", row.id}, {"explanation", row.explanation}}
                ),
                topic + "\n" + std::string(row.explanation) + "\n"
            );
            return ExitCode::Done;
        }
    }
    if (const compliance::Switch* row = find_switch(topic)) {
        const std::vector<std::string> values(row->values.begin(), row->values.end());
        shell.print(
            util::Json::object(
                {{"kind", "policy"},
                 {"id", row->name},
                 {"explanation", row->meaning},
                 {"values", util::Json::array_of(values)},
                 {"default", values.front()}}
            ),
            "policy " + topic + "\n" + std::string(row->meaning) +
                "\n\nvalues: " + util::join(values, ", ") + " (default: " + values.front() + ")\n"
        );
        return ExitCode::Done;
    }
    RAILHUB_TRY(const license::Catalogue catalogue, load_catalogue(shell, args));
    std::string meaning(catalogue.meaning(topic));
    if (meaning.empty()) {
        meaning = std::string(catalogue.taxonomy().definition(topic));
    }
    if (meaning.empty()) {
        const std::string near = util::nearest(topic, topics());
        return util::fail(
            util::Code::NotFound,
            "nothing is called '" + topic + "'",
            near.empty() ? "docs/rules.md lists the rules" : "did you mean '" + near + "'?"
        );
    }
    shell.print(
        util::Json::object({{"kind", "term"}, {"id", topic}, {"explanation", meaning}}),
        topic + ": " + meaning + "\n"
    );
    return ExitCode::Done;
}

} // namespace

Command explain_command() {
    return {
        .name = "explain",
        .group = "Licenses",
        .summary = "Explain a rule, a policy switch, a license term or a use restriction",
        .page = "explain",
        .options = {licenses_option()},
        .operands =
            {{"TOPIC", Need::Required, "R3, nc-data-into-model, include-license, medical.advice"}},
        .run = run_explain};
}

} // namespace railhub::cli
