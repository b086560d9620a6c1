// SPDX-License-Identifier: Apache-2.0
// Tests of core/report/formats.
#include "core/report/formats.h"
#include "tests/support/catch.h"

namespace railhub::report {

TEST_CASE("formats are found by name and have a summary") {
    for (const Format& format : formats()) {
        CHECK(find_format(format.name) == &format);
        CHECK_FALSE(format.summary.empty());
        CHECK(format.render(Report{}).ends_with("\n"));
    }
    CHECK(find_format("sarif") == nullptr);
}

TEST_CASE("JSON has null where there is nothing, and every member always") {
    Report report;
    report.subject = "x/y";
    report.lineage = {{"x/y", "model", "", "", ""}};
    Finding finding;
    finding.rule = "R1";
    report.findings = {finding};
    const util::Json json = to_json(report);
    CHECK(json.text("format") == "check-report/1");
    const util::Json& first = json.find("findings")->as_array()->front();
    for (const char* member : {"fix", "location", "waiver"}) {
        REQUIRE(first.find(member) != nullptr);
        CHECK(first.find(member)->is_null());
    }
    CHECK(json.find("lineage")->as_array()->front().find("license")->is_null());
    REQUIRE(util::parse_json(render_json(report)).ok());
}

TEST_CASE("foreign text cannot forge lines or steer a terminal") {
    Report report;
    report.subject = "x\nverdict: ok";
    Finding finding;
    finding.rule = "R1";
    finding.severity = Severity::Error;
    finding.subject = "evil\x1b[2Jmodel\xC2\x9B";
    finding.message = "first\nsecond";
    finding.chain = {{"a\rb", "m\x07it", ""}, {"c", "", "finetune"}};
    report.findings = {finding};
    const std::string text = render_text(report);
    CHECK(text.starts_with("checked: x?verdict: ok\n"));
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(text.find('\x07') == std::string::npos);
    CHECK(text.find("\xC2\x9B") == std::string::npos);
    CHECK_THAT(text, ContainsSubstring("error R1 evil?[2Jmodel?: first?second\n"));
    CHECK_THAT(text, ContainsSubstring("c (no license known)"));
}

} // namespace railhub::report
