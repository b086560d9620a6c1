// SPDX-License-Identifier: Apache-2.0
// The samples.
#include "tests/unit/report/sample_report.h"

namespace railhub::tests {

namespace {

using report::Finding;
using report::Location;
using report::MissingRestriction;
using report::Report;
using report::Severity;

Finding conflict() {
    Finding finding;
    finding.rule = "R3";
    finding.severity = Severity::Error;
    finding.subject = "this product";
    finding.message = "2 use restrictions of 'openrail' do not travel with it";
    finding.fix = "repeat the clauses in the terms of the product";
    finding.location = Location{"src/app one.py", 12, 18};
    finding.chain = {
        {"this product", "apache-2.0", ""},
        {"org/tuned", "mit", "component"},
        {"org/base", "openrail", "finetune"}};
    finding.citations = {{"openrail", "4.a"}, {"openrail", "5"}};
    finding.missing = {
        {"A.1", {{"law.violation", "", MissingRestriction::Gap::Absent}}},
        {"A.12",
         {{"medical.advice", "any", MissingRestriction::Gap::Absent},
          {"medical.interpretation", "", MissingRestriction::Gap::Narrower}}}};
    finding.waiver = "[[waiver]]\nrule = \"R3\"";
    return finding;
}

Finding question() {
    Finding finding;
    finding.rule = "R1";
    finding.severity = Severity::Warning;
    finding.subject = "org/talks";
    finding.message = "dataset 'org/talks' was not found";
    return finding;
}

Finding remark() {
    Finding finding;
    finding.rule = "card.use_restrictions";
    finding.severity = Severity::Note;
    finding.subject = "org/tuned";
    finding.message = "a name means nothing";
    finding.location = Location{"README.md", 3, 0};
    return finding;
}

} // namespace

Report sample_report() {
    Report report;
    report.subject = "this product";
    report.knowledge = "license data 000000000000";
    report.lineage = {{"this product", "code", "", "apache-2.0", ""}};
    report.findings = {conflict(), question(), remark()};
    report.obligations = {{"include-license", "openrail", "4.b", "org/base", ""}};
    report.waived = {{question(), "Legal", "we asked them", "2027-01-31"}};
    report.waived.front().finding.subject = "org/waived";
    report.known = 2;
    report.rules = {
        {"R3", "flow-down-verbatim", "Use restrictions are all carried.", "Each clause counts."},
        {"R1", "resolve", "Every artifact is found.", "What is unknown goes to a person."}};
    report.sources = {
        {"src/app one.py", 12, "    model =\tload(\"org/tuned\", \"\xC3\xA9\")"},
        {"README.md", 3, "license: other"}};
    report.finish();
    return report;
}

Report hostile_report() {
    Report report = sample_report();
    report.subject = "x\nverdict: ok";
    Finding& finding = report.findings.front();
    finding.subject = "=cmd|' /C calc'!A0 @everyone <img src=x> ]]> & \"q\" `tick` %0A::error::";
    finding.message = "first\r\n::add-mask::second, \x1b[2Jthird \xFF | *bold* \xE2\x80\xAE";
    finding.fix = "one\n::set-output name=a::b\n```\nfence";
    finding.location = Location{"a,b:c%\xFF\n.py", 1, 1};
    finding.chain = {{"a\rb", "m\x07it", ""}, {"c", "", "fine\ntune"}};
    finding.waiver = "```\n</details>";
    report.sources.clear();
    return report;
}

} // namespace railhub::tests
