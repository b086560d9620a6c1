// SPDX-License-Identifier: Apache-2.0
// PlaceOnDisk: rename under a lock, sync of folders, and the sweep of what a crash left.
#include "core/storage/detail/place_on_disk.h"

#include "core/util/text.h"

#include <sys/file.h>
#include <unistd.h>

namespace railhub::storage::detail {

namespace {

constexpr std::string_view kFormatName = "railhub-store ";
constexpr std::uint64_t kFormatVersion = 1;
constexpr std::uint64_t kMaxFormatBytes = 64;

// A lock says "in use" to the sweep of another process; it goes with the process.
void mark_in_use(const util::File& file) {
    if (file.fd() >= 0) {
        static_cast<void>(::flock(file.fd(), LOCK_EX | LOCK_NB));
    }
}

bool is_in_use(util::Fs& fs, const std::string& path) {
    const auto file = fs.open(path, util::OpenMode::Read);
    return file.ok() && (*file)->fd() >= 0 && ::flock((*file)->fd(), LOCK_EX | LOCK_NB) != 0;
}

} // namespace

util::Result<> PlaceOnDisk::prepare(const util::Context& ctx) {
    RAILHUB_TRY(fs_.make_dirs(layout_.objects()));
    RAILHUB_TRY(fs_.make_dirs(layout_.temporaries()));
    RAILHUB_TRY(read_format());
    return sweep(ctx);
}

util::Result<> PlaceOnDisk::read_format() {
    const std::string path = layout_.format_file();
    RAILHUB_TRY(const auto info, fs_.info(path));
    if (!info) {
        const std::string text = std::string(kFormatName) + std::to_string(kFormatVersion) + "\n";
        return util::write_atomic(fs_, path, util::as_bytes(text));
    }
    RAILHUB_TRY(const std::string text, util::read_file(fs_, path, kMaxFormatBytes));
    std::optional<std::uint64_t> version;
    if (text.starts_with(kFormatName)) {
        version =
            util::parse_decimal(util::trim(std::string_view(text).substr(kFormatName.size())));
    }
    if (!version) {
        return util::fail(
            util::Code::Corrupt,
            "'" + path + "' does not say what this folder is",
            "point the store at a folder that railhub made, or at an empty one"
        );
    }
    if (*version > kFormatVersion) {
        return util::fail(
            util::Code::Conflict,
            "store has format " + std::to_string(*version) + ", this program knows up to " +
                std::to_string(kFormatVersion),
            "start the newer railhub that wrote it"
        );
    }
    return {};
}

util::Result<> PlaceOnDisk::sweep(const util::Context& ctx) {
    RAILHUB_TRY(const auto names, fs_.list(layout_.temporaries()));
    const std::int64_t now = util::to_millis(ctx.clock.now());
    for (const std::string& name : names) {
        const std::string path = layout_.temporary(name);
        RAILHUB_TRY(const auto info, fs_.info(path));
        const bool is_old = info && now - info->modified_ns / 1'000'000 >= stale_after_.count();
        if (is_old && !is_in_use(fs_, path)) {
            ctx.log.write(util::LogLevel::Info, "removed left-over upload", {{"file", path}});
            RAILHUB_TRY(fs_.remove_tree(path));
        }
    }
    return {};
}

util::Result<std::unique_ptr<util::File>> PlaceOnDisk::create_temporary(std::string& path) {
    while (true) { // numbers taken by an earlier process of the same id are passed over
        const std::string candidate =
            layout_.temporary(std::to_string(::getpid()) + "-" + std::to_string(next_temporary_++));
        auto file = fs_.open(candidate, util::OpenMode::CreateNew);
        if (file.ok()) {
            mark_in_use(**file);
            path = candidate;
            return file;
        }
        if (file.error().code != util::Code::AlreadyExists) {
            return file;
        }
    }
}

util::Result<> PlaceOnDisk::make_folder_of(const std::string& path) {
    const std::string folder = util::parent_path(path);
    if (known_folders_.access()->count(folder) != 0) {
        return {};
    }
    RAILHUB_TRY(fs_.make_dirs(folder));
    known_folders_.access()->insert(folder);
    return {};
}

util::Result<bool> PlaceOnDisk::exists(std::string_view key) {
    RAILHUB_TRY(const auto info, fs_.info(layout_.object(key)));
    return info.has_value();
}

util::Result<bool> PlaceOnDisk::has_durable(std::string_view key) {
    RAILHUB_TRY(const bool is_there, exists(key));
    if (is_there) { // its writer may not have come to the sync yet
        RAILHUB_TRY(sync_folder_of(layout_.object(key)));
    }
    return is_there;
}

util::Result<> PlaceOnDisk::place(const std::string& path, std::string_view key) {
    const std::string target = layout_.object(key);
    RAILHUB_TRY(make_folder_of(target));
    {
        const std::lock_guard lock(placing_);
        RAILHUB_TRY(const bool is_there, exists(key));
        if (is_there) {
            RAILHUB_TRY(fs_.remove(path));
        } else {
            RAILHUB_TRY(fs_.rename(path, target));
        }
    }
    return sync_folder_of(target);
}

util::Result<> PlaceOnDisk::move(std::string_view from, std::string_view to) {
    const std::string source = layout_.object(from);
    const std::string target = layout_.object(to);
    {
        const std::lock_guard lock(placing_);
        RAILHUB_TRY(const bool is_there, exists(from));
        if (!is_there) {
            return util::fail(util::Code::NotFound, "no object '" + std::string(from) + "'");
        }
        RAILHUB_TRY(make_folder_of(target));
        RAILHUB_TRY(const bool is_taken, exists(to));
        if (is_taken && source != target) {
            RAILHUB_TRY(fs_.remove(source));
        } else if (!is_taken) {
            RAILHUB_TRY(fs_.rename(source, target));
        }
    }
    RAILHUB_TRY(sync_folder_of(target));
    return sync_folder_of(source);
}

util::Result<> PlaceOnDisk::sync_folder_of(const std::string& path) {
    if (sync_failed_) {
        return util::fail(
            util::Code::Io,
            "store refuses writes since a sync failed on the disk",
            "check the disk and the system log, then start the server again"
        );
    }
    auto synced = fs_.sync_dir(util::parent_path(path));
    if (!synced.ok()) {
        sync_failed_ = true;
    }
    return synced;
}

} // namespace railhub::storage::detail
