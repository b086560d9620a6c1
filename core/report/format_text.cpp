// SPDX-License-Identifier: Apache-2.0
// The report for people: verdict first, findings worst first, what is owed last.
#include "core/report/formats.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::report {

namespace {

constexpr std::string_view kIndent = "           ";

// Cards are foreign text: nothing of theirs may steer a terminal or forge a line. Control
// characters (C0 but for newline where allowed, DEL, C1) become '?'.
enum class Lines : std::uint8_t { One, Many };

std::string printable(std::string_view text, Lines lines) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1 = byte == 0xC2 && i + 1 < text.size() &&
                        static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                        static_cast<unsigned char>(text[i + 1]) <= 0x9F;
        const bool newline = byte == '\n' && lines == Lines::Many;
        if (c1) {
            out += '?';
            ++i;
        } else if ((byte < 0x20 && !newline) || byte == 0x7F) {
            out += '?';
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string one_line(std::string_view text) {
    return printable(text, Lines::One);
}

std::string padded(std::string_view text, std::size_t width) {
    std::string out(text);
    out.resize(std::max(width, out.size()), ' ');
    return out;
}

// "  label:   first\n           second\n": each line of `text` under the label.
std::string block(std::string_view label, std::string_view text) {
    std::string out = padded("  " + std::string(label) + ":", kIndent.size());
    bool first = true;
    for (const std::string_view line : util::split(text, '\n')) {
        if (!first) {
            out += kIndent;
        }
        out.append(line).append("\n");
        first = false;
    }
    return out;
}

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string license_or_none(const std::string& license) {
    return license.empty() ? "no license known" : one_line(license);
}

std::string chain_text(const std::vector<ChainLink>& chain) {
    std::string out;
    for (const ChainLink& link : chain) {
        if (!out.empty()) {
            out += "\n<- " + link.relation + ": ";
        }
        out += one_line(link.artifact) + " (" + license_or_none(link.license) + ")";
    }
    return out;
}

std::string missing_text(const std::vector<MissingClause>& missing) {
    std::size_t width = 0;
    for (const MissingClause& clause : missing) {
        width = std::max(width, clause.section.size());
    }
    std::vector<std::string> lines;
    for (const MissingClause& clause : missing) {
        std::vector<std::string> ids;
        for (const MissingRestriction& restriction : clause.restrictions) {
            const bool narrower = restriction.gap == MissingRestriction::Gap::Narrower;
            ids.push_back(restriction.id + (narrower ? " (carried, but narrower)" : ""));
        }
        lines.push_back(padded(clause.section, width) + "  " + util::join(ids, ", "));
    }
    return util::join(lines, "\n");
}

std::string citations_text(const std::vector<Citation>& citations) {
    std::vector<std::string> parts;
    for (const Citation& citation : citations) {
        parts.push_back(
            citation.section.empty() ? citation.license
                                     : citation.license + " section " + citation.section
        );
    }
    return util::join(parts, "; ");
}

std::string place_text(const Location& location) {
    std::string out = one_line(location.path);
    if (location.line > 0) {
        out += ":" + std::to_string(location.line) + ":" + std::to_string(location.column);
    }
    return out;
}

std::string finding_text(const Finding& finding) {
    std::string out = std::string(severity_word(finding.severity)) + " " + finding.rule + " " +
                      one_line(finding.subject) + ": " + one_line(finding.message) + "\n";
    if (finding.location) {
        out += block("at", place_text(*finding.location));
    }
    if (finding.chain.size() > 1) {
        out += block("chain", chain_text(finding.chain));
    }
    if (!finding.citations.empty()) {
        out += block("terms", citations_text(finding.citations));
    }
    if (!finding.missing.empty()) {
        out += block("missing", missing_text(finding.missing));
    }
    if (!finding.fix.empty()) {
        out += block("fix", printable(finding.fix, Lines::Many));
    }
    if (!finding.waiver.empty()) {
        out += block("waiver", printable(finding.waiver, Lines::Many));
    }
    return out + "\n";
}

std::string obligations_text(const std::vector<Obligation>& obligations) {
    std::size_t id_width = 0;
    for (const Obligation& obligation : obligations) {
        id_width = std::max(id_width, obligation.id.size());
    }
    std::string out = "owed:\n";
    for (const Obligation& obligation : obligations) {
        out += "  " + padded(obligation.id, id_width) + "  " + obligation.license;
        if (!obligation.section.empty()) {
            out += " section " + obligation.section;
        }
        out += ", from " + one_line(obligation.artifact);
        if (!obligation.note.empty()) {
            out += " (" + obligation.note + ")";
        }
        out += "\n";
    }
    return out + "\n";
}

} // namespace

std::string render_text(const Report& report) {
    std::string out = "checked: " + one_line(report.subject) + "\n";
    out += "verdict: " + std::string(verdict_word(report.verdict())) + " (" +
           counted(report.count(Severity::Error), "error") + ", " +
           counted(report.count(Severity::Warning), "warning") + ", " +
           counted(report.count(Severity::Note), "note") + ")\n\n";
    for (const Finding& finding : report.findings) {
        out += finding_text(finding);
    }
    if (!report.obligations.empty()) {
        out += obligations_text(report.obligations);
    }
    return out + "Decided with " + report.knowledge + ". This is a tool, not legal advice.\n";
}

} // namespace railhub::report
