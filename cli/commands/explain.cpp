// SPDX-License-Identifier: Apache-2.0
// railhub explain
#include "cli/commands.h"
#include "cli/knowledge.h"
#include "cli/rule_pages.h"
#include "core/compliance/context.h"
#include "core/util/text.h"

#include <optional>

namespace railhub::cli {

namespace {

util::Json page_json(const RulePage& page) {
    const bool is_rule = !page.basis.empty();
    return util::Json::object(
        {{"kind", is_rule ? "rule" : "finding"},
         {"id", page.text.id},
         {"name", page.text.name},
         {"checks", page.text.title},
         {"basis", is_rule ? util::Json(page.basis) : util::Json()},
         {"explanation", page.text.help},
         {"example", page.example}}
    );
}

std::string page_words(const RulePage& page) {
    const bool has_name = page.text.name != page.text.id;
    std::string out = page.text.id + (has_name ? " " + page.text.name : "") + "\n" +
                      page.text.title + "\n\n" + page.text.help + "\n";
    if (!page.basis.empty()) {
        out += "\nbasis: " + page.basis + "\n";
    }
    return out + "\nexample: " + std::string(page.example);
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
    for (const RulePage& page : rule_pages()) {
        names.push_back(page.text.id);
        names.push_back(page.text.name);
    }
    for (const compliance::Switch& row : compliance::switches()) {
        names.emplace_back(row.name);
    }
    return names;
}

util::Result<ExitCode> run_explain(Shell& shell, const Args& args) {
    const std::string topic = args.text("TOPIC");
    if (const std::optional<RulePage> page = find_rule_page(topic)) {
        shell.print(page_json(*page), page_words(*page));
        return ExitCode::Done;
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
        .summary = "Explain a finding, a policy switch, a license term or a use restriction",
        .page = "explain",
        .options = {licenses_option()},
        .operands =
            {{"TOPIC",
              Need::Required,
              "R3, lineage.source, nc-data-into-model, include-license, medical.advice"}},
        .run = run_explain};
}

} // namespace railhub::cli
