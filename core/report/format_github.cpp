// SPDX-License-Identifier: Apache-2.0
// Workflow commands: a line for each finding, with nothing of foreign text outside a command.
#include "core/report/excerpt.h"
#include "core/report/formats.h"
#include "core/report/phrases.h"

#include <array>

namespace railhub::report {

namespace {

// GitHub shows so much of one annotation.
constexpr std::size_t kMaxAnnotation = 4'096;

constexpr std::array<std::string_view, 3> kCommands = {"notice", "warning", "error"};

enum class CommandPart : std::uint8_t { Property, Message };

std::string command_text(std::string_view text, CommandPart part) {
    std::string out;
    for (const char ch : text) {
        const bool separates = part == CommandPart::Property && (ch == ':' || ch == ',');
        if (ch == '%' || ch == '\r' || ch == '\n' || separates) {
            constexpr std::string_view kDigits = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(ch);
            out += '%';
            out += kDigits[byte >> 4U];
            out += kDigits[byte & 15U];
        } else {
            out += ch;
        }
    }
    return out;
}

std::string github_message(const Finding& finding) {
    std::string text = one_line(finding.message);
    if (finding.chain.size() > 1) {
        text += "\nchain: " + chain_text(finding.chain);
    }
    if (!finding.citations.empty()) {
        text += "\nterms: " + citations_text(finding.citations);
    }
    if (!finding.fix.empty()) {
        text += "\nfix: " + printable(finding.fix, Lines::Many);
    }
    return shortened(text, kMaxAnnotation);
}

std::string github_command(const Report& report, const Finding& finding) {
    const Location place = finding.location.value_or(Location{std::string(kNoPlace), 0, 0});
    std::string out = "::" + std::string(kCommands.at(static_cast<std::size_t>(finding.severity)));
    out += " file=" + command_text(one_line(place.path), CommandPart::Property);
    if (place.line > 0) {
        out += ",line=" + std::to_string(place.line);
    }
    if (place.column > 0) {
        out +=
            ",col=" + std::to_string(code_point_column(source_line(report, place), place.column));
    }
    const std::string title = one_line(finding.rule) + " " + one_line(finding.subject);
    out += ",title=" + command_text(title, CommandPart::Property);
    return out + "::" + command_text(github_message(finding), CommandPart::Message) + "\n";
}

} // namespace

std::string render_github(const Report& report, const RenderOptions& /*options*/) {
    std::string out;
    for (const Finding& finding : report.findings) {
        out += github_command(report, finding);
    }
    const std::string left_out = left_out_text(report);
    return out + "railhub check: " + verdict_text(report) +
           (left_out.empty() ? "" : "; " + left_out) + "\n";
}

} // namespace railhub::report
