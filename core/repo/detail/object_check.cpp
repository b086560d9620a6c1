// SPDX-License-Identifier: Apache-2.0
// The rules of git's fsck, each as a small function over text.
#include "core/repo/detail/object_check.h"

#include "core/repo/detail/tree.h"
#include "core/types/repo_path.h"
#include "core/types/revision.h"
#include "core/util/text.h"

#include <algorithm>
#include <limits>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

// Why an object is refused; empty when it is fine.
using Reason = std::string;

// The next line without its end, which must be there.
std::optional<std::string_view> take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) {
        return std::nullopt;
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

// Takes "<key> <value>" if the next line has that key.
std::optional<std::string_view> take_field(std::string_view& text, std::string_view key) {
    if (!text.starts_with(key) || text.size() <= key.size() || text[key.size()] != ' ') {
        return std::nullopt;
    }
    const auto line = take_line(text);
    return line ? std::optional(line->substr(key.size() + 1)) : std::nullopt;
}

bool is_zone(std::string_view text) {
    return text.size() == 5 && (text[0] == '+' || text[0] == '-') &&
           std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// " 1700000000 +0100"
Reason check_time(std::string_view text) {
    if (!text.starts_with(' ')) {
        return "has no blank before a date";
    }
    text.remove_prefix(1);
    const std::size_t blank = std::min(text.find(' '), text.size());
    const std::string_view seconds = text.substr(0, blank);
    const auto number = util::parse_decimal(seconds);
    if (!number || *number > std::numeric_limits<std::int64_t>::max()) {
        return "has a bad date";
    }
    if (seconds.size() > 1 && seconds[0] == '0') {
        return "has a date with leading zeros";
    }
    const bool has_zone = blank < text.size() && is_zone(text.substr(blank + 1));
    return has_zone ? Reason() : "has a bad time zone";
}

// "Name <mail> 1700000000 +0100"
Reason check_ident(std::string_view text) {
    if (text.starts_with('<')) {
        return "has no name before an e-mail address";
    }
    const std::size_t open = text.find_first_of("<>");
    if (open == text.npos || text[open] == '>') {
        return "has no e-mail address";
    }
    if (text[open - 1] != ' ') {
        return "has no blank before an e-mail address";
    }
    const std::size_t close = text.find_first_of("<>", open + 1);
    if (close == text.npos || text[close] != '>') {
        return "has a bad e-mail address";
    }
    return check_time(text.substr(close + 1));
}

// Headers end at an empty line or with the object; no NUL in them.
Reason check_headers(std::string_view text) {
    const std::size_t end = text.find("\n\n");
    const std::string_view headers = text.substr(0, end);
    if (headers.find('\0') != headers.npos) {
        return "has a NUL in its headers";
    }
    return end == text.npos && !text.ends_with('\n') ? "has unterminated headers" : "";
}

bool is_oid(std::optional<std::string_view> text) {
    return text && Oid::parse(*text).ok();
}

Reason check_commit(std::string_view text) {
    if (Reason reason = check_headers(text); !reason.empty()) {
        return reason;
    }
    if (text.find('\0') != text.npos) {
        return "has a NUL in its message";
    }
    if (!is_oid(take_field(text, "tree"))) {
        return "has no tree";
    }
    while (const auto parent = take_field(text, "parent")) {
        if (!is_oid(parent)) {
            return "has a bad parent";
        }
    }
    const auto author = take_field(text, "author");
    if (!author) {
        return "has no author";
    }
    if (take_field(text, "author")) {
        return "has several authors";
    }
    const auto committer = take_field(text, "committer");
    if (!committer) {
        return "has no committer";
    }
    const Reason reason = check_ident(*author);
    return reason.empty() ? check_ident(*committer) : reason;
}

Reason check_tag(std::string_view text) {
    if (Reason reason = check_headers(text); !reason.empty()) {
        return reason;
    }
    if (!is_oid(take_field(text, "object"))) {
        return "has no object";
    }
    const auto type = take_field(text, "type");
    if (type != "commit" && type != "tree" && type != "blob" && type != "tag") {
        return "has no type";
    }
    const auto name = take_field(text, "tag");
    if (!name || name->empty()) {
        return "has no name";
    }
    // Only tags of the first years have no tagger.
    const auto tagger = take_field(text, "tagger");
    return tagger ? check_ident(*tagger) : Reason();
}

bool is_gitmodules(std::string_view name) {
    return util::equal_ignore_case(name, ".gitmodules") ||
           util::lower(name).starts_with("gitmod~"); // its short name on NTFS
}

Reason check_entry(const TreeName& entry, std::string_view mode) {
    const std::string name = "'" + std::string(entry.name) + "'";
    if (entry.name.find('/') != entry.name.npos) {
        return "has an entry with a slash in its name";
    }
    if (const auto path = types::RepoPath::parse(entry.name); !path.ok()) {
        return "has a bad entry: " + path.error().message;
    }
    if (mode.starts_with('0') || !is_known_mode(entry.item.mode)) {
        return "has the bad file mode " + std::string(mode) + " at " + name;
    }
    if (entry.item.oid == Oid()) {
        return "has a null id at " + name;
    }
    if (entry.item.mode == kModeSymlink && is_gitmodules(entry.name)) {
        return "has the symbolic link " + name;
    }
    return {};
}

Reason check_tree(util::ByteView bytes) {
    std::vector<std::string_view> files; // in order: "a" comes before the folder "a"
    std::optional<TreeName> last;
    while (!bytes.empty()) {
        const std::string_view text = util::as_text(bytes);
        const auto entry = take_tree_entry(bytes);
        if (!entry.ok()) {
            return "is damaged: " + entry.error().message;
        }
        if (Reason reason = check_entry(*entry, text.substr(0, text.find(' '))); !reason.empty()) {
            return reason;
        }
        const int order = last ? compare_names(*last, *entry) : -1;
        const bool is_twin =
            entry->item.is_folder() && std::binary_search(files.begin(), files.end(), entry->name);
        if (order == 0 || is_twin) {
            return "has two entries '" + std::string(entry->name) + "'";
        }
        if (order > 0) {
            return "is not in order at '" + std::string(entry->name) + "'";
        }
        if (!entry->item.is_folder()) {
            files.push_back(entry->name);
        }
        last = *entry;
    }
    return {};
}

Reason reason_against(ObjectType type, util::ByteView bytes) {
    switch (type) {
    case ObjectType::Commit:
        return check_commit(util::as_text(bytes));
    case ObjectType::Tree:
        return check_tree(bytes);
    case ObjectType::Tag:
        return check_tag(util::as_text(bytes));
    case ObjectType::Blob:
        return {};
    }
    return "is of an unknown type";
}

bool has_parent_component(std::string_view name) {
    std::string flat(name);
    std::replace(flat.begin(), flat.end(), '\\', '/');
    const auto parts = util::split(flat, '/');
    return std::find(parts.begin(), parts.end(), "..") != parts.end();
}

std::string_view unquoted(std::string_view value) {
    value = util::trim(value);
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
        return value.substr(1, value.size() - 2);
    }
    return value;
}

// [submodule "name"]
Reason check_module_section(std::string_view line) {
    const std::size_t open = line.find('"');
    const std::size_t close = line.rfind('"');
    if (open == line.npos || close <= open) {
        return {};
    }
    const std::string_view name = line.substr(open + 1, close - open - 1);
    return name.empty() || has_parent_component(name) ? "has a submodule name that leads outside"
                                                      : "";
}

Reason check_module_value(std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == line.npos) {
        return {};
    }
    const std::string key = util::lower(util::trim(line.substr(0, equals)));
    const std::string_view value = unquoted(line.substr(equals + 1));
    if ((key == "url" || key == "path") && value.starts_with('-')) {
        return "has a submodule " + key + " that looks like an option";
    }
    if (key == "url" && (value.find("%0a") != value.npos || value.find("%0A") != value.npos)) {
        return "has a submodule url with a line break";
    }
    if (key == "update" && value.starts_with('!')) {
        return "has a submodule update command";
    }
    return {};
}

} // namespace

util::Result<> check_object(const Oid& oid, ObjectType type, util::ByteView bytes) {
    const Reason reason = reason_against(type, bytes);
    if (reason.empty()) {
        return {};
    }
    return fail(
        Code::InvalidInput, std::string(type_word(type)) + " '" + oid.hex() + "' " + reason
    );
}

util::Result<> check_gitmodules(const Oid& oid, util::ByteView bytes) {
    for (const std::string_view raw : util::split(util::as_text(bytes), '\n')) {
        const std::string_view line = util::trim(raw);
        const Reason reason =
            line.starts_with('[') ? check_module_section(line) : check_module_value(line);
        if (!reason.empty()) {
            return fail(Code::InvalidInput, "file '.gitmodules' (" + oid.hex() + ") " + reason);
        }
    }
    return {};
}

} // namespace railhub::repo::detail
