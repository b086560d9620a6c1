// SPDX-License-Identifier: Apache-2.0
// Blobs: whole files by SHA-256. A file is a loose object of an ObjectStore, or is put together by
// a source of packed files (the storage engine); readers see no difference.
#pragma once

#include "core/storage/object_store.h"
#include "core/types/blob_ref.h"
#include "core/xet/hash.h"

#include <memory>
#include <optional>

namespace railhub::storage {

namespace detail {
class HashHelpers;
}

// A blob being received: SHA-256 in the same pass, overlapped with the write. One thread. Letting
// it go without commit() discards it. For large bodies use buffer()/advance() (block_writer.h):
// recv into the lent block saves a copy; write() is right for everything small.
class BlobWriter : public BlockWriter {
  public:
    // Compares with `expected` (InvalidInput "wrong hash"/"wrong size" and nothing is stored), then
    // publishes. Without expectation returns what it was.
    // Content that a source of packed files has is not published: the bytes are let go.
    virtual util::Result<types::BlobRef> commit(const std::optional<types::BlobRef>& expected) = 0;
    // The chunks of the blob, in order; none unless asked for. After commit().
    virtual std::vector<xet::Leaf> take_chunks() = 0;
};

// Are the chunks listed in the same pass?
enum class ChunkList : std::uint8_t { Skip, Make };

// Files that are not loose objects. Safe from any thread. It never asks Blobs back.
class PackedFiles {
  public:
    virtual ~PackedFiles() = default;
    // NotFound when it does not have the file.
    virtual util::Result<std::shared_ptr<ObjectReader>>
    open(const util::Context& ctx, const util::Sha256& sha256) = 0;
    // Nothing when it does not have the file, or parts of it are gone.
    virtual util::Result<std::optional<std::uint64_t>>
    size(const util::Context& ctx, const util::Sha256& sha256) = 0;

    // What stands between a loose object and those who are served: the object itself when it is
    // known to be right, else a reader that verifies first. Corrupt when it is found wrong.
    virtual util::Result<std::shared_ptr<ObjectReader>>
    guard(const util::Sha256& sha256, std::shared_ptr<ObjectReader> loose) = 0;
    // The loose object was just written, or read and found right.
    virtual void note_right(const util::Sha256& sha256, const ObjectReader& loose) = 0;
};

// Safe from any thread. The ObjectStore is borrowed.
class Blobs {
  public:
    explicit Blobs(ObjectStore& store);
    ~Blobs();
    Blobs(const Blobs&) = delete;
    Blobs& operator=(const Blobs&) = delete;

    util::Result<std::unique_ptr<BlobWriter>>
    begin(const util::Context& ctx, std::uint64_t size_hint, ChunkList chunks = ChunkList::Skip);
    // The loose object, else the packed file. NotFound when absent. The empty blob is always there.
    // Where a source of packed files stands guard, damaged bytes are Corrupt, here or when read.
    util::Result<std::shared_ptr<ObjectReader>>
    open(const util::Context& ctx, const util::Sha256& sha256);
    util::Result<std::optional<std::uint64_t>>
    size(const util::Context& ctx, const util::Sha256& sha256);
    // The loose object alone.
    util::Result<> remove(const util::Context& ctx, const util::Sha256& sha256);
    // Re-reads and re-hashes; Corrupt when the bytes are not what the name says.
    util::Result<> verify(const util::Context& ctx, const util::Sha256& sha256);
    // Every loose blob.
    util::Result<> list(
        const util::Context& ctx, const std::function<util::Result<>(const types::BlobRef&)>& visit
    );

    // Looked at for what is not loose; null for none. Borrowed. Set before other threads read, and
    // taken back after they stopped.
    void set_packed(PackedFiles* source) { packed_ = source; }

    // The loose blob was just written by other means, or read and found right.
    void note_right(const util::Context& ctx, const util::Sha256& sha256);

    [[nodiscard]] ObjectStore& objects() { return store_; }

  private:
    ObjectStore& store_;
    PackedFiles* packed_ = nullptr;
    std::unique_ptr<detail::HashHelpers> helpers_;
};

} // namespace railhub::storage
