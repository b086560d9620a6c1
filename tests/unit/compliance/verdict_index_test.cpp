// SPDX-License-Identifier: Apache-2.0
// The index says of every artifact what evaluate() says of its lineage, also after relabelling.
#include "core/compliance/verdict_index.h"
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"
#include "tests/unit/compliance/dice.h"

#include <algorithm>

namespace railhub::compliance {

namespace {

struct Hub {
    std::vector<Node> nodes;
    std::vector<Edge> edges;
};

constexpr std::array kRolesLinked = {
    Role::BaseModel,
    Role::BaseModel,
    Role::BaseModel,
    Role::AdapterBase,
    Role::MergeSource,
    Role::Teacher,
    Role::Dataset,
    Role::Code,
    Role::Component};
constexpr std::array kActivitiesLinked = {
    Activity::Finetune,
    Activity::Adapter,
    Activity::Merge,
    Activity::Distil,
    Activity::Train,
    Activity::Embed,
    Activity::Quantize,
    Activity::Copy};

// Of few licenses, so that artifacts meet again.
std::string label_for(tests::Dice& dice) {
    constexpr std::array kLabels = {
        "apache-2.0",
        "mit",
        "gpl-2.0",
        "gpl-3.0",
        "cc-by-nc-4.0",
        "llama3.1",
        "llama2",
        "creativeml-openrail-m",
        "bigcode-openrail-m",
        "gemma",
        "hyperclova-x-seed",
        "no-license",
        "MIT OR GPL-2.0-only",
        "some-unknown-license"};
    return kLabels[dice.below(kLabels.size())];
}

Hub any_hub(tests::Dice& dice, bool with_cycles) {
    Hub hub;
    const std::size_t count = 4 + dice.below(12);
    for (std::size_t i = 0; i < count; ++i) {
        Node node;
        node.id = "org/" + std::string(dice.below(3) == 0 ? "Llama-" : "m") + std::to_string(i);
        node.kind = dice.below(5) == 0 ? ArtifactKind::Dataset : ArtifactKind::Model;
        node.licenses = {label_for(dice)};
        hub.nodes.push_back(std::move(node));
        const std::size_t parents = i == 0 ? 0 : dice.below(3);
        for (std::size_t k = 0; k < parents; ++k) {
            const std::size_t to = with_cycles ? dice.below(count) : dice.below(i);
            hub.edges.push_back(
                {i,
                 to,
                 kRolesLinked[dice.below(kRolesLinked.size())],
                 kActivitiesLinked[dice.below(kActivitiesLinked.size())],
                 {}}
            );
        }
    }
    return hub;
}

// The lineage of one artifact: itself first, the rest as it is.
Lineage lineage_of(const Hub& hub, std::size_t subject) {
    Lineage lineage{hub.nodes, hub.edges};
    std::swap(lineage.nodes[0], lineage.nodes[subject]);
    const auto moved = [subject](std::size_t node) {
        return node == 0 ? subject : node == subject ? 0 : node;
    };
    for (Edge& edge : lineage.edges) {
        edge.from = moved(edge.from);
        edge.to = moved(edge.to);
    }
    return lineage;
}

void check_all(const Hub& hub, const VerdictIndex& index, const Use& use) {
    for (std::size_t i = 0; i < hub.nodes.size(); ++i) {
        Use own = use;
        own.declared_name = hub.nodes[i].id;
        const report::Report report =
            evaluate(lineage_of(hub, i), own, {}, tests::built_in_catalogue());
        INFO("artifact " << i << " under " << hub.nodes[i].licenses.front());
        CHECK(
            verdict_word(index.verdict(static_cast<VerdictIndex::Index>(i))) ==
            verdict_word(report.verdict())
        );
    }
}

void fill(VerdictIndex& index, const Hub& hub) {
    for (const Node& node : hub.nodes) {
        index.add(node, node.id);
    }
    for (const Edge& edge : hub.edges) {
        index.link(
            static_cast<VerdictIndex::Index>(edge.from),
            static_cast<VerdictIndex::Index>(edge.to),
            edge.role,
            edge.activity
        );
    }
    index.settle();
}

void try_hubs(std::uint64_t seed, bool with_cycles, Use::Delivery delivery) {
    constexpr std::uint64_t kHubs = 25;
    for (std::uint64_t round = 1; round <= kHubs; ++round) {
        tests::Dice dice(seed + round);
        Hub hub = any_hub(dice, with_cycles);
        Use use;
        use.delivery = delivery;
        VerdictIndex index(tests::built_in_catalogue(), use, {});
        fill(index, hub);
        INFO("round " << round);
        check_all(hub, index, use);
        const std::size_t changed = dice.below(hub.nodes.size());
        std::vector<int> before;
        for (std::size_t i = 0; i < hub.nodes.size(); ++i) {
            before.push_back(static_cast<int>(index.verdict(static_cast<std::uint32_t>(i))));
        }
        hub.nodes[changed].licenses = {label_for(dice)};
        const auto change =
            index.relabel(static_cast<VerdictIndex::Index>(changed), hub.nodes[changed].licenses);
        check_all(hub, index, use);
        for (std::size_t i = 0; i < hub.nodes.size(); ++i) {
            const auto at = static_cast<std::uint32_t>(i);
            const bool said =
                std::find(change.changed.begin(), change.changed.end(), at) != change.changed.end();
            CHECK(said == (before[i] != static_cast<int>(index.verdict(at))));
        }
    }
}

} // namespace

TEST_CASE("the index of verdicts says what the engine says") {
    try_hubs(100, false, Use::Delivery::Distribute);
    try_hubs(200, false, Use::Delivery::Serve);
}

TEST_CASE("the index of verdicts ends on cycles and says what the engine says") {
    try_hubs(300, true, Use::Delivery::Distribute);
}

TEST_CASE("courses join as the walk over edges does") {
    constexpr std::array kKinds = {ArtifactKind::Model, ArtifactKind::Dataset, ArtifactKind::Code};
    for (std::uint64_t round = 1; round <= 400; ++round) {
        tests::Dice dice(round);
        Lineage chain;
        const std::size_t length = 2 + dice.below(5);
        for (std::size_t i = 0; i < length; ++i) {
            Node node;
            node.id = "n" + std::to_string(i);
            node.kind = kKinds[dice.below(kKinds.size())];
            chain.nodes.push_back(std::move(node));
            if (i > 0) {
                chain.edges.push_back(
                    {i - 1,
                     i,
                     kRolesLinked[dice.below(kRolesLinked.size())],
                     kActivitiesLinked[dice.below(kActivitiesLinked.size())],
                     {}}
                );
            }
        }
        Course course = course_of(chain, chain.edges.back());
        for (std::size_t i = chain.edges.size() - 1; i-- > 0;) {
            course = join(course_of(chain, chain.edges[i]), course);
        }
        CHECK(unpacked(packed(course)) == course);
        CHECK(ancestors(chain).back().trace == trace_of(course));
    }
}

} // namespace railhub::compliance
