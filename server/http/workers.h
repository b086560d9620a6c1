// SPDX-License-Identifier: Apache-2.0
// The threads that run handlers. A worker that waits for its peer does not count: another one takes
// over, so that slow uploads cannot starve small requests.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace railhub::http {

// At most `target` jobs run at once, not counting those inside a PeerWait; at most `most` threads
// exist. Threads start when they are needed; those above `target` end when idle. Safe from any
// thread.
class Workers {
  public:
    Workers(std::size_t target, std::size_t most);
    ~Workers(); // stop()
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    // Never blocks. Jobs must not throw.
    void submit(std::function<void()> job);

    // Runs what was submitted, then joins. Not from a job.
    void stop();

    // Lives in a job as long as it waits for the peer.
    class PeerWait {
      public:
        explicit PeerWait(Workers& workers) : workers_(workers) { workers_.leave(); }

        ~PeerWait() { workers_.enter(); }

        PeerWait(const PeerWait&) = delete;
        PeerWait& operator=(const PeerWait&) = delete;

      private:
        Workers& workers_;
    };

  private:
    void run(std::list<std::thread>::iterator self);
    bool wait_for_job(std::unique_lock<std::mutex>& lock);
    void wake_or_start();
    void leave();
    void enter();

    const std::size_t target_;
    const std::size_t most_;
    std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable all_ended_;
    std::deque<std::function<void()>> jobs_;
    std::size_t running_ = 0; // jobs that count
    std::size_t away_ = 0;    // jobs inside a PeerWait
    std::size_t idle_ = 0;
    bool stopping_ = false;
    std::list<std::thread> threads_;
    std::list<std::thread> ended_; // to be joined
};

} // namespace railhub::http
