// SPDX-License-Identifier: Apache-2.0
// Statements on git_ref.
#include "core/repo/refs.h"

namespace railhub::repo {

namespace {

using types::Oid;

constexpr std::string_view kSelectRef =
    "SELECT id, name, target, peeled, path_set FROM git_ref WHERE repo = ? AND name = ?";
constexpr std::string_view kSelectRefs =
    "SELECT id, name, target, peeled, path_set FROM git_ref WHERE repo = ? ORDER BY name";
constexpr std::string_view kSelectRefsBelow =
    "SELECT name FROM git_ref WHERE repo = ? AND name > ? AND name < ? LIMIT 1";
constexpr std::string_view kInsertRef =
    "INSERT INTO git_ref (repo, name, target, peeled) VALUES (?, ?, ?, ?)";
constexpr std::string_view kUpdateRef = "UPDATE git_ref SET target = ?, peeled = ? WHERE id = ?";
constexpr std::string_view kUpdatePathSet = "UPDATE git_ref SET path_set = ? WHERE id = ?";
constexpr std::string_view kDeleteRef = "DELETE FROM git_ref WHERE id = ?";

util::Result<StoredRef> ref_of_row(const db::Statement& rows) {
    if (rows.blob(2).size() != Oid::kSize || rows.blob(3).size() != Oid::kSize) {
        return util::fail(
            util::Code::Corrupt, "row of ref '" + std::string(rows.text(1)) + "' is damaged"
        );
    }
    StoredRef stored;
    stored.row = rows.integer(0);
    stored.ref = Ref{std::string(rows.text(1)), Oid::from(rows.blob(2)), Oid::from(rows.blob(3))};
    if (!rows.is_null(4)) {
        stored.path_set = rows.integer(4);
    }
    return stored;
}

util::Error name_taken(std::string_view existing, std::string_view name) {
    return util::fail(
        util::Code::Conflict,
        "ref '" + std::string(existing) + "' exists; cannot create '" + std::string(name) + "'"
    );
}

} // namespace

util::Result<std::optional<StoredRef>>
find_ref(db::Transaction& tx, std::int64_t repo, std::string_view name) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectRef));
    RAILHUB_TRY(const bool found, rows.bind(repo, name).step());
    if (!found) {
        return std::optional<StoredRef>();
    }
    RAILHUB_TRY(StoredRef stored, ref_of_row(rows));
    return std::optional(std::move(stored));
}

util::Result<std::vector<StoredRef>> list_refs(db::Transaction& tx, std::int64_t repo) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectRefs));
    rows.bind(repo);
    std::vector<StoredRef> refs;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return refs;
        }
        RAILHUB_TRY(StoredRef stored, ref_of_row(rows));
        refs.push_back(std::move(stored));
    }
}

util::Result<> check_ref_name_free(db::Transaction& tx, std::int64_t repo, std::string_view name) {
    for (std::size_t end = name.size(); end != name.npos && end > 0;
         end = name.rfind('/', end - 1)) {
        RAILHUB_TRY(const auto taken, find_ref(tx, repo, name.substr(0, end)));
        if (taken) {
            return name_taken(taken->ref.name, name);
        }
    }
    RAILHUB_TRY(auto rows, tx.prepare(kSelectRefsBelow));
    const std::string below = std::string(name) + "/";
    const std::string past = std::string(name) + "0"; // '0' follows '/'
    RAILHUB_TRY(const bool found, rows.bind(repo, below, past).step());
    return found ? util::Result<>(name_taken(rows.text(0), name)) : util::Result<>();
}

util::Result<std::int64_t> insert_ref(db::Transaction& tx, std::int64_t repo, const Ref& ref) {
    RAILHUB_TRY(auto insert, tx.prepare(kInsertRef));
    RAILHUB_TRY(insert.bind(repo, ref.name, ref.target.view(), ref.peeled.view()).run());
    return tx.last_insert_id();
}

util::Result<> update_ref(
    db::Transaction& tx, std::int64_t row, const types::Oid& target, const types::Oid& peeled
) {
    RAILHUB_TRY(auto update, tx.prepare(kUpdateRef));
    RAILHUB_TRY(update.bind(target.view(), peeled.view(), row).run());
    return {};
}

util::Result<>
set_ref_path_set(db::Transaction& tx, std::int64_t row, std::optional<std::int64_t> path_set) {
    RAILHUB_TRY(auto update, tx.prepare(kUpdatePathSet));
    RAILHUB_TRY(update.bind(path_set, row).run());
    return {};
}

util::Result<> delete_ref(db::Transaction& tx, std::int64_t row) {
    RAILHUB_TRY(auto remove, tx.prepare(kDeleteRef));
    RAILHUB_TRY(remove.bind(row).run());
    return {};
}

} // namespace railhub::repo
