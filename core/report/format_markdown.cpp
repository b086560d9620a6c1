// SPDX-License-Identifier: Apache-2.0
// A comment for a review: a table of all findings, then their details, within what hosts accept.
#include "core/report/formats.h"
#include "core/report/phrases.h"

#include <algorithm>
#include <array>

namespace railhub::report {

namespace {

constexpr std::size_t kMaxComment = 60'000;
constexpr std::size_t kMaxCell = 400;
constexpr std::size_t kRoomForNotes = 400; // for the lines after the findings

constexpr std::array<std::string_view, 3> kSigns = {"note", "warning", "**error**"};

// Foreign text between our own: no markup, no mentions of people.
std::string markdown_text(std::string_view text) {
    std::string out;
    for (const char ch : one_line(text)) {
        constexpr std::string_view kMarkup = "\\`*_{}[]<>|#~!";
        if (ch == '<') {
            out += "&lt;";
        } else if (ch == '@') {
            out += "@\xE2\x80\x8B"; // zero width space: '@name' calls nobody
        } else {
            if (kMarkup.find(ch) != std::string_view::npos) {
                out += '\\';
            }
            out += ch;
        }
    }
    return out;
}

// A code span; its fence is longer than any run of backticks inside. In tables '|' must be escaped
// even here.
std::string code_span(std::string_view text) {
    std::string content;
    for (const char ch : one_line(text)) {
        content += ch == '|' ? std::string("\\|") : std::string(1, ch == '`' ? '\'' : ch);
    }
    return content.empty() ? content : "`" + content + "`";
}

std::string fenced(std::string_view text) {
    std::string content = printable(text, Lines::Many);
    std::size_t run = 0;
    std::size_t longest = 2;
    for (const char ch : content) {
        run = ch == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    return fence + "\n" + content + "\n" + fence + "\n";
}

std::string markdown_row(const Finding& finding) {
    return "| " + std::string(kSigns.at(static_cast<std::size_t>(finding.severity))) + " | " +
           markdown_text(finding.rule) + " | " + code_span(shortened(finding.subject, kMaxCell)) +
           " | " + markdown_text(shortened(finding.message, kMaxCell)) + " | " +
           (finding.location ? code_span(place_text(*finding.location)) : "") + " |\n";
}

std::string
markdown_details(const Report& report, const Finding& finding, const RenderOptions& options) {
    std::string out = "<details><summary>" + markdown_text(finding.rule) + " " +
                      markdown_text(shortened(finding.subject, kMaxCell)) + "</summary>\n\n" +
                      markdown_text(finding.message) + "\n\n";
    if (finding.chain.size() > 1) {
        out += "Why it is here:\n\n" + fenced(chain_text(finding.chain)) + "\n";
    }
    if (!finding.citations.empty()) {
        out += "Terms: " + markdown_text(citations_text(finding.citations)) + "\n\n";
    }
    if (!finding.missing.empty()) {
        out += "Missing:\n\n" + fenced(missing_text(finding.missing)) + "\n";
    }
    if (!finding.fix.empty()) {
        out += "Fix: " + markdown_text(finding.fix) + "\n\n";
    }
    if (!finding.waiver.empty()) {
        out += "To accept it:\n\n" + fenced(finding.waiver) + "\n";
    }
    const RuleText* rule = rule_text(report, finding.rule);
    if (options.explain == Explain::Yes && rule != nullptr) {
        out += "The rule: " + markdown_text(rule->title) + " " + markdown_text(rule->help) + "\n\n";
    }
    return out + "</details>\n\n";
}

class Comment {
  public:
    // False, and nothing is added, when there is no room left.
    bool add(const std::string& part) {
        if (text_.size() + part.size() + kRoomForNotes > kMaxComment) {
            return false;
        }
        text_ += part;
        return true;
    }

    void end(const std::string& note) { text_ += note; }

    std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

std::size_t add_rows(Comment& comment, const Report& report) {
    if (report.findings.empty() ||
        !comment.add("| | rule | about | what | where |\n| --- | --- | --- | --- | --- |\n")) {
        return 0;
    }
    std::size_t rows = 0;
    // Half of the room is for details.
    std::size_t used = 0;
    for (const Finding& finding : report.findings) {
        const std::string row = markdown_row(finding);
        used += row.size();
        if (used > kMaxComment / 2 || !comment.add(row)) {
            break;
        }
        ++rows;
    }
    comment.end("\n");
    return rows;
}

} // namespace

std::string render_markdown(const Report& report, const RenderOptions& options) {
    Comment comment;
    comment.add(
        "### License check: " + std::string(verdict_word(report.verdict())) + "\n\n" +
        code_span(shortened(report.subject, kMaxCell)) + ": " + verdict_text(report) + "\n\n"
    );
    const std::size_t rows = add_rows(comment, report);
    if (rows < report.findings.size()) {
        comment.end(
            counted(report.findings.size() - rows, "more finding") +
            " left out for length; the other formats have all.\n\n"
        );
    }
    std::size_t details = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        details += comment.add(markdown_details(report, report.findings[i], options)) ? 1 : 0;
    }
    if (details < rows) {
        comment.end(
            "Details of " + counted(rows - details, "finding") + " left out for length.\n\n"
        );
    }
    if (const std::string left_out = left_out_text(report); !left_out.empty()) {
        comment.end(left_out + "\n\n");
    }
    comment.end(
        "Decided with " + markdown_text(report.knowledge) + ". This is a tool, not legal advice.\n"
    );
    return comment.take();
}

} // namespace railhub::report
