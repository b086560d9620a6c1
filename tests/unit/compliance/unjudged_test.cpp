// SPDX-License-Identifier: Apache-2.0
// R0: terms without a rule are never passed over in silence.
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"

namespace railhub::compliance {

namespace {

using tests::evaluate_default;
using tests::fine_tune;
using tests::rules_of;

bool is_unjudged(const Lineage& lineage) {
    const auto rules = rules_of(evaluate_default(lineage));
    return std::find(rules.begin(), rules.end(), "R0") != rules.end();
}

} // namespace

TEST_CASE("flow-down of other kinds is left to a person unless the label is the same") {
    CHECK(is_unjudged(fine_tune("mit", "llama3.1")));
    CHECK(is_unjudged(fine_tune("apache-2.0", "bigcode-openrail-m")));
    CHECK_FALSE(is_unjudged(fine_tune("llama3.1", "llama3.1")));
    CHECK_FALSE(is_unjudged(fine_tune("mit", "apache-2.0")));
}

TEST_CASE("teachers and restricted data are left to a person, plain ones are not") {
    tests::LineageBuilder build;
    build.model("acme/student", {"mit"});
    build.model("org/teacher", {"llama2"});
    build.edge(0, 1, Role::Teacher, Activity::Distil);
    CHECK(is_unjudged(build.lineage));

    tests::LineageBuilder data;
    data.model("acme/student", {"mit"});
    data.dataset("org/data", {"cc-by-nc-4.0"});
    data.edge(0, 1, Role::Dataset, Activity::Train);
    CHECK(is_unjudged(data.lineage));
    data.lineage.nodes[1].licenses = {"cc-by-4.0"};
    CHECK_FALSE(is_unjudged(data.lineage));
}

TEST_CASE("a relabelled copy and a mixed merge are left to a person") {
    Lineage copy = fine_tune("cc-by-nc-4.0", "apache-2.0");
    copy.edges[0].activity = Activity::Quantize;
    CHECK(is_unjudged(copy));
    copy.nodes[0].carries = {"license-text:apache-2.0"};
    CHECK_FALSE(is_unjudged(copy));

    tests::LineageBuilder merge;
    merge.model("acme/merged", {"openrail++"});
    merge.model("org/a", {"openrail++"});
    merge.model("org/b", {"gemma"});
    merge.edge(0, 1, Role::MergeSource, Activity::Merge);
    merge.edge(0, 2, Role::MergeSource, Activity::Merge);
    CHECK(is_unjudged(merge.lineage));
    merge.lineage.nodes[2].licenses = {"openrail++"};
    CHECK_FALSE(is_unjudged(merge.lineage));
}

TEST_CASE("restrictions added to work that allows none are left to a person") {
    Lineage lineage = fine_tune("gpl-3.0", "gpl-3.0");
    CHECK_FALSE(is_unjudged(lineage));
    lineage.nodes[0].carries = {"use-restriction:military.any"};
    CHECK(is_unjudged(lineage));
}

} // namespace railhub::compliance
