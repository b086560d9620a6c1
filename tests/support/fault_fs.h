// SPDX-License-Identifier: Apache-2.0
// FaultFs: a disk in memory that remembers what was synced, can fail or lose power at a chosen
// step, and then holds only what a real disk would have been obliged to keep.
#pragma once

#include "core/util/fs.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace railhub::tests {

struct FaultNode;

// What goes wrong. Steps count calls that change something (open that creates, write, truncate,
// sync, rename, remove, make_dirs, sync_dir, make_symlink), the next one being 1.
enum class Fault : std::uint8_t {
    Fail,      // that one call fails with Io and changes nothing
    PowerLoss, // that call and all after it fail, until restart()
    DiskFull,  // that call and all after it that need room fail, until restart()
};

// Semantics of the worst case allowed: file contents last from File::sync on, names from sync_dir
// of their folder on. A failed sync loses what it should have kept, for good, even if a later sync
// of the same file succeeds. Links are stored, not followed. Safe from any thread.
class FaultFs final : public util::Fs {
  public:
    FaultFs();
    ~FaultFs() override;

    // An Fs every call of which fails, reads included: code that works with it touches no disk.
    static std::unique_ptr<FaultFs> always_failing();

    void arm(Fault fault, std::uint64_t step);
    // Power is back: whatever was not synced is gone; files that were open are dead.
    void restart();
    // Steps taken so far; a test first counts them, then fails each in turn.
    [[nodiscard]] std::uint64_t steps() const;
    // Every file and link (not folders), as "/a/b", sorted.
    [[nodiscard]] std::vector<std::string> files() const;

    util::Result<std::unique_ptr<util::File>>
    open(const std::string& path, util::OpenMode mode) override;
    util::Result<> rename(const std::string& from, const std::string& to) override;
    util::Result<> remove(const std::string& path) override;
    util::Result<> remove_tree(const std::string& path) override;
    util::Result<> make_dirs(const std::string& path) override;
    util::Result<> sync_dir(const std::string& path) override;
    util::Result<std::optional<util::FileInfo>> info(const std::string& path) override;
    util::Result<std::vector<std::string>> list(const std::string& path) override;
    util::Result<> make_symlink(const std::string& target, const std::string& link) override;

  private:
    friend class FaultFile;
    enum class Need : std::uint8_t { Room, Nothing };
    using NodePtr = std::shared_ptr<FaultNode>; // shared with open files, which survive a remove

    // All below expect mutex_ to be held.
    util::Result<> step(Need need, const std::string& path);
    util::Result<> check_power(const std::string& path) const;
    [[nodiscard]] NodePtr find(const std::string& path) const;
    util::Result<NodePtr> find_folder(const std::string& path) const;
    util::Result<NodePtr> create(const std::string& path);

    mutable std::mutex mutex_; // guards everything: nodes are shared by open files
    NodePtr root_;
    std::uint64_t steps_ = 0;
    std::uint64_t life_ = 0; // how often power came back; files of an earlier life are dead
    std::optional<Fault> armed_;
    std::uint64_t armed_step_ = 0;
    bool is_without_power_ = false;
    bool is_full_ = false;
};

} // namespace railhub::tests
