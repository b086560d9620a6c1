// SPDX-License-Identifier: Apache-2.0
// Laws that hold for every lineage, tried on generated ones.
#include "core/report/formats.h"
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"
#include "tests/unit/compliance/dice.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace railhub::compliance {

namespace {

constexpr int kRounds = 120;

using tests::Dice;

std::string any_license(Dice& dice) {
    const auto& records = tests::built_in_catalogue().records();
    return records[dice.below(records.size())].id;
}

void add_upstream(Dice& dice, Lineage& lineage) {
    constexpr std::array kRolesTried = {
        Role::BaseModel,
        Role::AdapterBase,
        Role::MergeSource,
        Role::Teacher,
        Role::Dataset,
        Role::Code,
        Role::Component};
    constexpr std::array kActivitiesTried = {
        Activity::Finetune,
        Activity::Adapter,
        Activity::Merge,
        Activity::Distil,
        Activity::Train,
        Activity::Embed,
        Activity::Copy};
    Node node;
    const std::size_t role = dice.below(kRolesTried.size());
    node.id = "org/m" + std::to_string(lineage.nodes.size());
    node.kind = kRolesTried[role] == Role::Dataset ? ArtifactKind::Dataset : ArtifactKind::Model;
    node.licenses = {any_license(dice)};
    const std::size_t from = dice.below(lineage.nodes.size());
    lineage.edges.push_back(
        {from, lineage.nodes.size(), kRolesTried[role], kActivitiesTried[role], {}}
    );
    lineage.nodes.push_back(std::move(node));
}

Lineage any_lineage(Dice& dice, std::size_t upstreams) {
    Lineage lineage;
    Node subject;
    subject.id = "acme/x";
    subject.licenses = {any_license(dice)};
    if (dice.below(3) == 0) {
        subject.carries = {"use-restrictions:creativeml-A", "license-text:llama3.1", "source"};
    }
    lineage.nodes.push_back(std::move(subject));
    for (std::size_t i = 0; i < upstreams; ++i) {
        add_upstream(dice, lineage);
    }
    return lineage;
}

Use any_use(Dice& dice) {
    Use use;
    constexpr std::array kDeliveries = {
        Use::Delivery::Distribute, Use::Delivery::Serve, Use::Delivery::Internal};
    use.delivery = kDeliveries[dice.below(kDeliveries.size())];
    if (dice.below(2) == 0) {
        use.purpose = dice.below(2) == 0 ? Use::Purpose::Commercial : Use::Purpose::NonCommercial;
    }
    if (dice.below(2) == 0) {
        use.declared_name = "Llama-x";
    }
    return use;
}

report::Report judge(const Lineage& lineage, const Use& use) {
    return evaluate(lineage, use, {}, tests::built_in_catalogue());
}

// What a verdict rests on, without the chain that led to it.
using Ground = std::tuple<std::string, report::Severity, std::vector<std::string>>;

std::set<Ground> grounds_of(const report::Report& report) {
    std::set<Ground> grounds;
    for (const report::Finding& finding : report.findings) {
        std::vector<std::string> detail;
        for (const report::Citation& citation : finding.citations) {
            detail.push_back(citation.license + " " + citation.section);
        }
        for (const report::MissingClause& clause : finding.missing) {
            detail.push_back(clause.section);
        }
        grounds.insert({finding.rule, finding.severity, std::move(detail)});
    }
    return grounds;
}

} // namespace

TEST_CASE("adding an upstream never improves a verdict") {
    for (int round = 1; round <= kRounds; ++round) {
        Dice dice(static_cast<std::uint64_t>(round));
        Lineage lineage = any_lineage(dice, 1 + dice.below(4));
        const Use use = any_use(dice);
        const report::Verdict before = judge(lineage, use).verdict();
        add_upstream(dice, lineage);
        INFO("round " << round);
        CHECK(judge(lineage, use).verdict() >= before);
    }
}

TEST_CASE("carrying more restrictions never worsens flow-down") {
    for (int round = 1; round <= kRounds; ++round) {
        Dice dice(static_cast<std::uint64_t>(round) + 1000);
        Lineage lineage = any_lineage(dice, 1 + dice.below(4));
        const Use use = any_use(dice);
        const std::vector<std::string> before = tests::missing_ids(judge(lineage, use));
        const auto sets = tests::built_in_catalogue().restriction_set_ids();
        lineage.nodes[0].carries.push_back("use-restrictions:" + sets[dice.below(sets.size())]);
        const std::vector<std::string> after = tests::missing_ids(judge(lineage, use));
        INFO("round " << round);
        CHECK(std::includes(before.begin(), before.end(), after.begin(), after.end()));
    }
}

TEST_CASE("the order of edges and nodes does not matter") {
    for (int round = 1; round <= kRounds; ++round) {
        Dice dice(static_cast<std::uint64_t>(round) + 2000);
        const Lineage lineage = any_lineage(dice, 2 + dice.below(5));
        const Use use = any_use(dice);
        Lineage turned = lineage;
        std::reverse(turned.nodes.begin() + 1, turned.nodes.end());
        std::reverse(turned.edges.begin(), turned.edges.end());
        const auto moved = [&lineage](std::size_t node) {
            return node == 0 ? node : lineage.nodes.size() - node;
        };
        for (Edge& edge : turned.edges) {
            edge.from = moved(edge.from);
            edge.to = moved(edge.to);
        }
        INFO("round " << round);
        CHECK(report::render_json(judge(turned, use)) == report::render_json(judge(lineage, use)));
    }
}

TEST_CASE("a chain is judged like its transitive ancestors") {
    for (int round = 1; round <= kRounds; ++round) {
        Dice dice(static_cast<std::uint64_t>(round) + 3000);
        tests::LineageBuilder chain;
        tests::LineageBuilder star;
        const std::string label = any_license(dice);
        chain.model("acme/x", {label});
        star.model("acme/x", {label});
        const Use use = any_use(dice);
        const std::size_t depth = 2 + dice.below(5);
        for (std::size_t i = 1; i <= depth; ++i) {
            const std::string license = any_license(dice);
            chain.edge(i - 1, chain.model("org/m" + std::to_string(i), {license}));
            star.edge(0, star.model("org/m" + std::to_string(i), {license}));
        }
        const report::Report a = judge(chain.lineage, use);
        const report::Report b = judge(star.lineage, use);
        INFO("round " << round);
        CHECK(a.verdict() == b.verdict());
        CHECK(a.obligations == b.obligations);
        CHECK(grounds_of(a) == grounds_of(b));
    }
}

} // namespace railhub::compliance
