// SPDX-License-Identifier: Apache-2.0
// Tests of core/access/accounts.
#include "core/access/accounts.h"
#include "core/access/generation.h"
#include "tests/unit/access/memory_accounts.h"

namespace railhub::access {

using tests::value;

TEST_CASE("users and organisations share one set of names, without regard to case") {
    MemoryAccounts m;
    m.change([&](db::Transaction& tx) {
        REQUIRE_ERROR(create_org(tx, m.random, 1, "ALICE", ""), util::Code::AlreadyExists);
        REQUIRE_ERROR(create_user(tx, m.random, 1, "Acme", "", ""), util::Code::AlreadyExists);
        REQUIRE_ERROR(create_user(tx, m.random, 1, "a/b", "", ""), util::Code::InvalidInput);
        REQUIRE_ERROR(create_user(tx, m.random, 1, "Datasets", "", ""), util::Code::InvalidInput);
    });
    auto tx = m.read();
    const auto alice = value(find_account(*tx, "aLiCe"));
    REQUIRE(alice);
    CHECK(alice->name == "Alice");
    CHECK(alice->full_name == "Alice A.");
    CHECK(alice->public_id.size() == 24);
    CHECK_FALSE(alice->is_org);
    CHECK(value(find_account(*tx, "bob"))->full_name == "bob");
    CHECK_FALSE(value(find_account(*tx, "nobody")));
    CHECK(value(list_accounts(*tx)).size() == 3);
}

TEST_CASE("a user is found by e-mail") {
    MemoryAccounts m;
    auto tx = m.read();
    CHECK(value(find_user_by_email(*tx, "alice@EXAMPLE.org"))->name == "Alice");
    CHECK_FALSE(value(find_user_by_email(*tx, "")));
    CHECK_FALSE(value(find_user_by_email(*tx, "x@example.org")));
}

TEST_CASE("members join, change their role and leave") {
    MemoryAccounts m;
    m.change([](db::Transaction& tx) {
        value(add_member(tx, "acme", "alice", OrgRole::Read));
        value(add_member(tx, "ACME", "Alice", OrgRole::Admin));
        value(add_member(tx, "acme", "bob", OrgRole::Contributor));
        REQUIRE_ERROR(add_member(tx, "alice", "bob", OrgRole::Read), util::Code::NotFound);
        REQUIRE_ERROR(add_member(tx, "acme", "acme", OrgRole::Read), util::Code::NotFound);
        value(remove_member(tx, "acme", "bob"));
        REQUIRE_ERROR(remove_member(tx, "acme", "bob"), util::Code::NotFound);
    });
    auto tx = m.read();
    const auto members = value(list_members(*tx, "acme"));
    REQUIRE(members.size() == 1);
    CHECK(members[0].user == "Alice");
    CHECK(members[0].role == OrgRole::Admin);
    const Identity who = value(identity_of(*tx, "alice"));
    REQUIRE(who.memberships.size() == 1);
    CHECK(who.memberships[0].org == "acme");
}

TEST_CASE("a deleted account takes its memberships and tokens along") {
    MemoryAccounts m;
    std::string secret;
    m.change([&](db::Transaction& tx) {
        value(add_member(tx, "acme", "alice", OrgRole::Admin));
        secret =
            value(create_token(tx, m.random, 1, "alice", "t", TokenRole::Write, {}, {})).secret;
    });
    m.change([](db::Transaction& tx) { value(delete_account(tx, "alice")); });
    auto tx = m.read();
    CHECK_FALSE(value(find_account(*tx, "alice")));
    CHECK(value(list_members(*tx, "acme")).empty());
    CHECK_FALSE(value(authenticate(*tx, 2, secret)));
}

TEST_CASE("every change moves the access generation") {
    MemoryAccounts m;
    const auto generation = [&] {
        auto tx = m.read();
        return value(generations(*tx)).access;
    };
    std::int64_t last = generation();
    const auto moves = [&](auto work) {
        m.change(work);
        const std::int64_t now = generation();
        CHECK(now > last);
        last = now;
    };
    moves([&](db::Transaction& tx) { value(create_user(tx, m.random, 1, "x", "", "")); });
    moves([](db::Transaction& tx) { value(make_site_admin(tx, "x")); });
    moves([](db::Transaction& tx) { value(add_member(tx, "acme", "x", OrgRole::Read)); });
    moves([](db::Transaction& tx) { value(remove_member(tx, "acme", "x")); });
    moves([&](db::Transaction& tx) {
        value(create_token(tx, m.random, 1, "x", "t", TokenRole::Read, {}, {}));
    });
    moves([](db::Transaction& tx) { value(revoke_token(tx, "x", "t")); });
    moves([](db::Transaction& tx) { value(delete_account(tx, "x")); });
}

} // namespace railhub::access
