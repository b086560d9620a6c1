// SPDX-License-Identifier: Apache-2.0
// "<octal mode> <name>\0<20 bytes>", one entry after the other.
#include "core/repo/detail/tree.h"

#include <algorithm>
#include <array>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

struct ModeRow {
    std::uint32_t mode;
    std::string_view text;
    EntryKind kind;
};

constexpr std::array kModes = {
    ModeRow{kModeFile, "100644", EntryKind::File},
    ModeRow{kModeExecutable, "100755", EntryKind::Executable},
    ModeRow{kModeSymlink, "120000", EntryKind::Symlink},
    ModeRow{kModeFolder, "40000", EntryKind::Directory},
    ModeRow{kModeSubmodule, "160000", EntryKind::Submodule},
    ModeRow{kModeFileOld, "100664", EntryKind::File},
};

const ModeRow* row_of(std::uint32_t mode) {
    const auto* const row = std::find_if(kModes.begin(), kModes.end(), [mode](const ModeRow& r) {
        return r.mode == mode;
    });
    return row == kModes.end() ? nullptr : row;
}

// 7 digits hold every mode, with a zero in front that old tools wrote.
constexpr std::size_t kLongestMode = 7;

std::optional<std::uint32_t> parse_mode(std::string_view text) {
    if (text.empty() || text.size() > kLongestMode) {
        return std::nullopt;
    }
    std::uint32_t mode = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '7') {
            return std::nullopt;
        }
        mode = mode * 8 + static_cast<std::uint32_t>(digit - '0');
    }
    return mode;
}

} // namespace

bool is_known_mode(std::uint32_t mode) {
    return row_of(mode) != nullptr;
}

EntryKind kind_of_mode(std::uint32_t mode) {
    const ModeRow* const row = row_of(mode);
    return row == nullptr ? EntryKind::File : row->kind;
}

std::uint32_t mode_of_kind(EntryKind kind) {
    const auto* const row = std::find_if(kModes.begin(), kModes.end(), [kind](const ModeRow& r) {
        return r.kind == kind;
    });
    RAILHUB_ASSERT(row != kModes.end());
    return row->mode;
}

util::Result<TreeName> take_tree_entry(util::ByteView& bytes) {
    const std::string_view text = util::as_text(bytes);
    const std::size_t blank = text.substr(0, kLongestMode + 1).find(' ');
    const std::size_t nul = blank == text.npos ? blank : text.find('\0', blank);
    if (nul == text.npos || text.size() - nul - 1 < Oid::kSize) {
        return fail(Code::InvalidInput, "tree entry is cut off");
    }
    const auto mode = parse_mode(text.substr(0, blank));
    if (!mode) {
        return fail(Code::InvalidInput, "tree entry has no file mode");
    }
    const TreeName entry{
        text.substr(blank + 1, nul - blank - 1),
        TreeItem{*mode, Oid::from(bytes.subspan(nul + 1, Oid::kSize))}};
    bytes = bytes.subspan(nul + 1 + Oid::kSize);
    return entry;
}

util::Result<std::vector<TreeName>> parse_tree(const Oid& oid, util::ByteView bytes) {
    std::vector<TreeName> entries;
    entries.reserve(bytes.size() / 40); // a typical entry
    while (!bytes.empty()) {
        auto entry = take_tree_entry(bytes);
        if (!entry.ok()) {
            return fail(Code::Corrupt, "tree '" + oid.hex() + "' is damaged");
        }
        entries.push_back(entry.value());
    }
    return entries;
}

int compare_names(const TreeName& a, const TreeName& b) {
    const std::size_t common = std::min(a.name.size(), b.name.size());
    if (const int order = a.name.substr(0, common).compare(b.name.substr(0, common)); order != 0) {
        return order;
    }
    const auto next = [common](const TreeName& entry) -> int {
        if (entry.name.size() > common) {
            return static_cast<unsigned char>(entry.name[common]);
        }
        return entry.item.is_folder() ? '/' : 0;
    };
    return next(a) - next(b);
}

std::string format_tree(const std::vector<TreeName>& entries) {
    std::string out;
    for (const TreeName& entry : entries) {
        const ModeRow* const row = row_of(entry.item.mode);
        RAILHUB_ASSERT(row != nullptr);
        out += row->text;
        out += ' ';
        out += entry.name;
        out += '\0';
        out += util::as_text(entry.item.oid.view());
    }
    return out;
}

std::string join(std::string_view folder, std::string_view name) {
    std::string path(folder);
    if (!path.empty()) {
        path += '/';
    }
    path += name;
    return path;
}

} // namespace railhub::repo::detail
