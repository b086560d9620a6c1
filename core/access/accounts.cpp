// SPDX-License-Identifier: Apache-2.0
// Users, organisations and memberships; tokens are in tokens.cpp.
#include "core/access/accounts.h"

#include "core/access/generation.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::access {

namespace {

constexpr std::string_view kAccountById =
    "SELECT id, public_id, name, full_name, email, is_org, is_site_admin, created_ms FROM account "
    "WHERE name_key = ?";
constexpr std::string_view kAccountByEmail =
    "SELECT id, public_id, name, full_name, email, is_org, is_site_admin, created_ms FROM account "
    "WHERE email_key = ? AND is_org = 0 ORDER BY id LIMIT 1";
constexpr std::string_view kAllAccounts =
    "SELECT id, public_id, name, full_name, email, is_org, is_site_admin, created_ms FROM account "
    "ORDER BY name_key";
constexpr std::string_view kInsertAccount =
    "INSERT INTO account (public_id, name_key, name, full_name, email_key, email, is_org, "
    "is_site_admin, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (name_key) DO "
    "NOTHING";

// First parts of paths that the hub serves itself (hub-api section 2.4).
constexpr std::array<std::string_view, 30> kReservedNames = {
    "admin-api",     "api",        "assets",  "avatars",  "blog",   "buckets",       "collections",
    "datasets",      "docs",       "front",   "healthz",  "join",   "kernels",       "login",
    "logout",        "me",         "metrics", "models",   "new",    "notifications", "oauth",
    "organizations", "papers",     "readyz",  "settings", "spaces", "static",        "tasks",
    "users",         ".well-known"};

Account account_of(db::Statement& row) {
    Account account;
    account.id = row.integer(0);
    account.public_id = row.text(1);
    account.name = row.text(2);
    account.full_name = row.text(3);
    account.email = row.text(4);
    account.is_org = row.integer(5) != 0;
    account.is_site_admin = row.integer(6) != 0;
    account.created_ms = row.integer(7);
    return account;
}

util::Result<> check_account_name(std::string_view name) {
    RAILHUB_TRY(types::check_namespace(name));
    const std::string key = util::lower(name);
    if (std::find(kReservedNames.begin(), kReservedNames.end(), key) != kReservedNames.end()) {
        return util::fail(
            util::Code::InvalidInput, "the name '" + std::string(name) + "' is reserved"
        );
    }
    return {};
}

util::Result<Account> insert_account(db::Transaction& tx, Account account) {
    RAILHUB_TRY(check_account_name(account.name));
    RAILHUB_TRY(auto insert, tx.prepare(kInsertAccount));
    const std::string name_key = util::lower(account.name);
    const std::string email_key = util::lower(account.email);
    insert.bind(
        account.public_id, name_key, account.name, account.full_name, email_key, account.email
    );
    insert.bind(account.is_org ? 1 : 0, account.created_ms);
    RAILHUB_TRY(const std::int64_t added, insert.run());
    if (added == 0) {
        return util::fail(
            util::Code::AlreadyExists,
            "the name '" + account.name + "' is taken",
            "users and organisations share one set of names, without regard to case"
        );
    }
    account.id = tx.last_insert_id();
    RAILHUB_TRY(move_access_generation(tx));
    return account;
}

enum class Want : std::uint8_t { User, Org };

util::Result<Account> require(db::Transaction& tx, std::string_view name, Want want) {
    RAILHUB_TRY(auto account, find_account(tx, name));
    if (!account || account->is_org != (want == Want::Org)) {
        return util::fail(
            util::Code::NotFound,
            std::string(want == Want::Org ? "no organisation '" : "no user '") + std::string(name) +
                "'"
        );
    }
    return std::move(*account);
}

} // namespace

util::Result<Account> create_user(
    db::Transaction& tx,
    util::Random& random,
    std::int64_t now_ms,
    std::string_view name,
    std::string_view full_name,
    std::string_view email
) {
    Account account;
    account.public_id = util::random_hex(random, 12);
    account.name = name;
    account.full_name = full_name.empty() ? name : full_name;
    account.email = email;
    account.created_ms = now_ms;
    return insert_account(tx, std::move(account));
}

util::Result<Account> create_org(
    db::Transaction& tx,
    util::Random& random,
    std::int64_t now_ms,
    std::string_view name,
    std::string_view full_name
) {
    Account account;
    account.public_id = util::random_hex(random, 12);
    account.name = name;
    account.full_name = full_name.empty() ? name : full_name;
    account.is_org = true;
    account.created_ms = now_ms;
    return insert_account(tx, std::move(account));
}

util::Result<std::optional<Account>> find_account(db::Transaction& tx, std::string_view name) {
    RAILHUB_TRY(auto row, tx.prepare(kAccountById));
    const std::string key = util::lower(name);
    RAILHUB_TRY(const bool found, row.bind(key).step());
    return found ? std::optional(account_of(row)) : std::nullopt;
}

util::Result<std::optional<Account>>
find_user_by_email(db::Transaction& tx, std::string_view email) {
    if (email.empty()) {
        return std::optional<Account>{};
    }
    RAILHUB_TRY(auto row, tx.prepare(kAccountByEmail));
    const std::string key = util::lower(email);
    RAILHUB_TRY(const bool found, row.bind(key).step());
    return found ? std::optional(account_of(row)) : std::nullopt;
}

util::Result<std::vector<Account>> list_accounts(db::Transaction& tx) {
    RAILHUB_TRY(auto rows, tx.prepare(kAllAccounts));
    std::vector<Account> accounts;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return accounts;
        }
        accounts.push_back(account_of(rows));
    }
}

util::Result<> delete_account(db::Transaction& tx, std::string_view name) {
    RAILHUB_TRY(auto account, find_account(tx, name));
    if (!account) {
        return util::fail(util::Code::NotFound, "no account '" + std::string(name) + "'");
    }
    constexpr std::array<std::string_view, 5> kStatements = {
        "DELETE FROM token_grant WHERE token IN (SELECT id FROM token WHERE account = ?)",
        "DELETE FROM token WHERE account = ?",
        "DELETE FROM membership WHERE member = ?",
        "DELETE FROM membership WHERE org = ?",
        "DELETE FROM account WHERE id = ?"};
    for (const std::string_view sql : kStatements) {
        RAILHUB_TRY(auto statement, tx.prepare(sql));
        RAILHUB_TRY(statement.bind(account->id).run());
    }
    return move_access_generation(tx);
}

util::Result<> make_site_admin(db::Transaction& tx, std::string_view user) {
    RAILHUB_TRY(const Account account, require(tx, user, Want::User));
    RAILHUB_TRY(auto update, tx.prepare("UPDATE account SET is_site_admin = 1 WHERE id = ?"));
    RAILHUB_TRY(update.bind(account.id).run());
    return move_access_generation(tx);
}

util::Result<>
add_member(db::Transaction& tx, std::string_view org, std::string_view user, OrgRole role) {
    RAILHUB_TRY(const Account group, require(tx, org, Want::Org));
    RAILHUB_TRY(const Account member, require(tx, user, Want::User));
    RAILHUB_TRY(
        auto insert,
        tx.prepare("INSERT INTO membership (org, member, role) VALUES (?, ?, ?) "
                   "ON CONFLICT (org, member) DO UPDATE SET role = excluded.role")
    );
    RAILHUB_TRY(insert.bind(group.id, member.id, role_word(role)).run());
    return move_access_generation(tx);
}

util::Result<> remove_member(db::Transaction& tx, std::string_view org, std::string_view user) {
    RAILHUB_TRY(const Account group, require(tx, org, Want::Org));
    RAILHUB_TRY(const Account member, require(tx, user, Want::User));
    RAILHUB_TRY(auto statement, tx.prepare("DELETE FROM membership WHERE org = ? AND member = ?"));
    RAILHUB_TRY(const std::int64_t removed, statement.bind(group.id, member.id).run());
    if (removed == 0) {
        return util::fail(
            util::Code::NotFound, "'" + member.name + "' is not a member of '" + group.name + "'"
        );
    }
    return move_access_generation(tx);
}

util::Result<std::vector<Member>> list_members(db::Transaction& tx, std::string_view org) {
    RAILHUB_TRY(const Account group, require(tx, org, Want::Org));
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT a.name, m.role FROM membership m JOIN account a ON a.id = m.member "
                   "WHERE m.org = ? ORDER BY a.name_key")
    );
    rows.bind(group.id);
    std::vector<Member> members;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return members;
        }
        RAILHUB_TRY(const OrgRole role, parse_org_role(rows.text(1)));
        members.push_back({std::string(rows.text(0)), role});
    }
}

} // namespace railhub::access
