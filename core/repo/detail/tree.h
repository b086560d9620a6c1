// SPDX-License-Identifier: Apache-2.0
// Tree objects: entries to and from bytes, in git's order.
#pragma once

#include "core/repo/detail/object.h"
#include "core/repo/repository.h"

#include <string>
#include <vector>

namespace railhub::repo::detail {

// File modes as trees hold them.
inline constexpr std::uint32_t kModeFolder = 0040000;
inline constexpr std::uint32_t kModeFile = 0100644;
inline constexpr std::uint32_t kModeFileOld = 0100664; // in histories of before 2005
inline constexpr std::uint32_t kModeExecutable = 0100755;
inline constexpr std::uint32_t kModeSymlink = 0120000;
inline constexpr std::uint32_t kModeSubmodule = 0160000;

bool is_known_mode(std::uint32_t mode);
EntryKind kind_of_mode(std::uint32_t mode);
std::uint32_t mode_of_kind(EntryKind kind);

// What is at a path.
struct TreeItem {
    std::uint32_t mode = 0;
    types::Oid oid;

    [[nodiscard]] bool is_folder() const { return mode == kModeFolder; }

    [[nodiscard]] bool is_submodule() const { return mode == kModeSubmodule; }

    // A file, an executable or a symlink: there is a blob.
    [[nodiscard]] bool is_blob() const { return !is_folder() && !is_submodule(); }

    bool operator==(const TreeItem&) const = default;
};

// `name` points into the tree's bytes.
struct TreeName {
    std::string_view name;
    TreeItem item;
};

// One entry from the front of `bytes`, which moves on. InvalidInput when they are no tree entry.
util::Result<TreeName> take_tree_entry(util::ByteView& bytes);
// All entries, in the order of the bytes. Corrupt with the oid in the message.
util::Result<std::vector<TreeName>> parse_tree(const types::Oid& oid, util::ByteView bytes);
// Git's order: by name, folders as if their name ended in '/'. Negative, zero or positive.
int compare_names(const TreeName& a, const TreeName& b);
// Entries must be in git's order.
std::string format_tree(const std::vector<TreeName>& entries);

// "a" + "b" = "a/b"; at the root "b".
std::string join(std::string_view folder, std::string_view name);

} // namespace railhub::repo::detail
