// SPDX-License-Identifier: Apache-2.0
// Merging pull requests: what lands, what collides, and what the license gate says of it.
#include "core/app/discussions.h"
#include "core/app/merge.h"
#include "tests/unit/app/test_hub.h"

namespace railhub::app {

using tests::value;
using util::Code;

namespace {

const types::RepoId kModel{types::RepoKind::Model, "alice", "model"};

CommitAnswer propose(TestHub& t, const access::Identity& who, std::vector<CommitOperation> what) {
    CommitWish wish;
    wish.repo = kModel;
    wish.revision = "main";
    wish.title = "Proposal";
    wish.description = "because";
    wish.pull_request = CommitWish::PullRequest::Open;
    wish.operations = std::move(what);
    return value(publish(t.ctx, t.deps(), who, wish));
}

std::string status_of(TestHub& t, std::int64_t number) {
    auto tx = t.read();
    return value(find_pull_request(*tx, t.record("alice/model").row, number))->status;
}

constexpr std::string_view kBase = "---\nlicense: bigscience-bloom-rail-1.0\n---\n# Base\n";
constexpr std::string_view kBad =
    "---\nlicense: apache-2.0\nbase_model: alice/bloom\n---\n# Derivative\n";

} // namespace

TEST_CASE("a merged pull request is on the branch, with both histories") {
    TestHub t;
    t.make(t.alice, "model");
    value(t.commit(t.alice, "alice/model", {put("a", "1"), put("b", "1"), put("c", "1")}));
    propose(t, t.mallory, {put("a", "2"), drop("c"), put("d/e", "new")});
    REQUIRE_ERROR(
        merge_pull_request(t.ctx, t.deps(), t.mallory, kModel, 1), Code::PermissionDenied
    );
    SECTION("onto the commit it was made from") {}
    SECTION("beside other changes") {
        value(t.commit(t.alice, "alice/model", {put("b", "2")}));
    }
    const std::string before = t.record("alice/model").head;
    const auto merged = value(merge_pull_request(t.ctx, t.deps(), t.alice, kModel, 1));
    REQUIRE(merged.commit);
    CHECK(t.record("alice/model").head == merged.commit->hex());
    CHECK(t.text("alice/model", "a") == "2");
    CHECK_FALSE(t.text("alice/model", "c"));
    CHECK(t.text("alice/model", "d/e") == "new");
    CHECK(t.text("alice/model", "b") == t.text("alice/model", "b", before));
    CHECK(status_of(t, 1) == "merged");
    auto tx = t.read();
    auto repository =
        value(repo::Repository::open(t.ctx, *tx, t.deps().blobs, t.record("alice/model")));
    const auto commit = value(repository->commit(*merged.commit));
    CHECK(commit.title() == "Proposal (#1)");
    REQUIRE(commit.parents.size() == 2);
    CHECK(commit.parents[0].hex() == before);
    REQUIRE_ERROR(merge_pull_request(t.ctx, t.deps(), t.alice, kModel, 1), Code::Conflict);
    REQUIRE_ERROR(merge_pull_request(t.ctx, t.deps(), t.alice, kModel, 7), Code::NotFound);
}

TEST_CASE("a file that changed on both sides stops a merge") {
    TestHub t;
    t.make(t.alice, "model");
    value(t.commit(t.alice, "alice/model", {put("a", "1")}));
    propose(t, t.bob, {put("a", "2"), put("same", "x")});
    value(t.commit(t.alice, "alice/model", {put("a", "3"), put("same", "x")}));
    const std::string before = t.record("alice/model").head;
    const auto refused = merge_pull_request(t.ctx, t.deps(), t.alice, kModel, 1);
    REQUIRE_ERROR(refused, Code::Conflict);
    CHECK(refused.error().message == "changed on both sides: 'a'");
    CHECK(t.record("alice/model").head == before);
    CHECK(status_of(t, 1) == "open");
}

TEST_CASE("the license gate judges what a merge makes") {
    // The proposal was made while the gate was open.
    TestHub t("off");
    t.make(t.alice, "bloom");
    value(t.commit(t.alice, "alice/bloom", {put("README.md", std::string(kBase))}));
    t.make(t.alice, "model");
    propose(t, t.mallory, {put("README.md", std::string(kBad))});
    const std::string before = t.record("alice/model").head;

    const auto set_gate = [&t](const std::string& mode) {
        value(change_settings(t.ctx, t.deps(), t.alice, kModel, {.license_gate = mode}));
    };
    for (const char* mode : {"enforce", "strict"}) {
        set_gate(mode);
        const auto refused = value(merge_pull_request(t.ctx, t.deps(), t.alice, kModel, 1));
        CHECK_FALSE(refused.commit);
        CHECK(refused.gate.decision == GateAnswer::Decision::Refuse);
        REQUIRE_FALSE(refused.gate.report.findings.empty());
        CHECK(refused.gate.report.findings.front().rule == "R3");
        CHECK(t.record("alice/model").head == before);
        CHECK(status_of(t, 1) == "open");
    }
    set_gate("warn");
    const auto passed = value(merge_pull_request(t.ctx, t.deps(), t.alice, kModel, 1));
    CHECK(passed.commit);
    CHECK(passed.gate.decision == GateAnswer::Decision::PassWithWarning);
    CHECK(status_of(t, 1) == "merged");
}

} // namespace railhub::app
