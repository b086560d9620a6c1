// SPDX-License-Identifier: Apache-2.0
// Loose blobs as recipes: cut into segments, each of them an extent of the blob.
#include "core/cas/detail/compose.h"
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
        RAILHUB_TRY(const auto composed, compose_unless_known(file.hash));
        RAILHUB_TRY(auto tx, parts_.database.begin_write(ctx_));
        now_ms_ = util::to_millis(ctx_.clock.now());
        RAILHUB_TRY(const auto known, find_known(*tx, file.hash));
        bool is_composed = false;
        if (known) {
            file = *known;
        } else {
            RAILHUB_TRY(is_composed, are_here(*tx, composed));
            auto row = is_composed ? enter_composed(*tx, file, *composed)
                                   : enter_loose(*tx, file, extents);
            RAILHUB_TRY(file.row, std::move(row));
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
        if (is_composed) {
            tx.reset();
            drop_loose();
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

    util::Result<std::optional<std::vector<RecipeTerm>>> compose_unless_known(const xet::Hash& hash
    ) {
        {
            RAILHUB_TRY(auto tx, parts_.database.begin_read(ctx_));
            RAILHUB_TRY(const auto known, find_file_row(*tx, hash));
            if (known) {
                return std::optional<std::vector<RecipeTerm>>();
            }
        }
        return compose(ctx_, parts_, blob_, chunks_);
    }

    // Are there terms, and nothing of them was removed meanwhile?
    util::Result<bool>
    are_here(db::Transaction& tx, const std::optional<std::vector<RecipeTerm>>& terms) {
        if (!terms) {
            return false;
        }
        for (const std::int64_t segment : distinct_segments(*terms)) {
            RAILHUB_TRY(const auto row, find_segment_row(tx, segment));
            bool is_here = row.has_value();
            if (is_here) {
                RAILHUB_TRY(is_here, is_backed(ctx_, parts_.store(), *row));
            }
            if (!is_here) {
                return false;
            }
        }
        return true;
    }

    util::Result<std::int64_t> enter_composed(
        db::Transaction& tx, const FileRecord& file, const std::vector<RecipeTerm>& terms
    ) {
        std::size_t chunk = 0;
        for (const RecipeTerm& term : terms) {
            const std::size_t end = chunk + (term.end - term.first);
            note_eligible(chunk, end, term.segment);
            chunk = end;
        }
        return insert_file(tx, file, terms, eligible_, now_ms_);
    }

    // The recipe is durable. Somebody else may have registered the same content otherwise: his
    // segments keep the blob. What cannot be removed now is left to the garbage collector.
    void drop_loose() {
        const auto drop = [this]() -> util::Result<> {
            RAILHUB_TRY(auto tx, parts_.database.begin_write(ctx_));
            RAILHUB_TRY(auto rows, tx->prepare("SELECT 1 FROM cas_segment WHERE blob = ? LIMIT 1"));
            RAILHUB_TRY(const bool is_used, rows.bind(blob_.sha256.view()).step());
            return is_used ? util::Result<>() : parts_.blobs.remove(ctx_, blob_.sha256);
        };
        const auto dropped = drop();
        if (!dropped.ok()) {
            ctx_.log.warn(
                "cannot remove a blob that is stored as chunks",
                {{"blob", blob_.sha256.hex()}, {"error", util::to_line(dropped.error())}}
            );
        }
    }

    util::Result<std::int64_t>
    enter_loose(db::Transaction& tx, const FileRecord& file, const std::vector<Extent>& extents) {
        std::vector<RecipeTerm> terms;
        for (const Extent& extent : extents) {
            RAILHUB_TRY(const std::int64_t segment, enter_segment(tx, extent));
            const auto count = static_cast<std::uint32_t>(extent.end - extent.first);
            terms.push_back({segment, 0, count, extent.unpacked});
            note_eligible(extent.first, extent.end, segment);
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

    void note_eligible(std::size_t first, std::size_t end, std::int64_t segment) {
        for (std::size_t i = first; i < end; ++i) {
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
