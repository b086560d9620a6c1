// SPDX-License-Identifier: Apache-2.0
// Writes in flight through io_uring: no second thread, no copy. Containers often forbid it.
#include "core/storage/detail/write_queues.h"

#ifdef RAILHUB_HAVE_URING

#include <liburing.h>

#include <array>
#include <cerrno>

namespace railhub::storage::detail {

namespace {

struct Slot {
    Block block;
    std::size_t bytes = 0;
    std::uint64_t offset = 0;
};

class UringQueue final : public WriteQueue {
  public:
    explicit UringQueue(util::File& file) : file_(file) {}

    ~UringQueue() override {
        if (!is_open_) {
            return;
        }
        while (in_flight_ > 0 && reap(Wait::Yes) != nullptr) { // the kernel still reads the blocks
        }
        io_uring_queue_exit(&ring_);
    }

    bool open() {
        is_open_ = io_uring_queue_init(kQueueDepth, &ring_, 0) == 0;
        return is_open_;
    }

    util::Result<> start(Block block, std::size_t bytes, std::uint64_t offset) override {
        Slot* slot = free_slot();
        io_uring_sqe* entry = io_uring_get_sqe(&ring_);
        RAILHUB_ASSERT(slot != nullptr && entry != nullptr); // BulkWriter keeps to the depth
        *slot = Slot{std::move(block), bytes, offset};
        io_uring_prep_write(
            entry, file_.fd(), slot->block.get(), static_cast<unsigned>(bytes), offset
        );
        io_uring_sqe_set_data(entry, slot);
        const int submitted = io_uring_submit(&ring_);
        if (submitted != 1) {
            // The entry stays in the ring and would run with a later submit: this queue is done.
            is_broken_ = true;
            return util::system_error("write to", "upload", submitted < 0 ? -submitted : EAGAIN);
        }
        ++in_flight_;
        return {};
    }

    util::Result<Block> finished(Wait wait) override {
        if (in_flight_ == 0 || is_broken_) {
            return Block();
        }
        Slot* slot = reap(wait);
        if (slot == nullptr) {
            return Block();
        }
        Slot done = std::exchange(*slot, Slot());
        if (result_ < 0 && result_ != -EAGAIN && result_ != -EINTR) {
            return util::system_error("write to", "upload", -result_);
        }
        if (result_ != static_cast<int>(done.bytes)) { // short or put off: once more, waiting
            RAILHUB_TRY(file_.write_at(done.offset, {done.block.get(), done.bytes}));
        }
        return std::move(done.block);
    }

  private:
    Slot* free_slot() {
        for (Slot& slot : slots_) {
            if (slot.block == nullptr) {
                return &slot;
            }
        }
        return nullptr;
    }

    // Null when nothing is done yet, or when waiting itself failed.
    Slot* reap(Wait wait) {
        io_uring_cqe* completion = nullptr;
        int code = 0;
        do {
            code = wait == Wait::Yes ? io_uring_wait_cqe(&ring_, &completion)
                                     : io_uring_peek_cqe(&ring_, &completion);
        } while (code == -EINTR);
        if (code != 0 || completion == nullptr) {
            return nullptr;
        }
        auto* slot = static_cast<Slot*>(io_uring_cqe_get_data(completion));
        result_ = completion->res;
        io_uring_cqe_seen(&ring_, completion);
        --in_flight_;
        return slot;
    }

    util::File& file_;
    io_uring ring_{};
    std::array<Slot, kQueueDepth> slots_;
    std::size_t in_flight_ = 0;
    int result_ = 0;
    bool is_open_ = false;
    bool is_broken_ = false;
};

} // namespace

std::unique_ptr<WriteQueue> make_uring_queue(util::File& file) {
    auto queue = std::make_unique<UringQueue>(file);
    if (file.fd() < 0 || !queue->open()) {
        return nullptr;
    }
    return queue;
}

} // namespace railhub::storage::detail

#else

namespace railhub::storage::detail {

std::unique_ptr<WriteQueue> make_uring_queue(util::File&) {
    return nullptr;
}

} // namespace railhub::storage::detail

#endif
