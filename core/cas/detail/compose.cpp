// SPDX-License-Identifier: Apache-2.0
// Composing: find what is here, pack the rest, read all of it back.
#include "core/cas/detail/compose.h"

#include "core/storage/layout.h"

namespace railhub::cas::detail {

namespace {

// Below that there is nothing to win.
constexpr std::uint64_t kWorthwhileBytes = std::uint64_t{1} << 20;
// A xorb is built in memory.
constexpr std::size_t kComposedXorbBytes = std::size_t{16} << 20;
// One look in that many chunks tells the scheme.
constexpr std::size_t kSchemeEvery = 32;
constexpr std::size_t kCompareBlock = std::size_t{1} << 20;

bool is_worthwhile(std::span<const Stretch> stretches, std::span<const xet::Leaf> chunks) {
    std::uint64_t total = 0;
    std::uint64_t here = 0;
    for (const Stretch& stretch : stretches) {
        for (std::size_t i = stretch.first; i < stretch.end; ++i) {
            total += chunks[i].size;
            here += stretch.segment != nullptr ? chunks[i].size : 0;
        }
    }
    return here > 0 && here * 2 >= total;
}

class Composing {
  public:
    Composing(
        const util::Context& ctx,
        Parts& parts,
        std::span<const xet::Leaf> chunks,
        storage::ObjectReader& blob
    )
        : ctx_(ctx), parts_(parts), chunks_(chunks), blob_(blob) {}

    util::Result<std::vector<RecipeTerm>> run(std::span<const Stretch> stretches) {
        for (const Stretch& stretch : stretches) {
            if (stretch.segment != nullptr) {
                add_known(stretch);
            } else {
                RAILHUB_TRY(add_new(stretch));
            }
        }
        RAILHUB_TRY(close_xorb());
        return std::move(terms_);
    }

  private:
    void add_known(const Stretch& stretch) {
        const auto end = stretch.in_segment + static_cast<std::uint32_t>(stretch.count());
        const std::uint32_t unpacked =
            stretch.segment->chunk_begin(end) - stretch.segment->chunk_begin(stretch.in_segment);
        terms_.push_back({stretch.segment->row.record.row, stretch.in_segment, end, unpacked});
        offset_ += unpacked;
    }

    util::Result<> add_new(const Stretch& stretch) {
        for (std::size_t i = stretch.first; i < stretch.end; ++i) {
            RAILHUB_TRY(ctx_.check_stop());
            const auto size = static_cast<std::uint32_t>(chunks_[i].size);
            if (builder_bytes_ + size > kComposedXorbBytes || !builder_.fits(size)) {
                RAILHUB_TRY(close_xorb());
            }
            RAILHUB_TRY(read_chunk(size));
            if (packed_++ % kSchemeEvery == 0) {
                scheme_ = xet::likely_scheme(chunk_);
            }
            if (i == stretch.first || builder_.chunk_count() == 0) {
                open_terms_.push_back(terms_.size());
                const auto at = static_cast<std::uint32_t>(builder_.chunk_count());
                terms_.push_back({0, at, at, 0});
            }
            builder_.add(chunk_, chunks_[i].hash, scheme_);
            builder_bytes_ += size;
            ++terms_.back().end;
            terms_.back().unpacked += size;
            offset_ += size;
        }
        return {};
    }

    util::Result<> read_chunk(std::uint32_t size) {
        chunk_.resize(size);
        for (std::size_t filled = 0; filled < size;) {
            RAILHUB_TRY(
                const std::size_t got,
                blob_.read_at(offset_ + filled, std::span(chunk_).subspan(filled))
            );
            if (got == 0) {
                return util::fail(util::Code::Corrupt, "a blob ends before its chunks do");
            }
            filled += got;
        }
        return {};
    }

    // Takes the same way as a xorb of a peer: verified, durable, then its row.
    util::Result<> close_xorb() {
        if (builder_.chunk_count() == 0) {
            return {};
        }
        const xet::XorbBuilder::Built built = builder_.take();
        builder_bytes_ = 0;
        RAILHUB_TRY(auto writer, parts_.store().begin(ctx_, built.body.size()));
        const auto intake = make_intake(ctx_, parts_, built.layout.hash, std::move(writer));
        RAILHUB_TRY(intake->write(built.body));
        RAILHUB_TRY(intake->commit());
        RAILHUB_TRY(auto tx, parts_.database.begin_read(ctx_));
        RAILHUB_TRY(const auto row, find_segment_row(*tx, built.layout.hash));
        if (!row) {
            return util::fail(util::Code::Unavailable, "a xorb was removed while it was used");
        }
        for (const std::size_t term : open_terms_) {
            terms_[term].segment = row->record.row;
        }
        open_terms_.clear();
        return {};
    }

    const util::Context& ctx_;
    Parts& parts_;
    std::span<const xet::Leaf> chunks_;
    storage::ObjectReader& blob_;
    std::uint64_t offset_ = 0;
    std::vector<RecipeTerm> terms_;
    std::vector<std::size_t> open_terms_; // in the xorb being built
    xet::XorbBuilder builder_;
    std::size_t builder_bytes_ = 0;
    util::Bytes chunk_;
    std::size_t packed_ = 0;
    xet::Scheme scheme_ = xet::Scheme::Lz4;
};

util::Result<bool> is_same(
    const util::Context& ctx,
    Parts& parts,
    const std::vector<RecipeTerm>& terms,
    const types::BlobRef& blob
) {
    const auto reader = make_packed_reader(parts, Recipe(terms), ChunkCheck::None);
    if (reader->size() != blob.size) {
        return false;
    }
    util::Sha256Hasher hasher;
    util::Bytes block(kCompareBlock);
    for (std::uint64_t offset = 0; offset < blob.size;) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::size_t got, reader->read_at(offset, block));
        hasher.update(util::ByteView(block).first(got));
        offset += got;
    }
    return hasher.finish() == blob.sha256;
}

// Something stored is damaged or was removed meanwhile.
bool is_ours(const util::Error& error) {
    return error.code == util::Code::Corrupt || error.code == util::Code::Unavailable ||
           error.code == util::Code::NotFound;
}

} // namespace

util::Result<std::optional<std::vector<RecipeTerm>>> compose(
    const util::Context& ctx,
    Parts& parts,
    const types::BlobRef& blob,
    std::span<const xet::Leaf> chunks
) {
    std::optional<std::vector<RecipeTerm>> nothing;
    const bool may_be_worthwhile =
        blob.size >= kWorthwhileBytes &&
        std::any_of(chunks.begin(), chunks.end(), [&](const xet::Leaf& chunk) {
            return parts.heads.contains(chunk.hash.head());
        });
    if (!may_be_worthwhile) {
        return nothing;
    }
    const std::lock_guard lock(parts.composing);
    std::vector<Stretch> stretches;
    {
        RAILHUB_TRY(auto tx, parts.database.begin_read(ctx));
        RAILHUB_TRY(stretches, find_duplicates(ctx, parts, *tx, chunks));
    }
    if (!is_worthwhile(stretches, chunks)) {
        return nothing;
    }
    auto loose = parts.store().open(ctx, storage::blob_key(blob.sha256));
    if (!loose.ok()) {
        return loose.error().code == util::Code::NotFound
                   ? util::Result<std::optional<std::vector<RecipeTerm>>>(nothing)
                   : std::move(loose).error();
    }
    Composing composing(ctx, parts, chunks, **loose);
    auto terms = composing.run(stretches);
    util::Result<bool> is_whole = terms.ok() ? is_same(ctx, parts, *terms, blob) : terms.error();
    if (!is_whole.ok() && is_ours(is_whole.error())) {
        ctx.log.warn(
            "cannot reuse stored chunks",
            {{"blob", blob.sha256.hex()}, {"error", util::to_line(is_whole.error())}}
        );
        return nothing; // the blob itself is sound
    }
    RAILHUB_TRY(const bool is_right, std::move(is_whole));
    return is_right ? std::optional(*std::move(terms)) : nothing;
}

} // namespace railhub::cas::detail
