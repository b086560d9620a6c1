// SPDX-License-Identifier: Apache-2.0
// Tests of core/compliance/obligations.
#include "core/compliance/obligations.h"
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"

#include <set>

namespace railhub::compliance {

namespace {

std::set<std::string> owed(const Lineage& lineage, const Use& use = {}) {
    std::set<std::string> ids;
    for (const report::Obligation& obligation :
         evaluate(lineage, use, {}, tests::built_in_catalogue()).obligations) {
        ids.insert(obligation.id);
    }
    return ids;
}

using IdSet = std::set<std::string>;

} // namespace

TEST_CASE("what is owed depends on whether copies leave") {
    const Lineage lineage = tests::fine_tune("creativeml-openrail-m", "creativeml-openrail-m");
    CHECK(
        owed(lineage) ==
        IdSet{
            "flow-down-use-restrictions",
            "include-license",
            "notify-downstream",
            "require-users-comply",
            "retain-notices",
            "state-changes",
            "use-latest-version",
            "use-restrictions"}
    );
    Use internal;
    internal.delivery = Use::Delivery::Internal;
    CHECK(owed(lineage, internal) == IdSet{"use-latest-version", "use-restrictions"});
    Use served;
    served.delivery = Use::Delivery::Serve; // hosting counts as distribution under OpenRAIL
    CHECK(owed(lineage, served).contains("flow-down-use-restrictions"));
    CHECK(owed(tests::fine_tune("mit", "mit"), served).empty());
}

TEST_CASE("unmodified copies owe no statement of changes") {
    Use copy;
    copy.modification = Use::Modification::Unmodified;
    CHECK_FALSE(owed(tests::fine_tune("apache-2.0", "apache-2.0"), copy).contains("state-changes"));
    CHECK(owed(tests::fine_tune("apache-2.0", "apache-2.0")).contains("state-changes"));
}

TEST_CASE("duties name where they come from") {
    const report::Report report = tests::evaluate_default(tests::fine_tune("mit", "mit"));
    REQUIRE_FALSE(report.obligations.empty());
    CHECK(
        report.obligations[0] == report::Obligation{"include-license", "mit", "p2", "org/base", ""}
    );
    CHECK(report.verdict() == report::Verdict::OkWithObligations);
}

TEST_CASE("permissive teachers pass no duties on, data its attribution") {
    tests::LineageBuilder build;
    build.model("acme/student", {"mit"});
    build.model("org/teacher", {"mit"});
    build.dataset("org/data", {"cc-by-4.0"});
    build.edge(0, 1, Role::Teacher, Activity::Distil);
    build.edge(0, 2, Role::Dataset, Activity::Train);
    CHECK(owed(build.lineage) == IdSet{"attribution"});
    build.lineage.nodes[2].licenses = {"cdla-permissive-2.0"}; // models are results, free of duties
    CHECK(owed(build.lineage).empty());
}

TEST_CASE("conditions of terms decide whether they are due") {
    const Lineage kimi = tests::fine_tune("modified-mit-kimi-k2", "modified-mit-kimi-k2");
    CHECK_FALSE(owed(kimi).contains("display-built-with"));
    Use large;
    large.mau_now = 200000000;
    CHECK(owed(kimi, large).contains("display-built-with"));
    Use served;
    served.delivery = Use::Delivery::Serve;
    CHECK_FALSE(owed(tests::fine_tune("gemma", "gemma"), served).contains("notice-file"));
    CHECK(owed(tests::fine_tune("gemma", "gemma")).contains("notice-file"));
    CHECK(owed(tests::fine_tune("qwen", "qwen")).contains("mau-threshold"));
}

} // namespace railhub::compliance
