// SPDX-License-Identifier: Apache-2.0
// Paths and small files of the cache.
#include "core/transfer/cache.h"

#include "core/types/repo_path.h"
#include "core/types/revision.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::transfer {

namespace {

constexpr std::uint64_t kMaxTreeFile = std::uint64_t{256} << 20;
// The first line is what cachedir specification 0.6 asks for; backup tools skip such folders.
constexpr std::string_view kCacheTag = "Signature: 8a477f597d28d172789f06886806bc55\n"
                                       "# A cache of files that a hub can give again.\n";

std::string joined(std::initializer_list<std::string_view> parts) {
    std::string path;
    for (const auto part : parts) {
        path = path.empty() ? std::string(part) : util::join_path(path, part);
    }
    return path;
}

// Follows links.
bool exists(util::Fs& fs, const std::string& path) {
    return fs.open(path, util::OpenMode::Read).ok();
}

util::Json tree_json(const std::vector<RemoteEntry>& entries) {
    util::Json files = util::Json::object();
    std::vector<const RemoteEntry*> sorted;
    for (const auto& entry : entries) {
        if (!entry.is_folder) {
            sorted.push_back(&entry);
        }
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
        return a->path < b->path;
    });
    util::JsonObject members;
    for (const RemoteEntry* entry : sorted) {
        util::Json file = util::Json::object({{"size", entry->size}, {"blob_id", entry->oid}});
        if (entry->lfs) {
            file.set("lfs_sha256", entry->lfs->hex());
            file.set("lfs_size", entry->size);
            if (!entry->xet_hash.empty()) {
                file.set("xet_hash", entry->xet_hash);
            }
        }
        members.emplace_back(entry->path, std::move(file));
    }
    return util::Json::object({{"format_version", 1}, {"files", util::Json(std::move(members))}});
}

// A tree file of another version, or a damaged one, is as good as none.
std::optional<std::vector<RemoteEntry>> read_tree_json(const std::string& text) {
    const auto json = util::parse_json(text, {.max_bytes = kMaxTreeFile});
    const util::Json* files = json.ok() ? json->find("files") : nullptr;
    if (files == nullptr || !files->is_object() || json->number("format_version") != 1) {
        return std::nullopt;
    }
    std::vector<RemoteEntry> entries;
    for (const auto& [path, value] : *files->as_object()) {
        RemoteEntry entry;
        entry.path = path;
        entry.oid = value.text("blob_id");
        entry.size = value.number("size");
        if (const auto sha256 = util::Sha256::parse(value.text("lfs_sha256")); sha256.ok()) {
            entry.lfs = *sha256;
            entry.xet_hash = value.text("xet_hash");
        }
        if (!types::RepoPath::parse(path).ok()) {
            return std::nullopt;
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace

RepoCache::RepoCache(util::Fs& fs, std::string cache_folder, const types::RepoId& id)
    : fs_(fs), cache_folder_(std::move(cache_folder)),
      name_(std::string(types::kind_plural(id.kind)) + "--" + id.owner + "--" + id.name),
      folder_(util::join_path(cache_folder_, name_)) {}

std::string RepoCache::blob_path(std::string_view etag) const {
    return joined({folder_, "blobs", etag});
}

std::string RepoCache::partial_path(std::string_view etag) const {
    return blob_path(etag) + ".incomplete";
}

std::string RepoCache::lock_path(std::string_view etag) const {
    return joined({cache_folder_, ".locks", name_, std::string(etag) + ".lock"});
}

std::string RepoCache::snapshot_folder(std::string_view commit) const {
    return joined({folder_, "snapshots", commit});
}

std::string RepoCache::tree_path(std::string_view commit) const {
    return joined({folder_, "trees", std::string(commit) + ".json"});
}

util::Result<> RepoCache::prepare() const {
    RAILHUB_TRY(fs_.make_dirs(joined({folder_, "blobs"})));
    RAILHUB_TRY(fs_.make_dirs(joined({folder_, "snapshots"})));
    const std::string tag = joined({cache_folder_, "CACHEDIR.TAG"});
    RAILHUB_TRY(const auto there, fs_.info(tag));
    return there ? util::Result<>() : util::write_atomic(fs_, tag, util::as_bytes(kCacheTag));
}

util::Result<std::optional<std::string>> RepoCache::ref(std::string_view revision) const {
    if (types::is_full_sha(revision)) {
        return std::optional<std::string>(util::lower(revision));
    }
    if (!types::is_valid_branch_name(revision)) {
        return std::optional<std::string>();
    }
    auto text = util::read_file(fs_, joined({folder_, "refs", revision}), 1024);
    if (!text.ok()) {
        return std::optional<std::string>();
    }
    std::string commit(util::trim(*text));
    return types::is_full_sha(commit) ? std::optional(std::move(commit)) : std::nullopt;
}

util::Result<> RepoCache::set_ref(std::string_view revision, std::string_view commit) const {
    if (revision == commit || !types::is_valid_branch_name(revision)) {
        return {};
    }
    const std::string path = joined({folder_, "refs", revision});
    const auto now = util::read_file(fs_, path, 1024);
    if (now.ok() && *now == commit) {
        return {};
    }
    RAILHUB_TRY(fs_.make_dirs(util::parent_path(path)));
    return util::write_atomic(fs_, path, util::as_bytes(commit));
}

util::Result<bool> RepoCache::has_file(std::string_view commit, std::string_view path) const {
    return exists(fs_, joined({snapshot_folder(commit), path}));
}

util::Result<bool> RepoCache::has_blob(std::string_view etag) const {
    return exists(fs_, blob_path(etag));
}

util::Result<>
RepoCache::link(std::string_view commit, std::string_view path, std::string_view etag) const {
    const std::string pointer = joined({snapshot_folder(commit), path});
    if (exists(fs_, pointer)) {
        return {};
    }
    std::string target = "../../";
    for (auto depth = std::count(path.begin(), path.end(), '/'); depth > 0; --depth) {
        target += "../";
    }
    target += "blobs/" + std::string(etag);
    RAILHUB_TRY(fs_.make_dirs(util::parent_path(pointer)));
    if (auto removed = fs_.remove(pointer); // a link to a blob that is gone
        !removed.ok() && removed.error().code != util::Code::NotFound) {
        return removed;
    }
    auto made = fs_.make_symlink(target, pointer);
    const bool lost_race = !made.ok() && made.error().code == util::Code::AlreadyExists;
    return lost_race && exists(fs_, pointer) ? util::Result<>() : made;
}

util::Result<> RepoCache::mark_absent(std::string_view commit, std::string_view path) const {
    const std::string marker = joined({folder_, ".no_exist", commit, path});
    RAILHUB_TRY(fs_.make_dirs(util::parent_path(marker)));
    RAILHUB_TRY(fs_.open(marker, util::OpenMode::ReadWriteCreate));
    return {};
}

util::Result<>
RepoCache::write_tree(std::string_view commit, const std::vector<RemoteEntry>& entries) const {
    const std::string path = tree_path(commit);
    RAILHUB_TRY(const auto there, fs_.info(path));
    if (there) {
        return {};
    }
    RAILHUB_TRY(fs_.make_dirs(util::parent_path(path)));
    return util::write_atomic(fs_, path, util::as_bytes(tree_json(entries).dump()));
}

util::Result<std::optional<std::vector<RemoteEntry>>> RepoCache::tree(std::string_view commit
) const {
    const auto text = util::read_file(fs_, tree_path(commit), kMaxTreeFile);
    return text.ok() ? read_tree_json(*text) : std::nullopt;
}

} // namespace railhub::transfer
