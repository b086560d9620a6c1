// SPDX-License-Identifier: Apache-2.0
// Quarantine: the scanner checks structure and limits as the pack streams in, libgit2's indexer
// hashes; deltas are resolved when there is a repo to resolve them against.
#include "core/repo/detail/odb_backend.h"
#include "core/repo/detail/pack_scan.h"
#include "core/repo/stage.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace railhub::repo {

namespace {

using detail::GitIndexer;
using detail::GitOdb;
using detail::ObjectSource;
using util::Code;
using util::fail;

constexpr std::size_t kReadBlock = std::size_t{1} << 20;
constexpr unsigned kPackMode = 0600;

// A folder that goes with the value. Move only.
class QuarantineFolder {
  public:
    static util::Result<QuarantineFolder> create(const std::string& parent) {
        std::error_code code;
        std::filesystem::create_directories(parent, code);
        if (code) {
            return util::system_error("cannot create folder", parent, code.value());
        }
        std::string path = parent + "/pack-XXXXXX";
        if (::mkdtemp(path.data()) == nullptr) {
            return util::system_error("cannot create folder in", parent, errno);
        }
        return QuarantineFolder(std::move(path));
    }

    QuarantineFolder(QuarantineFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

    QuarantineFolder& operator=(QuarantineFolder&&) = delete;

    ~QuarantineFolder() {
        if (!path_.empty()) {
            std::error_code ignored; // swept at the next start
            std::filesystem::remove_all(path_, ignored);
        }
    }

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    explicit QuarantineFolder(std::string path) : path_(std::move(path)) {}

    std::string path_;
};

// Passes the indexer's counts on, and stops it on request.
class IndexProgress {
  public:
    explicit IndexProgress(const util::Context& ctx) : ctx_(ctx) {}

    static int callback(const git_indexer_progress* stats, void* payload) {
        auto& progress = *static_cast<IndexProgress*>(payload);
        progress.show(*stats);
        return progress.ctx_.stop.stop_requested() ? GIT_EUSER : 0;
    }

    [[nodiscard]] bool is_stopped() const { return ctx_.stop.stop_requested(); }

    // Tasks end with the step they belong to.
    void end() {
        receiving_.reset();
        resolving_.reset();
    }

  private:
    void show(const git_indexer_progress& stats) {
        if (!receiving_ && received_ == 0) {
            receiving_.emplace(ctx_.progress, "Receiving objects", stats.total_objects, "objects");
        }
        if (receiving_) {
            receiving_->advance(stats.received_objects - received_);
            received_ = stats.received_objects;
        }
        if (!resolving_ && stats.indexed_deltas > 0) {
            resolving_.emplace(ctx_.progress, "Resolving deltas", stats.total_deltas, "deltas");
        }
        if (resolving_) {
            resolving_->advance(stats.indexed_deltas - resolved_);
            resolved_ = stats.indexed_deltas;
        }
    }

    util::Context ctx_;
    std::optional<util::Task> receiving_;
    std::optional<util::Task> resolving_;
    std::uint64_t received_ = 0;
    std::uint64_t resolved_ = 0;
};

class QuarantinedPack final : public IncomingPack {
  public:
    QuarantinedPack(const util::Context& ctx, QuarantineFolder folder)
        : folder_(std::move(folder)), progress_(ctx) {}

    // An odb without objects, for now: bases of thin packs come with the repo.
    util::Result<> open() {
        detail::start_libgit2();
        if (git_odb_new(util::Out(odb_)) != 0) {
            return detail::git_failure(Code::Io, "cannot create object database");
        }
        backend_ = detail::make_odb_backend(nullptr);
        if (git_odb_add_backend(odb_.get(), backend_, 1) != 0) {
            backend_->free(backend_);
            return detail::git_failure(Code::Io, "cannot open object database");
        }
        git_indexer_options options{};
        options.version = GIT_INDEXER_OPTIONS_VERSION;
        options.progress_cb = IndexProgress::callback;
        options.progress_cb_payload = &progress_;
        const int code = git_indexer_new(
            util::Out(indexer_), folder_.path().c_str(), kPackMode, odb_.get(), &options
        );
        return code == 0 ? util::Result<>() : failure(nullptr);
    }

    util::Result<> read(const util::Context& ctx, util::Reader& pack, const PackLimits& limits) {
        detail::PackScanner scanner(limits);
        std::vector<std::uint8_t> block(kReadBlock);
        while (true) {
            RAILHUB_TRY(ctx.check_stop());
            RAILHUB_TRY(const std::size_t got, pack.read(block));
            if (got == 0) {
                break;
            }
            RAILHUB_TRY(scanner.feed(util::ByteView(block).first(got)));
            if (git_indexer_append(indexer_.get(), block.data(), got, &stats_) != 0) {
                return failure(nullptr);
            }
        }
        RAILHUB_TRY(scanner.finish());
        is_empty_ = scanner.object_count() == 0;
        progress_.end();
        return {};
    }

    util::Result<std::string> finish(const util::Context&, ObjectSource& source) override {
        if (is_empty_) {
            return std::string();
        }
        detail::set_source(backend_, &source);
        const int code = git_indexer_commit(indexer_.get(), &stats_);
        detail::set_source(backend_, nullptr);
        progress_.end();
        if (code != 0) {
            return failure(&source);
        }
        return folder_.path() + "/pack-" + git_indexer_name(indexer_.get()) + ".idx";
    }

  private:
    util::Error failure(ObjectSource* source) const {
        const int system_code = errno;
        if (progress_.is_stopped()) {
            return fail(Code::Cancelled, "interrupted");
        }
        if (auto noted = source == nullptr ? std::nullopt : source->take_failure()) {
            return std::move(*noted);
        }
        const git_error* const last = git_error_last();
        if (last == nullptr || last->klass != GIT_ERROR_OS) {
            return detail::git_failure(Code::InvalidInput, "pack is damaged");
        }
        util::Error error = detail::git_failure(Code::Io, "cannot store pack");
        if (system_code == ENOSPC || system_code == EDQUOT) {
            error.reason = util::kReasonNoSpace;
        }
        return error;
    }

    QuarantineFolder folder_;
    IndexProgress progress_;
    GitOdb odb_;
    git_odb_backend* backend_ = nullptr; // odb_ owns it
    GitIndexer indexer_;                 // before odb_ in death
    git_indexer_progress stats_{};
    bool is_empty_ = true;
};

} // namespace

util::Result<std::unique_ptr<IncomingPack>> IncomingPack::receive(
    const util::Context& ctx,
    util::Reader& pack,
    const std::string& quarantine_folder,
    const PackLimits& limits
) {
    RAILHUB_TRY(auto folder, QuarantineFolder::create(quarantine_folder));
    auto incoming = std::make_unique<QuarantinedPack>(ctx, std::move(folder));
    RAILHUB_TRY(incoming->open());
    RAILHUB_TRY(incoming->read(ctx, pack, limits));
    return std::unique_ptr<IncomingPack>(std::move(incoming));
}

} // namespace railhub::repo
