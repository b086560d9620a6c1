// SPDX-License-Identifier: Apache-2.0
// BulkWriter: full blocks to one file at rising offsets, several in flight, past the page cache
// where the disk allows; the caller hashes or receives the next block meanwhile.
#pragma once

#include "core/storage/block_pool.h"
#include "core/util/fs.h"

#include <optional>

namespace railhub::storage {

// How writes are kept in flight. Auto takes the first that works here: io_uring, else a thread of
// the writer's own; Plain (write and wait) where the file has no descriptor.
enum class BulkEngine : std::uint8_t { Auto, Uring, Thread, Plain };

// Keep: written through the page cache, the disk starts at once; for what is read again soon.
enum class BulkCaching : std::uint8_t { Bypass, Keep };

// Keeps writes of one file in flight. One thread at a time. The destructor waits for all of them.
class WriteQueue {
  public:
    virtual ~WriteQueue() = default;
    // Starts writing the first `bytes` of the block.
    virtual util::Result<> start(Block block, std::size_t bytes, std::uint64_t offset) = 0;

    enum class Wait : std::uint8_t { No, Yes };

    // A block whose write is done, whichever ends first; null when there is none (yet).
    virtual util::Result<Block> finished(Wait wait) = 0;
};

// One thread at a time. The file and the pool are borrowed. After any error the file is lost.
class BulkWriter {
  public:
    BulkWriter(
        util::File& file,
        BlockPool& pool,
        BulkEngine engine,
        BulkCaching caching = BulkCaching::Bypass
    );

    // Allocates disk space up to `bytes` at once, where the file system can; Io when it does not
    // fit.
    util::Result<> reserve(std::uint64_t bytes);
    // A block to fill; waits for one in flight when enough are.
    util::Result<Block> next_block();
    // Starts writing a full block behind the one before.
    util::Result<> write(Block block);
    // Writes the first `bytes` of a last block, if any, waits for everything and cuts the file to
    // size.
    util::Result<> finish(Block tail, std::size_t bytes);

  private:
    util::Result<> start_disk(std::uint64_t offset, std::size_t bytes);

    util::File& file_;
    BlockPool& pool_;
    const BulkCaching caching_;
    std::unique_ptr<WriteQueue> queue_;
    std::uint64_t offset_ = 0;
    std::uint64_t reserved_ = 0;
    std::size_t in_flight_ = 0;
    bool is_direct_ = false;
};

} // namespace railhub::storage
