// SPDX-License-Identifier: Apache-2.0
#include "server/file_cache.h"

namespace railhub::server {

namespace {

constexpr std::size_t kMaxFiles = 20'000;
constexpr std::size_t kMaxKey = 2'048;

} // namespace

SharedFile FileCache::find(std::int64_t generation, const std::string& key) {
    auto state = state_.access();
    if (state->generation != generation) {
        return nullptr;
    }
    const auto row = state->files.find(key);
    return row == state->files.end() ? nullptr : row->second;
}

void FileCache::add(std::int64_t generation, const std::string& key, SharedFile file) {
    if (key.size() > kMaxKey) {
        return;
    }
    auto state = state_.access();
    // A slow request may come with an older snapshot than the one that is cached.
    if (state->generation > generation) {
        return;
    }
    if (state->generation != generation || state->files.size() >= kMaxFiles) {
        state->files.clear();
        state->generation = generation;
    }
    state->files.emplace(key, std::move(file));
}

} // namespace railhub::server
