// SPDX-License-Identifier: Apache-2.0
// The folder of a local store: temporaries, and the way of a finished file into place. A lock on
// every temporary tells the sweep of a later start what is still in use.
#pragma once

#include "core/storage/layout.h"
#include "core/util/fs.h"
#include "core/util/guarded.h"

#include <atomic>
#include <mutex>
#include <set>

namespace railhub::storage::detail {

// Safe from any thread.
class PlaceOnDisk {
  public:
    PlaceOnDisk(util::Fs& fs, const std::string& root, std::chrono::milliseconds stale_after)
        : fs_(fs), layout_{root}, stale_after_(stale_after) {}

    // Creates or checks the folder, then sweeps.
    util::Result<> prepare(const util::Context& ctx);
    // A new file in tmp/ that nobody else has, marked as in use; its path comes back in `path`.
    util::Result<std::unique_ptr<util::File>> create_temporary(std::string& path);
    // Renames a synced file to its key and syncs the folder; success also when the key exists.
    util::Result<> place(const std::string& path, std::string_view key);
    // From one key to another; when `to` exists, `from` goes. Both folders are synced, first the
    // new one.
    util::Result<> move(std::string_view from, std::string_view to);
    util::Result<bool> exists(std::string_view key);
    // True when the key is there, and durably so.
    util::Result<bool> has_durable(std::string_view key);
    // Final when it fails: nothing is placed any more by this process.
    util::Result<> sync_folder_of(const std::string& path);

    [[nodiscard]] util::Fs& fs() { return fs_; }

    [[nodiscard]] const StoreLayout& layout() const { return layout_; }

  private:
    util::Result<> read_format();
    util::Result<> sweep(const util::Context& ctx);
    util::Result<> make_folder_of(const std::string& path);

    util::Fs& fs_;
    const StoreLayout layout_;
    const std::chrono::milliseconds stale_after_;
    std::atomic<std::uint64_t> next_temporary_ = 0;
    util::Guarded<std::set<std::string>> known_folders_;
    std::mutex placing_; // from "is the key there" to the rename; guards the disk, not a value
    // A folder whose sync failed may have lost names that were reported durable.
    std::atomic<bool> sync_failed_ = false;
};

} // namespace railhub::storage::detail
