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
    CHECK(all[2].path == std::vector<std::size_t>{0, 2});
}

TEST_CASE("a path that passes the work on wins over a shorter one that does not") {
    tests::LineageBuilder build;
    build.model("root", {"mit"});
    build.model("middle", {"mit"});
    build.model("far", {"gemma"});
    build.edge(0, 2, Role::Teacher, Activity::Distil);
    build.edge(0, 1);
    build.edge(1, 2);
    const std::vector<Ancestor> all = ancestors(build.lineage);
    REQUIRE(all.size() == 2);
    CHECK(all[1].node == 2);
    CHECK(all[1].way == Way::Work);
    CHECK(all[1].path.size() == 2);
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
        CHECK(ancestor.way == Way::Other);
    }
}

TEST_CASE("a chain names artifacts, labels and how one was made of the other") {
    tests::LineageBuilder build;
    build.model("root", {"mit"});
    build.model("base", {});
    build.edge(0, 1, Role::AdapterBase, Activity::Adapter);
    const auto chain = chain_of(build.lineage, ancestors(build.lineage).front());
    REQUIRE(chain.size() == 2);
    CHECK(chain[0] == report::ChainLink{"root", "mit", ""});
    CHECK(chain[1] == report::ChainLink{"base", "", "adapter"});
    const auto artifacts = artifacts_of(build.lineage);
    REQUIRE(artifacts.size() == 2);
    CHECK(artifacts[1].relation == "adapter");
}

} // namespace railhub::compliance
