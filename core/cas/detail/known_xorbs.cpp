// SPDX-License-Identifier: Apache-2.0
// Which xorbs a shard may refer to. Without this a shard would be a question that tells whether
// somebody else has some content: it would be taken if so, and refused if not.
#include "core/cas/detail/parts.h"

namespace railhub::cas::detail {

namespace {

util::Result<bool> is_known_to(db::Transaction& tx, std::int64_t segment, std::int64_t account) {
    RAILHUB_TRY(
        auto row, tx.prepare("SELECT 1 FROM cas_known_segment WHERE segment = ? AND account = ?")
    );
    return row.bind(segment, account).step();
}

util::Result<bool> is_known_to_anybody(db::Transaction& tx, std::int64_t segment) {
    RAILHUB_TRY(auto row, tx.prepare("SELECT 1 FROM cas_known_segment WHERE segment = ? LIMIT 1"));
    return row.bind(segment).step();
}

// Those of the xorbs that are here and that the account does not know yet.
util::Result<std::vector<std::int64_t>>
news_of(db::Transaction& tx, std::int64_t account, std::span<const xet::Hash> xorbs) {
    std::vector<std::int64_t> news;
    for (const xet::Hash& xorb : xorbs) {
        RAILHUB_TRY(const auto row, find_segment_row(tx, xorb));
        if (!row) {
            continue;
        }
        RAILHUB_TRY(const bool is_known, is_known_to(tx, row->record.row, account));
        if (!is_known) {
            news.push_back(row->record.row);
        }
    }
    return news;
}

} // namespace

util::Result<std::vector<std::int64_t>> repos_of(db::Transaction& tx, std::int64_t segment) {
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT l.repo FROM cas_file_segment s JOIN cas_file f ON f.id = s.file "
                   "JOIN lfs_link l ON l.sha256 = f.sha256 WHERE s.segment = ? UNION "
                   "SELECT u.repo FROM cas_file_segment s JOIN cas_file f ON f.id = s.file "
                   "JOIN lfs_upload u ON u.sha256 = f.sha256 WHERE s.segment = ?")
    );
    rows.bind(segment, segment);
    std::vector<std::int64_t> repos;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return repos;
        }
        repos.push_back(rows.integer(0));
    }
}

util::Result<bool> may_refer(db::Transaction& tx, std::int64_t segment, const Uploader& uploader) {
    if (!uploader.visible) {
        return true;
    }
    RAILHUB_TRY(const bool is_known, is_known_to(tx, segment, uploader.account));
    if (is_known) {
        return true;
    }
    RAILHUB_TRY(const auto repos, repos_of(tx, segment));
    for (const std::int64_t repo : repos) {
        RAILHUB_TRY(const bool may, uploader.visible(tx, repo));
        if (may) {
            return true;
        }
    }
    if (!repos.empty()) {
        return false;
    }
    // Nobody's by now: a client may still have an older answer that names it.
    RAILHUB_TRY(const bool is_claimed, is_known_to_anybody(tx, segment));
    return !is_claimed;
}

util::Result<> note_known(
    const util::Context& ctx, Parts& parts, std::int64_t account, std::span<const xet::Hash> xorbs
) {
    {
        RAILHUB_TRY(auto tx, parts.database.begin_read(ctx));
        RAILHUB_TRY(const auto news, news_of(*tx, account, xorbs));
        if (news.empty()) {
            return {};
        }
    }
    RAILHUB_TRY(auto tx, parts.database.begin_write(ctx));
    RAILHUB_TRY(const auto news, news_of(*tx, account, xorbs));
    for (const std::int64_t segment : news) {
        RAILHUB_TRY(
            auto insert,
            tx->prepare("INSERT INTO cas_known_segment (segment, account) VALUES (?, ?) "
                        "ON CONFLICT (segment, account) DO NOTHING")
        );
        RAILHUB_TRY(insert.bind(segment, account).run());
    }
    return tx->commit();
}

} // namespace railhub::cas::detail
