// SPDX-License-Identifier: Apache-2.0
// The local store: temporary, fsync, rename, fsync of the folder; a lock on every temporary tells
// the sweep of a later start what is still in use.
#include "core/storage/local_store.h"

#include "core/storage/detail/walk.h"
#include "core/storage/layout.h"
#include "core/storage/open_objects.h"
#include "core/util/text.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <sys/file.h>
#include <unistd.h>

namespace railhub::storage {

namespace {

constexpr std::string_view kFormatName = "railhub-store ";
constexpr std::uint64_t kFormatVersion = 1;
constexpr std::uint64_t kMaxFormatBytes = 64;
// 48 MiB of blocks in use before writers are kept short, 8 MiB stay warm.
constexpr std::size_t kBlockBudget = 48;
constexpr std::size_t kBlocksKept = 8;

class LocalStore;

// Starts in memory; the temporary is created once a block is full, or when published.
class LocalWriter final : public ObjectWriter {
  public:
    LocalWriter(LocalStore& store, std::uint64_t size_hint)
        : store_(store), size_hint_(size_hint) {}

    ~LocalWriter() override;
    util::Result<std::span<std::uint8_t>> buffer() override;
    util::Result<> advance(std::size_t count) override;
    util::Result<> publish(std::string_view key) override;

    [[nodiscard]] std::uint64_t size() const override { return size_; }

  private:
    util::Result<> create_file();
    util::Result<> send_block();
    util::Result<> write_rest();

    LocalStore& store_;
    std::uint64_t size_hint_;
    std::uint64_t size_ = 0;
    std::string temporary_; // empty: none
    std::unique_ptr<util::File> file_;
    std::unique_ptr<BulkWriter> bulk_; // before block_: waits for the disk when it goes
    Block block_;
    std::size_t filled_ = 0;
};

class LocalStore final : public ObjectStore {
  public:
    LocalStore(util::Fs& fs, const std::string& root, const LocalStoreOptions& options)
        : fs_(fs), layout_{root}, options_(options), open_objects_(fs, options.open_objects) {}

    // Creates or checks the folder, then sweeps.
    util::Result<> prepare(const util::Context& ctx);

    util::Result<std::unique_ptr<ObjectWriter>>
    begin(const util::Context& ctx, std::uint64_t size_hint) override;
    util::Result<std::shared_ptr<ObjectReader>>
    open(const util::Context& ctx, std::string_view key) override;
    util::Result<std::optional<std::uint64_t>>
    size(const util::Context& ctx, std::string_view key) override;
    util::Result<> remove(const util::Context& ctx, std::string_view key) override;
    util::Result<> list(
        const util::Context& ctx,
        std::string_view prefix,
        const std::function<util::Result<>(const ObjectInfo&)>& visit
    ) override;
    util::Result<bool>
    adopt(const util::Context& ctx, const std::string& path, std::string_view key) override;
    util::Result<std::vector<std::string>> check(const util::Context& ctx) override;

    // For LocalWriter.
    // Renames a synced file to its key and syncs the folder; success also when the key exists.
    util::Result<> place(const std::string& path, std::string_view key);
    // True when the key is there, and durably so.
    util::Result<bool> has_durable(std::string_view key);
    // A new file in tmp/ that nobody else has, marked as in use; its path comes back in `path`.
    util::Result<std::unique_ptr<util::File>> create_temporary(std::string& path);

    [[nodiscard]] util::Fs& fs() { return fs_; }

    [[nodiscard]] BlockPool& pool() { return pool_; }

    [[nodiscard]] BulkEngine engine() const { return options_.engine; }

  private:
    util::Result<> read_format();
    util::Result<> sweep(const util::Context& ctx);
    util::Result<> make_folder_of(const std::string& path);
    util::Result<> sync_folder_of(const std::string& path);
    util::Result<bool> exists(std::string_view key);

    util::Fs& fs_;
    const StoreLayout layout_;
    const LocalStoreOptions options_;
    BlockPool pool_{kBlockBudget, kBlocksKept};
    OpenObjects open_objects_;
    std::atomic<std::uint64_t> next_temporary_ = 0;
    util::Guarded<std::set<std::string>> known_folders_;
    std::mutex placing_; // from "is the key there" to the rename; guards the disk, not a value
    // A folder whose sync failed may have lost names that were reported durable.
    std::atomic<bool> sync_failed_ = false;
};

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

// ---- LocalWriter

LocalWriter::~LocalWriter() {
    bulk_.reset();
    file_.reset();
    if (!temporary_.empty()) {
        // What cannot be removed now is swept at a later start.
        static_cast<void>(store_.fs().remove(temporary_));
    }
}

util::Result<std::span<std::uint8_t>> LocalWriter::buffer() {
    if (block_ == nullptr) {
        if (bulk_ != nullptr) {
            RAILHUB_TRY(block_, bulk_->next_block());
        } else {
            block_ = store_.pool().take();
        }
        filled_ = 0;
    }
    return whole(block_).subspan(filled_);
}

util::Result<> LocalWriter::advance(std::size_t count) {
    RAILHUB_ASSERT(block_ != nullptr && count <= kBlockBytes - filled_);
    filled_ += count;
    size_ += count;
    return filled_ == kBlockBytes ? send_block() : util::Result<>();
}

util::Result<> LocalWriter::create_file() {
    RAILHUB_TRY(file_, store_.create_temporary(temporary_));
    return {};
}

util::Result<> LocalWriter::send_block() {
    if (bulk_ == nullptr) {
        RAILHUB_TRY(create_file());
        bulk_ = std::make_unique<BulkWriter>(*file_, store_.pool(), store_.engine());
        RAILHUB_TRY(bulk_->reserve(size_hint_));
    }
    return bulk_->write(std::move(block_));
}

util::Result<> LocalWriter::write_rest() {
    const std::size_t rest = block_ != nullptr ? filled_ : 0;
    if (bulk_ != nullptr) {
        return bulk_->finish(std::move(block_), rest);
    }
    RAILHUB_TRY(create_file());
    return rest > 0 ? file_->write_at(0, {block_.get(), rest}) : util::Result<>();
}

util::Result<> LocalWriter::publish(std::string_view key) {
    RAILHUB_TRY(check_key(key));
    RAILHUB_TRY(const bool is_there, store_.has_durable(key));
    if (is_there) {
        return {};
    }
    RAILHUB_TRY(write_rest());
    RAILHUB_TRY(file_->sync());
    RAILHUB_TRY(store_.place(temporary_, key));
    temporary_.clear();
    return {};
}

// ---- LocalStore

util::Result<> LocalStore::prepare(const util::Context& ctx) {
    RAILHUB_TRY(fs_.make_dirs(layout_.objects()));
    RAILHUB_TRY(fs_.make_dirs(layout_.temporaries()));
    RAILHUB_TRY(read_format());
    return sweep(ctx);
}

util::Result<> LocalStore::read_format() {
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

util::Result<> LocalStore::sweep(const util::Context& ctx) {
    RAILHUB_TRY(const auto names, fs_.list(layout_.temporaries()));
    const std::int64_t now = util::to_millis(ctx.clock.now());
    for (const std::string& name : names) {
        const std::string path = layout_.temporary(name);
        RAILHUB_TRY(const auto info, fs_.info(path));
        const bool is_old =
            info && now - info->modified_ns / 1'000'000 >= options_.stale_after.count();
        if (is_old && !is_in_use(fs_, path)) {
            ctx.log.write(util::LogLevel::Info, "removed left-over upload", {{"file", path}});
            RAILHUB_TRY(fs_.remove_tree(path));
        }
    }
    return {};
}

util::Result<std::unique_ptr<util::File>> LocalStore::create_temporary(std::string& path) {
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

util::Result<> LocalStore::make_folder_of(const std::string& path) {
    const std::string folder = util::parent_path(path);
    if (known_folders_.access()->count(folder) != 0) {
        return {};
    }
    RAILHUB_TRY(fs_.make_dirs(folder));
    known_folders_.access()->insert(folder);
    return {};
}

util::Result<bool> LocalStore::exists(std::string_view key) {
    RAILHUB_TRY(const auto info, fs_.info(layout_.object(key)));
    return info.has_value();
}

util::Result<bool> LocalStore::has_durable(std::string_view key) {
    RAILHUB_TRY(const bool is_there, exists(key));
    if (is_there) { // its writer may not have come to the sync yet
        RAILHUB_TRY(sync_folder_of(layout_.object(key)));
    }
    return is_there;
}

util::Result<> LocalStore::place(const std::string& path, std::string_view key) {
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

util::Result<> LocalStore::sync_folder_of(const std::string& path) {
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

util::Result<std::unique_ptr<ObjectWriter>>
LocalStore::begin(const util::Context&, std::uint64_t size_hint) {
    return std::unique_ptr<ObjectWriter>(std::make_unique<LocalWriter>(*this, size_hint));
}

util::Result<std::shared_ptr<ObjectReader>>
LocalStore::open(const util::Context&, std::string_view key) {
    RAILHUB_TRY(check_key(key));
    if (auto reader = open_objects_.find(key)) {
        return reader;
    }
    const std::string path = layout_.object(key);
    RAILHUB_TRY(const auto info, fs_.info(path));
    if (!info || info->is_directory || info->is_symlink) {
        return util::fail(util::Code::NotFound, "no object '" + std::string(key) + "'");
    }
    return open_objects_.open(key, path);
}

util::Result<std::optional<std::uint64_t>>
LocalStore::size(const util::Context&, std::string_view key) {
    RAILHUB_TRY(check_key(key));
    if (const auto reader = open_objects_.find(key)) {
        return std::optional(reader->size());
    }
    RAILHUB_TRY(const auto info, fs_.info(layout_.object(key)));
    if (!info || info->is_directory || info->is_symlink) {
        return std::optional<std::uint64_t>();
    }
    return std::optional(info->size);
}

util::Result<> LocalStore::remove(const util::Context&, std::string_view key) {
    RAILHUB_TRY(check_key(key));
    const std::string path = layout_.object(key);
    open_objects_.forget(key);
    auto removed = fs_.remove(path);
    open_objects_.forget(key); // opened again in between
    if (!removed.ok()) {
        return removed.error().code == util::Code::NotFound ? util::Result<>() : removed;
    }
    return sync_folder_of(path);
}

util::Result<> LocalStore::list(
    const util::Context& ctx,
    std::string_view prefix,
    const std::function<util::Result<>(const ObjectInfo&)>& visit
) {
    return detail::walk(ctx, fs_, layout_.objects(), prefix, [&](const detail::Walked& file) {
        if (file.info.is_symlink || !check_key(file.path).ok()) {
            return util::Result<>(); // not ours; check() tells
        }
        return visit(ObjectInfo{file.path, file.info.size, file.info.modified_ns / 1'000'000});
    });
}

util::Result<bool>
LocalStore::adopt(const util::Context&, const std::string& path, std::string_view key) {
    RAILHUB_TRY(check_key(key));
    {
        RAILHUB_TRY(const auto file, fs_.open(path, util::OpenMode::Read));
        RAILHUB_TRY(file->sync());
    }
    auto placed = place(path, key);
    if (placed.ok()) {
        return true;
    }
    // A rename to another disk fails with the file still in place; then the bytes must be copied.
    RAILHUB_TRY(const bool is_there, exists(key));
    if (is_there) {
        return std::move(placed).error();
    }
    return false;
}

util::Result<std::vector<std::string>> LocalStore::check(const util::Context& ctx) {
    std::vector<std::string> findings;
    const auto note = [&](const detail::Walked& file) {
        const std::string path = util::join_path(layout_.objects(), file.path);
        if (file.info.is_symlink) {
            findings.push_back("'" + path + "' is a link; objects are plain files");
        } else if (!check_key(file.path).ok()) {
            findings.push_back("'" + path + "' is not an object of this store; move it away");
        }
        return util::Result<>();
    };
    RAILHUB_TRY(detail::walk(ctx, fs_, layout_.objects(), {}, note));
    return findings;
}

} // namespace

util::Result<std::unique_ptr<ObjectStore>> open_local_store(
    const util::Context& ctx,
    util::Fs& fs,
    const std::string& root,
    const LocalStoreOptions& options
) {
    auto store = std::make_unique<LocalStore>(fs, root, options);
    RAILHUB_TRY(store->prepare(ctx).with_context("cannot open store '" + root + "'"));
    return std::unique_ptr<ObjectStore>(std::move(store));
}

} // namespace railhub::storage
