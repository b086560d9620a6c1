// SPDX-License-Identifier: Apache-2.0
// Stamps and the table of what is known by them.
#include "core/cas/detail/guard.h"

#include <sys/stat.h>

namespace railhub::cas::detail {

namespace {

// About 4 MB; what is forgotten is read once more.
constexpr std::size_t kMaxKnown = 16'384;

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

std::optional<Stamp> stamp_of(const storage::ObjectReader& reader) {
    struct stat info {};

    if (reader.fd() < 0 || ::fstat(reader.fd(), &info) != 0) {
        return std::nullopt;
    }
    Stamp stamp;
    stamp.device = info.st_dev;
    stamp.inode = info.st_ino;
    stamp.size = static_cast<std::uint64_t>(info.st_size);
    stamp.modified_ns = nanoseconds(info.st_mtim);
    stamp.changed_ns = nanoseconds(info.st_ctim);
    return stamp;
}

std::shared_ptr<Verified> Guard::of(const std::string& key, const Stamp& stamp) {
    auto known = known_.access();
    auto& verified = (*known)[key];
    if (verified == nullptr || verified->stamp != stamp) {
        verified = std::make_shared<Verified>(stamp);
    }
    std::shared_ptr<Verified> found = verified;
    if (known->size() > kMaxKnown) {
        auto victim = known->begin();
        victim = victim->second == found ? std::next(victim) : victim;
        known->erase(victim);
    }
    return found;
}

void Guard::note(const std::string& key, const storage::ObjectReader& reader) {
    if (const auto stamp = stamp_of(reader)) {
        const auto verified = of(key, *stamp);
        const std::lock_guard lock(verified->mutex);
        verified->is_whole = true;
    }
}

} // namespace railhub::cas::detail
