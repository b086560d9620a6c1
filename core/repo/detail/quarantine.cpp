// SPDX-License-Identifier: Apache-2.0
// The scanner checks structure and limits, libgit2's indexer hashes and resolves.
#include "core/repo/detail/quarantine.h"

#include "core/repo/detail/git.h"
#include "core/repo/detail/pack_scan.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace railhub::repo::detail {

namespace {

using util::Code;
using util::fail;

constexpr std::size_t kReadBlock = std::size_t{1} << 20;
constexpr unsigned kPackMode = 0600;

// Passes the indexer's counts on, and stops it on request.
struct IndexProgress {
    explicit IndexProgress(const util::Context& context) : ctx(context) {}

    const util::Context& ctx;
    std::optional<util::Task> receiving;
    std::optional<util::Task> resolving;
    std::uint64_t received = 0;
    std::uint64_t resolved = 0;

    void show(const git_indexer_progress& stats) {
        if (!receiving) {
            receiving.emplace(ctx.progress, "Receiving objects", stats.total_objects, "objects");
        }
        receiving->advance(stats.received_objects - received);
        received = stats.received_objects;
        if (stats.indexed_deltas > 0) {
            if (!resolving) {
                resolving.emplace(ctx.progress, "Resolving deltas", stats.total_deltas, "deltas");
            }
            resolving->advance(stats.indexed_deltas - resolved);
            resolved = stats.indexed_deltas;
        }
    }
};

int progress_callback(const git_indexer_progress* stats, void* payload) {
    auto& progress = *static_cast<IndexProgress*>(payload);
    progress.show(*stats);
    return progress.ctx.stop.stop_requested() ? GIT_EUSER : 0;
}

util::Error indexer_failure(const util::Context& ctx, ObjectSource& source) {
    const int system_code = errno;
    if (ctx.stop.stop_requested()) {
        return fail(Code::Cancelled, "interrupted");
    }
    if (auto noted = source.take_failure()) {
        return std::move(*noted);
    }
    const git_error* const last = git_error_last();
    if (last != nullptr && last->klass == GIT_ERROR_OS) {
        util::Error error = git_failure(Code::Io, "cannot store pack");
        if (system_code == ENOSPC || system_code == EDQUOT) {
            error.reason = util::kReasonNoSpace;
        }
        return error;
    }
    return git_failure(Code::InvalidInput, "pack is damaged");
}

} // namespace

util::Result<QuarantineFolder> QuarantineFolder::create(const std::string& parent) {
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

QuarantineFolder::~QuarantineFolder() {
    if (!path_.empty()) {
        std::error_code ignored; // swept at the next start
        std::filesystem::remove_all(path_, ignored);
    }
}

util::Result<std::string> index_pack(
    const util::Context& ctx,
    ObjectSource& source,
    util::Reader& pack,
    const QuarantineFolder& folder,
    const PackLimits& limits
) {
    IndexProgress progress(ctx);
    git_indexer_options options = GIT_INDEXER_OPTIONS_INIT;
    options.progress_cb = progress_callback;
    options.progress_cb_payload = &progress;
    GitIndexer indexer;
    const int created = git_indexer_new(
        util::Out(indexer), folder.path().c_str(), kPackMode, source.odb(), &options
    );
    if (created != 0) {
        return indexer_failure(ctx, source);
    }
    PackScanner scanner(limits);
    git_indexer_progress stats{};
    std::vector<std::uint8_t> block(kReadBlock);
    while (true) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::size_t got, pack.read(block));
        if (got == 0) {
            break;
        }
        RAILHUB_TRY(scanner.feed(util::ByteView(block).first(got)));
        if (git_indexer_append(indexer.get(), block.data(), got, &stats) != 0) {
            return indexer_failure(ctx, source);
        }
    }
    RAILHUB_TRY(scanner.finish());
    if (scanner.object_count() == 0) {
        return std::string();
    }
    if (git_indexer_commit(indexer.get(), &stats) != 0) {
        return indexer_failure(ctx, source);
    }
    return folder.path() + "/pack-" + git_indexer_name(indexer.get()) + ".idx";
}

} // namespace railhub::repo::detail
