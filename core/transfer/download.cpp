// SPDX-License-Identifier: Apache-2.0
// The unit of work is a piece of a file: workers take pieces in order, so that few connections are
// busy however files differ in size. Locks cannot wait in a circle: all pieces of a locked file
// were taken before any worker waits for the lock of a later one.
#include "core/transfer/download.h"

#include "core/transfer/file_lock.h"
#include "core/transfer/partial_file.h"
#include "core/transfer/queue.h"
#include "core/transfer/xet_download.h"
#include "core/util/guarded.h"
#include "core/util/text.h"

#include <atomic>

namespace railhub::transfer {

namespace {

constexpr std::size_t kWriteBlock = std::size_t{1} << 20;
// Below that, asking how a file is stored takes longer than fetching it.
constexpr std::uint64_t kRouteFrom = std::uint64_t{1} << 20;
constexpr std::string_view kReasonEnough = "enough";
constexpr std::string_view kReasonExpired = "expired";

// Receives one range, gathers it to large blocks and writes them at their place. Where the server
// ignores Range the bytes before it are skipped.
class RangeSink final : public ResponseSink {
  public:
    RangeSink(PartialFile& file, util::Task& task, std::uint64_t begin, std::uint64_t end)
        : file_(file), task_(task), at_(begin), end_(end) {
        block_.reserve(kWriteBlock);
    }

    util::Result<> begin(const HttpResponse& head) override {
        has_begun_ = true;
        skip_ = 0;
        if (head.status != 206) {
            skip_ = at_;
            return {};
        }
        const std::string range(head.text("content-range"));
        if (!range.starts_with("bytes " + std::to_string(at_) + "-")) {
            return util::fail(
                util::Code::Corrupt,
                "the server was asked for bytes from " + std::to_string(at_) + " and sends '" +
                    range + "'"
            );
        }
        return {};
    }

    util::Result<> write(util::ByteView bytes) override {
        const std::uint64_t skipped = std::min<std::uint64_t>(skip_, bytes.size());
        skip_ -= skipped;
        bytes = bytes.subspan(static_cast<std::size_t>(skipped));
        const std::uint64_t room = end_ - at_ - block_.size();
        const bool is_enough = bytes.size() > room;
        bytes = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), room)));
        block_.insert(block_.end(), bytes.begin(), bytes.end());
        if (block_.size() >= kWriteBlock || is_enough) {
            RAILHUB_TRY(flush());
        }
        if (is_enough) {
            util::Error error =
                util::fail(util::Code::Corrupt, "the server sends more than was asked for");
            error.reason = kReasonEnough;
            return error;
        }
        return {};
    }

    util::Result<> flush() {
        RAILHUB_TRY(file_.write(at_, block_));
        at_ += block_.size();
        task_.advance(block_.size());
        block_.clear();
        return {};
    }

    // Since the last call of this.
    bool take_begun() { return std::exchange(has_begun_, false); }

    // First byte that is missing.
    [[nodiscard]] std::uint64_t at() const { return at_; }

    [[nodiscard]] std::uint64_t end() const { return end_; }

    [[nodiscard]] bool is_complete() const { return at_ == end_; }

  private:
    PartialFile& file_;
    util::Task& task_;
    std::uint64_t at_;
    std::uint64_t end_;
    std::uint64_t skip_ = 0;
    bool has_begun_ = false;
    util::Bytes block_;
};

// One file under way, shared by the workers on its pieces.
struct Transfer {
    explicit Transfer(const Download& wanted) : download(wanted) {}

    const Download& download;
    std::mutex open_mutex; // guards what is below until open; they do not change afterwards
    bool is_open = false;
    bool is_present = false;
    std::unique_ptr<FileLock> lock;
    std::unique_ptr<PartialFile> file;
    XetRoute route;
    std::unique_ptr<util::File> older; // that the runs of the route are about
    std::atomic<std::size_t> pieces_left{0};
    util::Guarded<std::string> direct_url; // where a redirect to another host led
};

class Downloader {
  public:
    Downloader(
        const Session& session,
        util::Random& random,
        util::Fs& fs,
        util::Task& task,
        const DownloadOptions& options
    )
        : session_(session), random_(random), fs_(fs), task_(task), options_(options) {}

    util::Result<> run_piece(const util::Context& ctx, Transfer& transfer, std::size_t piece) {
        RAILHUB_TRY(open(ctx, transfer));
        if (!transfer.is_present && piece < transfer.file->piece_count()) {
            RAILHUB_TRY(fetch_missing(ctx, transfer, piece));
        }
        if (transfer.pieces_left.fetch_sub(1) == 1) {
            return finish(ctx, transfer).with_context(transfer.download.url);
        }
        return {};
    }

  private:
    util::Result<> open(const util::Context& ctx, Transfer& transfer) {
        const std::lock_guard guard(transfer.open_mutex);
        if (transfer.is_open) {
            return {};
        }
        const Download& wanted = transfer.download;
        RAILHUB_TRY(FileLock lock, FileLock::acquire(ctx, fs_, wanted.lock_path));
        transfer.lock = std::make_unique<FileLock>(std::move(lock));
        // Whoever held the lock before may have fetched the same file.
        RAILHUB_TRY(const auto there, fs_.info(wanted.final_path));
        transfer.is_present = there && wanted.existing == Download::Existing::Keep;
        if (transfer.is_present) {
            task_.advance(wanted.content.size);
        } else {
            RAILHUB_TRY(
                transfer.file,
                PartialFile::open(fs_, wanted.partial_path, wanted.content, options_.piece_size)
            );
            RAILHUB_TRY(find_route(ctx, transfer));
        }
        transfer.is_open = true;
        return {};
    }

    // Whatever goes wrong with Xet, plain HTTP has all files.
    util::Result<> find_route(const util::Context& ctx, Transfer& transfer) {
        const Download& wanted = transfer.download;
        if (options_.cas == nullptr || !wanted.xet || wanted.content.size < kRouteFrom) {
            return {};
        }
        auto route = choose_route(ctx, *options_.cas, fs_, *wanted.xet, wanted.content.size);
        RAILHUB_TRY(ctx.check_stop());
        if (!route.ok()) {
            ctx.log.debug("no way through Xet", {{"path", wanted.final_path}});
            return {};
        }
        transfer.route = std::move(route).value();
        if (!transfer.route.runs.empty()) {
            RAILHUB_TRY(transfer.older, fs_.open(wanted.xet->older_path, util::OpenMode::Read));
        }
        return {};
    }

    util::Result<> fetch_missing(const util::Context& ctx, Transfer& transfer, std::size_t piece) {
        PartialFile& file = *transfer.file;
        if (file.is_done(piece)) {
            task_.advance(file.piece_end(piece) - file.piece_begin(piece));
            return {};
        }
        RAILHUB_TRY(fetch(ctx, transfer, piece).with_context(transfer.download.final_path));
        return file.piece_done(piece);
    }

    // Runs of an older version are copied, what is between them is fetched.
    util::Result<> fetch(const util::Context& ctx, Transfer& transfer, std::size_t piece) {
        std::uint64_t at = transfer.file->piece_begin(piece);
        const std::uint64_t end = transfer.file->piece_end(piece);
        for (const LocalRun& run : transfer.route.runs) {
            if (run.end <= at || run.begin >= end) {
                continue;
            }
            if (run.begin > at) {
                RAILHUB_TRY(fetch_span(ctx, transfer, at, run.begin));
                at = run.begin;
            }
            const std::uint64_t run_end = std::min(run.end, end);
            RAILHUB_TRY(copy_older(transfer, at, run_end, run.at + (at - run.begin)));
            at = run_end;
        }
        return at < end ? fetch_span(ctx, transfer, at, end) : util::Result<>();
    }

    // A file that is shorter than it was leaves zeros, which the hash at the end finds.
    util::Result<>
    copy_older(Transfer& transfer, std::uint64_t begin, std::uint64_t end, std::uint64_t at) {
        util::Bytes block;
        while (begin < end) {
            block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(end - begin, kWriteBlock))
            );
            RAILHUB_TRY(transfer.older->read_at(at, block));
            RAILHUB_TRY(transfer.file->write(begin, block));
            begin += block.size();
            at += block.size();
            task_.advance(block.size());
            count(&DownloadTotals::reused, block.size());
        }
        return {};
    }

    void count(std::atomic<std::uint64_t> DownloadTotals::*what, std::uint64_t bytes) {
        if (options_.totals != nullptr) {
            options_.totals->*what += bytes;
        }
    }

    util::Result<> fetch_span(
        const util::Context& ctx, Transfer& transfer, std::uint64_t begin, std::uint64_t end
    ) {
        return transfer.route.is_by_xet ? fetch_xet(ctx, transfer, begin, end)
                                        : fetch_plain(ctx, transfer, begin, end);
    }

    // Addresses expire and connections break: then all of the part again, with new addresses.
    util::Result<> fetch_xet(
        const util::Context& ctx, Transfer& transfer, std::uint64_t begin, std::uint64_t end
    ) {
        const xet::Hash& hash = transfer.download.xet->hash;
        for (int attempt = 2;; ++attempt) {
            auto result = fetch_by_xet(ctx, *options_.cas, hash, begin, end, *transfer.file, task_);
            if (result.ok()) {
                count(&DownloadTotals::xet_bytes, end - begin);
                return {};
            }
            const util::Code code = result.error().code;
            const bool may_pass =
                code == util::Code::PermissionDenied || code == util::Code::Unavailable;
            const auto delay = util::retry_delay(session_.retry(), attempt, random_, std::nullopt);
            if (code == util::Code::Cancelled || code == util::Code::Io) {
                return result;
            }
            if (!may_pass || !delay) {
                ctx.log.warn(
                    "Xet fails, going on without", {{"why", util::to_line(result.error())}}
                );
                return fetch_plain(ctx, transfer, begin, end);
            }
            RAILHUB_TRY(wait_for(ctx, *delay));
        }
    }

    // As long as bytes come there is another try; attempts count from the last byte.
    util::Result<> fetch_plain(
        const util::Context& ctx, Transfer& transfer, std::uint64_t begin, std::uint64_t end
    ) {
        RangeSink sink(*transfer.file, task_, begin, end);
        int attempt = 1;
        while (true) {
            const std::uint64_t before = sink.at();
            auto result = fetch_once(ctx, transfer, sink);
            RAILHUB_TRY(sink.flush());
            if (sink.is_complete()) {
                return {};
            }
            if (result.ok()) {
                result =
                    util::fail(util::Code::Unavailable, "the server sent less than it announced");
            }
            // Before the first byte the session has tried often enough itself.
            const bool may_go_on = sink.take_begun() || result.error().reason == kReasonExpired;
            if (result.error().code != util::Code::Unavailable || !may_go_on) {
                return result;
            }
            attempt = sink.at() > before ? 2 : attempt + 1;
            const auto delay = util::retry_delay(session_.retry(), attempt, random_, std::nullopt);
            if (!delay) {
                return result;
            }
            RAILHUB_TRY(wait_for(ctx, *delay));
        }
    }

    util::Result<> fetch_once(const util::Context& ctx, Transfer& transfer, RangeSink& sink) {
        const std::string direct = *transfer.direct_url.access();
        HttpRequest request{
            .method = HttpMethod::Get, .url = direct.empty() ? transfer.download.url : direct};
        request.headers.emplace_back("Accept-Encoding", "identity");
        const bool is_whole = sink.at() == 0 && sink.end() == transfer.download.content.size;
        if (!is_whole) {
            request.headers.emplace_back("Range", range_of(sink));
        }
        auto response = session_.require(ctx, request, &sink);
        if (response.ok()) {
            if (response->url != transfer.download.url) {
                *transfer.direct_url.access() = response->url;
            }
            return {};
        }
        if (response.error().reason == kReasonEnough) {
            return {};
        }
        const bool may_have_expired = !direct.empty() &&
                                      response.error().code != util::Code::Unavailable &&
                                      response.error().code != util::Code::Cancelled;
        if (may_have_expired) { // signed addresses do; the hub gives a new one
            transfer.direct_url.access()->clear();
            util::Error error = util::fail(util::Code::Unavailable, response.error().message);
            error.reason = kReasonExpired;
            return error;
        }
        return std::move(response).error();
    }

    static std::string range_of(const RangeSink& sink) {
        return "bytes=" + std::to_string(sink.at()) + "-" + std::to_string(sink.end() - 1);
    }

    // Bytes kept from an earlier run, of an older version, or put together by Xet may be wrong:
    // then all of it once more.
    util::Result<> finish(const util::Context& ctx, Transfer& transfer) {
        const Download& wanted = transfer.download;
        if (!transfer.is_present) {
            auto finished = transfer.file->finish(wanted.final_path);
            if (!finished.ok() && finished.error().code == util::Code::Corrupt) {
                ctx.log.warn("fetching again", {{"path", wanted.final_path}});
                transfer.route = {}; // from the hub itself
                RAILHUB_TRY(
                    transfer.file,
                    PartialFile::open(fs_, wanted.partial_path, wanted.content, options_.piece_size)
                );
                for (std::size_t piece = 0; piece < transfer.file->piece_count(); ++piece) {
                    RAILHUB_TRY(fetch(ctx, transfer, piece));
                    RAILHUB_TRY(transfer.file->piece_done(piece));
                }
                finished = transfer.file->finish(wanted.final_path);
            }
            RAILHUB_TRY(finished);
        }
        if (wanted.then) {
            RAILHUB_TRY(wanted.then());
        }
        transfer.lock.reset();
        return {};
    }

    const Session& session_;
    util::Random& random_;
    util::Fs& fs_;
    util::Task& task_;
    const DownloadOptions& options_;
};

struct PieceJob {
    Transfer* transfer;
    std::size_t piece;
};

} // namespace

util::Result<> download_all(
    const util::Context& ctx,
    const Session& session,
    util::Random& random,
    util::Fs& fs,
    std::span<const Download> downloads,
    const DownloadOptions& options
) {
    std::vector<std::unique_ptr<Transfer>> transfers;
    std::vector<PieceJob> jobs;
    std::uint64_t total = 0;
    for (const auto& download : downloads) {
        auto& transfer = *transfers.emplace_back(std::make_unique<Transfer>(download));
        const std::uint64_t size = download.content.size;
        const auto pieces = static_cast<std::size_t>(
            std::max<std::uint64_t>(1, (size + options.piece_size - 1) / options.piece_size)
        );
        transfer.pieces_left = pieces;
        for (std::size_t piece = 0; piece < pieces; ++piece) {
            jobs.push_back({&transfer, piece});
        }
        total += size;
    }
    util::Task task(ctx.progress, "downloading", total, "B");
    Downloader downloader(session, random, fs, task, options);
    return run_jobs(
        ctx,
        options.connections,
        jobs.size(),
        [&](const util::Context& inner, std::size_t i) {
            return downloader.run_piece(inner, *jobs[i].transfer, jobs[i].piece);
        }
    );
}

} // namespace railhub::transfer
