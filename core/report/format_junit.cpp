// SPDX-License-Identifier: Apache-2.0
// JUnit XML: a test case for each finding; those at the threshold have failed.
#include "core/report/formats.h"
#include "core/report/phrases.h"

namespace railhub::report {

namespace {

// Line ends inside attributes are written as references; what XML 1.0 cannot hold is gone already.
std::string xml_text(std::string_view text) {
    std::string out;
    for (const char ch : printable(text, Lines::Many)) {
        switch (ch) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += ch;
        }
    }
    return out;
}

std::string attribute(std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + xml_text(one_line(value)) + "\"";
}

std::string junit_details(const Finding& finding) {
    std::string out = std::string(severity_word(finding.severity)) + " " + finding.rule + " " +
                      finding.subject + ": " + finding.message + "\n";
    if (finding.location) {
        out += "at: " + place_text(*finding.location) + "\n";
    }
    if (finding.chain.size() > 1) {
        out += "chain: " + chain_text(finding.chain) + "\n";
    }
    if (!finding.citations.empty()) {
        out += "terms: " + citations_text(finding.citations) + "\n";
    }
    if (!finding.missing.empty()) {
        out += "missing:\n" + missing_text(finding.missing) + "\n";
    }
    if (!finding.fix.empty()) {
        out += "fix: " + finding.fix + "\n";
    }
    return out;
}

std::string junit_case(const Finding& finding, const RenderOptions& options) {
    std::string out = "    <testcase" + attribute("classname", "railhub." + finding.rule) +
                      attribute("name", finding.subject + ": " + finding.message) +
                      attribute("status", severity_word(finding.severity)) + " time=\"0\"";
    const Location place = finding.location.value_or(Location{std::string(kNoPlace), 0, 0});
    out += attribute("file", place.path);
    if (place.line > 0) {
        out += attribute("line", std::to_string(place.line));
    }
    const std::string details = xml_text(junit_details(finding));
    if (closes_gate(finding, options.fail_on)) {
        return out + ">\n      <failure" + attribute("type", severity_word(finding.severity)) +
               attribute("message", finding.message) + ">" + details +
               "</failure>\n    </testcase>\n";
    }
    return out + ">\n      <system-out>" + details + "</system-out>\n    </testcase>\n";
}

std::string junit_waived(const Waived& waived) {
    const Finding& finding = waived.finding;
    return "    <testcase" + attribute("classname", "railhub." + finding.rule) +
           attribute("name", finding.subject + ": " + finding.message) +
           attribute("status", "waived") + " time=\"0\">\n      <skipped" +
           attribute("message", "waived: " + waived.reason) + "/>\n    </testcase>\n";
}

} // namespace

std::string render_junit(const Report& report, const RenderOptions& options) {
    std::size_t failures = 0;
    std::string cases;
    for (const Finding& finding : report.findings) {
        failures += closes_gate(finding, options.fail_on) ? 1 : 0;
        cases += junit_case(finding, options);
    }
    for (const Waived& waived : report.waived) {
        cases += junit_waived(waived);
    }
    std::size_t tests = report.findings.size() + report.waived.size();
    if (tests == 0) {
        // Readers take a suite without a case for one that did not run.
        cases = "    <testcase classname=\"railhub\" name=\"license check\" time=\"0\"/>\n";
        tests = 1;
    }
    const std::string counts = attribute("tests", std::to_string(tests)) +
                               attribute("failures", std::to_string(failures)) + " errors=\"0\"";
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"railhub check\"" +
           counts + " time=\"0\">\n  <testsuite" + attribute("name", report.subject) + counts +
           attribute("skipped", std::to_string(report.waived.size())) + " time=\"0\">\n" + cases +
           "  </testsuite>\n</testsuites>\n";
}

} // namespace railhub::report
