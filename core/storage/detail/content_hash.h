// SPDX-License-Identifier: Apache-2.0
// ContentHash: SHA-256 of a stream, and on demand its chunks, in one pass. Large blocks are worked
// on by two threads where a second one is free.
#pragma once

#include "core/storage/blobs.h"
#include "core/util/thread_pool.h"
#include "core/xet/chunk_lister.h"

#include <atomic>
#include <mutex>

namespace railhub::storage::detail {

// A few threads for all streams, started when first wanted. Safe from any thread.
class HashHelpers {
  public:
    HashHelpers();

    // False when all of them are busy: the caller does the work alone.
    bool run(std::function<void()> job);

  private:
    const std::size_t limit_;
    std::atomic<std::size_t> busy_ = 0;
    std::once_flag started_;
    std::unique_ptr<util::ThreadPool> threads_; // last: joined before the rest goes
};

// One thread at a time. The helpers are borrowed.
class ContentHash {
  public:
    ContentHash(HashHelpers& helpers, ChunkList chunks) : helpers_(helpers), chunks_(chunks) {}

    // The bytes are done with when it returns.
    void update(util::ByteView bytes);
    util::Sha256 finish();

    // After finish().
    std::vector<xet::Leaf> take_chunks() { return std::move(leaves_); }

  private:
    // One block between two threads. The helper may come too late: then it touches nothing else.
    struct Turn;
    void update_together(util::ByteView bytes);

    HashHelpers& helpers_;
    const ChunkList chunks_;
    util::Sha256Hasher sha256_;
    xet::ChunkLister lister_;
    std::vector<xet::Leaf> leaves_;
};

} // namespace railhub::storage::detail
