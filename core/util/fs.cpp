// SPDX-License-Identifier: Apache-2.0
// The real disk: POSIX calls, interrupted ones resumed, every error named after its path.
#include "core/util/fs.h"

#include "core/util/handle.h"
#include "core/util/random.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace railhub::util {

namespace {

using DirHandle = Handle<DIR, closedir>;

// Repeats a system call that a signal interrupted.
template <class Call>
auto resume(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) {
        result = call();
    }
    return result;
}

class PosixFile final : public File {
  public:
    PosixFile(FileHandle handle, std::string path)
        : handle_(std::move(handle)), path_(std::move(path)) {}

    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) override {
        std::size_t done = 0;
        while (done < into.size()) {
            const ssize_t count = resume([&] {
                const auto at = static_cast<off_t>(offset + done);
                return ::pread(handle_.fd(), into.data() + done, into.size() - done, at);
            });
            if (count < 0) {
                return system_error("read", path_, errno);
            }
            if (count == 0) {
                break;
            }
            done += static_cast<std::size_t>(count);
        }
        return done;
    }

    Result<> write_at(std::uint64_t offset, ByteView bytes) override {
        RAILHUB_TRY(check_healthy());
        while (!bytes.empty()) {
            const ssize_t count = resume([&] {
                const auto at = static_cast<off_t>(offset);
                return ::pwrite(handle_.fd(), bytes.data(), bytes.size(), at);
            });
            if (count < 0) {
                return system_error("write", path_, errno);
            }
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            offset += static_cast<std::uint64_t>(count);
        }
        return {};
    }

    Result<> truncate(std::uint64_t size) override {
        RAILHUB_TRY(check_healthy());
        if (resume([&] { return ::ftruncate(handle_.fd(), static_cast<off_t>(size)); }) < 0) {
            return system_error("truncate", path_, errno);
        }
        return {};
    }

    Result<> sync() override {
        RAILHUB_TRY(check_healthy());
        // Not resumed: after a failure the kernel may have dropped the dirty pages, and a second
        // fsync would report a success that is none.
        if (::fsync(handle_.fd()) < 0) {
            sync_error_ = errno;
            return system_error("sync", path_, sync_error_);
        }
        return {};
    }

    Result<std::uint64_t> size() override {
        struct stat status {};

        if (::fstat(handle_.fd(), &status) < 0) {
            return system_error("inspect", path_, errno);
        }
        return static_cast<std::uint64_t>(status.st_size);
    }

    [[nodiscard]] int fd() const override { return handle_.fd(); }

  private:
    Result<> check_healthy() const {
        if (sync_error_ != 0) {
            return system_error("go on after a failed sync of", path_, sync_error_);
        }
        return {};
    }

    FileHandle handle_;
    std::string path_;
    int sync_error_ = 0;
};

struct OpenFlags {
    int flags;
    mode_t mode;
};

OpenFlags open_flags(OpenMode mode) {
    switch (mode) {
    case OpenMode::Read:
        return {O_RDONLY, 0};
    case OpenMode::ReadWriteCreate:
        return {O_RDWR | O_CREAT, 0666};
    case OpenMode::CreateNew:
        return {O_RDWR | O_CREAT | O_EXCL, 0666};
    case OpenMode::CreateNewPrivate:
        return {O_RDWR | O_CREAT | O_EXCL, 0600};
    }
    return {O_RDONLY, 0};
}

FileInfo to_file_info(const struct stat& status) {
    constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
    return FileInfo{
        .size = static_cast<std::uint64_t>(status.st_size),
        .is_directory = S_ISDIR(status.st_mode),
        .is_symlink = S_ISLNK(status.st_mode),
        .modified_ns = status.st_mtim.tv_sec * kNanosPerSecond + status.st_mtim.tv_nsec,
        .inode = status.st_ino,
    };
}

class PosixFs final : public Fs {
  public:
    Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
        const OpenFlags how = open_flags(mode);
        FileHandle handle(resume([&] {
            return ::open(path.c_str(), how.flags | O_CLOEXEC, how.mode);
        }));
        if (!handle.is_open()) {
            return system_error("open", path, errno);
        }
        return std::unique_ptr<File>(std::make_unique<PosixFile>(std::move(handle), path));
    }

    Result<> rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) < 0) {
            return system_error("rename to", to, errno);
        }
        return {};
    }

    Result<> remove(const std::string& path) override {
        if (::remove(path.c_str()) < 0) {
            return system_error("remove", path, errno);
        }
        return {};
    }

    Result<> remove_tree(const std::string& path) override {
        std::error_code error;
        std::filesystem::remove_all(path, error);
        if (error) {
            return system_error("remove", path, error.value());
        }
        return {};
    }

    Result<> make_dirs(const std::string& path) override {
        if (::mkdir(path.c_str(), 0777) == 0) {
            return sync_dir(parent_path(path));
        }
        const int error = errno;
        if (error == EEXIST) {
            return check_is_dir(path);
        }
        const std::string parent = parent_path(path);
        if (error != ENOENT || parent == path) {
            return system_error("create folder", path, error);
        }
        RAILHUB_TRY(make_dirs(parent));
        if (::mkdir(path.c_str(), 0777) < 0 && errno != EEXIST) {
            return system_error("create folder", path, errno);
        }
        return sync_dir(parent);
    }

    Result<> sync_dir(const std::string& path) override {
        const FileHandle handle(resume([&] {
            return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        }));
        if (!handle.is_open() || ::fsync(handle.fd()) < 0) {
            return system_error("sync folder", path, errno);
        }
        return {};
    }

    Result<std::optional<FileInfo>> info(const std::string& path) override {
        struct stat status {};

        if (::lstat(path.c_str(), &status) == 0) {
            return std::optional(to_file_info(status));
        }
        if (errno == ENOENT || errno == ENOTDIR) {
            return std::optional<FileInfo>();
        }
        return system_error("inspect", path, errno);
    }

    Result<std::vector<std::string>> list(const std::string& path) override {
        const DirHandle folder(::opendir(path.c_str()));
        if (!folder) {
            return system_error("list", path, errno);
        }
        std::vector<std::string> names;
        errno = 0;
        while (const dirent* entry = ::readdir(folder.get())) {
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") {
                names.emplace_back(name);
            }
        }
        if (errno != 0) {
            return system_error("list", path, errno);
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    Result<> make_symlink(const std::string& target, const std::string& link) override {
        if (::symlink(target.c_str(), link.c_str()) < 0) {
            return system_error("create link", link, errno);
        }
        return {};
    }

  private:
    static Result<> check_is_dir(const std::string& path) {
        struct stat status {};

        if (::stat(path.c_str(), &status) < 0) {
            return system_error("inspect", path, errno);
        }
        if (!S_ISDIR(status.st_mode)) {
            return system_error("create folder", path, EEXIST);
        }
        return {};
    }
};

Result<> write_and_sync(File& file, ByteView bytes) {
    RAILHUB_TRY(file.write_at(0, bytes));
    return file.sync();
}

} // namespace

std::unique_ptr<Fs> make_posix_fs() {
    return std::make_unique<PosixFs>();
}

Result<std::string> read_file(Fs& fs, const std::string& path, std::uint64_t max_bytes) {
    RAILHUB_TRY(const auto file, fs.open(path, OpenMode::Read));
    RAILHUB_TRY(const std::uint64_t size, file->size());
    if (size > max_bytes) {
        return fail(
            Code::TooLarge, "'" + path + "' is larger than " + std::to_string(max_bytes) + " bytes"
        );
    }
    std::string text(size, '\0');
    const std::span into(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
    RAILHUB_TRY(const std::size_t count, file->read_at(0, into));
    text.resize(count); // somebody may have truncated it meanwhile
    return text;
}

Result<> write_atomic(Fs& fs, const std::string& path, ByteView bytes, FileAccess access) {
    SystemRandom random;
    const std::string temporary = path + ".tmp-" + random_hex(random, 8);
    const OpenMode mode =
        access == FileAccess::OwnerOnly ? OpenMode::CreateNewPrivate : OpenMode::CreateNew;
    RAILHUB_TRY(auto file, fs.open(temporary, mode));
    Result<> written = write_and_sync(*file, bytes);
    file.reset();
    if (written.ok()) {
        written = fs.rename(temporary, path);
    }
    if (!written.ok()) {
        // Best effort: the first error is the one to tell.
        static_cast<void>(fs.remove(temporary));
        return written;
    }
    return fs.sync_dir(parent_path(path));
}

std::string parent_path(const std::string& path) {
    const std::size_t last = path.find_last_not_of('/');
    if (last == std::string::npos) {
        return path.empty() ? "." : "/";
    }
    const std::size_t slash = path.find_last_of('/', last);
    if (slash == std::string::npos) {
        return ".";
    }
    const std::size_t end = path.find_last_not_of('/', slash);
    return end == std::string::npos ? "/" : path.substr(0, end + 1);
}

std::string join_path(std::string_view folder, std::string_view name) {
    std::string path(folder);
    if (!path.empty() && !path.ends_with('/')) {
        path += '/';
    }
    path += name;
    return path;
}

} // namespace railhub::util
