// SPDX-License-Identifier: Apache-2.0
// TreeEditor: a root tree that is changed path by path; folders are read when touched and written
// at the end, empty ones vanish. Unlike libgit2's update of trees it lets a file become a folder
// and back within one commit.
#pragma once

#include "core/repo/detail/object_source.h"
#include "core/repo/detail/tree.h"

#include <map>
#include <memory>

namespace railhub::repo::detail {

// Operations apply at once: what was put is found, what was removed is not. One thread.
class TreeEditor {
  public:
    // `root` nullopt: empty.
    TreeEditor(ObjectSource& source, const std::optional<types::Oid>& root);
    ~TreeEditor();

    util::Result<std::optional<TreeItem>> find(std::string_view path);
    // A folder found is as it was at the start unless changed below; use subtree() to copy one.
    util::Result<> put(std::string_view path, const TreeItem& item);
    // False when nothing is there.
    util::Result<bool> remove(std::string_view path);
    // Writes all changed trees; returns the root.
    util::Result<types::Oid> write();
    // The tree of one folder as it is now.
    util::Result<types::Oid> write_folder(std::string_view path);

  private:
    struct Folder;

    struct Child {
        TreeItem item;
        std::unique_ptr<Folder> folder; // once read
    };

    struct Folder {
        std::map<std::string, Child, std::less<>> children;
        bool is_changed = false;
    };

    util::Result<> load(const types::Oid& oid, Folder& folder);
    // The folder at `path`; nullptr when there is none. Create: made on the way, replacing files.
    enum class Missing : std::uint8_t { Stop, Create };
    util::Result<Folder*> folder_at(std::string_view path, Missing missing);
    util::Result<types::Oid> write(Folder& folder);

    ObjectSource& source_;
    std::optional<types::Oid> root_oid_;
    std::unique_ptr<Folder> root_;
};

} // namespace railhub::repo::detail
