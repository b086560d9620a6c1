// SPDX-License-Identifier: Apache-2.0
// Checks rights over the namespace, then changes rows and refs in one transaction.
#include "core/app/repos.h"

#include "core/access/accounts.h"
#include "core/access/generation.h"
#include "core/app/check.h"
#include "core/app/license_index.h"
#include "core/app/locate.h"
#include "core/app/people.h"
#include "core/app/settle.h"
#include "core/card/validate.h"
#include "core/repo/placement.h"
#include "core/repo/push.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::app {

namespace {

constexpr std::string_view kFirstTitle = "initial commit";

util::Error not_your_namespace(types::RepoKind kind, std::string_view owner) {
    return util::fail(
        util::Code::PermissionDenied,
        "You don't have the rights to create a " + std::string(types::kind_word(kind)) +
            " under the namespace \"" + std::string(owner) + "\""
    );
}

util::Result<types::RepoId>
id_of(db::Transaction& tx, const access::Identity& who, const RepoWish& wish) {
    const std::string owner = wish.owner.empty() ? who.user : wish.owner;
    if (who.is_anonymous()) {
        return util::fail(util::Code::Unauthenticated, "Invalid username or password.");
    }
    if (wish.kind == types::RepoKind::Space) {
        return util::fail(util::Code::InvalidInput, "this hub has no spaces");
    }
    RAILHUB_TRY(types::check_repo_name(wish.name));
    RAILHUB_TRY(const auto account, access::find_account(tx, owner));
    if (!account || !access::may_create_in(who, wish.kind, owner)) {
        return not_your_namespace(wish.kind, owner);
    }
    return types::RepoId{wish.kind, account->name, wish.name};
}

bool is_given(const RepoWish& wish, std::string_view path) {
    return std::any_of(wish.files.begin(), wish.files.end(), [&](const repo::PutFile& file) {
        return file.path.text() == path;
    });
}

// A plain YAML scalar where that is safe, else a quoted one.
std::string yaml_text(std::string_view text) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789.+-";
    const bool is_plain = !text.empty() && text[0] >= 'a' && text[0] <= 'z' &&
                          text.find_first_not_of(kPlain) == std::string_view::npos &&
                          text != "true" && text != "false" && text != "null";
    return is_plain ? std::string(text) : util::Json(text).dump();
}

std::string license_readme(const RepoWish& wish) {
    std::string text = "---\nlicense: " + yaml_text(wish.license) + "\n";
    if (!wish.license_name.empty()) {
        text += "license_name: " + yaml_text(wish.license_name) + "\n";
    }
    if (!wish.license_link.empty()) {
        text += "license_link: " + yaml_text(wish.license_link) + "\n";
    }
    return text + "---\n";
}

util::Result<std::vector<repo::FileOperation>> first_files(const RepoWish& wish) {
    std::vector<repo::FileOperation> files;
    const auto generate = [&](std::string_view name, std::string text) -> util::Result<> {
        if (!is_given(wish, name)) {
            RAILHUB_TRY(auto path, types::RepoPath::parse(name));
            files.emplace_back(repo::PutFile{std::move(path), std::move(text)});
        }
        return {};
    };
    RAILHUB_TRY(generate(".gitattributes", repo::default_gitattributes(wish.kind)));
    if (!wish.license.empty()) {
        const std::string readme = license_readme(wish);
        const card::Validation found = card::validate(readme, wish.kind);
        if (!found.ok()) {
            return util::fail(util::Code::InvalidInput, found.errors.front().message);
        }
        RAILHUB_TRY(generate("README.md", readme));
    }
    for (const repo::PutFile& file : wish.files) {
        files.emplace_back(file);
    }
    return files;
}

util::Result<> commit_first(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    const access::Identity& who,
    const repo::RepoRecord& record,
    const RepoWish& wish
) {
    RAILHUB_TRY(auto stage, repo::Stage::open(ctx, tx, deps.blobs, record));
    repo::CommitRequest request;
    RAILHUB_TRY(request.operations, first_files(wish));
    request.author = signature_of(who, ctx.clock.now());
    request.committer = request.author;
    request.message = kFirstTitle;
    RAILHUB_TRY(const types::Oid commit, repo::build_commit(ctx, *stage, request));
    repo::PushRequest push;
    push.changes.push_back({default_ref(record), std::nullopt, commit});
    push.actor = who.user;
    push.door = "api";
    return settle_within(ctx, deps, tx, record, *stage, std::move(push));
}

util::Result<> audit_repo(
    const util::Context& ctx,
    db::Transaction& tx,
    const access::Identity& who,
    std::string_view action,
    const types::RepoId& id,
    const util::Json& detail
) {
    const std::string subject = std::string(types::kind_plural(id.kind)) + "/" + id.full_name();
    const std::int64_t now = util::to_millis(ctx.clock.now());
    return repo::add_audit(tx, {now, who.user, std::string(action), subject, detail.dump()});
}

// Rows of this module; core/repo removes its own.
util::Result<> remove_app_rows(db::Transaction& tx, std::int64_t row) {
    constexpr std::array<std::string_view, 3> kStatements = {
        "DELETE FROM lfs_upload WHERE repo = ?",
        "DELETE FROM discussion WHERE repo = ?",
        "DELETE FROM repo_summary WHERE repo = ?"};
    for (const std::string_view sql : kStatements) {
        RAILHUB_TRY(auto statement, tx.prepare(sql));
        RAILHUB_TRY(statement.bind(row).run());
    }
    return {};
}

} // namespace

util::Result<MadeRepo>
make_repo(const util::Context& ctx, Deps& deps, const access::Identity& who, const RepoWish& wish) {
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx));
    RAILHUB_TRY(const types::RepoId id, id_of(*tx, who, wish));
    auto found = find_repo(*tx, who, id, access::Permission::Read);
    if (!found.ok() && found.error().reason != kRepoMissing) {
        return found.error();
    }
    if (found.ok() && !found->is_renamed) {
        return MadeRepo{std::move(found->record), MadeRepo::State::WasThere};
    }
    const bool is_private = wish.visibility == RepoWish::Visibility::Private;
    const std::int64_t now = util::to_millis(ctx.clock.now());
    auto record = repo::create_repo(*tx, deps.random, now, {id, is_private, who.user});
    if (!record.ok()) {
        // There, but not for this caller's eyes.
        return record.error().code == util::Code::AlreadyExists
                   ? util::Result<MadeRepo>(not_your_namespace(id.kind, id.owner))
                   : util::Result<MadeRepo>(record.error());
    }
    RAILHUB_TRY(commit_first(ctx, deps, *tx, who, *record, wish));
    const auto detail = util::Json::object({{"private", is_private}});
    RAILHUB_TRY(audit_repo(ctx, *tx, who, "repo.create", id, detail));
    RAILHUB_TRY(auto made, repo::find_repo_row(*tx, record->row));
    RAILHUB_TRY(tx->commit());
    return MadeRepo{made ? std::move(*made) : std::move(*record), MadeRepo::State::Made};
}

util::Result<> remove_repo(
    const util::Context& ctx, Deps& deps, const access::Identity& who, const types::RepoId& id
) {
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx));
    RAILHUB_TRY(const auto found, find_repo(*tx, who, id, access::Permission::Admin));
    RAILHUB_TRY(forget_licenses(*tx, found.record));
    RAILHUB_TRY(remove_app_rows(*tx, found.record.row));
    const std::int64_t now = util::to_millis(ctx.clock.now());
    RAILHUB_TRY(repo::delete_repo(*tx, found.record.row, now));
    RAILHUB_TRY(audit_repo(ctx, *tx, who, "repo.delete", found.record.id, util::Json::object()));
    RAILHUB_TRY(access::move_content_generation(*tx));
    return tx->commit();
}

util::Result<repo::RepoRecord> change_settings(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const RepoSettings& settings
) {
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx));
    RAILHUB_TRY(auto found, find_repo(*tx, who, id, access::Permission::Admin));
    auto detail = util::Json::object();
    if (settings.is_private) {
        RAILHUB_TRY(repo::set_private(*tx, found.record.row, *settings.is_private));
        found.record.is_private = *settings.is_private;
        RAILHUB_TRY(mark_with_descendants(*tx, found.record)); // others see it now, or no more
        detail.set("private", *settings.is_private);
    }
    if (settings.license_gate) {
        const std::string& word = *settings.license_gate;
        if (!word.empty() && !parse_gate_mode(word)) {
            return util::fail(
                util::Code::InvalidInput,
                "unknown license gate '" + word + "'",
                "it is off, warn or enforce; empty for the server's setting"
            );
        }
        RAILHUB_TRY(repo::set_license_gate(*tx, found.record.row, word));
        found.record.license_gate = word;
        detail.set("license-gate", word);
    }
    RAILHUB_TRY(audit_repo(ctx, *tx, who, "repo.settings", found.record.id, detail));
    RAILHUB_TRY(access::move_content_generation(*tx));
    RAILHUB_TRY(tx->commit());
    return std::move(found.record);
}

util::Result<> move_repo(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& from,
    const types::RepoId& to
) {
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx));
    RAILHUB_TRY(const auto found, find_repo(*tx, who, from, access::Permission::Admin));
    RepoWish wish;
    wish.kind = to.kind;
    wish.owner = to.owner;
    wish.name = to.name;
    RAILHUB_TRY(const types::RepoId target, id_of(*tx, who, wish));
    RAILHUB_TRY(const auto taken, repo::find_repo(*tx, target));
    if (taken && !taken->is_renamed && taken->record.row != found.record.row) {
        return util::fail(
            util::Code::AlreadyExists,
            "A " + std::string(types::kind_word(to.kind)) + " repository called " +
                target.full_name() + " already exists"
        );
    }
    const std::int64_t now = util::to_millis(ctx.clock.now());
    RAILHUB_TRY(repo::rename_repo(*tx, found.record.row, target, now));
    RAILHUB_TRY(mark_with_descendants(*tx, found.record)); // by the old name and the new one
    const auto detail = util::Json::object({{"to", target.full_name()}});
    RAILHUB_TRY(audit_repo(ctx, *tx, who, "repo.move", found.record.id, detail));
    RAILHUB_TRY(access::move_content_generation(*tx));
    return tx->commit();
}

} // namespace railhub::app
