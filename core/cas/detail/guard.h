// SPDX-License-Identifier: Apache-2.0
// Guard: which objects on disk were found right, and by which stamp of the file system, so that a
// file that was changed behind our back is read again before a byte of it is served.
#pragma once

#include "core/storage/object_store.h"
#include "core/util/guarded.h"

#include <map>
#include <mutex>
#include <optional>

namespace railhub::cas::detail {

// What the file system says of an open file; any write to it makes another one.
struct Stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;

    bool operator==(const Stamp&) const = default;
};

// Nothing for objects that are no files.
std::optional<Stamp> stamp_of(const storage::ObjectReader& reader);

// What is known of one object at one stamp. The mutex is held while a unit is verified.
struct Verified {
    explicit Verified(const Stamp& of) : stamp(of) {}

    const Stamp stamp;
    std::mutex mutex; // guards the rest
    bool is_whole = false;
    std::vector<bool> units; // empty until somebody begins
};

// Safe from any thread.
class Guard {
  public:
    // Of the object under `key`: what is known by this stamp, which may be nothing.
    std::shared_ptr<Verified> of(const std::string& key, const Stamp& stamp);
    // All bytes of the open object are right: they were just written or read.
    void note(const std::string& key, const storage::ObjectReader& reader);

  private:
    util::Guarded<std::map<std::string, std::shared_ptr<Verified>>> known_;
};

} // namespace railhub::cas::detail
