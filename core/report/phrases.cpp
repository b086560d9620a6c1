// SPDX-License-Identifier: Apache-2.0
// Words for lists, and the filter for foreign text.
#include "core/report/phrases.h"

#include "core/report/characters.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::report {

std::string printable(std::string_view text, Lines lines) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Character next = next_character(text);
        const bool newline = next.code == U'\n' && lines == Lines::Many;
        if (newline || is_harmless(next)) {
            out += text.substr(0, next.bytes);
        } else {
            out += '?';
        }
        text.remove_prefix(next.bytes);
    }
    return out;
}

std::string one_line(std::string_view text) {
    return printable(text, Lines::One);
}

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string license_or_none(const std::string& license) {
    return license.empty() ? "no license known" : one_line(license);
}

std::string place_text(const Location& location) {
    std::string out = one_line(location.path);
    if (location.line > 0) {
        out += ":" + std::to_string(location.line);
        out += location.column > 0 ? ":" + std::to_string(location.column) : "";
    }
    return out;
}

std::string chain_text(const std::vector<ChainLink>& chain) {
    std::string out;
    for (const ChainLink& link : chain) {
        if (!out.empty()) {
            out += "\n<- " + one_line(link.relation) + ": ";
        }
        out += one_line(link.artifact) + " (" + license_or_none(link.license) + ")";
    }
    return out;
}

std::string citations_text(const std::vector<Citation>& citations) {
    std::vector<std::string> parts;
    for (const Citation& citation : citations) {
        parts.push_back(one_line(
            citation.section.empty() ? citation.license
                                     : citation.license + " section " + citation.section
        ));
    }
    return util::join(parts, "; ");
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
        std::string section = clause.section;
        section.resize(width, ' ');
        lines.push_back(one_line(section + "  " + util::join(ids, ", ")));
    }
    return util::join(lines, "\n");
}

std::string verdict_text(const Report& report) {
    return std::string(verdict_word(report.verdict())) + " (" +
           counted(report.count(Severity::Error), "error") + ", " +
           counted(report.count(Severity::Warning), "warning") + ", " +
           counted(report.count(Severity::Note), "note") + ")";
}

std::string left_out_text(const Report& report) {
    std::vector<std::string> parts;
    if (report.known > 0) {
        parts.push_back(counted(report.known, "known finding") + " hidden");
    }
    if (report.unchanged > 0) {
        parts.push_back(counted(report.unchanged, "finding") + " in unchanged files hidden");
    }
    if (!report.waived.empty()) {
        parts.push_back(std::to_string(report.waived.size()) + " waived");
    }
    return util::join(parts, ", ");
}

bool closes_gate(const Finding& finding, Verdict fail_on) {
    switch (finding.severity) {
    case Severity::Error:
        return true;
    case Severity::Warning:
        return fail_on <= Verdict::NeedsHuman;
    case Severity::Note:
        break;
    }
    return false;
}

const RuleText* rule_text(const Report& report, std::string_view rule) {
    const auto found =
        std::find_if(report.rules.begin(), report.rules.end(), [rule](const RuleText& r) {
            return r.id == rule;
        });
    return found == report.rules.end() ? nullptr : &*found;
}

std::string wrapped(std::string_view text, std::size_t width) {
    std::string out;
    for (const std::string_view paragraph : util::split(text, '\n')) {
        std::size_t used = 0;
        for (const std::string_view word : util::split(paragraph, ' ')) {
            const bool fits = used == 0 || used + 1 + word.size() <= width;
            out += used == 0 ? "" : fits ? " " : "\n";
            used = fits && used > 0 ? used + 1 + word.size() : word.size();
            out += word;
        }
        out += '\n';
    }
    out.pop_back();
    return out;
}

std::string shortened(std::string_view text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) {
        return std::string(text);
    }
    std::string_view rest = text;
    std::size_t kept = 0;
    while (!rest.empty()) {
        const Character next = next_character(rest);
        if (kept + next.bytes + 3 > max_bytes) {
            break;
        }
        kept += next.bytes;
        rest.remove_prefix(next.bytes);
    }
    return std::string(text.substr(0, kept)) + "...";
}

} // namespace railhub::report
