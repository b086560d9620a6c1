// SPDX-License-Identifier: Apache-2.0
// Tests of core/access/permissions.
#include "core/access/permissions.h"
#include "tests/support/catch.h"

namespace railhub::access {

namespace {

const types::RepoId kRepo{types::RepoKind::Model, "acme", "bert"};

Identity user(std::string name) {
    Identity who;
    who.user_id = 1;
    who.user = std::move(name);
    return who;
}

Identity member(OrgRole role) {
    Identity who = user("bob");
    who.memberships.push_back({"Acme", role});
    return who;
}

Identity with_token(Identity who, TokenRole role, std::vector<TokenGrant> grants = {}) {
    who.token = TokenInfo{1, "t", role, std::move(grants), 0, std::nullopt};
    return who;
}

RepoFacts repo(bool is_private, std::string creator = "carol") {
    return {kRepo, is_private, std::move(creator)};
}

using Maybe = std::optional<Permission>;

} // namespace

TEST_CASE("what roles may do, on public and private repos") {
    struct Row {
        const char* who;
        Identity identity;
        Maybe on_public;
        Maybe on_private;
    };

    Identity admin = user("root");
    admin.is_site_admin = true;
    const std::vector<Row> rows = {
        {"anonymous", {}, Permission::Read, std::nullopt},
        {"stranger", user("mallory"), Permission::Read, std::nullopt},
        {"owner, any case", user("ACME"), Permission::Admin, Permission::Admin},
        {"org read", member(OrgRole::Read), Permission::Read, Permission::Read},
        {"org contributor", member(OrgRole::Contributor), Permission::Read, Permission::Read},
        {"org write", member(OrgRole::Write), Permission::Write, Permission::Write},
        {"org admin", member(OrgRole::Admin), Permission::Admin, Permission::Admin},
        {"site admin", admin, Permission::Admin, Permission::Admin},
    };
    for (const Row& row : rows) {
        INFO(row.who);
        CHECK(permission_on(row.identity, repo(false)) == row.on_public);
        CHECK(permission_on(row.identity, repo(true)) == row.on_private);
    }
}

TEST_CASE("contributors write what they made") {
    CHECK(permission_on(member(OrgRole::Contributor), repo(true, "Bob")) == Permission::Write);
    CHECK(permission_on(member(OrgRole::Contributor), repo(true, "carol")) == Permission::Read);
}

TEST_CASE("a token never gives more than its user has") {
    const Identity owner = user("acme");
    CHECK(permission_on(with_token(owner, TokenRole::Read), repo(true)) == Permission::Read);
    CHECK(permission_on(with_token(owner, TokenRole::Write), repo(true)) == Permission::Admin);
    const Identity stranger = user("mallory");
    CHECK(permission_on(with_token(stranger, TokenRole::Write), repo(true)) == std::nullopt);
    const std::vector<TokenGrant> all = {{kRepo, Permission::Admin}};
    CHECK(
        permission_on(with_token(stranger, TokenRole::FineGrained, all), repo(true)) == std::nullopt
    );
    CHECK(
        permission_on(with_token(stranger, TokenRole::FineGrained, all), repo(false)) ==
        Permission::Read
    );
}

TEST_CASE("fine-grained tokens reach what they name and public repos") {
    const Identity owner = user("acme");
    const auto asks = [&](std::vector<TokenGrant> grants, bool is_private) {
        return permission_on(
            with_token(owner, TokenRole::FineGrained, std::move(grants)), repo(is_private)
        );
    };
    const types::RepoId other{types::RepoKind::Model, "acme", "other"};
    const types::RepoId dataset{types::RepoKind::Dataset, "acme", "bert"};
    const types::RepoId any_case{types::RepoKind::Model, "Acme", "BERT"};
    const types::RepoId space{types::RepoKind::Model, "acme", ""};
    CHECK(asks({{kRepo, Permission::Write}}, true) == Permission::Write);
    CHECK(asks({{any_case, Permission::Write}}, true) == Permission::Write);
    CHECK(asks({{other, Permission::Write}}, true) == std::nullopt);
    CHECK(asks({{dataset, Permission::Write}}, true) == std::nullopt);
    CHECK(asks({{other, Permission::Write}}, false) == Permission::Read);
    CHECK(asks({{space, Permission::Read}}, true) == Permission::Read);
    CHECK(asks({{space, Permission::Read}, {kRepo, Permission::Admin}}, true) == Permission::Admin);
}

TEST_CASE("who may create in a namespace") {
    const auto model = types::RepoKind::Model;
    CHECK_FALSE(may_create_in({}, model, "acme"));
    CHECK(may_create_in(user("Acme"), model, "acme"));
    CHECK_FALSE(may_create_in(user("bob"), model, "acme"));
    CHECK_FALSE(may_create_in(member(OrgRole::Read), model, "acme"));
    CHECK(may_create_in(member(OrgRole::Contributor), model, "acme"));
    CHECK_FALSE(may_create_in(with_token(user("acme"), TokenRole::Read), model, "acme"));
    CHECK(may_create_in(with_token(user("acme"), TokenRole::Write), model, "acme"));
    const types::RepoId space{model, "acme", ""};
    const auto fine = [&](Permission p) {
        return with_token(user("acme"), TokenRole::FineGrained, {{space, p}});
    };
    CHECK(may_create_in(fine(Permission::Write), model, "acme"));
    CHECK_FALSE(may_create_in(fine(Permission::Read), model, "acme"));
    const auto one_repo =
        with_token(user("acme"), TokenRole::FineGrained, {{kRepo, Permission::Admin}});
    CHECK_FALSE(may_create_in(one_repo, model, "acme"));
}

TEST_CASE("words of roles, both ways") {
    CHECK(role_word(TokenRole::FineGrained) == "fineGrained");
    CHECK(parse_token_role("fine-grained").value() == TokenRole::FineGrained);
    CHECK(parse_token_role("finegrained").value() == TokenRole::FineGrained);
    CHECK(parse_org_role("contributor").value() == OrgRole::Contributor);
    REQUIRE_ERROR(parse_org_role("owner"), util::Code::InvalidInput);
    REQUIRE_ERROR(parse_token_role(""), util::Code::InvalidInput);
}

} // namespace railhub::access
