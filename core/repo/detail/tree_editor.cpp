// SPDX-License-Identifier: Apache-2.0
// Folders as maps by name; git's order is made on writing.
#include "core/repo/detail/tree_editor.h"

#include <algorithm>

namespace railhub::repo::detail {

namespace {

using types::Oid;

struct SplitPath {
    std::string_view folder;
    std::string_view name;
};

SplitPath split_path(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == path.npos ? SplitPath{{}, path}
                              : SplitPath{path.substr(0, slash), path.substr(slash + 1)};
}

} // namespace

TreeEditor::TreeEditor(ObjectSource& source, const std::optional<Oid>& root)
    : source_(source), root_oid_(root) {}

TreeEditor::~TreeEditor() = default;

util::Result<> TreeEditor::load(const Oid& oid, Folder& folder) {
    RAILHUB_TRY(const Object object, source_.read(oid, ObjectType::Tree));
    util::ByteView bytes = object.bytes;
    while (!bytes.empty()) {
        RAILHUB_TRY(const TreeName entry, take_tree_entry(bytes));
        folder.children[std::string(entry.name)].item = entry.item;
    }
    return {};
}

util::Result<TreeEditor::Folder*> TreeEditor::folder_at(std::string_view path, Missing missing) {
    if (!root_) {
        root_ = std::make_unique<Folder>();
        if (root_oid_) {
            RAILHUB_TRY(load(*root_oid_, *root_));
        }
    }
    Folder* folder = root_.get();
    while (!path.empty()) {
        folder->is_changed = folder->is_changed || missing == Missing::Create;
        const std::size_t slash = std::min(path.find('/'), path.size());
        const std::string_view name = path.substr(0, slash);
        path.remove_prefix(std::min(slash + 1, path.size()));
        auto found = folder->children.find(name);
        const bool is_folder = found != folder->children.end() && found->second.item.is_folder();
        if (!is_folder) {
            if (missing == Missing::Stop) {
                return static_cast<Folder*>(nullptr);
            }
            found = folder->children.insert_or_assign(std::string(name), Child()).first;
            found->second.item.mode = kModeFolder;
            found->second.folder = std::make_unique<Folder>();
        } else if (!found->second.folder) {
            found->second.folder = std::make_unique<Folder>();
            RAILHUB_TRY(load(found->second.item.oid, *found->second.folder));
        }
        folder = found->second.folder.get();
    }
    folder->is_changed = folder->is_changed || missing == Missing::Create;
    return folder;
}

util::Result<std::optional<TreeItem>> TreeEditor::find(std::string_view path) {
    const SplitPath parts = split_path(path);
    RAILHUB_TRY(Folder* const folder, folder_at(parts.folder, Missing::Stop));
    if (folder == nullptr) {
        return std::optional<TreeItem>();
    }
    const auto found = folder->children.find(parts.name);
    return found == folder->children.end() ? std::nullopt : std::optional(found->second.item);
}

util::Result<> TreeEditor::put(std::string_view path, const TreeItem& item) {
    const SplitPath parts = split_path(path);
    RAILHUB_TRY(Folder* const folder, folder_at(parts.folder, Missing::Create));
    folder->children.insert_or_assign(std::string(parts.name), Child{item, nullptr});
    return {};
}

util::Result<bool> TreeEditor::remove(std::string_view path) {
    RAILHUB_TRY(const auto present, find(path));
    if (!present) {
        return false;
    }
    const SplitPath parts = split_path(path);
    RAILHUB_TRY(Folder * folder, folder_at(parts.folder, Missing::Create));
    folder->children.erase(folder->children.find(parts.name));
    // A folder left empty is gone for the next operation too.
    std::string_view empty = parts.folder;
    while (folder->children.empty() && !empty.empty()) {
        const SplitPath above = split_path(empty);
        RAILHUB_TRY(folder, folder_at(above.folder, Missing::Create));
        folder->children.erase(folder->children.find(above.name));
        empty = above.folder;
    }
    return true;
}

util::Result<Oid> TreeEditor::write(Folder& folder) {
    std::vector<TreeName> entries;
    entries.reserve(folder.children.size());
    for (auto& [name, child] : folder.children) {
        if (child.folder && child.folder->is_changed) {
            RAILHUB_TRY(child.item.oid, write(*child.folder));
        }
        entries.push_back({name, child.item});
    }
    std::sort(entries.begin(), entries.end(), [](const TreeName& a, const TreeName& b) {
        return compare_names(a, b) < 0;
    });
    folder.is_changed = false;
    return source_.write(ObjectType::Tree, util::as_bytes(format_tree(entries)));
}

util::Result<Oid> TreeEditor::write() {
    RAILHUB_TRY(Folder* const root, folder_at("", Missing::Stop));
    return write(*root);
}

util::Result<Oid> TreeEditor::write_folder(std::string_view path) {
    RAILHUB_TRY(Folder* const folder, folder_at(path, Missing::Stop));
    if (folder == nullptr) {
        return util::fail(
            util::Code::NotFound, "folder '" + std::string(path) + "' does not exist"
        );
    }
    return write(*folder);
}

} // namespace railhub::repo::detail
