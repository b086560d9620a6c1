// SPDX-License-Identifier: Apache-2.0
// Loose blobs as recipes: cut into segments, each of them an extent of the blob.
#include "core/cas/detail/parts.h"
#include "core/storage/layout.h"
#include "core/xet/chunker.h"

namespace railhub::cas::detail {

namespace {

// A segment to be: these chunks of the list.
struct Extent {
    std::size_t first = 0;
    std::size_t end = 0;
    std::uint64_t offset = 0; // in the blob
    std::uint32_t unpacked = 0;
    xet::Hash hash;

    [[nodiscard]] std::uint64_t stored() const {
        return xet::virtual_offset(unpacked, end - first);
    }
};

util::Result<> check_chunks(const types::BlobRef& blob, std::span<const xet::Leaf> chunks) {
    std::uint64_t total = 0;
    bool is_sound = true;
    for (const xet::Leaf& chunk : chunks) {
        is_sound = is_sound && chunk.size >= 1 && chunk.size <= xet::kMaxChunk;
        total += chunk.size;
    }
    if (!is_sound || total != blob.size) {
        return util::fail(
            util::Code::InvalidInput,
            "the chunk list of blob '" + blob.sha256.hex() + "' does not fit its size"
        );
    }
    return {};
}

// As many chunks as a xorb may hold, again and again.
std::vector<Extent> cut(std::span<const xet::Leaf> chunks) {
    std::vector<Extent> extents;
    std::uint64_t offset = 0;
    for (std::size_t at = 0; at < chunks.size();) {
        Extent extent{at, at, offset, 0, {}};
        while (extent.end < chunks.size() && extent.end - extent.first < xet::kMaxXorbChunks) {
            const std::uint64_t size = chunks[extent.end].size;
            if (xet::virtual_offset(extent.unpacked + size, extent.end + 1 - extent.first) >
                xet::kMaxXorbBytes) {
                break;
            }
            extent.unpacked += static_cast<std::uint32_t>(size);
            ++extent.end;
        }
        extent.hash = xet::merkle_root(chunks.subspan(extent.first, extent.end - extent.first));
        at = extent.end;
        offset += extent.unpacked;
        extents.push_back(extent);
    }
    return extents;
}

std::vector<xet::XorbChunk> plain_layout(std::span<const xet::Leaf> chunks) {
    std::vector<xet::XorbChunk> layout;
    layout.reserve(chunks.size());
    xet::XorbChunk end;
    for (const xet::Leaf& chunk : chunks) {
        end.hash = chunk.hash;
        end.uncompressed_end += static_cast<std::uint32_t>(chunk.size);
        end.serialized_end += static_cast<std::uint32_t>(chunk.size + xet::kRecordHeader);
        layout.push_back(end);
    }
    return layout;
}

class BlobRegistration {
  public:
    BlobRegistration(
        const util::Context& ctx,
        Parts& parts,
        const types::BlobRef& blob,
        std::span<const xet::Leaf> chunks
    )
        : ctx_(ctx), parts_(parts), blob_(blob), chunks_(chunks) {}

    util::Result<FileRecord> run(const std::optional<Uploader>& uploader) {
        FileRecord file{0, xet::file_hash(chunks_), blob_};
        const std::vector<Extent> extents = cut(chunks_);
        RAILHUB_TRY(auto tx, parts_.database.begin_write(ctx_));
        now_ms_ = util::to_millis(ctx_.clock.now());
        RAILHUB_TRY(const auto known, find_known(*tx, file.hash));
        if (known) {
            file = *known;
        } else {
            RAILHUB_TRY(file.row, enter(*tx, file, extents));
        }
        if (uploader) {
            RAILHUB_TRY(note_uploader(*tx, *uploader, blob_, now_ms_));
        }
        if (uploader || !known) {
            RAILHUB_TRY(tx->commit());
        }
        for (const EligibleChunk& chunk : eligible_) {
            parts_.heads.insert(chunk.hash.head());
        }
        return file;
    }

  private:
    // The file when there is nothing to enter. Under the write lock: what is here now stays.
    util::Result<std::optional<FileRecord>> find_known(db::Transaction& tx, const xet::Hash& hash) {
        RAILHUB_TRY(const auto size, parts_.blobs.size(ctx_, blob_.sha256));
        if (size != blob_.size) {
            return util::fail(
                util::Code::Unavailable,
                "blob '" + blob_.sha256.hex() + "' was removed while it was received",
                "send it again"
            );
        }
        RAILHUB_TRY(auto known, find_file_row(tx, hash));
        RAILHUB_TRY(const auto loose, parts_.store().size(ctx_, storage::blob_key(blob_.sha256)));
        if (known || loose || blob_.size == 0) {
            return known;
        }
        RAILHUB_TRY(const auto packed, file_rows(tx, blob_.sha256)); // cut by another chunker
        return packed.empty() ? std::nullopt : std::optional(packed.front());
    }

    util::Result<std::int64_t>
    enter(db::Transaction& tx, const FileRecord& file, const std::vector<Extent>& extents) {
        std::vector<RecipeTerm> terms;
        for (const Extent& extent : extents) {
            RAILHUB_TRY(const std::int64_t segment, enter_segment(tx, extent));
            const auto count = static_cast<std::uint32_t>(extent.end - extent.first);
            terms.push_back({segment, 0, count, extent.unpacked});
            note_eligible(extent, segment);
        }
        return insert_file(tx, file, terms, eligible_, now_ms_);
    }

    util::Result<std::int64_t> enter_segment(db::Transaction& tx, const Extent& extent) {
        const auto chunks = chunks_.subspan(extent.first, extent.end - extent.first);
        SegmentRow row;
        row.record.hash = extent.hash;
        row.record.chunk_count = static_cast<std::uint32_t>(chunks.size());
        row.record.unpacked = extent.unpacked;
        row.record.stored = extent.stored();
        row.record.layout = 1;
        row.encoding = Encoding::Loose;
        row.blob = blob_.sha256;
        row.blob_offset = extent.offset;
        row.used_ms = now_ms_;
        RAILHUB_TRY(const auto known, find_segment_row(tx, extent.hash));
        if (!known) {
            return insert_segment(tx, row, plain_layout(chunks));
        }
        RAILHUB_TRY(const bool is_here, is_backed(ctx_, parts_.store(), *known));
        if (!is_here) { // lost, and here again
            row.record.row = known->record.row;
            row.record.layout = known->record.layout + 1;
            RAILHUB_TRY(move_segment(tx, row, plain_layout(chunks)));
        }
        return known->record.row;
    }

    void note_eligible(const Extent& extent, std::int64_t segment) {
        for (std::size_t i = extent.first; i < extent.end; ++i) {
            if (i == 0 || xet::is_dedup_eligible(chunks_[i].hash)) {
                eligible_.push_back({chunks_[i].hash, segment});
            }
        }
    }

    const util::Context& ctx_;
    Parts& parts_;
    const types::BlobRef& blob_;
    std::span<const xet::Leaf> chunks_;
    std::int64_t now_ms_ = 0;
    std::vector<EligibleChunk> eligible_;
};

} // namespace

util::Result<FileRecord> register_blob(
    const util::Context& ctx,
    Parts& parts,
    const types::BlobRef& blob,
    std::span<const xet::Leaf> chunks,
    const std::optional<Uploader>& uploader
) {
    RAILHUB_TRY(check_chunks(blob, chunks));
    BlobRegistration registration(ctx, parts, blob, chunks);
    return registration.run(uploader);
}

} // namespace railhub::cas::detail
