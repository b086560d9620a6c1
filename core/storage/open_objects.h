// SPDX-License-Identifier: Apache-2.0
// Open files of a local store, the recently used ones kept, each with one mapping for its whole
// life, so that a hot object is opened and mapped once.
#pragma once

#include "core/storage/object_store.h"
#include "core/util/fs.h"
#include "core/util/guarded.h"

#include <list>
#include <unordered_map>

namespace railhub::storage {

// Safe from any thread. Keeps at most `limit` files open by itself; readers held by others stay
// valid when they leave the cache.
class OpenObjects {
  public:
    OpenObjects(util::Fs& fs, std::size_t limit) : fs_(fs), limit_(limit) {}

    // The cached reader of `key`, or `path` opened. NotFound when absent.
    util::Result<std::shared_ptr<ObjectReader>> open(std::string_view key, const std::string& path);
    // Nothing when not cached.
    std::shared_ptr<ObjectReader> find(std::string_view key);
    void forget(std::string_view key);

  private:
    struct Entry {
        std::string key;
        std::shared_ptr<ObjectReader> reader;
    };

    using Order = std::list<Entry>; // most recently used first

    struct State {
        Order order;
        std::unordered_map<std::string_view, Order::iterator> by_key; // views of Entry::key
    };

    static std::shared_ptr<ObjectReader> touch(State& state, std::string_view key);

    util::Fs& fs_;
    const std::size_t limit_;
    util::Guarded<State> state_;
};

} // namespace railhub::storage
