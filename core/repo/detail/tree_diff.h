// SPDX-License-Identifier: Apache-2.0
// Difference of two trees, folders as entries of their own.
#pragma once

#include "core/repo/detail/object_source.h"
#include "core/repo/detail/tree.h"

#include <functional>

namespace railhub::repo::detail {

// Longest path that is stored; bounds the depth of trees as well (hub-api section 13).
inline constexpr std::size_t kLongestPath = 1000;

struct TreeChange {
    std::optional<TreeItem> before;
    std::optional<TreeItem> after;
};

// What differs between two root trees; nullopt stands for an empty tree.
class TreeDiff {
  public:
    // Every changed path once, a folder before what it holds. An error ends the walk.
    using Visit = std::function<util::Result<>(const std::string& path, const TreeChange& change)>;
    // False leaves out what lies in a changed folder.
    using Enter = std::function<bool(const std::string& folder)>;

    TreeDiff(ObjectSource& source, Visit visit, Enter enter = {})
        : source_(source), visit_(std::move(visit)), enter_(std::move(enter)) {}

    // TooLarge when a path is longer than kLongestPath.
    util::Result<>
    run(const std::optional<types::Oid>& before, const std::optional<types::Oid>& after);

  private:
    util::Result<> walk(
        const std::string& folder,
        const std::optional<types::Oid>& before,
        const std::optional<types::Oid>& after
    );
    util::Result<> change_at(const std::string& path, const TreeChange& change);

    ObjectSource& source_;
    Visit visit_;
    Enter enter_;
};

// The entry of one path below a root tree; nullopt when it is not there.
util::Result<std::optional<TreeItem>>
find_item(ObjectSource& source, const types::Oid& root, std::string_view path);

} // namespace railhub::repo::detail
