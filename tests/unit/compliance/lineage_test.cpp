// SPDX-License-Identifier: Apache-2.0
// Tests of core/compliance/lineage.
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"

namespace railhub::compliance {

TEST_CASE("ancestors come breadth first, once each, and cycles end") {
    tests::LineageBuilder build;
    build.model("root", {"mit"});
    build.model("a", {"mit"});
    build.model("b", {"mit"});
    build.model("c", {"mit"});
    build.edge(0, 1);
    build.edge(0, 2);
    build.edge(1, 3);
    build.edge(2, 3);
    build.edge(3, 0); // a card that lies
    build.edge(1, 1);
    const std::vector<Ancestor> all = ancestors(build.lineage);
    REQUIRE(all.size() == 3);
    CHECK(all[0].node == 1);
    CHECK(all[1].node == 2);
    CHECK(all[2].node == 3);
    CHECK(path_of(all, all[2]) == std::vector<std::size_t>{0, 2});
    CHECK(all[2].length == 2);
    CHECK(all[2].first_edge == 0);
}

TEST_CASE("an artifact that came in two ways stands for both") {
    tests::LineageBuilder build;
    build.model("root", {"mit"});
    build.model("middle", {"mit"});
    build.model("far", {"gemma"});
    build.edge(0, 2, Role::Teacher, Activity::Distil);
    build.edge(0, 1);
    build.edge(1, 2);
    const std::vector<Ancestor> all = ancestors(build.lineage);
    REQUIRE(all.size() == 3);
    CHECK(all[0].node == 2);
    CHECK(all[0].trace.way == Way::Taught);
    CHECK(all[2].node == 2);
    CHECK(all[2].trace.way == Way::Work);
    CHECK(path_of(all, all[2]).size() == 2);
}

TEST_CASE("the most thorough step of a path decides what became of the work") {
    tests::LineageBuilder build;
    build.model("root", {"mit"});
    build.model("gguf", {"mit"});
    build.model("base", {"mit"});
    build.edge(0, 1, Role::BaseModel, Activity::Quantize);
    build.edge(1, 2);
    const std::vector<Ancestor> all = ancestors(build.lineage);
    REQUIRE(all.size() == 2);
    CHECK(all[0].trace == Trace{Way::Work, Treatment::Convert, Part::One});
    CHECK(all[1].trace == Trace{Way::Work, Treatment::Modify, Part::One});
}

TEST_CASE("what a teacher was trained on matters only as far as it can be resolved") {
    tests::LineageBuilder build;
    build.model("student", {"mit"});
    build.model("teacher", {"mit"});
    build.dataset("set", {"mit"});
    build.model("writer", {"mit"});
    build.edge(0, 1, Role::Teacher, Activity::Distil);
    build.edge(1, 2, Role::Dataset, Activity::Train);
    build.edge(0, 2, Role::Dataset, Activity::Train);
    build.edge(2, 3, Role::Teacher, Activity::Generate);
    std::vector<std::pair<std::size_t, Way>> ways;
    for (const Ancestor& ancestor : ancestors(build.lineage)) {
        ways.emplace_back(ancestor.node, ancestor.trace.way);
    }
    CHECK(
        ways ==
        std::vector<std::pair<std::size_t, Way>>{
            {2, Way::Trained},
            {1, Way::Taught},
            {3, Way::Taught}, // wrote the data the student learnt from
            {2, Way::Remote},
            {3, Way::Remote}}
    );
}

TEST_CASE("a long chain is linear work and its middle is left out of reports") {
    tests::LineageBuilder build;
    constexpr std::size_t kDepth = 10000;
    build.model("n0", {"mit"});
    for (std::size_t i = 1; i <= kDepth; ++i) {
        build.model("n" + std::to_string(i), {"mit"});
        build.edge(i - 1, i);
    }
    build.edge(kDepth, 0);
    const std::vector<Ancestor> all = ancestors(build.lineage);
    REQUIRE(all.size() == kDepth);
    CHECK(all.back().length == kDepth);
    const auto chain = chain_of(build.lineage, all, all.back());
    CHECK(chain.size() == 66);
    CHECK(chain[33].artifact == "(9936 more)");
    CHECK(chain.back().artifact == "n10000");
}

TEST_CASE("data in weights does not pass the work on, data in data does") {
    tests::LineageBuilder build;
    build.model("model", {"mit"});
    build.dataset("set", {"mit"});
    build.dataset("source", {"mit"});
    build.edge(0, 1, Role::Dataset, Activity::Train);
    build.edge(1, 2, Role::Dataset, Activity::Copy);
    CHECK_FALSE(passes_work(build.lineage, build.lineage.edges[0]));
    CHECK(passes_work(build.lineage, build.lineage.edges[1]));
    for (const Ancestor& ancestor : ancestors(build.lineage)) {
        CHECK(ancestor.trace.way == Way::Trained);
    }
}

TEST_CASE("tasks and kinds of input say what a model takes and gives") {
    CHECK(parse_modality("text-generation") == Node::Modality::Text);
    CHECK(parse_modality("image-text-to-text") == Node::Modality::Multimodal);
    CHECK(parse_modality("text-to-image") == Node::Modality::Other);
    CHECK_FALSE(parse_modality("feature-extraction").has_value());
    CHECK_FALSE(parse_modality("").has_value());
}

TEST_CASE("a chain names artifacts, labels and how one was made of the other") {
    tests::LineageBuilder build;
    build.model("root", {"mit"});
    build.model("base", {});
    build.edge(0, 1, Role::AdapterBase, Activity::Adapter);
    const std::vector<Ancestor> all = ancestors(build.lineage);
    const auto chain = chain_of(build.lineage, all, all.front());
    REQUIRE(chain.size() == 2);
    CHECK(chain[0] == report::ChainLink{"root", "mit", ""});
    CHECK(chain[1] == report::ChainLink{"base", "", "adapter"});
    const auto artifacts = artifacts_of(build.lineage);
    REQUIRE(artifacts.size() == 2);
    CHECK(artifacts[1].relation == "adapter");
}

} // namespace railhub::compliance
