// SPDX-License-Identifier: Apache-2.0
// Blobs over objects: hashing each block while the store writes it, comparing before anything
// becomes visible.
#include "core/storage/blobs.h"

#include "core/storage/detail/content_hash.h"
#include "core/storage/layout.h"

namespace railhub::storage {

namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;

const util::Sha256& empty_sha256() {
    static const util::Sha256 digest = util::sha256({});
    return digest;
}

class EmptyReader final : public ObjectReader {
  public:
    [[nodiscard]] std::uint64_t size() const override { return 0; }

    util::Result<std::size_t> read_at(std::uint64_t, std::span<std::uint8_t>) override {
        return std::size_t{0};
    }
};

util::Result<> compare(const types::BlobRef& got, const types::BlobRef& expected) {
    if (got.size != expected.size) {
        return util::fail(
            util::Code::InvalidInput,
            "wrong size: got " + std::to_string(got.size) + " bytes, expected " +
                std::to_string(expected.size),
            "send the file again"
        );
    }
    if (got.sha256 != expected.sha256) {
        return util::fail(
            util::Code::InvalidInput,
            "wrong hash: got sha256 '" + got.sha256.hex() + "', expected '" +
                expected.sha256.hex() + "'",
            "the bytes changed on their way or the file changed meanwhile; send it again"
        );
    }
    return {};
}

class HashingWriter final : public BlobWriter {
  public:
    HashingWriter(
        const util::Context& ctx,
        Blobs& blobs,
        std::unique_ptr<ObjectWriter> object,
        PackedFiles* packed,
        detail::HashHelpers& helpers,
        ChunkList chunks
    )
        : ctx_(ctx), blobs_(blobs), object_(std::move(object)), packed_(packed),
          content_(helpers, chunks) {}

    util::Result<std::span<std::uint8_t>> buffer() override {
        RAILHUB_TRY(const auto lent, object_->buffer());
        content_.lend(lent);
        return lent;
    }

    // The store may let a full block go at any time; it writes the blocks before this one while we
    // hash it.
    util::Result<> advance(std::size_t count) override {
        content_.take(count);
        return object_->advance(count);
    }

    util::Result<types::BlobRef> commit(const std::optional<types::BlobRef>& expected) override {
        const types::BlobRef got{content_.finish(), object_->size()};
        if (expected) {
            RAILHUB_TRY(compare(got, *expected));
        }
        if (got.size == 0) {
            return got;
        }
        if (packed_ != nullptr) {
            RAILHUB_TRY(const auto packed, packed_->size(ctx_, got.sha256));
            if (packed == got.size) {
                return got;
            }
        }
        RAILHUB_TRY(object_->publish(blob_key(got.sha256)));
        blobs_.note_right(ctx_, got.sha256);
        return got;
    }

    std::vector<xet::Leaf> take_chunks() override { return content_.take_chunks(); }

  private:
    util::Context ctx_;
    Blobs& blobs_;
    std::unique_ptr<ObjectWriter> object_;
    PackedFiles* packed_;
    detail::ContentHash content_;
};

} // namespace

Blobs::Blobs(ObjectStore& store)
    : store_(store), helpers_(std::make_unique<detail::HashHelpers>()) {}

Blobs::~Blobs() = default;

util::Result<std::unique_ptr<BlobWriter>>
Blobs::begin(const util::Context& ctx, std::uint64_t size_hint, ChunkList chunks) {
    RAILHUB_TRY(auto object, store_.begin(ctx, size_hint));
    return std::unique_ptr<BlobWriter>(
        std::make_unique<HashingWriter>(ctx, *this, std::move(object), packed_, *helpers_, chunks)
    );
}

util::Result<std::shared_ptr<ObjectReader>>
Blobs::open(const util::Context& ctx, const util::Sha256& sha256) {
    if (sha256 == empty_sha256()) {
        return std::shared_ptr<ObjectReader>(std::make_shared<EmptyReader>());
    }
    auto reader = store_.open(ctx, blob_key(sha256));
    if (reader.ok()) {
        return packed_ != nullptr ? packed_->guard(sha256, *std::move(reader)) : std::move(reader);
    }
    if (reader.error().code == util::Code::NotFound && packed_ != nullptr) {
        reader = packed_->open(ctx, sha256);
    }
    if (!reader.ok() && reader.error().code == util::Code::NotFound) {
        return util::fail(util::Code::NotFound, "no blob '" + sha256.hex() + "'");
    }
    return reader;
}

util::Result<std::optional<std::uint64_t>>
Blobs::size(const util::Context& ctx, const util::Sha256& sha256) {
    if (sha256 == empty_sha256()) {
        return std::optional<std::uint64_t>(0);
    }
    RAILHUB_TRY(const auto loose, store_.size(ctx, blob_key(sha256)));
    if (loose || packed_ == nullptr) {
        return loose;
    }
    return packed_->size(ctx, sha256);
}

void Blobs::note_right(const util::Context& ctx, const util::Sha256& sha256) {
    if (packed_ == nullptr) {
        return;
    }
    if (const auto reader = store_.open(ctx, blob_key(sha256)); reader.ok()) {
        packed_->note_right(sha256, **reader);
    }
}

util::Result<> Blobs::remove(const util::Context& ctx, const util::Sha256& sha256) {
    return store_.remove(ctx, blob_key(sha256));
}

util::Result<> Blobs::verify(const util::Context& ctx, const util::Sha256& sha256) {
    auto loose = store_.open(ctx, blob_key(sha256)); // without guard: all is read here anyway
    const bool is_loose = loose.ok();
    RAILHUB_TRY(const auto reader, is_loose ? std::move(loose) : open(ctx, sha256));
    util::Sha256Hasher hasher;
    util::Bytes block(kReadBytes);
    for (std::uint64_t offset = 0; offset < reader->size();) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::size_t got, reader->read_at(offset, block));
        if (got == 0) {
            break; // shorter than it was: the hash tells
        }
        hasher.update(util::ByteView(block).first(got));
        offset += got;
    }
    const util::Sha256 found = hasher.finish();
    if (found == sha256) {
        if (is_loose && packed_ != nullptr) {
            packed_->note_right(sha256, *reader);
        }
        return {};
    }
    return util::fail(
        util::Code::Corrupt,
        "blob '" + sha256.hex() + "' is damaged: its bytes hash to '" + found.hex() + "'",
        "restore the file from a backup, or remove it and upload it again"
    );
}

util::Result<> Blobs::list(
    const util::Context& ctx, const std::function<util::Result<>(const types::BlobRef&)>& visit
) {
    return store_.list(ctx, kBlobPrefix, [&](const ObjectInfo& info) {
        const auto sha256 = blob_of_key(info.key);
        return sha256 ? visit({*sha256, info.size}) : util::Result<>();
    });
}

} // namespace railhub::storage
