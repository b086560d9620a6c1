// SPDX-License-Identifier: Apache-2.0
// The one pass. Of a large block the helper finds the borders while SHA-256 runs here; then both
// hash chunks until none is left, so that neither waits long for the other.
#include "core/storage/detail/content_hash.h"

#include <algorithm>

namespace railhub::storage::detail {

namespace {

// Smaller pieces are done before a second thread wakes up.
constexpr std::size_t kTogetherFrom = std::size_t{512} << 10;

} // namespace

HashHelpers::HashHelpers()
    : limit_(std::max<std::size_t>(1, std::thread::hardware_concurrency() / 2)) {}

bool HashHelpers::run(std::function<void()> job) {
    if (busy_.fetch_add(1) >= limit_) {
        --busy_;
        return false;
    }
    std::call_once(started_, [this] {
        threads_ = std::make_unique<util::ThreadPool>(limit_, limit_);
    });
    threads_->submit([this, job = std::move(job)] {
        job();
        --busy_;
    });
    return true;
}

struct ContentHash::Turn {
    enum Stage : int { Open, Cutting, Cut, Done };

    explicit Turn(xet::ChunkLister& of) : lister(of) {}

    // True for one of the two threads.
    bool claim() {
        int open = Open;
        return stage.compare_exchange_strong(open, Cutting);
    }

    void enter(Stage next) {
        stage.store(next);
        stage.notify_all();
    }

    void wait_until(Stage wanted) {
        for (int now = stage.load(); now < wanted; now = stage.load()) {
            stage.wait(now);
        }
    }

    xet::ChunkLister& lister; // not looked at by the thread that did not claim before Cut
    std::atomic<int> stage = Open;
};

void ContentHash::update(util::ByteView bytes) {
    if (chunks_ == ChunkList::Skip) {
        sha256_.update(bytes);
    } else if (bytes.size() >= kTogetherFrom) {
        update_together(bytes);
    } else {
        sha256_.update(bytes);
        lister_.update(bytes);
    }
}

void ContentHash::update_together(util::ByteView bytes) {
    const auto turn = std::make_shared<Turn>(lister_);
    const bool has_helper = helpers_.run([turn, bytes] {
        if (turn->claim()) {
            turn->lister.cut(bytes);
            turn->enter(Turn::Cut);
            while (turn->lister.hash_one()) {
            }
            turn->enter(Turn::Done);
        }
    });
    sha256_.update(bytes);
    if (!has_helper || turn->claim()) {
        lister_.update(bytes);
        return;
    }
    turn->wait_until(Turn::Cut);
    while (lister_.hash_one()) {
    }
    turn->wait_until(Turn::Done);
}

util::Sha256 ContentHash::finish() {
    leaves_ = lister_.finish();
    return sha256_.finish();
}

} // namespace railhub::storage::detail
