// SPDX-License-Identifier: Apache-2.0
// Existence queries, each by an index.
#include "core/collect/needs.h"

#include "core/storage/layout.h"

#include <array>

namespace railhub::collect {

namespace {

constexpr std::array<std::string_view, 4> kContentNeeds = {
    "SELECT 1 FROM lfs_link WHERE sha256 = ? LIMIT 1",
    "SELECT 1 FROM lfs_upload WHERE sha256 = ? LIMIT 1",
    "SELECT 1 FROM git_object AS o WHERE blob_sha256 = ? AND NOT EXISTS "
    "(SELECT 1 FROM dead_repo AS d WHERE d.id = o.repo AND d.trash IS NOT NULL) LIMIT 1",
    "SELECT 1 FROM dead_link AS l JOIN dead_repo AS d ON d.id = l.repo "
    "WHERE l.sha256 = ? AND d.trash IS NULL LIMIT 1"};

util::Result<bool> is_there(db::Transaction& tx, std::string_view sql, util::ByteView subject) {
    RAILHUB_TRY(auto rows, tx.prepare(sql));
    return rows.bind(subject).step();
}

util::Result<bool> is_kept(db::Transaction& tx, std::string_view key, std::int64_t now_ms) {
    RAILHUB_TRY(
        auto rows, tx.prepare("SELECT 1 FROM kept_object WHERE object_key = ? AND until_ms > ?")
    );
    return rows.bind(key, now_ms).step();
}

} // namespace

util::Result<bool> is_content_needed(db::Transaction& tx, const util::Sha256& sha256) {
    for (const std::string_view sql : kContentNeeds) {
        RAILHUB_TRY(const bool is_needed, is_there(tx, sql, sha256.view()));
        if (is_needed) {
            return true;
        }
    }
    return false;
}

util::Result<bool> is_segment_used(db::Transaction& tx, std::int64_t segment) {
    RAILHUB_TRY(auto rows, tx.prepare("SELECT 1 FROM cas_file_segment WHERE segment = ? LIMIT 1"));
    return rows.bind(segment).step();
}

util::Result<bool>
is_object_needed(db::Transaction& tx, std::string_view key, std::int64_t now_ms) {
    RAILHUB_TRY(const bool is_wanted, is_kept(tx, key, now_ms));
    if (is_wanted) {
        return true;
    }
    if (const auto sha256 = storage::blob_of_key(key)) {
        RAILHUB_TRY(
            const bool hosts,
            is_there(tx, "SELECT 1 FROM cas_segment WHERE blob = ? LIMIT 1", sha256->view())
        );
        return hosts ? util::Result<bool>(true) : is_content_needed(tx, *sha256);
    }
    if (const auto xorb = storage::xorb_of_key(key)) {
        return is_there(
            tx, "SELECT 1 FROM cas_segment WHERE hash = ? AND encoding = 2", xorb->view()
        );
    }
    return true; // nothing that the collector knows
}

} // namespace railhub::collect
