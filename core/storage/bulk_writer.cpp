// SPDX-License-Identifier: Apache-2.0
// BulkWriter: choice of the queue, allocation ahead, the unaligned tail.
#include "core/storage/bulk_writer.h"

#include "core/storage/detail/write_queues.h"
#include "core/util/text.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>

namespace railhub::storage {

namespace {

constexpr std::size_t kFewBlocks = 2; // one being filled, one in flight
constexpr std::uint64_t kReserveStep = std::uint64_t{64} << 20;

// False where the file system has no direct I/O; buffered writes are right then.
bool bypass_cache(int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    return flags >= 0 && ::fcntl(fd, F_SETFL, flags | O_DIRECT) == 0;
}

// A copy to the page cache is over before another thread would have taken it up.
std::unique_ptr<WriteQueue> make_queue(util::File& file, BulkEngine engine, BulkCaching caching) {
    if (file.fd() < 0 || engine == BulkEngine::Plain || caching == BulkCaching::Keep) {
        return detail::make_plain_queue(file);
    }
    std::unique_ptr<WriteQueue> queue;
    if (engine != BulkEngine::Thread) {
        queue = detail::make_uring_queue(file);
    }
    return queue != nullptr ? std::move(queue) : detail::make_thread_queue(file);
}

std::size_t round_up(std::size_t bytes) {
    return (bytes + kBlockAlignment - 1) / kBlockAlignment * kBlockAlignment;
}

} // namespace

BulkWriter::BulkWriter(util::File& file, BlockPool& pool, BulkEngine engine, BulkCaching caching)
    : file_(file), pool_(pool), caching_(caching), queue_(make_queue(file, engine, caching)),
      is_direct_(caching == BulkCaching::Bypass && file.fd() >= 0 && bypass_cache(file.fd())) {}

// So that little is left for the sync at the end, and dirty pages stay few.
util::Result<> BulkWriter::start_disk(std::uint64_t offset, std::size_t bytes) {
    if (caching_ == BulkCaching::Bypass || file_.fd() < 0) {
        return {};
    }
    const auto begin = static_cast<off64_t>(offset);
    const auto length = static_cast<off64_t>(bytes);
    const int code = ::sync_file_range(file_.fd(), begin, length, SYNC_FILE_RANGE_WRITE);
    if (code != 0 && errno != ENOSYS && errno != EINVAL) {
        return util::system_error("write to", "upload", errno);
    }
    return {};
}

util::Result<> BulkWriter::reserve(std::uint64_t bytes) {
    if (file_.fd() < 0 || bytes <= reserved_) {
        return {};
    }
    // Also sets the file's length, so that no write has to extend it: those would not overlap.
    const auto offset = static_cast<off_t>(reserved_);
    const auto length = static_cast<off_t>(bytes - reserved_);
    if (::fallocate(file_.fd(), 0, offset, length) != 0 && errno != EOPNOTSUPP && errno != ENOSYS) {
        return util::system_error("allocate", util::human_bytes(bytes), errno);
    }
    reserved_ = bytes;
    return {};
}

util::Result<Block> BulkWriter::next_block() {
    const bool many = in_flight_ + 1 >= kFewBlocks;
    const bool full = in_flight_ >= detail::kQueueDepth || (many && pool_.is_scarce());
    const auto wait = full ? WriteQueue::Wait::Yes : WriteQueue::Wait::No;
    RAILHUB_TRY(Block block, queue_->finished(wait));
    if (block != nullptr) {
        --in_flight_;
        return block;
    }
    return pool_.take();
}

util::Result<> BulkWriter::write(Block block) {
    if (offset_ + kBlockBytes > reserved_) {
        RAILHUB_TRY(reserve(offset_ + kReserveStep));
    }
    RAILHUB_TRY(queue_->start(std::move(block), kBlockBytes, offset_));
    ++in_flight_;
    offset_ += kBlockBytes;
    return start_disk(offset_ - kBlockBytes, kBlockBytes);
}

util::Result<> BulkWriter::finish(Block tail, std::size_t bytes) {
    const std::uint64_t size = offset_ + bytes;
    if (bytes > 0) {
        // Direct I/O writes whole pages; what is too much is cut off again below.
        const std::size_t padded = is_direct_ ? round_up(bytes) : bytes;
        std::fill(tail.get() + bytes, tail.get() + padded, std::uint8_t{0});
        RAILHUB_TRY(queue_->start(std::move(tail), padded, offset_));
        ++in_flight_;
    }
    for (; in_flight_ > 0; --in_flight_) {
        RAILHUB_TRY(queue_->finished(WriteQueue::Wait::Yes));
    }
    return file_.truncate(size);
}

} // namespace railhub::storage
