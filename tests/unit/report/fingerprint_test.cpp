// SPDX-License-Identifier: Apache-2.0
// Tests of core/report/fingerprint and core/report/baseline.
#include "core/report/baseline.h"
#include "core/report/fingerprint.h"
#include "core/report/formats.h"
#include "tests/support/catch.h"

namespace railhub::report {

namespace {

Finding sample_finding() {
    Finding finding;
    finding.rule = "R3";
    finding.severity = Severity::Error;
    finding.subject = "me/tuned";
    finding.message = "the use restrictions are missing";
    finding.fix = "carry them";
    finding.location = Location{"README.md", 3, 10};
    finding.chain = {
        {"me/tuned", "mit", ""}, {"org/base", "bigscience-bloom-rail-1.0", "finetune"}};
    finding.citations = {{"bigscience-bloom-rail-1.0", "4"}};
    return finding;
}

} // namespace

TEST_CASE("a fingerprint stays when lines and words change") {
    const Finding first = sample_finding();
    const std::string print = fingerprint(first);
    CHECK(print == "a716988de22ccaf9c9632c1ee67aa95e83914fc98d491cd12f58e7ca9c38f6ad");
    Finding same = first;
    same.message = "other words";
    same.fix = "another way";
    same.waiver = "[[waiver]]";
    same.severity = Severity::Warning;
    same.location = Location{"README.md", 300, 1};
    same.chain[1].license = "other";
    CHECK(fingerprint(same) == print);
    CHECK(fingerprints({first, same, first}) == std::vector{print, print + "-2", print + "-3"});
}

TEST_CASE("a fingerprint changes with what the finding is about") {
    const std::string print = fingerprint(sample_finding());
    Finding other = sample_finding();
    other.rule = "R4";
    CHECK(fingerprint(other) != print);
    other = sample_finding();
    other.subject = "me/other";
    CHECK(fingerprint(other) != print);
    other = sample_finding();
    other.chain[1].artifact = "org/other";
    CHECK(fingerprint(other) != print);
    other = sample_finding();
    other.citations[0].section = "5";
    CHECK(fingerprint(other) != print);
    // Parts do not run into each other.
    other = sample_finding();
    other.rule = "R3me";
    other.subject = "/tuned";
    CHECK(fingerprint(other) != print);
}

TEST_CASE("a baseline hides what it has, as often as it has it") {
    Report earlier;
    earlier.findings = {sample_finding()};
    const auto baseline = Baseline::parse(to_json(earlier));
    REQUIRE_OK(baseline);

    Report later = earlier;
    later.findings.front().message = "other words";
    baseline->apply(later);
    CHECK(later.findings.empty());
    CHECK(later.known == 1);
    CHECK(later.verdict() == Verdict::Ok);

    Report twice;
    twice.findings = {sample_finding(), sample_finding()};
    twice.findings[1].location = Location{"other.md", 1, 1};
    baseline->apply(twice);
    REQUIRE(twice.findings.size() == 1);
    CHECK(twice.findings[0].location->path == "other.md");

    CHECK_FALSE(Baseline::parse(util::Json::object({{"format", "scan-report/1"}})).ok());
    CHECK_FALSE(Baseline::parse(util::Json::array()).ok());
}

TEST_CASE("of unchanged files nothing is said, of the whole something is") {
    Report report;
    report.findings = {sample_finding(), sample_finding(), sample_finding()};
    report.findings[1].location = Location{"app.py", 1, 1};
    report.findings[2].location.reset();
    keep_changed(report, {"app.py"});
    REQUIRE(report.findings.size() == 2);
    CHECK(report.findings[0].location->path == "app.py");
    CHECK_FALSE(report.findings[1].location);
    CHECK(report.unchanged == 1);
}

} // namespace railhub::report
