// SPDX-License-Identifier: Apache-2.0
// Blobs: whole files by SHA-256 over an ObjectStore (encoding A of the storage engine: one loose
// object per file). Later encodings (packed chunks, deltas) come behind the same class.
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

// Safe from any thread. The ObjectStore is borrowed.
class Blobs {
  public:
    explicit Blobs(ObjectStore& store) : store_(store) {}

    util::Result<std::unique_ptr<BlobWriter>>
    begin(const util::Context& ctx, std::uint64_t size_hint);
    // NotFound when absent. The empty blob is always there.
    util::Result<std::shared_ptr<ObjectReader>>
    open(const util::Context& ctx, const util::Sha256& sha256);
    util::Result<std::optional<std::uint64_t>>
    size(const util::Context& ctx, const util::Sha256& sha256);
    util::Result<> remove(const util::Context& ctx, const util::Sha256& sha256);
    // Re-reads and re-hashes; Corrupt when the bytes are not what the name says.
    util::Result<> verify(const util::Context& ctx, const util::Sha256& sha256);
    // Every blob in the store.
    util::Result<> list(
        const util::Context& ctx, const std::function<util::Result<>(const types::BlobRef&)>& visit
    );

    [[nodiscard]] ObjectStore& objects() { return store_; }

  private:
    ObjectStore& store_;
};

} // namespace railhub::storage
