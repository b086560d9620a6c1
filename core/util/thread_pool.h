// SPDX-License-Identifier: Apache-2.0
// A bounded pool of threads; joined on destruction, nothing is detached.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace railhub::util {

// Safe from any thread.
class ThreadPool {
  public:
    // Jobs must not throw. A job that submits may wait for itself when the queue is full.
    // Jobs wait in a queue of at most `queue_limit`; submit() blocks when it is full.
    ThreadPool(std::size_t threads, std::size_t queue_limit);
    ~ThreadPool(); // runs what was submitted, then joins
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    void submit(std::function<void()> job);
    // Blocks until the queue is empty and no job runs.
    void wait_idle();

  private:
    void run();

    std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable space_;
    std::deque<std::function<void()>> jobs_;
    std::size_t queue_limit_;
    std::size_t running_ = 0;
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

} // namespace railhub::util
