// SPDX-License-Identifier: Apache-2.0
// Readers of objects as they lie on disk: read once and compared with their hashes before they are
// served, again when the file system says that they changed. Afterwards they are plain files again.
#include "core/cas/detail/parts.h"
#include "core/storage/layout.h"

namespace railhub::cas::detail {

namespace {

// Up to here an object is verified when it is opened; above, as far as it is read.
constexpr std::uint64_t kAtOnceBytes = std::uint64_t{64} << 20;
constexpr std::size_t kGuardBlock = std::size_t{1} << 20;

util::Error damaged_object(const std::string& key) {
    return util::fail(
        util::Code::Corrupt,
        "object '" + key + "' is damaged: its bytes are not what they were",
        "restore the file from a backup, or remove it and upload it again"
    );
}

util::Result<> fill_block(
    storage::ObjectReader& reader,
    std::uint64_t offset,
    std::span<std::uint8_t> into,
    const std::string& key
) {
    while (!into.empty()) {
        RAILHUB_TRY(const std::size_t got, reader.read_at(offset, into));
        if (got == 0) {
            return damaged_object(key);
        }
        into = into.subspan(got);
        offset += got;
    }
    return {};
}

// A loose blob; its units are the terms of its recipe, or all of it.
class GuardedBlob final : public storage::ObjectReader {
  public:
    GuardedBlob(
        Parts& parts,
        const util::Sha256& sha256,
        Recipe recipe,
        std::shared_ptr<storage::ObjectReader> plain,
        std::shared_ptr<Verified> verified
    )
        : parts_(parts), sha256_(sha256), key_(storage::blob_key(sha256)),
          recipe_(std::move(recipe)), plain_(std::move(plain)), verified_(std::move(verified)) {}

    [[nodiscard]] std::uint64_t size() const override { return plain_->size(); }

    util::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) override {
        if (offset >= size()) {
            return std::size_t{0};
        }
        const std::uint64_t end = offset + std::min<std::uint64_t>(into.size(), size() - offset);
        if (stamp_of(*plain_) != verified_->stamp) {
            return damaged_object(key_);
        }
        RAILHUB_TRY(verify(offset, end));
        return plain_->read_at(offset, into);
    }

    util::Result<> verify(std::uint64_t begin, std::uint64_t end) {
        const std::lock_guard lock(verified_->mutex);
        if (verified_->is_whole) {
            return {};
        }
        if (recipe_.size() != size()) { // not registered: its SHA-256 is all there is
            RAILHUB_TRY(verify_sha256());
            verified_->is_whole = true;
            return {};
        }
        verified_->units.resize(recipe_.terms().size());
        for (std::size_t i = recipe_.term_at(begin);
             i < recipe_.terms().size() && recipe_.begin_of(i) < end;
             ++i) {
            if (!verified_->units[i]) {
                RAILHUB_TRY(verify_term(i));
                verified_->units[i] = true;
            }
        }
        verified_->is_whole = std::find(verified_->units.begin(), verified_->units.end(), false) ==
                              verified_->units.end();
        return {};
    }

  private:
    util::Result<> verify_sha256() {
        util::Sha256Hasher hasher;
        util::Bytes block(std::min<std::uint64_t>(kGuardBlock, size()));
        for (std::uint64_t offset = 0; offset < size();) {
            const auto part =
                std::span(block).first(std::min<std::uint64_t>(block.size(), size() - offset));
            RAILHUB_TRY(fill_block(*plain_, offset, part, key_));
            hasher.update(part);
            offset += part.size();
        }
        return hasher.finish() == sha256_ ? util::Result<>() : damaged_object(key_);
    }

    util::Result<> verify_term(std::size_t index) {
        const RecipeTerm& term = recipe_.terms()[index];
        SegmentPtr segment;
        {
            RAILHUB_TRY(auto tx, parts_.database.begin_read(parts_.ctx));
            RAILHUB_TRY(const SegmentRow row, segment_row(*tx, term.segment));
            RAILHUB_TRY(segment, parts_.cache.get(*tx, row));
        }
        util::Bytes chunk;
        std::uint64_t offset = recipe_.begin_of(index);
        for (std::size_t i = term.first;
             i < std::min<std::size_t>(term.end, segment->chunks.size());
             ++i) {
            chunk.resize(segment->chunk_size(i));
            RAILHUB_TRY(fill_block(*plain_, offset, chunk, key_));
            if (xet::chunk_hash(chunk) != segment->chunks[i].hash) {
                return damaged_object(key_);
            }
            offset += chunk.size();
        }
        return offset == recipe_.end_of(index) ? util::Result<>() : damaged_object(key_);
    }

    Parts& parts_;
    const util::Sha256 sha256_;
    const std::string key_;
    const Recipe recipe_;
    const std::shared_ptr<storage::ObjectReader> plain_;
    const std::shared_ptr<Verified> verified_;
};

util::Result<Recipe> recipe_of(Parts& parts, const types::BlobRef& blob) {
    RAILHUB_TRY(auto tx, parts.database.begin_read(parts.ctx));
    RAILHUB_TRY(const auto files, file_rows(*tx, blob.sha256));
    if (files.empty() || files.front().blob.size != blob.size) {
        return Recipe({});
    }
    RAILHUB_TRY(auto terms, load_terms(*tx, files.front().row));
    return Recipe(std::move(terms));
}

util::Result<> verify_xorb_object(storage::ObjectReader& reader, const Segment& segment) {
    const std::string key = segment_key(segment.row);
    xet::XorbVerifier verifier;
    util::Bytes block(std::min<std::uint64_t>(kGuardBlock, reader.size()));
    for (std::uint64_t offset = 0; offset < reader.size();) {
        const auto part =
            std::span(block).first(std::min<std::uint64_t>(block.size(), reader.size() - offset));
        RAILHUB_TRY(fill_block(reader, offset, part, key));
        if (!verifier.update(part).ok()) {
            return damaged_object(key);
        }
        offset += part.size();
    }
    const auto layout = verifier.finish();
    return layout.ok() && layout->chunks == segment.chunks ? util::Result<>() : damaged_object(key);
}

} // namespace

util::Result<std::shared_ptr<storage::ObjectReader>>
guard_blob(Parts& parts, const util::Sha256& sha256, std::shared_ptr<storage::ObjectReader> plain) {
    const auto stamp = stamp_of(*plain);
    if (!stamp) {
        return plain;
    }
    const std::string key = storage::blob_key(sha256);
    if (stamp->size != plain->size()) {
        return damaged_object(key);
    }
    auto verified = parts.guard.of(key, *stamp);
    {
        const std::lock_guard lock(verified->mutex);
        if (verified->is_whole) {
            return plain;
        }
    }
    RAILHUB_TRY(Recipe recipe, recipe_of(parts, {sha256, plain->size()}));
    auto guarded =
        std::make_shared<GuardedBlob>(parts, sha256, std::move(recipe), plain, std::move(verified));
    if (plain->size() > kAtOnceBytes) {
        return std::shared_ptr<storage::ObjectReader>(std::move(guarded));
    }
    RAILHUB_TRY(guarded->verify(0, plain->size()));
    return plain;
}

util::Result<> guard_xorb(Parts& parts, const Segment& segment, storage::ObjectReader& plain) {
    const auto stamp = stamp_of(plain);
    if (!stamp) {
        return {};
    }
    const std::string key = segment_key(segment.row);
    if (stamp->size != plain.size()) {
        return damaged_object(key);
    }
    const auto verified = parts.guard.of(key, *stamp);
    const std::lock_guard lock(verified->mutex);
    if (!verified->is_whole) {
        RAILHUB_TRY(verify_xorb_object(plain, segment));
        verified->is_whole = true;
    }
    return {};
}

} // namespace railhub::cas::detail
