// SPDX-License-Identifier: Apache-2.0
// Commits through the API: who, where, what, and several at once.
#include "core/app/large_files.h"
#include "core/app/maintain.h"
#include "tests/unit/app/test_hub.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace railhub::app {

using tests::value;
using util::Code;

TEST_CASE("a commit is visible at once, with its card and tags") {
    TestHub t;
    t.make(t.alice, "model");
    const auto answer = value(t.commit(
        t.alice,
        "alice/model",
        {put("README.md", "---\nlicense: mit\ntags: [tiny]\n---\n# Hi\n"), put("a/b.txt", "b")}
    ));
    REQUIRE(answer.commit);
    const auto record = t.record("alice/model");
    CHECK(record.head == answer.commit->hex());
    CHECK(record.card.text("license") == "mit");
    CHECK(std::find(record.tags.begin(), record.tags.end(), "license:mit") != record.tags.end());
    CHECK(std::find(record.tags.begin(), record.tags.end(), "tiny") != record.tags.end());
    CHECK(t.text("alice/model", "a/b.txt") == "b");
    CHECK(value(fsck(t.ctx, t.deps(), {})).problems.empty());
}

TEST_CASE("a stale parent is refused, an abbreviated current one is fine") {
    TestHub t;
    t.make(t.alice, "model");
    const std::string first = t.record("alice/model").head;
    value(t.commit(t.alice, "alice/model", {put("a", "1")}, first.substr(0, 8)));
    const auto late = t.commit(t.alice, "alice/model", {put("a", "2")}, first);
    REQUIRE_ERROR(late, Code::Conflict);
    CHECK(late.error().reason == kStaleParent);
    CHECK(
        late.error().message ==
        "The branch was updated since you opened this page. Please refresh and try again."
    );
    CHECK(t.text("alice/model", "a") == "1");
}

TEST_CASE("commits at the same time all land, one after the other") {
    TestHub t;
    t.make(t.alice, "model");
    constexpr int kWriters = 4;
    constexpr int kEach = 5;
    std::vector<std::thread> threads;
    std::atomic<int> landed{0};
    for (int w = 0; w < kWriters; ++w) {
        threads.emplace_back([&, w] {
            for (int i = 0; i < kEach; ++i) {
                const std::string name = std::to_string(w) + "-" + std::to_string(i);
                CommitWish wish;
                wish.repo = {types::RepoKind::Model, "alice", "model"};
                wish.revision = "main";
                wish.title = name;
                wish.operations = {NewContent{
                    types::RepoPath::parse(name).value(),
                    [name]() -> util::Result<std::string> { return name; }}};
                landed += publish(t.ctx, t.deps(), t.alice, wish).ok() ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(landed == kWriters * kEach);
    auto tx = t.read();
    auto repository =
        value(repo::Repository::open(t.ctx, *tx, t.deps().blobs, t.record("alice/model")));
    const auto tip = value(resolve(*repository, "main")).commit;
    CHECK(value(repository->log(tip, 0, 100)).total == kWriters * kEach + 1);
    CHECK(value(repository->list(tip, "", {})).entries.size() == kWriters * kEach + 1);
}

TEST_CASE("where one may commit to") {
    TestHub t;
    t.make(t.alice, "model");
    const auto try_at =
        [&](const access::Identity& who, const std::string& revision, CommitWish::PullRequest pr) {
            CommitWish wish;
            wish.repo = {types::RepoKind::Model, "alice", "model"};
            wish.revision = revision;
            wish.title = "x";
            wish.pull_request = pr;
            wish.operations = {put("x", "x")};
            return publish(t.ctx, t.deps(), who, wish);
        };
    using Wanted = CommitWish::PullRequest;
    const std::string head = t.record("alice/model").head;
    CHECK(try_at(t.alice, head, Wanted::No).error().reason == kRevisionMissing);
    CHECK(try_at(t.alice, "none", Wanted::No).error().reason == kRevisionMissing);
    CHECK(try_at(t.alice, "refs/tags/x", Wanted::No).error().reason == kRevisionMissing);
    REQUIRE_ERROR(try_at(t.mallory, "main", Wanted::No), Code::PermissionDenied);
    REQUIRE_ERROR(try_at({}, "main", Wanted::No), Code::Unauthenticated);
    REQUIRE_ERROR(try_at({}, "main", Wanted::Open), Code::Unauthenticated);
    const auto proposal = value(try_at(t.mallory, "main", Wanted::Open));
    CHECK(proposal.pull_request == 1);
    CHECK(t.record("alice/model").head == head);
    value(try_at(t.mallory, "refs/pr/1", Wanted::No));
    value(try_at(t.alice, "refs/pr/1", Wanted::No));
    REQUIRE_ERROR(try_at(t.bob, "refs/pr/1", Wanted::No), Code::PermissionDenied);
    CHECK(value(try_at(t.bob, "main", Wanted::Open)).pull_request == 2);
    CHECK(try_at(t.alice, "refs/pr/7", Wanted::No).error().reason == kRevisionMissing);
}

TEST_CASE("a large file is linked only by those who had its bytes") {
    TestHub t;
    const auto mine = t.make(t.alice, "model");
    const auto theirs = t.make(t.mallory, "copy");
    const auto blob = t.store_blob("secret weights");
    REQUIRE_ERROR(t.commit(t.alice, "alice/model", {put_large("w.bin", blob)}), Code::InvalidInput);
    value(register_upload(t.ctx, t.deps(), {mine.row, t.alice.user_id}, blob, {}));
    value(t.commit(t.alice, "alice/model", {put_large("w.bin", blob)}));
    SECTION("readers of a public repo may link what they can read") {
        value(t.commit(t.mallory, "mallory/copy", {put_large("w.bin", blob)}));
    }
    SECTION("what a private repo holds is not there for strangers") {
        value(change_settings(t.ctx, t.deps(), t.alice, mine.id, {.is_private = true}));
        const auto stolen = t.commit(t.mallory, "mallory/copy", {put_large("w.bin", blob)});
        REQUIRE_ERROR(stolen, Code::InvalidInput);
        CHECK(stolen.error().message.find(blob.sha256.hex()) != std::string::npos);
        auto tx = t.read();
        CHECK_FALSE(value(is_here(t.ctx, t.deps(), *tx, theirs.row, blob)));
        CHECK(value(is_here(t.ctx, t.deps(), *tx, mine.row, blob)));
    }
    SECTION("a wrong size is noticed") {
        types::BlobRef wrong = blob;
        ++wrong.size;
        REQUIRE_ERROR(
            t.commit(t.alice, "alice/model", {put_large("v.bin", wrong)}), Code::InvalidInput
        );
    }
    SECTION("the empty file is everybody's") {
        const types::BlobRef empty{util::sha256({}), 0};
        value(t.commit(t.mallory, "mallory/copy", {put_large("e.bin", empty)}));
    }
}

TEST_CASE("a path is a file or a folder") {
    TestHub t;
    t.make(t.alice, "model");
    const auto refused = [&](std::vector<CommitOperation> operations) {
        const auto result = t.commit(t.alice, "alice/model", std::move(operations));
        REQUIRE_ERROR(result, Code::InvalidInput);
        CHECK(result.error().reason == kUnprocessable);
    };
    refused({put("a", "1"), put("a/b", "2")});
    refused({put("a/b", "2"), put("a", "1")});
    value(t.commit(t.alice, "alice/model", {put("f", "1"), put("d/x", "2")}));
    refused({put("f/x", "1")});
    refused({put("d", "1")});
    value(t.commit(t.alice, "alice/model", {drop("f"), put("f/x", "1"), drop("d"), put("d", "1")}));
    CHECK(t.text("alice/model", "f/x") == "1");
    CHECK(t.text("alice/model", "d") == "1");
}

TEST_CASE("a card that is not valid changes nothing, an old one does not stand in the way") {
    TestHub t;
    t.make(t.alice, "model");
    const std::string head = t.record("alice/model").head;
    const auto bad =
        t.commit(t.alice, "alice/model", {put("README.md", "---\nlicense: nonsense\n---\n")});
    REQUIRE_ERROR(bad, Code::InvalidInput);
    CHECK(bad.error().message.find("\"license\" must be one of") != std::string::npos);
    CHECK(t.record("alice/model").head == head);
}

TEST_CASE("deleting what is not there") {
    TestHub t;
    t.make(t.alice, "model");
    const auto result = t.commit(t.alice, "alice/model", {drop("none")});
    REQUIRE_ERROR(result, Code::NotFound);
    CHECK(result.error().reason == kEntryMissing);
}

TEST_CASE("contents that cannot be read stop the commit") {
    TestHub t;
    t.make(t.alice, "model");
    const std::string head = t.record("alice/model").head;
    const CommitOperation broken =
        NewContent{path_of("x"), []() -> util::Result<std::string> {
                       return util::fail(Code::InvalidInput, "not base64");
                   }};
    REQUIRE_ERROR(t.commit(t.alice, "alice/model", {put("a", "1"), broken}), Code::InvalidInput);
    CHECK(t.record("alice/model").head == head);
}

TEST_CASE("the gate refuses a derivative that drops the terms of its base") {
    const std::string base = "---\nlicense: bigscience-bloom-rail-1.0\n---\n";
    const std::string derived = "---\nlicense: apache-2.0\nbase_model: alice/base\n---\n";
    for (const std::string mode : {"off", "warn", "enforce"}) {
        INFO(mode);
        TestHub t(mode);
        t.make(t.alice, "base");
        t.make(t.alice, "tuned");
        value(t.commit(t.alice, "alice/base", {put("README.md", base)}));
        const std::string head = t.record("alice/tuned").head;
        const auto answer = value(t.commit(t.alice, "alice/tuned", {put("README.md", derived)}));
        CHECK(answer.commit.has_value() == (mode != "enforce"));
        CHECK(answer.gate.message.empty() == (mode == "off"));
        CHECK((t.record("alice/tuned").head == head) == (mode == "enforce"));
        if (mode == "enforce") {
            CHECK(answer.gate.decision == GateAnswer::Decision::Refuse);
            CHECK_FALSE(answer.gate.report.findings.empty());
            // The repo's own setting wins over the server's.
            const types::RepoId id{types::RepoKind::Model, "alice", "tuned"};
            value(change_settings(t.ctx, t.deps(), t.alice, id, {.license_gate = "off"}));
            CHECK(value(t.commit(t.alice, "alice/tuned", {put("README.md", derived)})).commit);
        }
    }
}

} // namespace railhub::app
