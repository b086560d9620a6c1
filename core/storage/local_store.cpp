// SPDX-License-Identifier: Apache-2.0
// The local store: writers that begin in memory and go to the disk in blocks, readers from the
// cache of open files.
#include "core/storage/local_store.h"

#include "core/storage/detail/place_on_disk.h"
#include "core/storage/detail/walk.h"
#include "core/storage/layout.h"
#include "core/storage/open_objects.h"

namespace railhub::storage {

namespace {

// 48 MiB of blocks in use before writers are kept short, 8 MiB stay warm.
constexpr std::size_t kBlockBudget = 48;
constexpr std::size_t kBlocksKept = 8;

// Starts in memory; the temporary is created once a block is full, or when published.
class LocalWriter final : public ObjectWriter {
  public:
    LocalWriter(
        detail::PlaceOnDisk& place, BlockPool& pool, BulkEngine engine, std::uint64_t size_hint
    )
        : place_(place), pool_(pool), engine_(engine), size_hint_(size_hint) {}

    ~LocalWriter() override;
    util::Result<std::span<std::uint8_t>> buffer() override;
    util::Result<> advance(std::size_t count) override;
    util::Result<> publish(std::string_view key) override;

    [[nodiscard]] std::uint64_t size() const override { return size_; }

    void expect_reading() override { caching_ = BulkCaching::Keep; }

  private:
    util::Result<> create_file();
    util::Result<> send_block();
    util::Result<> write_rest();

    detail::PlaceOnDisk& place_;
    BlockPool& pool_;
    BulkEngine engine_;
    BulkCaching caching_ = BulkCaching::Bypass;
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
        : place_(fs, root, options.stale_after), engine_(options.engine),
          open_objects_(fs, options.open_objects) {}

    util::Result<> prepare(const util::Context& ctx) { return place_.prepare(ctx); }

    util::Result<std::unique_ptr<ObjectWriter>>
    begin(const util::Context& ctx, std::uint64_t size_hint) override;
    util::Result<std::shared_ptr<ObjectReader>>
    open(const util::Context& ctx, std::string_view key) override;
    util::Result<std::optional<ObjectInfo>>
    info(const util::Context& ctx, std::string_view key) override;
    util::Result<> remove(const util::Context& ctx, std::string_view key) override;
    util::Result<>
    rename(const util::Context& ctx, std::string_view from, std::string_view to) override;
    util::Result<> list(
        const util::Context& ctx,
        std::string_view prefix,
        const std::function<util::Result<>(const ObjectInfo&)>& visit
    ) override;
    util::Result<bool>
    adopt(const util::Context& ctx, const std::string& path, std::string_view key) override;
    util::Result<std::vector<std::string>> check(const util::Context& ctx) override;

  private:
    detail::PlaceOnDisk place_;
    const BulkEngine engine_;
    BlockPool pool_{kBlockBudget, kBlocksKept};
    OpenObjects open_objects_;
};

LocalWriter::~LocalWriter() {
    bulk_.reset();
    file_.reset();
    if (!temporary_.empty()) {
        // What cannot be removed now is swept at a later start.
        static_cast<void>(place_.fs().remove(temporary_));
    }
}

util::Result<std::span<std::uint8_t>> LocalWriter::buffer() {
    if (block_ == nullptr) {
        if (bulk_ != nullptr) {
            RAILHUB_TRY(block_, bulk_->next_block());
        } else {
            block_ = pool_.take();
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
    RAILHUB_TRY(file_, place_.create_temporary(temporary_));
    return {};
}

util::Result<> LocalWriter::send_block() {
    if (bulk_ == nullptr) {
        RAILHUB_TRY(create_file());
        bulk_ = std::make_unique<BulkWriter>(*file_, pool_, engine_, caching_);
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
    RAILHUB_TRY(const bool is_there, place_.has_durable(key));
    if (is_there) {
        return {};
    }
    RAILHUB_TRY(write_rest());
    RAILHUB_TRY(file_->sync());
    RAILHUB_TRY(place_.place(temporary_, key));
    temporary_.clear();
    return {};
}

util::Result<std::unique_ptr<ObjectWriter>>
LocalStore::begin(const util::Context&, std::uint64_t size_hint) {
    return std::unique_ptr<ObjectWriter>(
        std::make_unique<LocalWriter>(place_, pool_, engine_, size_hint)
    );
}

util::Result<std::shared_ptr<ObjectReader>>
LocalStore::open(const util::Context&, std::string_view key) {
    RAILHUB_TRY(check_key(key));
    if (auto reader = open_objects_.find(key)) {
        return reader;
    }
    const std::string path = place_.layout().object(key);
    RAILHUB_TRY(const auto info, place_.fs().info(path));
    if (!info || info->is_directory || info->is_symlink) {
        return util::fail(util::Code::NotFound, "no object '" + std::string(key) + "'");
    }
    return open_objects_.open(key, path);
}

// Asks the disk: another process may have taken the object away.
util::Result<std::optional<ObjectInfo>>
LocalStore::info(const util::Context&, std::string_view key) {
    RAILHUB_TRY(check_key(key));
    RAILHUB_TRY(const auto info, place_.fs().info(place_.layout().object(key)));
    if (!info || info->is_directory || info->is_symlink) {
        open_objects_.forget(key);
        return std::optional<ObjectInfo>();
    }
    return std::optional(ObjectInfo{std::string(key), info->size, info->modified_ns / 1'000'000});
}

util::Result<> LocalStore::remove(const util::Context&, std::string_view key) {
    RAILHUB_TRY(check_key(key));
    const std::string path = place_.layout().object(key);
    open_objects_.forget(key);
    auto removed = place_.fs().remove(path);
    open_objects_.forget(key); // opened again in between
    if (!removed.ok()) {
        return removed.error().code == util::Code::NotFound ? util::Result<>() : removed;
    }
    return place_.sync_folder_of(path);
}

util::Result<>
LocalStore::rename(const util::Context&, std::string_view from, std::string_view to) {
    RAILHUB_TRY(check_key(from));
    RAILHUB_TRY(check_key(to));
    open_objects_.forget(from);
    auto moved = place_.move(from, to);
    open_objects_.forget(from); // opened again in between
    return moved;
}

util::Result<> LocalStore::list(
    const util::Context& ctx,
    std::string_view prefix,
    const std::function<util::Result<>(const ObjectInfo&)>& visit
) {
    return detail::walk(
        ctx,
        place_.fs(),
        place_.layout().objects(),
        prefix,
        [&](const detail::Walked& file) {
            if (file.info.is_symlink || !check_key(file.path).ok()) {
                return util::Result<>(); // not ours; check() tells
            }
            return visit(ObjectInfo{file.path, file.info.size, file.info.modified_ns / 1'000'000});
        }
    );
}

util::Result<bool>
LocalStore::adopt(const util::Context&, const std::string& path, std::string_view key) {
    RAILHUB_TRY(check_key(key));
    {
        RAILHUB_TRY(const auto file, place_.fs().open(path, util::OpenMode::Read));
        RAILHUB_TRY(file->sync());
    }
    auto placed = place_.place(path, key);
    if (placed.ok()) {
        return true;
    }
    // A rename to another disk fails with the file still in place; then the bytes must be copied.
    RAILHUB_TRY(const bool is_there, place_.exists(key));
    if (is_there) {
        return std::move(placed).error();
    }
    return false;
}

util::Result<std::vector<std::string>> LocalStore::check(const util::Context& ctx) {
    std::vector<std::string> findings;
    const auto note = [&](const detail::Walked& file) {
        const std::string path = util::join_path(place_.layout().objects(), file.path);
        if (file.info.is_symlink) {
            findings.push_back("'" + path + "' is a link; objects are plain files");
        } else if (!check_key(file.path).ok()) {
            findings.push_back("'" + path + "' is not an object of this store; move it away");
        }
        return util::Result<>();
    };
    RAILHUB_TRY(detail::walk(ctx, place_.fs(), place_.layout().objects(), {}, note));
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
