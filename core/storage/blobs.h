// SPDX-License-Identifier: Apache-2.0
// Blobs: whole files by SHA-256. A file is a loose object of an ObjectStore, or is put together by
// a source of packed files (the storage engine); readers see no difference.
#pragma once

#include "core/storage/object_store.h"
#include "core/types/blob_ref.h"

#include <memory>
#include <optional>

namespace railhub::storage {

// A blob being received: SHA-256 in the same pass, overlapped with the write. One thread. Letting
// it go without commit() discards it. For large bodies use buffer()/advance() (block_writer.h):
// recv into the lent block saves a copy; write() is right for everything small.
class BlobWriter : public BlockWriter {
  public:
    // Compares with `expected` (InvalidInput "wrong hash"/"wrong size" and nothing is stored), then
    // publishes. Without expectation returns what it was.
    virtual util::Result<types::BlobRef> commit(const std::optional<types::BlobRef>& expected) = 0;
};

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
};

// Safe from any thread. The ObjectStore is borrowed.
class Blobs {
  public:
    explicit Blobs(ObjectStore& store) : store_(store) {}

    util::Result<std::unique_ptr<BlobWriter>>
    begin(const util::Context& ctx, std::uint64_t size_hint);
    // The loose object, else the packed file. NotFound when absent. The empty blob is always there.
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

    [[nodiscard]] ObjectStore& objects() { return store_; }

  private:
    ObjectStore& store_;
    PackedFiles* packed_ = nullptr;
};

} // namespace railhub::storage
