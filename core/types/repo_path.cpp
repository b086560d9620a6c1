// SPDX-License-Identifier: Apache-2.0
// What makes a path dangerous: to us, and to whoever checks it out on another system.
#include "core/types/repo_path.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::types {

namespace {

using util::Code;
using util::fail;
using util::Result;

constexpr std::size_t kLongestPath = 1000;

util::Error bad_path(std::string_view path, std::string_view reason) {
    constexpr std::size_t kShown = 200;
    const bool is_text =
        util::is_valid_utf8(path) && std::none_of(path.begin(), path.end(), [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        });
    // Cut between characters: a message must be UTF-8 as well.
    std::string_view shown = is_text ? path.substr(0, kShown) : "?";
    while (!util::is_valid_utf8(shown)) {
        shown.remove_suffix(1);
    }
    return fail(
        Code::InvalidInput, "invalid path '" + std::string(shown) + "': " + std::string(reason)
    );
}

// HFS+ ignores these code points when it compares names: U+200C-200F, U+202A-202E, U+206A-206F and
// U+FEFF, as UTF-8.
bool is_ignored_by_hfs(std::string_view three) {
    const auto low = static_cast<unsigned char>(three[2]);
    if (three.starts_with("\xE2\x80")) {
        return (low >= 0x8C && low <= 0x8F) || (low >= 0xAA && low <= 0xAE);
    }
    if (three.starts_with("\xE2\x81")) {
        return low >= 0xAA && low <= 0xAF;
    }
    return three == "\xEF\xBB\xBF";
}

std::string without_ignored_by_hfs(std::string_view name) {
    std::string kept;
    while (!name.empty()) {
        if (name.size() >= 3 && is_ignored_by_hfs(name.substr(0, 3))) {
            name.remove_prefix(3);
        } else {
            kept += name.front();
            name.remove_prefix(1);
        }
    }
    return kept;
}

// NTFS drops dots and blanks at the end, reads "git~1" as the short form of ".git", and takes what
// follows ':' as the name of a stream of the same file.
std::string_view without_ntfs_tail(std::string_view name) {
    name = name.substr(0, name.find(':'));
    const std::size_t last = name.find_last_not_of(". ");
    return last == std::string_view::npos ? std::string_view() : name.substr(0, last + 1);
}

bool is_dot_git(std::string_view name) {
    const std::string folded = util::lower(name);
    const std::string_view on_ntfs = without_ntfs_tail(folded);
    return on_ntfs == ".git" || on_ntfs == "git~1" || without_ignored_by_hfs(folded) == ".git";
}

} // namespace

Result<RepoPath> RepoPath::parse(std::string_view text) {
    if (text.empty()) {
        return bad_path(text, "it is empty");
    }
    if (text.size() > kLongestPath) {
        return bad_path(text, "it is longer than 1000 bytes");
    }
    if (!util::is_valid_utf8(text)) {
        return bad_path(text, "it is not UTF-8");
    }
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            return bad_path(text, "it has a control character");
        }
        if (c == '\\') {
            return bad_path(text, "it has a backslash");
        }
    }
    for (const std::string_view component : util::split(text, '/')) {
        if (component.empty()) {
            return bad_path(text, "a component is empty");
        }
        if (component == "." || component == "..") {
            return bad_path(text, "a component is '.' or '..'");
        }
        if (is_dot_git(component)) {
            return bad_path(text, "a component stands for '.git'");
        }
    }
    return RepoPath(std::string(text));
}

std::string_view RepoPath::file_name() const {
    const std::string_view text = text_;
    return text.substr(text.rfind('/') + 1); // npos + 1 == 0
}

std::string_view RepoPath::folder() const {
    const std::string_view text = text_;
    const std::size_t slash = text.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : text.substr(0, slash);
}

} // namespace railhub::types
