// SPDX-License-Identifier: Apache-2.0
// Joins the tables of rules and codes with the embedded examples.
#include "cli/rule_pages.h"

#include "cli/help.h"
#include "core/compliance/rules.h"
#include "core/report/codes.h"
#include "core/util/text.h"

#include <algorithm>
#include <set>

namespace railhub::cli {

namespace {

constexpr std::string_view kFence = "```";

RulePage page_of(const compliance::Rule& rule) {
    return {
        {std::string(rule.id),
         std::string(rule.name),
         std::string(rule.title),
         std::string(rule.explanation)},
        std::string(rule.basis),
        example_page(rule.id)};
}

RulePage page_of(const report::Code& code) {
    return {
        {std::string(code.id),
         std::string(code.id),
         std::string(code.title),
         std::string(code.help)},
        {},
        example_page(code.id)};
}

std::string codes_table() {
    std::string out = "\n## Other findings\n\n| code | checks that |\n| --- | --- |\n";
    for (const report::Code& code : report::codes()) {
        out += "| `" + std::string(code.id) + "` | " + std::string(code.title) + " |\n";
    }
    return out;
}

std::string section_of(const RulePage& page) {
    const bool has_name = page.text.name != page.text.id;
    std::string out = "\n### " + page.text.id + (has_name ? " " + page.text.name : "") + "\n\n" +
                      page.text.title + " " + page.text.help + "\n";
    if (!page.basis.empty()) {
        out += "\nBasis: " + page.basis + ".\n";
    }
    return out + "\n" + std::string(page.example);
}

} // namespace

std::vector<RulePage> rule_pages() {
    std::vector<RulePage> pages;
    for (const compliance::Rule& rule : compliance::rules()) {
        pages.push_back(page_of(rule));
    }
    for (const report::Code& code : report::codes()) {
        pages.push_back(page_of(code));
    }
    return pages;
}

std::optional<RulePage> find_rule_page(std::string_view name) {
    for (RulePage& page : rule_pages()) {
        if (util::equal_ignore_case(page.text.id, name) ||
            util::equal_ignore_case(page.text.name, name)) {
            return std::move(page);
        }
    }
    return std::nullopt;
}

void add_rule_texts(report::Report& report) {
    std::set<std::string> wanted;
    for (const report::Finding& finding : report.findings) {
        wanted.insert(finding.rule);
    }
    for (const report::Waived& waived : report.waived) {
        wanted.insert(waived.finding.rule);
    }
    report.rules.clear();
    for (RulePage& page : rule_pages()) {
        if (wanted.contains(page.text.id)) {
            report.rules.push_back(std::move(page.text));
        }
    }
}

std::string rules_reference() {
    std::string out = compliance::rules_page() + codes_table() +
                      "\n## Pages\n\nAn example for each: the files, the command and what it "
                      "finds. Tests run them.\n";
    for (const RulePage& page : rule_pages()) {
        out += section_of(page);
    }
    return out;
}

Example parse_example(std::string_view page) {
    constexpr std::string_view kPrompt = "$ railhub ";
    constexpr std::string_view kFinds = "finds: ";
    constexpr std::string_view kFails = "fails: ";
    Example example;
    enum class Block : std::uint8_t { None, File, Console } block = Block::None;
    for (const std::string_view line : util::split(page, '\n')) {
        if (line.starts_with(kFence)) {
            const std::size_t blank = line.find(' ');
            if (block != Block::None) {
                block = Block::None;
            } else if (blank != std::string_view::npos) {
                block = Block::File;
                example.files.push_back({std::string(line.substr(blank + 1)), {}});
            } else {
                block = Block::Console;
            }
        } else if (block == Block::File) {
            example.files.back().text.append(line).append("\n");
        } else if (block == Block::Console && line.starts_with(kPrompt)) {
            example.commands.emplace_back(line.substr(kPrompt.size()));
        } else if (block == Block::Console && line.starts_with(kFinds)) {
            const std::string_view found = line.substr(kFinds.size());
            const std::size_t blank = std::min(found.find(' '), found.size() - 1);
            example.severity = found.substr(0, blank);
            example.code = found.substr(blank + 1);
        } else if (block == Block::Console && line.starts_with(kFails)) {
            example.code = line.substr(kFails.size());
        }
    }
    return example;
}

} // namespace railhub::cli
