// SPDX-License-Identifier: Apache-2.0
// Writes in flight through a thread of the writer's own, and the queue that just writes and waits.
#include "core/storage/detail/write_queues.h"
#include "core/util/guarded.h"
#include "core/util/thread_pool.h"

#include <condition_variable>
#include <deque>

namespace railhub::storage::detail {

namespace {

class ThreadQueue final : public WriteQueue {
  public:
    explicit ThreadQueue(util::File& file) : file_(file), thread_(1, kQueueDepth) {}

    util::Result<> start(Block block, std::size_t bytes, std::uint64_t offset) override {
        ++in_flight_;
        // std::function wants something copyable.
        auto shared = std::make_shared<Block>(std::move(block));
        thread_.submit([this, shared, bytes, offset] {
            auto written = file_.write_at(offset, {shared->get(), bytes});
            auto done = done_.access();
            if (written.ok()) {
                done->emplace_back(std::move(*shared));
            } else {
                done->emplace_back(std::move(written).error());
            }
            done_one_.notify_one();
        });
        return {};
    }

    util::Result<Block> finished(Wait wait) override {
        if (in_flight_ == 0) {
            return Block();
        }
        auto done = done_.access();
        if (wait == Wait::Yes) {
            done_one_.wait(done.lock(), [&] { return !done->empty(); });
        }
        if (done->empty()) {
            return Block();
        }
        auto first = std::move(done->front());
        done->pop_front();
        --in_flight_;
        return first;
    }

  private:
    util::File& file_;
    std::size_t in_flight_ = 0;
    util::Guarded<std::deque<util::Result<Block>>> done_;
    std::condition_variable done_one_;
    util::ThreadPool thread_; // last: joined before the rest goes
};

class PlainQueue final : public WriteQueue {
  public:
    explicit PlainQueue(util::File& file) : file_(file) {}

    util::Result<> start(Block block, std::size_t bytes, std::uint64_t offset) override {
        RAILHUB_TRY(file_.write_at(offset, {block.get(), bytes}));
        done_.push_back(std::move(block));
        return {};
    }

    util::Result<Block> finished(Wait) override {
        if (done_.empty()) {
            return Block();
        }
        Block block = std::move(done_.front());
        done_.pop_front();
        return block;
    }

  private:
    util::File& file_;
    std::deque<Block> done_;
};

} // namespace

std::unique_ptr<WriteQueue> make_thread_queue(util::File& file) {
    return std::make_unique<ThreadQueue>(file);
}

std::unique_ptr<WriteQueue> make_plain_queue(util::File& file) {
    return std::make_unique<PlainQueue>(file);
}

} // namespace railhub::storage::detail
