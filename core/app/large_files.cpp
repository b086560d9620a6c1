// SPDX-License-Identifier: Apache-2.0
// Notes who uploaded which blob to which repo.
#include "core/app/large_files.h"

#include "core/app/locate.h"

namespace railhub::app {

util::Result<> note_upload(
    const util::Context& ctx,
    Deps& deps,
    std::int64_t repo_row,
    std::int64_t account,
    const types::BlobRef& blob
) {
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx));
    // Under the write lock: whoever collects garbage removes blobs under it, and from here on this
    // one is referred to.
    RAILHUB_TRY(const auto size, deps.blobs.size(ctx, blob.sha256));
    if (size != blob.size) {
        return util::fail(
            util::Code::Unavailable,
            "blob '" + blob.sha256.hex() + "' was removed while it was received",
            "send it again"
        );
    }
    RAILHUB_TRY(
        auto insert,
        tx->prepare("INSERT INTO lfs_upload (repo, sha256, size, account, uploaded_ms) "
                    "VALUES (?, ?, ?, ?, ?) ON CONFLICT (repo, sha256) DO UPDATE "
                    "SET account = excluded.account, uploaded_ms = excluded.uploaded_ms")
    );
    insert.bind(repo_row, blob.sha256.view(), blob.size, account);
    RAILHUB_TRY(insert.bind(util::to_millis(ctx.clock.now())).run());
    return tx->commit();
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
