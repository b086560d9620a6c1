// SPDX-License-Identifier: Apache-2.0
// Waivers hold for one revision and one text, until a day.
#include "core/project/read.h"
#include "core/project/waivers.h"
#include "core/report/fingerprint.h"
#include "tests/support/catch.h"

namespace railhub::project {

namespace {

const ArtifactState kState{"1a2b3c", std::string(64, 'a')};

report::Finding sample_finding() {
    report::Finding finding;
    finding.rule = "R7";
    finding.severity = report::Severity::Error;
    finding.subject = "helpdesk";
    finding.message = "no trade";
    finding.chain = {{"helpdesk", "mit", ""}, {"acme/voice", "cc-by-nc-4.0", "embed"}};
    return finding;
}

Waiver sample_waiver() {
    Waiver waiver;
    waiver.at = {"railhub.toml", 9, 1};
    waiver.rule = "R7";
    waiver.artifact = {"acme/voice", {}};
    waiver.revision = kState.revision;
    waiver.license_sha256 = kState.license_sha256;
    waiver.owner = "Legal";
    waiver.reason = "by contract";
    waiver.expires = {2027, 1, 31};
    return waiver;
}

const ArtifactState* state_of_sample(std::string_view id) {
    return id == "acme/voice" ? &kState : nullptr;
}

report::Report waived(const std::vector<Waiver>& waivers, const Date& today) {
    report::Report report;
    report.findings = {sample_finding()};
    apply_waivers(report, waivers, state_of_sample, today);
    report.finish();
    return report;
}

std::vector<std::string> rules_of(const report::Report& report) {
    std::vector<std::string> rules;
    for (const report::Finding& finding : report.findings) {
        rules.push_back(finding.rule);
    }
    return rules;
}

using Rules = std::vector<std::string>;
constexpr Date kToday{2026, 11, 22};

} // namespace

TEST_CASE("a waiver that fits takes the finding out of the verdict") {
    const report::Report report = waived({sample_waiver()}, kToday);
    CHECK(report.findings.empty());
    REQUIRE(report.waived.size() == 1);
    CHECK(report.waived[0].owner == "Legal");
    CHECK(report.waived[0].until == "2027-01-31");
    CHECK(report.verdict() == report::Verdict::Ok);
}

TEST_CASE("it holds on its last day and not a day longer") {
    CHECK(rules_of(waived({sample_waiver()}, {2027, 1, 31})) == Rules{"waiver.expiring"});
    const report::Report late = waived({sample_waiver()}, {2027, 2, 1});
    CHECK(rules_of(late) == Rules{"R7", "waiver.expired"});
    CHECK(late.waived.empty());
    CHECK(late.findings[1].location == report::Location{"railhub.toml", 9, 1});
    CHECK(late.findings[1].severity == report::Severity::Error);
}

TEST_CASE("another text or another revision is another thing") {
    Waiver other_text = sample_waiver();
    other_text.license_sha256 = std::string(64, 'b');
    CHECK(rules_of(waived({other_text}, kToday)) == Rules{"R7", "waiver.stale"});
    Waiver other_commit = sample_waiver();
    other_commit.revision = "ffffff";
    const report::Report report = waived({other_commit}, kToday);
    CHECK(rules_of(report) == Rules{"R7", "waiver.stale"});
    CHECK(report.findings[1].message.find("now at revision 1a2b3c") != std::string::npos);
}

TEST_CASE("a waiver without a finding is one too many") {
    Waiver unused = sample_waiver();
    unused.rule = "R8";
    CHECK(rules_of(waived({unused}, kToday)) == Rules{"R7", "waiver.unused"});
    Waiver of_the_project = sample_waiver();
    of_the_project.artifact.text = ".";
    CHECK(rules_of(waived({of_the_project}, kToday)) == Rules{"R7", "waiver.unused"});
}

TEST_CASE("a fingerprint picks one finding, and a second waiver may take over") {
    Waiver exact = sample_waiver();
    exact.rule.clear();
    exact.fingerprint = report::fingerprint(sample_finding());
    CHECK(waived({exact}, kToday).waived.size() == 1);
    exact.fingerprint[0] = exact.fingerprint[0] == '0' ? '1' : '0';
    CHECK(waived({exact}, kToday).waived.empty());
    Waiver expired = sample_waiver();
    expired.expires = {2026, 1, 1};
    CHECK(rules_of(waived({expired, sample_waiver()}, kToday)) == Rules{"waiver.expired"});
}

TEST_CASE("the stub is a complete entry that waives its finding") {
    const report::Finding finding = sample_finding();
    const std::string stub = waiver_stub(finding, &kState, {2027, 2, 20});
    const Reading reading = read_project(stub + "\n", "railhub.toml");
    CHECK(reading.mistakes.empty());
    CHECK(waived(reading.project.waivers, kToday).waived.size() == 1);
    report::Finding about_project = finding;
    about_project.chain.clear();
    const Reading own =
        read_project(waiver_stub(about_project, nullptr, {2027, 2, 20}), "railhub.toml");
    CHECK(own.mistakes.empty());
    CHECK(own.project.waivers.at(0).artifact.text == ".");
    const Reading unknown = read_project(waiver_stub(finding, nullptr, {2027, 2, 20}), "x");
    CHECK(unknown.project.waivers.at(0).revision == "unknown");
    CHECK(unknown.project.waivers.at(0).license_sha256 == "none");
}

} // namespace railhub::project
