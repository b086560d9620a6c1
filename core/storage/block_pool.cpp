// SPDX-License-Identifier: Apache-2.0
// BlockPool over aligned operator new, which goes to mmap for this size and back.
#include "core/storage/block_pool.h"

#include <new>

namespace railhub::storage {

namespace {

constexpr std::align_val_t kAlign{kBlockAlignment};

void free_block(std::uint8_t* data) {
    ::operator delete(data, kAlign);
}

} // namespace

BlockPool::~BlockPool() {
    for (std::uint8_t* data : state_.access()->idle) {
        free_block(data);
    }
}

Block BlockPool::take() {
    {
        auto state = state_.access();
        ++state->out;
        if (!state->idle.empty()) {
            std::uint8_t* data = state->idle.back();
            state->idle.pop_back();
            return Block(data, Return{this});
        }
    }
    return Block(static_cast<std::uint8_t*>(::operator new(kBlockBytes, kAlign)), Return{this});
}

bool BlockPool::is_scarce() {
    return state_.access()->out >= budget_;
}

void BlockPool::give_back(std::uint8_t* data) {
    {
        auto state = state_.access();
        --state->out;
        if (state->idle.size() < kept_) {
            state->idle.push_back(data);
            return;
        }
    }
    free_block(data);
}

} // namespace railhub::storage
