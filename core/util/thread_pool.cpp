// SPDX-License-Identifier: Apache-2.0
// Workers over one queue.
#include "core/util/thread_pool.h"

#include "core/util/assert.h"

#include <utility>

namespace railhub::util {

ThreadPool::ThreadPool(std::size_t threads, std::size_t queue_limit) : queue_limit_(queue_limit) {
    RAILHUB_ASSERT(threads > 0 && queue_limit > 0);
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { run(); });
    }
}

ThreadPool::~ThreadPool() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    work_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

void ThreadPool::submit(std::function<void()> job) {
    {
        std::unique_lock lock(mutex_);
        space_.wait(lock, [this] { return jobs_.size() < queue_limit_; });
        jobs_.push_back(std::move(job));
    }
    work_.notify_one();
}

void ThreadPool::wait_idle() {
    std::unique_lock lock(mutex_);
    space_.wait(lock, [this] { return jobs_.empty() && running_ == 0; });
}

void ThreadPool::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        work_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
        if (jobs_.empty()) {
            return;
        }
        std::function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        ++running_;
        lock.unlock();
        space_.notify_all();
        job();
        job = nullptr; // what it captured goes before anybody hears that it is done
        lock.lock();
        --running_;
        // Those who wait for idleness share this condition with those who wait for space.
        space_.notify_all();
    }
}

} // namespace railhub::util
