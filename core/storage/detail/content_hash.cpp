// SPDX-License-Identifier: Apache-2.0
// The one pass. SHA-256 and the search for borders run here; the chunks found go to a helper
// meanwhile, and at the end of a block both hash what is left.
#include "core/storage/detail/content_hash.h"

#include <algorithm>
#include <utility>

namespace railhub::storage::detail {

namespace {

// Less is done before a second thread wakes up.
constexpr std::size_t kWorthHelp = std::size_t{192} << 10;
// How much of a block that is there as a whole is scanned at a time.
constexpr std::size_t kTakeStep = std::size_t{256} << 10;

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

struct ContentHash::Help {
    enum Stage : int { Called, Here, Over };

    // Whoever is first decides: the helper that comes, or the caller who needs none any more.
    bool enter(Stage next) {
        int called = Called;
        return stage.compare_exchange_strong(called, next);
    }

    void leave() {
        stage.store(Over);
        stage.notify_all();
    }

    // After it nobody helps.
    void dismiss() {
        if (!enter(Over)) {
            stage.wait(Here);
        }
    }

    std::atomic<int> stage = Called;
};

ContentHash::~ContentHash() {
    if (help_ != nullptr) {
        help_->dismiss();
    }
}

void ContentHash::update(util::ByteView bytes) {
    lend(bytes);
    while (!bytes.empty()) {
        const std::size_t count = std::min(bytes.size(), kTakeStep);
        take(count);
        bytes = bytes.subspan(count);
    }
}

void ContentHash::lend(util::ByteView block) {
    if (is_open_ && block.data() == rest_.data()) {
        return;
    }
    end_block();
    if (block.empty()) {
        return;
    }
    is_open_ = true;
    rest_ = block;
    waiting_ = 0;
    if (chunks_ == ChunkList::Make) {
        lister_.begin(block);
    }
}

void ContentHash::take(std::size_t count) {
    if (chunks_ == ChunkList::Skip) {
        sha256_.update(rest_.first(count));
    } else {
        waiting_ += lister_.scan(count);
    }
    rest_ = rest_.subspan(count);
    if (rest_.empty()) {
        end_block();
    } else if (waiting_ >= kWorthHelp) {
        call_help();
    }
}

void ContentHash::call_help() {
    if (help_ != nullptr && help_->stage.load() != Help::Over) {
        return; // it will find what is new
    }
    const auto help = std::make_shared<Help>();
    const bool is_called = helpers_.run([help, lister = &lister_] {
        if (help->enter(Help::Here)) {
            while (lister->hash_one()) {
            }
            help->leave();
        }
    });
    if (is_called) {
        help_ = help;
        waiting_ = 0;
    }
}

void ContentHash::end_block() {
    if (!std::exchange(is_open_, false) || chunks_ == ChunkList::Skip) {
        return;
    }
    while (lister_.hash_one()) {
    }
    if (help_ != nullptr) {
        std::exchange(help_, nullptr)->dismiss();
    }
    lister_.end();
}

util::Sha256 ContentHash::finish() {
    end_block();
    if (chunks_ == ChunkList::Skip) {
        return sha256_.finish();
    }
    const util::Sha256 sha256 = lister_.sha256();
    leaves_ = lister_.finish();
    return sha256;
}

} // namespace railhub::storage::detail
