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
    return size.has_value();
}

} // namespace railhub::app
