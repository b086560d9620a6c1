// SPDX-License-Identifier: Apache-2.0
// Quarantine: a folder of its own for a pack being received; indexed by libgit2 while it streams
// in.
#pragma once

#include "core/repo/detail/object_source.h"
#include "core/repo/stage.h"

#include <string>

namespace railhub::repo::detail {

// A folder that goes with the value. Move only.
class QuarantineFolder {
  public:
    // A new folder below `parent`, which is made when absent.
    static util::Result<QuarantineFolder> create(const std::string& parent);

    QuarantineFolder(QuarantineFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

    QuarantineFolder& operator=(QuarantineFolder&&) = delete;
    ~QuarantineFolder();

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    explicit QuarantineFolder(std::string path) : path_(std::move(path)) {}

    std::string path_;
};

// Streams `pack` to its end into the folder, resolves deltas (also against objects of `source`),
// and returns the path of the index; empty when the pack has no objects. InvalidInput for a bad
// pack, TooLarge past a limit. Tells ctx.progress "Receiving objects" and "Resolving deltas".
util::Result<std::string> index_pack(
    const util::Context& ctx,
    ObjectSource& source,
    util::Reader& pack,
    const QuarantineFolder& folder,
    const PackLimits& limits
);

} // namespace railhub::repo::detail
