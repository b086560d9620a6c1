// SPDX-License-Identifier: Apache-2.0
// Tests of core/report/report.
#include "core/report/report.h"
#include "tests/support/catch.h"

namespace railhub::report {

namespace {

Finding make_finding(std::string rule, Severity severity, std::string subject = "a/b") {
    Finding finding;
    finding.rule = std::move(rule);
    finding.severity = severity;
    finding.subject = std::move(subject);
    finding.message = "something";
    return finding;
}

} // namespace

TEST_CASE("the worst finding decides the verdict") {
    Report report;
    CHECK(report.verdict() == Verdict::Ok);
    report.findings.push_back(make_finding("R1", Severity::Note));
    CHECK(report.verdict() == Verdict::Ok);
    report.obligations.push_back({"include-license", "mit", "p2", "a/b", ""});
    CHECK(report.verdict() == Verdict::OkWithObligations);
    report.findings.push_back(make_finding("R1", Severity::Warning));
    CHECK(report.verdict() == Verdict::NeedsHuman);
    report.findings.push_back(make_finding("R3", Severity::Error));
    CHECK(report.verdict() == Verdict::Conflict);
    CHECK(report.count(Severity::Warning) == 1);
}

TEST_CASE("findings are ordered worst first, rules by number, doubles removed") {
    Report report;
    report.findings = {
        make_finding("R16", Severity::Error),
        make_finding("R3", Severity::Error, "z"),
        make_finding("R1", Severity::Note),
        make_finding("R3", Severity::Error, "a"),
        make_finding("R3", Severity::Error, "z"),
        make_finding("card.license", Severity::Warning),
    };
    report.obligations = {
        {"b", "mit", "", "x", ""}, {"a", "mit", "", "x", ""}, {"b", "mit", "", "x", ""}};
    report.finish();
    std::vector<std::string> order;
    for (const Finding& finding : report.findings) {
        order.push_back(finding.rule + ":" + finding.subject);
    }
    CHECK(
        order == std::vector<std::string>{"R3:a", "R3:z", "R16:a/b", "card.license:a/b", "R1:a/b"}
    );
    REQUIRE(report.obligations.size() == 2);
    CHECK(report.obligations[0].id == "a");
}

TEST_CASE("verdict words go both ways") {
    for (const Verdict verdict :
         {Verdict::Ok, Verdict::OkWithObligations, Verdict::NeedsHuman, Verdict::Conflict}) {
        CHECK(parse_verdict(verdict_word(verdict)) == verdict);
    }
    CHECK_FALSE(parse_verdict("fine"));
}

} // namespace railhub::report
