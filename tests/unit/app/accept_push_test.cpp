// SPDX-License-Identifier: Apache-2.0
// git push: which refs and files are refused, and what lands.
#include "core/app/discussions.h"
#include "core/app/large_files.h"
#include "core/app/people.h"
#include "tests/unit/app/test_hub.h"

namespace railhub::app {

namespace {

using tests::value;

// A push under way: commits on a stage over one snapshot.
struct Push {
    Push(TestHub& hub, const std::string& full_name)
        : t(hub), record(hub.record(full_name)), tx(hub.read()),
          stage(value(repo::Stage::open(hub.ctx, *tx, hub.deps().blobs, record))) {}

    types::Oid
    commit(std::vector<repo::FileOperation> operations, std::vector<types::Oid> parents = {}) {
        repo::CommitRequest request;
        request.parents = std::move(parents);
        request.operations = std::move(operations);
        request.author = signature_of(t.alice, t.ctx.clock.now());
        request.committer = request.author;
        request.message = "pushed";
        return value(repo::build_commit(t.ctx, *stage, request));
    }

    [[nodiscard]] types::Oid head() const { return value(types::Oid::parse(record.head)); }

    PushOutcome send(
        const access::Identity& who,
        std::vector<repo::RefChange> changes,
        GitPush::Atomic atomic = GitPush::Atomic::No
    ) {
        const auto permission = access::permission_on(who, facts_of(record));
        const GitPush push{
            *tx,
            record,
            who,
            permission.value_or(access::Permission::Read),
            std::move(changes),
            atomic};
        return value(accept_push(t.ctx, t.deps(), push, *stage));
    }

    TestHub& t;
    repo::RepoRecord record;
    std::unique_ptr<db::Transaction> tx;
    std::unique_ptr<repo::Stage> stage;
};

repo::FileOperation file(const std::string& path, std::string bytes) {
    return repo::PutFile{path_of(path), std::move(bytes)};
}

std::string all_of(const PushOutcome& outcome) {
    std::string text;
    for (const std::string& line : outcome.messages) {
        text += line + "\n";
    }
    return text;
}

const std::string kMain = "refs/heads/main";

} // namespace

TEST_CASE("a push moves the branch and what lists say about it") {
    TestHub t;
    t.make(t.alice, "model");
    Push push(t, "alice/model");
    const auto commit = push.commit({file("README.md", "---\nlicense: mit\n---\n")}, {push.head()});
    const auto outcome = push.send(t.alice, {{kMain, push.head(), commit}});
    REQUIRE(outcome.refs.size() == 1);
    CHECK(outcome.refs[0].refusal.empty());
    CHECK(t.record("alice/model").head == commit.hex());
    CHECK(t.record("alice/model").card.text("license") == "mit");
}

TEST_CASE("what must not be in git is refused with the names of the files") {
    TestHub t;
    t.make(t.alice, "model");
    Push push(t, "alice/model");
    const auto refused =
        [&](repo::FileOperation operation, const std::string& words, const std::string& name) {
            const auto commit = push.commit({std::move(operation)}, {push.head()});
            const auto outcome = push.send(t.alice, {{kMain, push.head(), commit}});
            CHECK(outcome.refs[0].refusal == "pre-receive hook declined");
            INFO(all_of(outcome));
            CHECK(all_of(outcome).find(words) != std::string::npos);
            CHECK(all_of(outcome).find(name) != std::string::npos);
            CHECK(t.record("alice/model").head == push.head().hex());
        };
    refused(file("big.txt", std::string((10U << 20U) + 1, 'a')), "larger than 10 MiB", "big.txt");
    refused(file("w.dat", std::string("a\0b", 3)), "binary files", "w.dat");
    refused(
        file("README.md", "---\nlicense: nonsense\n---\n"),
        "\"license\" must be one of",
        "README.md"
    );
    const types::BlobRef nowhere{util::sha256(util::as_bytes("nowhere")), 7};
    refused(repo::PutLfs{path_of("w.bin"), nowhere}, "not uploaded", "w.bin");
}

TEST_CASE("a large file deep in the pushed history is found") {
    TestHub t;
    t.make(t.alice, "model");
    Push push(t, "alice/model");
    const auto with = push.commit({file("x.dat", std::string("\0", 1))}, {push.head()});
    const auto without = push.commit({repo::DeletePath{path_of("x.dat")}}, {with});
    const auto outcome = push.send(t.alice, {{kMain, push.head(), without}});
    CHECK_FALSE(outcome.refs[0].refusal.empty());
    CHECK(all_of(outcome).find("x.dat") != std::string::npos);
}

TEST_CASE("an uploaded object may be pushed as a pointer") {
    TestHub t;
    const auto record = t.make(t.alice, "model");
    const auto blob = t.store_blob("weights");
    value(register_upload(t.ctx, t.deps(), {record.row, t.alice.user_id}, blob, {}));
    Push push(t, "alice/model");
    const auto commit = push.commit({repo::PutLfs{path_of("w.bin"), blob}}, {push.head()});
    CHECK(push.send(t.alice, {{kMain, push.head(), commit}}).refs[0].refusal.empty());
    auto tx = t.read();
    CHECK(value(may_fetch(*tx, record.row, blob.sha256)));
}

TEST_CASE("rules per ref") {
    TestHub t;
    RepoWish wish;
    wish.owner = "acme";
    t.make(t.bob, "model", wish);
    Push push(t, "acme/model");
    const auto next = push.commit({file("a", "1")}, {push.head()});
    const auto other = push.commit({file("b", "1")});
    const auto refusal = [&](const access::Identity& who, repo::RefChange change) {
        return push.send(who, {std::move(change)}).refs[0].refusal;
    };
    const auto contains = [](const std::string& text, const char* word) {
        return text.find(word) != std::string::npos;
    };
    CHECK(contains(refusal(t.mallory, {kMain, push.head(), next}), "permission"));
    CHECK(contains(refusal(t.bob, {kMain, push.head(), std::nullopt}), "cannot be deleted"));
    CHECK(contains(refusal(t.bob, {kMain, push.head(), other}), "non-fast-forward"));
    CHECK(contains(refusal(t.bob, {kMain, next, other}), "stale"));
    CHECK(contains(refusal(t.bob, {"refs/notes/x", std::nullopt, next}), "only branches and tags"));
    CHECK(contains(refusal(t.bob, {"refs/heads/..", std::nullopt, next}), "refname"));
    CHECK(contains(refusal(t.bob, {"refs/pr/1", std::nullopt, next}), "no such pull request"));
    CHECK(refusal(t.bob, {"refs/heads/dev", std::nullopt, next}).empty());
    CHECK(refusal(t.bob, {"refs/tags/v1", std::nullopt, next}).empty());
}

TEST_CASE("accepted refs land beside refused ones, unless the push is atomic") {
    TestHub t;
    t.make(t.alice, "model");
    for (const auto atomic : {GitPush::Atomic::Yes, GitPush::Atomic::No}) {
        Push push(t, "alice/model");
        const auto next = push.commit({file("a", "1")}, {push.head()});
        const auto outcome = push.send(
            t.alice,
            {{"refs/heads/dev", std::nullopt, next}, {"refs/notes/x", std::nullopt, next}},
            atomic
        );
        CHECK(outcome.refs[0].refusal.empty() == (atomic == GitPush::Atomic::No));
        CHECK_FALSE(outcome.refs[1].refusal.empty());
    }
}

TEST_CASE("a branch that moved meanwhile is stale, and nothing is lost") {
    TestHub t;
    t.make(t.alice, "model");
    Push push(t, "alice/model");
    const auto next = push.commit({file("a", "1")}, {push.head()});
    value(t.commit(t.alice, "alice/model", {put("b", "2")}));
    const auto outcome = push.send(t.alice, {{kMain, push.head(), next}});
    CHECK(outcome.refs[0].refusal.find("stale") != std::string::npos);
    CHECK(t.text("alice/model", "b") == "2");
}

TEST_CASE("annotated tags are judged by the commit behind them") {
    TestHub t("enforce");
    t.make(t.alice, "base");
    t.make(t.alice, "tuned");
    value(t.commit(
        t.alice, "alice/base", {put("README.md", "---\nlicense: bigscience-bloom-rail-1.0\n---\n")}
    ));
    Push push(t, "alice/tuned");
    const auto commit = push.commit(
        {file("README.md", "---\nlicense: apache-2.0\nbase_model: alice/base\n---\n")},
        {push.head()}
    );
    const auto tag = value(
        repo::build_tag(*push.stage, commit, "v1", signature_of(t.alice, t.ctx.clock.now()), "one")
    );
    for (const auto& change :
         {repo::RefChange{kMain, push.head(), commit},
          repo::RefChange{"refs/tags/v1", std::nullopt, tag}}) {
        const auto outcome = push.send(t.alice, {change});
        CHECK(outcome.refs[0].refusal == "license check failed");
        CHECK(all_of(outcome).find("R3") != std::string::npos);
    }
    CHECK(t.record("alice/tuned").head == push.head().hex());
}

} // namespace railhub::app
