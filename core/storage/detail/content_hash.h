// SPDX-License-Identifier: Apache-2.0
// ContentHash: SHA-256 of a stream, and on demand its chunks, in one pass. Chunks are hashed by a
// second thread where one is free.
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

    ~ContentHash();

    ContentHash(const ContentHash&) = delete;
    ContentHash& operator=(const ContentHash&) = delete;

    // The bytes are done with when it returns.
    void update(util::ByteView bytes);

    // Memory that the next bytes will come into, piece by piece. It stays until take() was called
    // for all of it, other memory is lent, finish(), or the end of this object. Lending what is
    // left of a block changes nothing.
    void lend(util::ByteView block);
    // The next `count` bytes of the block are there now.
    void take(std::size_t count);

    util::Sha256 finish();

    // After finish().
    std::vector<xet::Leaf> take_chunks() { return std::move(leaves_); }

  private:
    // One call for help. The helper may come too late: then it touches nothing else.
    struct Help;
    void call_help();
    void end_block();

    HashHelpers& helpers_;
    const ChunkList chunks_;
    util::Sha256Hasher sha256_; // alone, when no chunks are wanted
    xet::ChunkLister lister_{xet::ChunkLister::Sha256::Yes};
    util::ByteView rest_; // of the block that is open
    bool is_open_ = false;
    std::size_t waiting_ = 0; // bytes that were found since help was called
    std::shared_ptr<Help> help_;
    std::vector<xet::Leaf> leaves_;
};

} // namespace railhub::storage::detail
