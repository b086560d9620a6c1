// SPDX-License-Identifier: Apache-2.0
// All records under all rules: every finding cites license and section, names the data version and
// shows the chain.
#include "core/compliance/rules.h"
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"

#include <set>

namespace railhub::compliance {

namespace {

struct Doing {
    Role role;
    Activity activity;
    Use::Delivery delivery;
};

constexpr std::array kDoings = {
    Doing{Role::BaseModel, Activity::Finetune, Use::Delivery::Distribute},
    Doing{Role::BaseModel, Activity::Finetune, Use::Delivery::Internal},
    Doing{Role::BaseModel, Activity::Serve, Use::Delivery::Serve},
    Doing{Role::BaseModel, Activity::Quantize, Use::Delivery::Distribute},
    Doing{Role::BaseModel, Activity::Copy, Use::Delivery::Distribute},
    Doing{Role::AdapterBase, Activity::Adapter, Use::Delivery::Distribute},
    Doing{Role::MergeSource, Activity::Merge, Use::Delivery::Distribute},
    Doing{Role::Teacher, Activity::Distil, Use::Delivery::Distribute},
    Doing{Role::Dataset, Activity::Train, Use::Delivery::Distribute},
    Doing{Role::Code, Activity::Embed, Use::Delivery::Distribute},
    Doing{Role::Component, Activity::Finetune, Use::Delivery::Distribute},
};

// Does the record itself give sections? Those read in secondary sources may not.
bool gives_sections(const license::Record& record) {
    return record.is_license() && record.reading != license::Reading::SecondarySources;
}

void check_finding(const report::Report& report, const report::Finding& finding) {
    INFO(finding.rule << " " << finding.message);
    CHECK_FALSE(finding.citations.empty());
    for (const report::Citation& citation : finding.citations) {
        const license::Record* record = tests::built_in_catalogue().find(citation.license);
        REQUIRE(record != nullptr);
    }
    CHECK_THAT(report.knowledge, StartsWith("license data "));
    CHECK(finding.chain.size() >= 2);
    if (finding.severity != report::Severity::Note) {
        CHECK_FALSE(finding.fix.empty());
    }
}

// Rules whose findings rest on the label or on what a text does not say have no section to name.
bool may_lack_section(const std::string& rule) {
    static const std::set<std::string> kWithout = {
        "R1", "R2", "R10", "R15", "R16", "R17", "R18", "R21", "R25", "R27"};
    return kWithout.contains(rule);
}

} // namespace

TEST_CASE("every finding cites license, section, data version and chain") {
    std::set<std::string> seen;
    for (const license::Record& record : tests::built_in_catalogue().records()) {
        for (const Doing& doing : kDoings) {
            for (const std::string& label : {record.id, std::string("mit"), std::string("other")}) {
                Lineage lineage = tests::fine_tune(label, record.id);
                lineage.edges[0].role = doing.role;
                lineage.edges[0].activity = doing.activity;
                lineage.nodes[0].carries = {"license-text:apache-2.0"};
                lineage.nodes[1].kind =
                    doing.role == Role::Dataset ? ArtifactKind::Dataset : ArtifactKind::Model;
                Use use;
                use.delivery = doing.delivery;
                use.declared_name = "acme/x";
                use.mau_now = 2000000000;
                use.mau_at_release = 2000000000;
                use.use_territory = "DE";
                const report::Report report =
                    evaluate(lineage, use, {}, tests::built_in_catalogue());
                INFO(record.id << " as " << role_word(doing.role) << " under " << label);
                for (const report::Finding& finding : report.findings) {
                    seen.insert(finding.rule);
                    if (finding.rule == "R1") {
                        continue; // labels, not terms; about the subject it has no chain
                    }
                    check_finding(report, finding);
                    const report::Citation& first = finding.citations.front();
                    if (!may_lack_section(finding.rule) &&
                        gives_sections(*tests::built_in_catalogue().find(first.license))) {
                        INFO(finding.rule << " " << finding.message);
                        CHECK_FALSE(first.section.empty());
                    }
                }
                for (const report::Obligation& obligation : report.obligations) {
                    CHECK(obligation.license == record.id);
                    CHECK(obligation.artifact == "org/base");
                    CHECK_FALSE(tests::built_in_catalogue().meaning(obligation.id).empty());
                }
            }
        }
    }
    // R16, R25 and R26 need two licenses; they are met in the cases.
    for (const Rule& rule : rules()) {
        const std::set<std::string> pairs = {"R16", "R25", "R26"};
        INFO(rule.id);
        CHECK((seen.contains(std::string(rule.id)) || pairs.contains(std::string(rule.id))));
    }
}

} // namespace railhub::compliance
