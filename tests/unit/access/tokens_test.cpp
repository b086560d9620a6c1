// SPDX-License-Identifier: Apache-2.0
// Tests of core/access/tokens.
#include "core/util/digest.h"
#include "tests/unit/access/memory_accounts.h"

namespace railhub::access {

using tests::value;

TEST_CASE("a token opens the door to its user, and only its hash is stored") {
    MemoryAccounts m;
    NewToken token;
    m.change([&](db::Transaction& tx) {
        token =
            value(create_token(tx, m.random, m.now_ms, "ALICE", "laptop", TokenRole::Write, {}, {})
            );
    });
    CHECK(token.secret.starts_with("hf_"));
    CHECK(token.secret.size() == 43);
    auto tx = m.read();
    const auto who = value(authenticate(*tx, m.now_ms, token.secret));
    REQUIRE(who);
    CHECK(who->user == "Alice");
    CHECK(who->email == "Alice@example.org");
    REQUIRE(who->token);
    CHECK(who->token->display_name == "laptop");
    CHECK(who->token->role == TokenRole::Write);
    auto stored = value(tx->prepare("SELECT COUNT(*) FROM token WHERE secret_hash = ?"));
    REQUIRE(value(stored.bind(util::sha256(util::as_bytes(token.secret)).view()).step()));
    CHECK(stored.integer(0) == 1);
}

TEST_CASE("wrong secrets are nobody") {
    MemoryAccounts m;
    m.change([&](db::Transaction& tx) {
        value(create_token(tx, m.random, 1, "alice", "t", TokenRole::Write, {}, {}));
    });
    auto tx = m.read();
    for (const std::string& secret :
         {std::string(),
          std::string("hf_"),
          std::string("hf_wrong"),
          std::string("xx_") + std::string(40, 'a'),
          std::string(5000, 'h')}) {
        CHECK_FALSE(value(authenticate(*tx, 1, secret)));
    }
}

TEST_CASE("a token ends at its time") {
    MemoryAccounts m;
    std::string secret;
    m.change([&](db::Transaction& tx) {
        secret =
            value(create_token(tx, m.random, 1, "alice", "t", TokenRole::Read, {}, 500)).secret;
    });
    auto tx = m.read();
    CHECK(value(authenticate(*tx, 499, secret)));
    CHECK_FALSE(value(authenticate(*tx, 500, secret)));
}

TEST_CASE("a revoked token is nobody, its name is free again") {
    MemoryAccounts m;
    std::string secret;
    m.change([&](db::Transaction& tx) {
        secret = value(create_token(tx, m.random, 1, "alice", "t", TokenRole::Read, {}, {})).secret;
        REQUIRE_ERROR(
            create_token(tx, m.random, 1, "alice", "t", TokenRole::Read, {}, {}),
            util::Code::AlreadyExists
        );
        value(revoke_token(tx, "alice", "t"));
        REQUIRE_ERROR(revoke_token(tx, "alice", "t"), util::Code::NotFound);
        value(create_token(tx, m.random, 1, "alice", "t", TokenRole::Read, {}, {}));
    });
    auto tx = m.read();
    CHECK_FALSE(value(authenticate(*tx, 1, secret)));
    CHECK(value(list_tokens(*tx, "alice")).size() == 1);
}

TEST_CASE("a fine-grained token carries its grants") {
    MemoryAccounts m;
    std::string secret;
    const std::vector<TokenGrant> grants = {
        {{types::RepoKind::Dataset, "acme", ""}, Permission::Read},
        {{types::RepoKind::Model, "acme", "bert"}, Permission::Write}};
    m.change([&](db::Transaction& tx) {
        secret =
            value(create_token(tx, m.random, 1, "bob", "ci", TokenRole::FineGrained, grants, {}))
                .secret;
        REQUIRE_ERROR(
            create_token(tx, m.random, 1, "bob", "none", TokenRole::FineGrained, {}, {}),
            util::Code::InvalidInput
        );
        REQUIRE_ERROR(
            create_token(tx, m.random, 1, "bob", "both", TokenRole::Write, grants, {}),
            util::Code::InvalidInput
        );
    });
    auto tx = m.read();
    const auto who = value(authenticate(*tx, 1, secret));
    REQUIRE(who);
    REQUIRE(who->token->grants.size() == 2);
    CHECK(who->token->grants[0].repo.name.empty());
    CHECK(who->token->grants[1].repo == grants[1].repo);
    CHECK(who->token->grants[1].permission == Permission::Write);
    CHECK(value(list_tokens(*tx, "bob"))[0].grants.size() == 2);
}

TEST_CASE("organisations have no tokens") {
    MemoryAccounts m;
    m.change([&](db::Transaction& tx) {
        REQUIRE_ERROR(
            create_token(tx, m.random, 1, "acme", "t", TokenRole::Read, {}, {}),
            util::Code::NotFound
        );
        REQUIRE_ERROR(
            create_token(tx, m.random, 1, "alice", "", TokenRole::Read, {}, {}),
            util::Code::InvalidInput
        );
    });
}

} // namespace railhub::access
