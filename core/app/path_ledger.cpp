// SPDX-License-Identifier: Apache-2.0
#include "core/app/path_ledger.h"

#include "core/app/reasons.h"

namespace railhub::app {

namespace {

util::Error both(const std::string& path) {
    return with_reason(
        util::fail(util::Code::InvalidInput, "'" + path + "' cannot be a file and a folder"),
        kUnprocessable
    );
}

} // namespace

util::Result<> PathLedger::put(const types::RepoPath& path) {
    const std::string& text = path.text();
    for (std::size_t slash = text.find('/'); slash != std::string::npos;
         slash = text.find('/', slash + 1)) {
        const std::string folder = text.substr(0, slash);
        if (known_folders_.contains(folder)) {
            continue;
        }
        RAILHUB_TRY(const bool is_taken, is_file(folder));
        if (is_taken) {
            return both(folder);
        }
        known_folders_.insert(folder);
    }
    RAILHUB_TRY(const bool is_taken, is_folder(text));
    if (is_taken) {
        return both(text);
    }
    put_.insert(text);
    return {};
}

void PathLedger::remove(const types::RepoPath& path) {
    const std::string& text = path.text();
    put_.erase(text);
    const std::string below = text + "/";
    for (auto row = put_.lower_bound(below); row != put_.end() && row->starts_with(below);) {
        row = put_.erase(row);
    }
    known_folders_.clear();
    removed_.insert(text);
}

util::Result<bool> PathLedger::is_file(const std::string& path) {
    if (put_.contains(path)) {
        return true;
    }
    if (is_removed(path)) {
        return false;
    }
    RAILHUB_TRY(const auto kind, base_kind(path));
    return kind && *kind != repo::EntryKind::Directory;
}

util::Result<bool> PathLedger::is_folder(const std::string& path) {
    const std::string below = path + "/";
    const auto row = put_.lower_bound(below);
    if (row != put_.end() && row->starts_with(below)) {
        return true;
    }
    if (is_removed(path)) {
        return false;
    }
    RAILHUB_TRY(const auto kind, base_kind(path));
    return kind == repo::EntryKind::Directory;
}

bool PathLedger::is_removed(const std::string& path) const {
    if (removed_.contains(path)) {
        return true;
    }
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
        if (removed_.contains(path.substr(0, slash))) {
            return true;
        }
    }
    return false;
}

util::Result<std::optional<repo::EntryKind>> PathLedger::base_kind(const std::string& path) {
    if (!base_) {
        return std::optional<repo::EntryKind>{};
    }
    RAILHUB_TRY(const auto parsed, types::RepoPath::parse(path));
    RAILHUB_TRY(const auto entry, repository_.entry(*base_, parsed));
    return entry ? std::optional(entry->kind) : std::nullopt;
}

} // namespace railhub::app
