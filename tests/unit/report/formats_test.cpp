// SPDX-License-Identifier: Apache-2.0
// Tests of core/report/formats: whole outputs, and what hostile names can do to each.
#include "core/report/formats.h"
#include "core/report/phrases.h"
#include "core/util/json_schema.h"
#include "core/util/text.h"
#include "core/util/version.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"
#include "tests/support/golden.h"
#include "tests/unit/report/sample_report.h"

#include <algorithm>

namespace railhub::report {

namespace {

// The version changes with every release and is not what these tests are about.
std::string with_fixed_version(std::string text) {
    const std::string version = '"' + std::string(util::kVersion) + '"';
    for (std::size_t at = text.find(version); at != std::string::npos; at = text.find(version)) {
        text.replace(at, version.size(), "\"x.y.z\"");
    }
    return text;
}

} // namespace

TEST_CASE("formats are found by name and have a summary") {
    for (const Format& format : formats()) {
        CHECK(find_format(format.name) == &format);
        CHECK_FALSE(format.summary.empty());
        CHECK(format.render(Report{}, {}).ends_with("\n"));
    }
    CHECK(find_format("xml") == nullptr);
}

TEST_CASE("every format, whole") {
    const Report report = tests::sample_report();
    for (const Format& format : formats()) {
        tests::golden(
            "report/sample." + std::string(format.name),
            with_fixed_version(format.render(report, {}))
        );
    }
    RenderOptions options;
    options.explain = Explain::Yes;
    options.paint = [](Emphasis, std::string_view text) { return "<" + std::string(text) + ">"; };
    tests::golden("report/painted.text", render_text(report, options));
}

TEST_CASE("the same report gives the same bytes, and hostile ones are valid UTF-8") {
    for (const Format& format : formats()) {
        INFO(format.name);
        const std::string text = format.render(tests::hostile_report(), {});
        CHECK(text == format.render(tests::hostile_report(), {}));
        CHECK(util::is_valid_utf8(text));
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.find('\x07') == std::string::npos);
    }
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

TEST_CASE("annotations: every line is one command or ours") {
    const std::string text = render_github(tests::hostile_report());
    std::size_t commands = 0;
    for (const std::string_view line : util::split(text, '\n')) {
        const bool is_command = line.starts_with("::error file=") ||
                                line.starts_with("::warning file=") ||
                                line.starts_with("::notice file=");
        CHECK((is_command || line.empty() || line.starts_with("railhub check: ")));
        commands += is_command ? 1 : 0;
    }
    CHECK(commands == 3);
    CHECK_THAT(text, ContainsSubstring("file=a%2Cb%3Ac%25??.py,line=1"));
    CHECK_THAT(text, ContainsSubstring("first??%3A%3Aadd") || ContainsSubstring("first??::add"));
}

TEST_CASE("CSV cells cannot become formulas") {
    const std::string text = render_csv(tests::hostile_report());
    CHECK_THAT(text, ContainsSubstring("\"'=cmd|"));
    CHECK_THAT(text, ContainsSubstring("\"\"q\"\""));
}

TEST_CASE("Markdown stays below what hosts accept, and says what it leaves out") {
    Report report = tests::sample_report();
    const Finding finding = report.findings.front();
    for (int i = 0; i < 2000; ++i) {
        report.findings.push_back(finding);
        report.findings.back().message = std::string(1000, '*') + std::to_string(i);
    }
    const std::string text = render_markdown(report);
    CHECK(text.size() <= 60'000);
    CHECK_THAT(text, ContainsSubstring("more findings left out for length"));
    CHECK_THAT(text, EndsWith("This is a tool, not legal advice.\n"));
    const std::string hostile = render_markdown(tests::hostile_report());
    // Tags stand as text, or inside of code.
    CHECK_THAT(
        hostile,
        ContainsSubstring("/C calc'\\!A0 @\xE2\x80\x8B"
                          "everyone &lt;img src=x\\>")
    );
    CHECK(hostile.find("@everyone `") == std::string::npos);
}

TEST_CASE("JUnit: failures are what the threshold says") {
    const Report report = tests::sample_report();
    const auto failures = [&report](Verdict fail_on) {
        RenderOptions options;
        options.fail_on = fail_on;
        const std::string text = render_junit(report, options);
        std::size_t count = 0;
        for (std::size_t at = text.find("<failure"); at != std::string::npos;
             at = text.find("<failure", at + 1)) {
            ++count;
        }
        return count;
    };
    CHECK(failures(Verdict::Conflict) == 1);
    CHECK(failures(Verdict::NeedsHuman) == 2);
    CHECK(failures(Verdict::OkWithObligations) == 2);
}

TEST_CASE("SARIF and code quality fit their schemas") {
    const auto shared = tests::shared_path("data/standards/sarif-schema-2.1.0.json");
    const auto check = [](const std::string& schema_text, auto render) {
        auto schema_json = util::parse_json(schema_text);
        REQUIRE_OK(schema_json);
        // The checker knows the draft before the one the document names; the words are the same.
        schema_json->erase("$schema");
        const auto schema = util::JsonSchema::compile(*schema_json);
        REQUIRE_OK(schema);
        for (const Report& report : {tests::sample_report(), tests::hostile_report(), Report{}}) {
            const auto json = util::parse_json(render(report, RenderOptions{}));
            REQUIRE_OK(json);
            for (const util::SchemaViolation& violation : schema->check(*json)) {
                FAIL_CHECK(violation.pointer << ": " << violation.message);
            }
        }
    };
    check(
        tests::read_data(tests::data_path("data/report/gitlab-code-quality.schema.json")),
        &render_gitlab
    );
    if (!shared) {
        RAILHUB_SKIP("no shared reference data");
    }
    check(tests::read_data(*shared), &render_sarif);
}

} // namespace railhub::report
