// SPDX-License-Identifier: Apache-2.0
// The rules with most to say, each with what passes and what does not; tests/data/compliance has
// cases for all of them.
#include "core/compliance/rules.h"
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"

namespace railhub::compliance {

namespace {

using report::Severity;
using report::Verdict;
using tests::evaluate_default;
using tests::fine_tune;
using tests::only_finding;
using tests::rules_of;

using Ids = std::vector<std::string>;

report::Report evaluate_with(const Lineage& lineage, const Use& use, const Policy& policy = {}) {
    return evaluate(lineage, use, policy, tests::built_in_catalogue());
}

} // namespace

TEST_CASE("the rules table is complete and its page has it") {
    Ids ids;
    for (const Rule& rule : rules()) {
        ids.emplace_back(rule.id);
        CHECK(find_rule(rule.id) == &rule);
        CHECK_FALSE(rule.title.empty());
        CHECK(find_rule(rule.name) == &rule);
        CHECK_FALSE(rule.basis.empty());
        CHECK_FALSE(rule.explanation.empty());
    }
    REQUIRE(ids.size() == 27);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        CHECK(ids[i] == "R" + std::to_string(i + 1));
    }
    CHECK(find_rule("R99") == nullptr);
    CHECK_THAT(rules_page(), ContainsSubstring("| R27 | versions |"));
}

TEST_CASE("R3: a plain label drops all thirteen clauses of BLOOM RAIL") {
    const report::Report report =
        evaluate_default(fine_tune("apache-2.0", "bigscience-bloom-rail-1.0"));
    CHECK(report.verdict() == Verdict::Conflict);
    const report::Finding& finding = only_finding(report, "R3");
    CHECK(finding.severity == Severity::Error);
    REQUIRE(finding.missing.size() == 13);
    CHECK(finding.missing.front().section == "A.1");
    CHECK(finding.missing.back().section == "A.13");
    CHECK(finding.missing.back().restrictions.size() == 4);
    CHECK(tests::missing_ids(report).size() == 18);
    CHECK(
        finding.citations ==
        std::vector<report::Citation>{
            {"bigscience-bloom-rail-1.0", "4.a"}, {"bigscience-bloom-rail-1.0", "5"}}
    );
    CHECK(finding.chain.size() == 2);
    CHECK_THAT(finding.fix, StartsWith("set 'license: bigscience-bloom-rail-1.0'"));
}

TEST_CASE("R3: the same license, a wider set or own terms that repeat the set are fine") {
    CHECK(rules_of(
              evaluate_default(fine_tune("bigscience-bloom-rail-1.0", "bigscience-bloom-rail-1.0"))
    )
              .empty());
    CHECK(rules_of(evaluate_default(fine_tune("bigscience-openrail-m", "creativeml-openrail-m")))
              .empty());
    Lineage own = fine_tune("other", "bigscience-bloom-rail-1.0");
    own.nodes[0].carries = {"use-restrictions:bloom-rail-A"};
    CHECK(rules_of(evaluate_default(own)).empty());
    CHECK(evaluate_default(own).verdict() == Verdict::OkWithObligations);
}

TEST_CASE("R3: a narrower clause is missing in strict mode and enough by id") {
    const Lineage lineage = fine_tune("bigscience-bloom-rail-1.0", "creativeml-openrail-m");
    const report::Report strict = evaluate_default(lineage);
    CHECK(tests::missing_ids(strict) == Ids{"deception.disinformation"});
    CHECK(
        only_finding(strict, "R3").missing.at(0).restrictions.at(0).gap ==
        report::MissingRestriction::Gap::Narrower
    );
    Policy by_id;
    by_id.restriction_cover = license::Cover::IdsOnly;
    CHECK(rules_of(evaluate_with(lineage, {}, by_id)) == Ids{"R26"}); // BLOOM's text is for BLOOM
}

TEST_CASE("R3: a wrong label in the middle does not launder the terms") {
    tests::LineageBuilder build;
    build.model("acme/chat", {"apache-2.0"});
    build.model("org/laundered", {"apache-2.0"});
    build.model("bigscience/bloom", {"bigscience-bloom-rail-1.0"});
    build.edge(0, 1, Role::BaseModel, Activity::Quantize);
    build.edge(1, 2);
    const report::Report report = evaluate_default(build.lineage);
    const report::Finding& finding = only_finding(report, "R3");
    REQUIRE(finding.chain.size() == 3);
    CHECK(finding.chain[2].artifact == "bigscience/bloom");
    CHECK_THAT(
        finding.message, ContainsSubstring("another label on 'org/laundered' does not remove them")
    );
}

TEST_CASE("R3: one finding per license, for the nearest artifact; nothing for internal use") {
    tests::LineageBuilder build;
    build.model("acme/chat", {"mit"});
    build.model("org/near", {"openrail++"});
    build.model("org/far", {"openrail++"});
    build.edge(0, 1);
    build.edge(1, 2);
    CHECK(only_finding(evaluate_default(build.lineage), "R3").chain.back().artifact == "org/near");
    Use internal;
    internal.delivery = Use::Delivery::Internal;
    CHECK(rules_of(evaluate_with(build.lineage, internal)).empty());
    // The text calls a model trained on outputs a derivative.
    build.lineage.edges = {{0, 1, Role::Teacher, Activity::Distil, {}}};
    CHECK(rules_of(evaluate_default(build.lineage), Severity::Error) == Ids{"R3"});
}

TEST_CASE("R1: what is not found, not known or not a license goes to a person") {
    const auto severity_for = [](const std::string& base) {
        return only_finding(evaluate_default(fine_tune("mit", base)), "R1").severity;
    };
    for (const char* base : {"no-such-license", "openrail", "unknown", "other", "cc"}) {
        INFO(base);
        CHECK(severity_for(base) == Severity::Warning);
    }
    for (const Resolution resolution :
         {Resolution::Absent,
          Resolution::Unreachable,
          Resolution::Unreadable,
          Resolution::TooDeep}) {
        Lineage lineage = fine_tune("mit", "mit");
        lineage.nodes[1].resolution = resolution;
        lineage.nodes[1].licenses.clear();
        CHECK(only_finding(evaluate_default(lineage), "R1").severity == Severity::Warning);
        CHECK(evaluate_default(lineage).verdict() == Verdict::NeedsHuman);
    }
}

TEST_CASE("R1: no license upstream is a conflict where its work is passed on") {
    Lineage lineage = fine_tune("mit", "mit");
    lineage.nodes[1].licenses.clear();
    CHECK(only_finding(evaluate_default(lineage), "R1").severity == Severity::Error);
    lineage.edges[0].role = Role::Teacher;
    CHECK(only_finding(evaluate_default(lineage), "R1").severity == Severity::Warning);
}

TEST_CASE("R1: the subject's own label") {
    tests::LineageBuilder alone;
    alone.model("acme/own", {});
    CHECK(only_finding(evaluate_default(alone.lineage), "R1").severity == Severity::Warning);
    alone.lineage.nodes[0].licenses = {"bsd-3-clause-house"};
    CHECK(only_finding(evaluate_default(alone.lineage), "R1").severity == Severity::Note);
    CHECK(evaluate_default(alone.lineage).verdict() == Verdict::Ok);
    alone.lineage.nodes[0].licenses = {"other"};
    CHECK(evaluate_default(alone.lineage).findings.empty());

    Lineage derived = fine_tune("mit", "mit");
    derived.nodes[0].licenses.clear();
    CHECK(only_finding(evaluate_default(derived), "R1").severity == Severity::Error);
}

TEST_CASE("R1: contradictions and lists") {
    Lineage lineage = fine_tune("mit", "cc-by-4.0");
    lineage.nodes[1].prose_license = "cc-by-nc-4.0";
    CHECK_THAT(
        only_finding(evaluate_default(lineage), "R1").message,
        ContainsSubstring("its text says 'cc-by-nc-4.0'")
    );
    lineage.nodes[1].prose_license = "cc-by-4.0";
    CHECK(rules_of(evaluate_default(lineage)).empty());
    lineage.nodes[1].licenses = {"mit", "apache-2.0"};
    lineage.nodes[1].prose_license.clear();
    CHECK_THAT(
        only_finding(evaluate_default(lineage), "R1").message, ContainsSubstring("several licenses")
    );
}

TEST_CASE("R6: share-alike asks for the same or an accepted license") {
    CHECK(rules_of(evaluate_default(fine_tune("mit", "gpl-3.0")), Severity::Error) == Ids{"R6"});
    CHECK(rules_of(evaluate_default(fine_tune("gpl-3.0", "gpl-3.0"))).empty());
    const report::Report report = evaluate_default(fine_tune("mit", "cc-by-sa-4.0"));
    const report::Finding& finding = only_finding(report, "R6");
    CHECK(finding.citations == std::vector<report::Citation>{{"cc-by-sa-4.0", "3(b)"}});
    CHECK_THAT(finding.fix, EndsWith("or one that it accepts: gpl-3.0"));
    CHECK(rules_of(evaluate_default(fine_tune("gpl-3.0", "cc-by-sa-4.0")), Severity::Error).empty()
    );
}

TEST_CASE("R6: not for internal use, plain hosting, or data in weights") {
    Use served;
    served.delivery = Use::Delivery::Serve;
    CHECK(rules_of(evaluate_with(fine_tune("mit", "gpl-3.0"), served), Severity::Error).empty());
    Use internal;
    internal.delivery = Use::Delivery::Internal;
    CHECK(rules_of(evaluate_with(fine_tune("mit", "gpl-3.0"), internal)).empty());
    tests::LineageBuilder build;
    build.model("acme/chat", {"mit"});
    build.dataset("org/data", {"cc-by-sa-4.0"});
    build.edge(0, 1, Role::Dataset, Activity::Train);
    CHECK(rules_of(evaluate_default(build.lineage)) == Ids{"R14"});
}

TEST_CASE("R7: no commerce with what withholds it, and no label that promises it") {
    const Lineage kept = fine_tune("cc-by-nc-4.0", "cc-by-nc-4.0");
    CHECK(rules_of(evaluate_default(kept)).empty());
    Use commercial;
    commercial.purpose = Use::Purpose::Commercial;
    CHECK(only_finding(evaluate_with(kept, commercial), "R7").severity == Severity::Error);
    CHECK(
        only_finding(evaluate_default(fine_tune("mit", "cc-by-nc-4.0")), "R7").severity ==
        Severity::Error
    );
    CHECK(
        only_finding(evaluate_default(fine_tune("other", "cc-by-nc-4.0")), "R7").severity ==
        Severity::Warning
    );
    commercial.delivery = Use::Delivery::Internal;
    CHECK(only_finding(evaluate_with(kept, commercial), "R7").severity == Severity::Error);
}

TEST_CASE("R1: an expression upstream is a choice, one downstream has to hold in each part") {
    const report::Report choice = evaluate_default(fine_tune("mit", "MIT OR GPL-3.0-only"));
    CHECK(choice.verdict() == Verdict::OkWithObligations);
    CHECK_THAT(only_finding(choice, "R1").message, ContainsSubstring("'MIT' is taken"));
    CHECK(choice.lineage.at(1).license == "MIT OR GPL-3.0-only");
    CHECK(
        rules_of(evaluate_default(fine_tune("mit", "MIT AND GPL-3.0-only")), Severity::Error) ==
        Ids{"R6"}
    );
    CHECK(
        rules_of(evaluate_default(fine_tune("gpl-3.0 OR mit", "gpl-3.0")), Severity::Error) ==
        Ids{"R6"}
    );
    CHECK(rules_of(evaluate_default(fine_tune("gpl-3.0", "GPL-2.0-or-later"))).empty());
    CHECK(rules_of(evaluate_default(fine_tune("mit", "MIT OR no-such"))).empty());
    CHECK(rules_of(evaluate_default(fine_tune("mit", "MIT AND no-such"))) == Ids{"R1"});
    CHECK(rules_of(evaluate_default(fine_tune("mit", "MIT AND ("))) == Ids{"R1"});
}

TEST_CASE("R1: the policy says how bad an upstream is that nobody can look up") {
    Lineage lineage = fine_tune("mit", "mit");
    lineage.nodes[1].resolution = Resolution::Absent;
    lineage.nodes[1].licenses.clear();
    CHECK(evaluate_default(lineage).verdict() == Verdict::NeedsHuman);
    Policy strict;
    strict.unresolved_upstream = Stance::Conflict;
    CHECK(evaluate_with(lineage, {}, strict).verdict() == Verdict::Conflict);
}

TEST_CASE("R25: sources that disagree leave the pair contested") {
    const std::string other =
        R"({"format": "compatibility/1", "id": "osadl", "name": "House matrix",
        "terms": "CC0-1.0", "attribution": "the legal team",
        "pairs": [{"inbound": "apache-2.0", "outbound": "gpl-3.0", "fit": "no"}]})";
    const std::vector<license::DataFile> files = {{"compatibility/osadl.json", other}};
    const auto knowledge = license::Catalogue::with_files(files);
    REQUIRE_OK(knowledge);
    const Lineage lineage = fine_tune("gpl-3.0", "apache-2.0");
    Policy policy;
    CHECK(rules_of(evaluate(lineage, {}, policy, *knowledge)).empty());
    policy.compatibility = Policy::Compatibility::Osadl;
    CHECK(rules_of(evaluate(lineage, {}, policy, *knowledge), Severity::Error) == Ids{"R25"});
    policy.compatibility = Policy::Compatibility::Both;
    const report::Report report = evaluate(lineage, {}, policy, *knowledge);
    CHECK(report.verdict() == Verdict::NeedsHuman);
    CHECK_THAT(only_finding(report, "R25").message, StartsWith("contested: "));
    CHECK_THAT(only_finding(report, "R25").message, ContainsSubstring("the legal team"));
    CHECK_THAT(report.knowledge, EndsWith("compatibility/osadl.json (replaces)"));
}

TEST_CASE("a chain of ten thousand, a cycle and a wide lineage end soon") {
    tests::LineageBuilder build;
    constexpr std::size_t kDepth = 10000;
    build.model("acme/chat", {"apache-2.0"});
    for (std::size_t i = 1; i <= kDepth; ++i) {
        build.model("org/m" + std::to_string(i), {i == kDepth ? "creativeml-openrail-m" : "mit"});
        build.edge(i - 1, i);
    }
    build.edge(kDepth, 0);
    const report::Report report = evaluate_default(build.lineage);
    CHECK(report.verdict() == Verdict::Conflict);
    CHECK(only_finding(report, "R3").chain.size() == 66);
}

} // namespace railhub::compliance
