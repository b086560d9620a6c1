// SPDX-License-Identifier: Apache-2.0
// Tests of core/compliance/evaluate.
#include "core/report/formats.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"
#include "tests/unit/compliance/builder.h"

namespace railhub::compliance {

namespace {

// A quantized copy of a relabelled BLOOM fine-tune, with data nobody can find.
Lineage laundered() {
    tests::LineageBuilder build;
    build.model("acme/chat-q4", {"apache-2.0"});
    build.model("org/chat", {"apache-2.0"});
    build.model("bigscience/bloom", {"bigscience-bloom-rail-1.0"});
    build.dataset("org/talks", {});
    build.lineage.nodes[0].location = report::Location{"README.md", 2, 10};
    build.lineage.nodes[2].revision = "1a2b3c";
    build.lineage.nodes[3].resolution = Resolution::Absent;
    build.edge(0, 1, Role::BaseModel, Activity::Quantize);
    build.edge(1, 2);
    build.edge(0, 3, Role::Dataset, Activity::Train);
    build.lineage.edges[2].location = report::Location{"README.md", 4, 3};
    return build.lineage;
}

// The version of the license data changes with every record and is not what this test is about.
report::Report with_fixed_knowledge(report::Report report) {
    report.knowledge = "license data 000000000000";
    return report;
}

} // namespace

TEST_CASE("a whole report, as text and as JSON") {
    const report::Report report = with_fixed_knowledge(tests::evaluate_default(laundered()));
    tests::golden("check/laundered.txt", report::render_text(report));
    tests::golden("check/laundered.json", report::render_json(report));
}

TEST_CASE("a report with nothing but duties") {
    const report::Report report =
        with_fixed_knowledge(tests::evaluate_default(tests::fine_tune("apache-2.0", "apache-2.0")));
    tests::golden("check/duties.txt", report::render_text(report));
}

TEST_CASE("the same input gives the same bytes, and the order of nodes does not matter much") {
    const report::Report first = tests::evaluate_default(laundered());
    CHECK(report::render_json(first) == report::render_json(tests::evaluate_default(laundered())));
    CHECK(first.knowledge == "license data " + tests::built_in_catalogue().version());

    Lineage reordered = laundered();
    std::swap(reordered.edges[1], reordered.edges[2]);
    CHECK(tests::evaluate_default(reordered).findings == first.findings);
}

TEST_CASE("an artifact without upstream and with a license is ok") {
    tests::LineageBuilder build;
    build.model("acme/own", {"mit"});
    const report::Report report = tests::evaluate_default(build.lineage);
    CHECK(report.verdict() == report::Verdict::Ok);
    CHECK(report.findings.empty());
    CHECK(report.obligations.empty());
}

} // namespace railhub::compliance
