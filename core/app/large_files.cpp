// SPDX-License-Identifier: Apache-2.0
// Notes who uploaded which blob to which repo.
#include "core/app/large_files.h"

#include "core/app/locate.h"
#include "core/xet/chunk_lister.h"

namespace railhub::app {

namespace {

constexpr std::size_t kListBlock = std::size_t{1} << 20;

util::Result<std::vector<xet::Leaf>>
list_chunks(const util::Context& ctx, Deps& deps, const types::BlobRef& blob) {
    {
        RAILHUB_TRY(auto tx, deps.database.begin_read(ctx));
        RAILHUB_TRY(const auto known, deps.engine.find_file(*tx, blob.sha256));
        if (known) {
            return deps.engine.chunks_of(ctx, *tx, *known);
        }
    }
    RAILHUB_TRY(const auto reader, deps.blobs.open(ctx, blob.sha256));
    xet::ChunkLister lister;
    util::Bytes block(kListBlock);
    for (std::uint64_t offset = 0; offset < reader->size();) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::size_t got, reader->read_at(offset, block));
        if (got == 0) {
            break; // the list does not fit the size: refused
        }
        lister.update(util::ByteView(block).first(got));
        offset += got;
    }
    return lister.finish();
}

// An upload noted that short a time ago need not be noted again.
constexpr std::int64_t kFreshMillis = std::int64_t{60} * 60 * 1000;

util::Result<bool> is_fresh(
    const util::Context& ctx, db::Transaction& tx, std::int64_t repo_row, const types::BlobRef& blob
) {
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT 1 FROM lfs_upload WHERE repo = ? AND sha256 = ? AND uploaded_ms > ?")
    );
    const std::int64_t since = util::to_millis(ctx.clock.now()) - kFreshMillis;
    return rows.bind(repo_row, blob.sha256.view(), since).step();
}

// False when the bytes are not there. Whatever a row names stays; the lock is held from the look to
// the row.
util::Result<bool> note_again(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    std::int64_t repo_row,
    const types::BlobRef& blob
) {
    RAILHUB_TRY(const auto size, deps.blobs.size(ctx, blob.sha256));
    if (size != blob.size) {
        return false;
    }
    RAILHUB_TRY(
        auto insert,
        tx.prepare("INSERT INTO lfs_upload (repo, sha256, size, account, uploaded_ms) "
                   "VALUES (?, ?, ?, 0, ?) ON CONFLICT (repo, sha256) DO UPDATE "
                   "SET uploaded_ms = excluded.uploaded_ms")
    );
    insert.bind(repo_row, blob.sha256.view(), blob.size);
    RAILHUB_TRY(insert.bind(util::to_millis(ctx.clock.now())).run());
    return true;
}

} // namespace

util::Result<> register_upload(
    const util::Context& ctx,
    Deps& deps,
    const cas::Uploader& uploader,
    const types::BlobRef& blob,
    std::vector<xet::Leaf> chunks
) {
    if (chunks.empty() && blob.size > 0) {
        RAILHUB_TRY(chunks, list_chunks(ctx, deps, blob));
    }
    RAILHUB_TRY(deps.engine.register_blob(ctx, blob, chunks, uploader));
    return {};
}

util::Result<bool> is_here(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    std::int64_t repo_row,
    const types::BlobRef& blob
) {
    RAILHUB_TRY(const bool may, may_link_own(tx, repo_row, blob.sha256));
    if (!may) {
        return false;
    }
    RAILHUB_TRY(const auto size, deps.blobs.size(ctx, blob.sha256));
    RAILHUB_TRY(const bool is_noted, is_fresh(ctx, tx, repo_row, blob));
    if (!size || is_noted || blob.size == 0) {
        return size.has_value();
    }
    // Lost with the power, it would be answered anew: no need to wait for the disk.
    RAILHUB_TRY(auto note, deps.database.begin_write(ctx, db::Durability::Relaxed));
    RAILHUB_TRY(const bool is_kept, note_again(ctx, deps, *note, repo_row, blob));
    if (is_kept) {
        RAILHUB_TRY(note->commit());
    }
    return is_kept;
}

} // namespace railhub::app
