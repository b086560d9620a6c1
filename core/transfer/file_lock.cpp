// SPDX-License-Identifier: Apache-2.0
// flock(2), polled so that a wait can be interrupted.
#include "core/transfer/file_lock.h"

#include "core/transfer/session.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace railhub::transfer {

namespace {

constexpr std::chrono::milliseconds kPoll{50};

enum class LockTry : std::uint8_t { Taken, Busy, Gone };

// Gone: whoever held it removed the file, so that our lock protects nothing.
util::Result<LockTry> try_lock(int fd, const std::string& path) {
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK || errno == EINTR) {
            return LockTry::Busy;
        }
        return util::system_error("lock", path, errno);
    }

    struct stat info {};

    const bool is_linked = ::fstat(fd, &info) == 0 && info.st_nlink > 0;
    return is_linked ? LockTry::Taken : LockTry::Gone;
}

} // namespace

util::Result<FileLock>
FileLock::acquire(const util::Context& ctx, util::Fs& fs, const std::string& path) {
    RAILHUB_TRY(fs.make_dirs(util::parent_path(path)));
    constexpr mode_t kGroupWritable = 0664; // people who share a cache wait for each other
    while (true) {
        util::FileHandle handle(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kGroupWritable));
        if (!handle.is_open()) {
            return util::system_error("open", path, errno);
        }
        RAILHUB_TRY(LockTry outcome, try_lock(handle.fd(), path));
        while (outcome == LockTry::Busy) {
            RAILHUB_TRY(wait_for(ctx, kPoll));
            RAILHUB_TRY(outcome, try_lock(handle.fd(), path));
        }
        if (outcome == LockTry::Taken) {
            return FileLock(std::move(handle));
        }
    }
}

} // namespace railhub::transfer
