// SPDX-License-Identifier: Apache-2.0
// Repos made, moved, deleted; branches and tags; what a summary says.
#include "core/app/large_files.h"
#include "core/app/refs.h"
#include "core/app/summary.h"
#include "tests/unit/app/test_hub.h"

namespace railhub::app {

using tests::value;
using util::Code;

TEST_CASE("a new repo has one commit with its attributes, and a card with its license") {
    TestHub t;
    RepoWish wish;
    wish.license = "mit";
    const auto record = t.make(t.alice, "model", wish);
    CHECK(record.id.owner == "alice");
    CHECK(t.text("alice/model", "README.md") == "---\nlicense: mit\n---\n");
    CHECK(
        t.text("alice/model", ".gitattributes")->find("*.safetensors filter=lfs") !=
        std::string::npos
    );
    CHECK(record.card.text("license") == "mit");
    wish.license = "nonsense";
    wish.name = "other";
    REQUIRE_ERROR(make_repo(t.ctx, t.deps(), t.alice, wish), Code::InvalidInput);
}

TEST_CASE("who may make repos where, and what is told of repos that are there") {
    TestHub t;
    RepoWish wish;
    wish.name = "model";
    wish.visibility = RepoWish::Visibility::Private;
    CHECK(value(make_repo(t.ctx, t.deps(), t.alice, wish)).state == MadeRepo::State::Made);
    CHECK(value(make_repo(t.ctx, t.deps(), t.alice, wish)).state == MadeRepo::State::WasThere);
    wish.name = "MODEL";
    CHECK(value(make_repo(t.ctx, t.deps(), t.alice, wish)).state == MadeRepo::State::WasThere);
    wish.owner = "alice";
    REQUIRE_ERROR(make_repo(t.ctx, t.deps(), t.mallory, wish), Code::PermissionDenied);
    wish.owner = "nobody";
    REQUIRE_ERROR(make_repo(t.ctx, t.deps(), t.alice, wish), Code::PermissionDenied);
    wish.owner = "acme";
    REQUIRE_ERROR(make_repo(t.ctx, t.deps(), t.alice, wish), Code::PermissionDenied);
    CHECK(value(make_repo(t.ctx, t.deps(), t.bob, wish)).record.id.owner == "acme");
    wish.name = "a b";
    REQUIRE_ERROR(make_repo(t.ctx, t.deps(), t.bob, wish), Code::InvalidInput);
    REQUIRE_ERROR(make_repo(t.ctx, t.deps(), {}, wish), Code::Unauthenticated);
}

TEST_CASE("a deleted repo is gone, its name free, its rows too") {
    TestHub t;
    const auto record = t.make(t.alice, "model");
    value(t.commit(t.alice, "alice/model", {put("a", "1")}));
    REQUIRE_ERROR(remove_repo(t.ctx, t.deps(), t.mallory, record.id), Code::PermissionDenied);
    value(remove_repo(t.ctx, t.deps(), t.alice, record.id));
    const auto again = remove_repo(t.ctx, t.deps(), t.alice, record.id);
    REQUIRE_ERROR(again, Code::NotFound);
    CHECK(again.error().reason == kRepoMissing);
    const auto fresh = t.make(t.alice, "model");
    CHECK(fresh.public_id != record.public_id);
    CHECK_FALSE(t.text("alice/model", "a"));
}

TEST_CASE("a moved repo is found under both names, until the old one is taken") {
    TestHub t;
    const auto record = t.make(t.alice, "old");
    const types::RepoId to{types::RepoKind::Model, "alice", "new"};
    value(move_repo(t.ctx, t.deps(), t.alice, record.id, to));
    CHECK(t.record("alice/old").id == to);
    CHECK(t.record("alice/new").public_id == record.public_id);
    const auto fresh = t.make(t.alice, "old");
    CHECK(fresh.public_id != record.public_id);
    CHECK(t.record("alice/old").public_id == fresh.public_id);
    const auto taken = move_repo(t.ctx, t.deps(), t.alice, fresh.id, to);
    REQUIRE_ERROR(taken, Code::AlreadyExists);
    CHECK(taken.error().message == "A model repository called alice/new already exists");
    REQUIRE_ERROR(
        move_repo(t.ctx, t.deps(), t.alice, fresh.id, {types::RepoKind::Model, "mallory", "x"}),
        Code::PermissionDenied
    );
}

TEST_CASE("accounts that own repos stay") {
    TestHub t;
    t.make(t.alice, "model");
    REQUIRE_ERROR(remove_account(t.ctx, t.deps(), "alice"), Code::Conflict);
    value(remove_account(t.ctx, t.deps(), "mallory"));
}

TEST_CASE("branches and tags") {
    TestHub t;
    const auto id = t.make(t.alice, "model").id;
    const auto make = [&](const BranchWish& wish) {
        return make_branch(t.ctx, t.deps(), t.alice, id, wish);
    };
    value(make({.name = "dev"}));
    value(t.commit(t.alice, "alice/model", {put("a", "1")}));
    REQUIRE_ERROR(make({.name = "dev"}), Code::AlreadyExists);
    value(make({.name = "dev", .if_there = BranchWish::IfThere::Overwrite}));
    CHECK_FALSE(t.text("alice/model", "a", "dev"));
    value(make({.name = "dev", .start = "main", .if_there = BranchWish::IfThere::Overwrite}));
    CHECK(t.text("alice/model", "a", "dev") == "1");
    value(make({.name = "empty", .content = BranchWish::Content::Empty}));
    CHECK_FALSE(t.text("alice/model", ".gitattributes", "empty"));
    for (const char* bad : {"refs/heads/x", "a..b", "", "x.lock"}) {
        INFO(bad);
        REQUIRE_ERROR(make({.name = bad}), Code::InvalidInput);
    }
    CHECK(make({.name = "x", .start = "none"}).error().reason == kRevisionMissing);
    REQUIRE_ERROR(remove_branch(t.ctx, t.deps(), t.alice, id, "main"), Code::PermissionDenied);
    value(remove_branch(t.ctx, t.deps(), t.alice, id, "dev"));
    CHECK(remove_branch(t.ctx, t.deps(), t.alice, id, "dev").error().reason == kRevisionMissing);
    value(make_tag(t.ctx, t.deps(), t.alice, id, {"v1", "main", "with a message"}));
    value(make_tag(t.ctx, t.deps(), t.alice, id, {"v2", "main", ""}));
    CHECK(t.text("alice/model", "a", "v1") == "1");
    REQUIRE_ERROR(make_tag(t.ctx, t.deps(), t.alice, id, {"v1", "main", ""}), Code::AlreadyExists);
    value(remove_tag(t.ctx, t.deps(), t.alice, id, "v1"));
    CHECK(remove_tag(t.ctx, t.deps(), t.alice, id, "main").error().reason == kRevisionMissing);
}

TEST_CASE("a summary counts parameters and knows the architecture") {
    TestHub t;
    t.make(t.alice, "model");
    std::string header =
        R"({"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"__metadata__":{"format":"pt"}})";
    std::string weights(8, '\0');
    weights[0] = static_cast<char>(header.size());
    weights += header + std::string(24, 'x');
    const auto blob = t.store_blob(weights);
    const auto record = t.record("alice/model");
    value(register_upload(t.ctx, t.deps(), {record.row, t.alice.user_id}, blob, {}));
    value(t.commit(
        t.alice,
        "alice/model",
        {put_large("model.safetensors", blob),
         put("config.json",
             R"({"architectures":["BertForMaskedLM"],"model_type":"bert","hidden_size":3})"),
         put("tokenizer.json", "{}")}
    ));
    auto snapshot = t.read();
    const auto summary = value(stored_summary(*snapshot, t.record("alice/model")));
    REQUIRE(summary);
    CHECK(summary->safetensors.dump() == R"({"parameters":{"F32":6},"total":6})");
    CHECK(summary->config.text("model_type") == "bert");
    CHECK(summary->config.find("hidden_size") == nullptr);
    CHECK(summary->transformers_info.text("auto_model") == "AutoModelForMaskedLM");
    CHECK(summary->transformers_info.text("processor") == "AutoTokenizer");
    CHECK(summary->library_name == "transformers");
}

} // namespace railhub::app
