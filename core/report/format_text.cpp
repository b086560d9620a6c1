// SPDX-License-Identifier: Apache-2.0
// The report for people: verdict first, findings worst first, what is owed last.
#include "core/report/excerpt.h"
#include "core/report/formats.h"
#include "core/report/phrases.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::report {

namespace {

constexpr std::string_view kIndent = "           ";
constexpr std::size_t kMaxRuleLine = 90;

std::string padded(std::string_view text, std::size_t width) {
    std::string out(text);
    out.resize(std::max(width, out.size()), ' ');
    return out;
}

Emphasis emphasis_of(Severity severity) {
    switch (severity) {
    case Severity::Error:
        return Emphasis::Error;
    case Severity::Warning:
        return Emphasis::Warning;
    case Severity::Note:
        break;
    }
    return Emphasis::Note;
}

Emphasis emphasis_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::Conflict:
        return Emphasis::Error;
    case Verdict::NeedsHuman:
        return Emphasis::Warning;
    case Verdict::Ok:
    case Verdict::OkWithObligations:
        break;
    }
    return Emphasis::Good;
}

class TextWriter {
  public:
    TextWriter(const Report& report, const RenderOptions& options)
        : report_(report), options_(options) {}

    std::string write() {
        const Verdict verdict = report_.verdict();
        out_ = "checked: " + one_line(report_.subject) + "\n";
        out_ += "verdict: " + paint(emphasis_of(verdict), verdict_word(verdict)) +
                verdict_text(report_).substr(verdict_word(verdict).size()) + "\n";
        if (verdict == Verdict::NeedsHuman && verdict < options_.fail_on) {
            out_ += "gate:    open; '--fail-on needs-human' would close it\n";
        }
        if (const std::string left_out = left_out_text(report_); !left_out.empty()) {
            out_ += "besides: " + left_out + "\n";
        }
        out_ += "\n";
        for (const Finding& finding : report_.findings) {
            add_finding(finding);
        }
        for (const Waived& waived : report_.waived) {
            add_waived(waived);
        }
        if (!report_.obligations.empty()) {
            add_obligations();
        }
        add_uses();
        return std::move(out_) + "Decided with " + report_.knowledge +
               ". This is a tool, not legal advice.\n";
    }

  private:
    [[nodiscard]] std::string paint(Emphasis emphasis, std::string_view text) const {
        return options_.paint ? options_.paint(emphasis, text) : std::string(text);
    }

    // "  label:   first\n           second\n": each line of `text` under the label.
    void add_block(std::string_view label, std::string_view text) {
        const std::string head = "  " + std::string(label) + ":";
        out_ += paint(Emphasis::Heading, head) + std::string(kIndent.size() - head.size(), ' ');
        bool first = true;
        for (const std::string_view line : util::split(text, '\n')) {
            if (!first) {
                out_ += kIndent;
            }
            out_.append(line).append("\n");
            first = false;
        }
    }

    void add_finding(const Finding& finding) {
        out_ += paint(emphasis_of(finding.severity), severity_word(finding.severity)) + " " +
                one_line(finding.rule) + " " + paint(Emphasis::Heading, one_line(finding.subject)) +
                ": " + one_line(finding.message) + "\n";
        if (finding.location) {
            add_block("at", place_text(*finding.location));
            add_excerpt(*finding.location);
        }
        if (finding.chain.size() > 1) {
            add_block("chain", chain_text(finding.chain));
        }
        if (!finding.citations.empty()) {
            add_block("terms", citations_text(finding.citations));
        }
        if (!finding.missing.empty()) {
            add_block("missing", missing_text(finding.missing));
        }
        if (!finding.fix.empty()) {
            add_block("fix", printable(finding.fix, Lines::Many));
        }
        // What does not close the gate need not be waived; the JSON form has each block.
        if (!finding.waiver.empty() && closes_gate(finding, options_.fail_on)) {
            add_block("waiver", printable(finding.waiver, Lines::Many));
        }
        if (options_.explain == Explain::Yes) {
            add_rule(finding.rule);
        }
        out_ += "\n";
    }

    void add_excerpt(const Location& location) {
        const SourceLine* line = source_line(report_, location);
        if (line == nullptr) {
            return;
        }
        const Excerpt excerpt = excerpt_of(line->text, location.column);
        const std::string number = std::to_string(location.line);
        out_.append(kIndent).append(number).append(" | ").append(excerpt.source).append("\n");
        if (!excerpt.carets.empty()) {
            const std::size_t blanks = excerpt.carets.find('^');
            out_.append(kIndent).append(number.size(), ' ').append(" | ");
            out_ += excerpt.carets.substr(0, blanks) +
                    paint(Emphasis::Marker, excerpt.carets.substr(blanks)) + "\n";
        }
    }

    void add_rule(const std::string& id) {
        if (const RuleText* rule = rule_text(report_, id)) {
            add_block(
                "rule", wrapped(rule->name + ": " + rule->title + "\n" + rule->help, kMaxRuleLine)
            );
        }
    }

    // Why is it there? Every place that names an artifact.
    void add_uses() {
        constexpr std::size_t kMostPlaces = 5;
        const bool has_any =
            std::any_of(report_.lineage.begin(), report_.lineage.end(), [](const Artifact& one) {
                return !one.used_at.empty();
            });
        if (!has_any) {
            return;
        }
        out_ += paint(Emphasis::Heading, "used:") + "\n";
        for (const Artifact& artifact : report_.lineage) {
            if (artifact.used_at.empty()) {
                continue;
            }
            out_ += "  " + one_line(artifact.id) + " (" +
                    (artifact.license.empty() ? "no license known" : one_line(artifact.license)) +
                    "): ";
            const std::size_t shown = std::min(artifact.used_at.size(), kMostPlaces);
            for (std::size_t i = 0; i < shown; ++i) {
                out_ += (i == 0 ? "" : ", ") + place_text(artifact.used_at[i]);
            }
            if (artifact.used_at.size() > shown) {
                out_ += " and " + std::to_string(artifact.used_at.size() - shown) + " more";
            }
            out_ += "\n";
        }
        out_ += "\n";
    }

    void add_waived(const Waived& waived) {
        const Finding& finding = waived.finding;
        out_ += paint(Emphasis::Note, "waived") + " " + one_line(finding.rule) + " " +
                one_line(finding.subject) + ": " + one_line(finding.message) + "\n";
        std::string why = one_line(waived.reason);
        if (!waived.owner.empty()) {
            why += " (" + one_line(waived.owner) + ")";
        }
        add_block("because", why);
        if (!waived.until.empty()) {
            add_block("until", one_line(waived.until));
        }
        out_ += "\n";
    }

    void add_obligations() {
        std::size_t id_width = 0;
        for (const Obligation& obligation : report_.obligations) {
            id_width = std::max(id_width, obligation.id.size());
        }
        out_ += paint(Emphasis::Heading, "owed:") + "\n";
        for (const Obligation& obligation : report_.obligations) {
            out_ += "  " + padded(obligation.id, id_width) + "  " + obligation.license;
            if (!obligation.section.empty()) {
                out_ += " section " + obligation.section;
            }
            out_ += ", from " + one_line(obligation.artifact);
            if (!obligation.note.empty()) {
                out_ += " (" + obligation.note + ")";
            }
            out_ += "\n";
        }
        out_ += "\n";
    }

    const Report& report_;
    const RenderOptions& options_;
    std::string out_;
};

} // namespace

std::string render_text(const Report& report, const RenderOptions& options) {
    return TextWriter(report, options).write();
}

} // namespace railhub::report
