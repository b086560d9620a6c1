// SPDX-License-Identifier: Apache-2.0
// The disk as an interface: POSIX in production, a fault-injecting one in tests.
#pragma once

#include "core/util/io.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace railhub::util {

struct FileInfo {
    std::uint64_t size = 0;
    bool is_directory = false;
    bool is_symlink = false;
    std::int64_t modified_ns = 0; // since 1970
    std::uint64_t inode = 0;
};

// An open file. One thread at a time for writing; read_at is safe from any thread.
class File {
  public:
    virtual ~File() = default;
    // Fills `into` unless the file ends before; returns the number of bytes.
    virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) = 0;
    virtual Result<> write_at(std::uint64_t offset, ByteView bytes) = 0;
    virtual Result<> truncate(std::uint64_t size) = 0;
    // fsync. A failure is final: the caller must drop the file and everything written to it.
    virtual Result<> sync() = 0;
    virtual Result<std::uint64_t> size() = 0;
    // The descriptor for mmap/sendfile/io_uring, or -1 when there is none (in-memory).
    [[nodiscard]] virtual int fd() const = 0;
};

enum class OpenMode : std::uint8_t {
    Read,
    ReadWriteCreate,  // creates when absent
    CreateNew,        // AlreadyExists when present
    CreateNewPrivate, // the same, for the owner alone (0600)
};

enum class FileAccess : std::uint8_t { Default, OwnerOnly };

// Paths are absolute or relative to the working directory. Safe from any thread.
class Fs {
  public:
    virtual ~Fs() = default;
    virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
    virtual Result<> rename(const std::string& from, const std::string& to) = 0;
    // A file, a link or an empty folder; NotFound when absent.
    virtual Result<> remove(const std::string& path) = 0;
    // Removes a folder and all below it; absent is success.
    virtual Result<> remove_tree(const std::string& path) = 0;
    // With parents; existing is success. Folders it makes survive a crash: their parents are
    // synced.
    virtual Result<> make_dirs(const std::string& path) = 0;
    // fsync of the folder, after a rename or create in it.
    virtual Result<> sync_dir(const std::string& path) = 0;
    // nullopt when absent. Does not follow a final symlink.
    virtual Result<std::optional<FileInfo>> info(const std::string& path) = 0;
    // Names in a folder, sorted, without "." and "..".
    virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
    // AlreadyExists when `link` is there. `target` is stored as given.
    virtual Result<> make_symlink(const std::string& target, const std::string& link) = 0;
};

// The real disk.
std::unique_ptr<Fs> make_posix_fs();

// Whole file as text; TooLarge past max_bytes.
Result<std::string> read_file(Fs& fs, const std::string& path, std::uint64_t max_bytes);
// Temporary beside it, fsync, rename, fsync of the folder.
Result<> write_atomic(
    Fs& fs, const std::string& path, ByteView bytes, FileAccess access = FileAccess::Default
);
// Folder of a path: "." for a bare name, "/" for the root.
std::string parent_path(const std::string& path);
std::string join_path(std::string_view folder, std::string_view name);

} // namespace railhub::util
