// SPDX-License-Identifier: Apache-2.0
// One lock, one condition; threads are joined, never detached.
#include "server/http/workers.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace railhub::http {

namespace {

constexpr std::chrono::seconds kIdleThread{10};

} // namespace

Workers::Workers(std::size_t target, std::size_t most)
    : target_(target), most_(std::max(target, most)) {}

Workers::~Workers() {
    stop();
}

// Under the lock: one more job could run. A woken thread counts as idle until it has the lock, so
// the number of idle threads alone does not say that somebody will come.
void Workers::wake_or_start() {
    if (running_ >= target_ || jobs_.empty()) {
        return;
    }
    const std::size_t wanted = std::min(jobs_.size(), target_ - running_);
    const bool is_full = threads_.size() - away_ >= target_ || threads_.size() >= most_;
    if (wanted <= idle_ || is_full) {
        work_.notify_one();
        return;
    }
    threads_.emplace_back();
    const auto self = std::prev(threads_.end());
    // The thread takes the lock first, which we hold until the handle is in place.
    *self = std::thread([this, self] { run(self); });
}

void Workers::submit(std::function<void()> job) {
    std::list<std::thread> ended;
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
        wake_or_start();
        ended.swap(ended_);
    }
    for (std::thread& thread : ended) {
        thread.join();
    }
}

void Workers::leave() {
    const std::lock_guard lock(mutex_);
    --running_;
    ++away_;
    wake_or_start();
}

void Workers::enter() {
    const std::lock_guard lock(mutex_);
    ++running_;
    --away_;
}

// False: this thread ends.
bool Workers::wait_for_job(std::unique_lock<std::mutex>& lock) {
    const auto can_go_on = [this] {
        return (!jobs_.empty() && running_ < target_) || (stopping_ && jobs_.empty());
    };
    while (!can_go_on()) {
        ++idle_;
        const bool in_time = work_.wait_for(lock, kIdleThread, can_go_on);
        --idle_;
        if (!in_time && threads_.size() > target_) {
            return false;
        }
    }
    return !jobs_.empty();
}

void Workers::run(std::list<std::thread>::iterator self) {
    std::unique_lock lock(mutex_);
    while (wait_for_job(lock)) {
        std::function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        ++running_;
        if (stopping_ && jobs_.empty()) {
            work_.notify_all();
        }
        lock.unlock();
        job();
        job = nullptr;
        lock.lock();
        --running_;
    }
    ended_.splice(ended_.end(), threads_, self);
    all_ended_.notify_all();
}

void Workers::stop() {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    work_.notify_all();
    all_ended_.wait(lock, [this] { return threads_.empty(); });
    std::list<std::thread> ended;
    ended.swap(ended_);
    lock.unlock();
    for (std::thread& thread : ended) {
        thread.join();
    }
}

} // namespace railhub::http
