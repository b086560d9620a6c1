// SPDX-License-Identifier: Apache-2.0
// Locks the data folder, then opens and migrates the database and opens the object store in it.
#include "core/app/hub.h"

#include "core/db/sqlite.h"
#include "core/storage/backends.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>

namespace railhub::app {

namespace {

// The folder's lock; let go when the process ends, however it ends.
util::Result<util::FileHandle> lock_folder(const std::string& folder) {
    const std::string path = util::join_path(folder, "lock");
    util::FileHandle file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.is_open()) {
        return util::system_error("open", path, errno);
    }
    if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return util::system_error("lock", path, errno);
        }
        return util::fail(
            util::Code::Conflict,
            "another server already serves '" + folder + "'",
            "stop it first, or give this one another folder with --data"
        );
    }
    return file;
}

class OpenHub final : public Hub {
  public:
    OpenHub(std::unique_ptr<util::Fs> fs, util::FileHandle lock, license::Catalogue licenses)
        : fs_(std::move(fs)), lock_(std::move(lock)), licenses_(std::move(licenses)) {}

    util::Result<> open_parts(const util::Context& ctx, const HubOptions& options) {
        const std::string& folder = options.folder;
        RAILHUB_TRY(database_, db::open_sqlite(ctx, util::join_path(folder, "railhub.db")));
        RAILHUB_TRY(objects_, storage::open_store(ctx, *fs_, util::join_path(folder, "objects")));
        blobs_ = std::make_unique<storage::Blobs>(*objects_);
        RAILHUB_TRY(engine_, cas::Engine::open(ctx, *database_, *blobs_));
        uploads_ = storage::make_local_uploads(*fs_, util::join_path(folder, "uploads"), *blobs_);
        deps_ = std::make_unique<Deps>(Deps{
            .database = *database_,
            .blobs = *blobs_,
            .engine = *engine_,
            .uploads = *uploads_,
            .random = random_,
            .licenses = licenses_,
            .quarantine_folder = util::join_path(folder, "quarantine"),
            .license_gate = options.license_gate});
        return {};
    }

    Deps& deps() override { return *deps_; }

  private:
    std::unique_ptr<util::Fs> fs_;
    util::FileHandle lock_;
    license::Catalogue licenses_;
    util::SystemRandom random_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<storage::ObjectStore> objects_;
    std::unique_ptr<storage::Blobs> blobs_;
    std::unique_ptr<cas::Engine> engine_;
    std::unique_ptr<storage::Uploads> uploads_;
    std::unique_ptr<Deps> deps_;
};

util::Result<> require_folder(util::Fs& fs, const HubOptions& options) {
    RAILHUB_TRY(const auto database, fs.info(util::join_path(options.folder, "railhub.db")));
    if (!database && options.absent == HubOptions::Absent::Refuse) {
        return util::fail(
            util::Code::NotFound,
            "no hub in '" + options.folder + "'",
            "name the data folder of the server with --data or RAILHUB_DATA"
        );
    }
    return fs.make_dirs(options.folder);
}

// What an earlier run left half received.
util::Result<> empty_quarantine(util::Fs& fs, const std::string& folder) {
    const std::string quarantine = util::join_path(folder, "quarantine");
    RAILHUB_TRY(fs.remove_tree(quarantine));
    return fs.make_dirs(quarantine);
}

} // namespace

util::Result<std::unique_ptr<Hub>> Hub::open(const util::Context& ctx, const HubOptions& options) {
    auto fs = util::make_posix_fs();
    RAILHUB_TRY(require_folder(*fs, options));
    util::FileHandle lock;
    if (options.role == HubOptions::Role::Server) {
        RAILHUB_TRY(lock, lock_folder(options.folder));
        RAILHUB_TRY(empty_quarantine(*fs, options.folder));
    }
    RAILHUB_TRY(auto licenses, license::Catalogue::built_in());
    auto hub = std::make_unique<OpenHub>(std::move(fs), std::move(lock), std::move(licenses));
    RAILHUB_TRY(hub->open_parts(ctx, options));
    return std::unique_ptr<Hub>(std::move(hub));
}

} // namespace railhub::app
