// SPDX-License-Identifier: Apache-2.0
// Two blocks: while one is scanned for SHA-256 and borders, a thread beside reads the next one and
// hashes chunks. Where borders alone are wanted, the last chunk of a block may go on in the next
// block, so its bytes move there.
#include "core/transfer/file_scan.h"

#include "core/xet/chunk_lister.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace railhub::transfer {

namespace {

constexpr std::size_t kScanBlock = std::size_t{8} << 20;
// Below that a thread costs more than it gives.
constexpr std::size_t kThreadFrom = std::size_t{1} << 20;
// How far the scan goes before the thread beside hears of it.
constexpr std::size_t kScanStep = std::size_t{1} << 20;

// Bytes of the file from `begin` to `end` in `bytes`; those before `lead` are carried over.
struct ScanBlock {
    util::Bytes bytes;
    std::size_t lead = 0;
    std::size_t begin = 0;
    std::size_t end = 0;

    void make(std::size_t room_before, std::size_t size) {
        bytes.resize(room_before + size);
        lead = begin = end = room_before;
    }

    [[nodiscard]] util::ByteView fresh() const {
        return util::ByteView(bytes).subspan(lead, end - lead);
    }
};

class Scanner {
  public:
    Scanner(util::File& file, std::uint64_t size, ScanDepth depth) : file_(file), depth_(depth) {
        if (size < kScanBlock) { // one block that is not full
            now_.make(0, static_cast<std::size_t>(size) + 1);
        } else {
            now_.make(xet::kMaxChunk, kScanBlock);
            next_.make(xet::kMaxChunk, kScanBlock);
        }
    }

    util::Result<FileScan> run(const util::Context& ctx, util::Task& task) {
        RAILHUB_TRY(fill(now_));
        while (!now_.fresh().empty()) {
            RAILHUB_TRY(ctx.check_stop());
            const bool is_last = now_.end < now_.bytes.size();
            if (!is_last && next_.bytes.empty()) {
                return util::fail(util::Code::Conflict, "the file grows while it is read");
            }
            RAILHUB_TRY(take_block(is_last));
            task.advance(now_.fresh().size());
            scan_.size += now_.fresh().size();
            if (is_last) {
                break;
            }
            carry();
        }
        flush_carry();
        const bool is_listed = depth_ == ScanDepth::Chunks;
        scan_.sha256 = is_listed ? lister_.sha256() : hasher_.finish();
        if (is_listed) {
            scan_.chunks = lister_.finish();
        }
        return std::move(scan_);
    }

  private:
    // A block that is not full is the last one.
    util::Result<> fill(ScanBlock& block) {
        const auto into = std::span(block.bytes).subspan(block.lead);
        RAILHUB_TRY(const std::size_t count, file_.read_at(at_, into));
        at_ += count;
        block.end = block.lead + count;
        return {};
    }

    util::Result<> read_next(bool is_last) { return is_last ? util::Result<>() : fill(next_); }

    util::Result<> take_block(bool is_last) {
        if (depth_ == ScanDepth::Chunks) {
            return list_block(is_last);
        }
        if (depth_ == ScanDepth::Sha256) {
            hasher_.update(now_.fresh());
            return read_next(is_last);
        }
        if (now_.fresh().size() < kThreadFrom) {
            cut(is_last);
            return read_next(is_last);
        }
        util::Result<> beside;
        std::thread thread([&] { beside = read_next(is_last); });
        cut(is_last);
        thread.join();
        return beside;
    }

    // The lister keeps what goes on from block to block.
    util::Result<> list_block(bool is_last) {
        const util::ByteView bytes = now_.fresh();
        now_.begin = now_.end;
        lister_.begin(bytes);
        if (bytes.size() < kThreadFrom) {
            lister_.scan(bytes.size());
            lister_.end();
            return read_next(is_last);
        }
        util::Result<> beside;
        std::atomic<std::size_t> scanned = 0;
        std::thread thread([&] {
            beside = read_next(is_last);
            hash_along(scanned, bytes.size());
        });
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t count = std::min(kScanStep, bytes.size() - at);
            lister_.scan(count);
            at += count;
            scanned.store(at);
            scanned.notify_one();
        }
        while (lister_.hash_one()) {
        }
        thread.join();
        lister_.end();
        return beside;
    }

    // Hashes what the scan of `size` bytes finds, until it is over.
    void hash_along(const std::atomic<std::size_t>& scanned, std::size_t size) {
        while (true) {
            const std::size_t seen = scanned.load();
            while (lister_.hash_one()) {
            }
            if (seen == size) {
                return;
            }
            scanned.wait(seen);
        }
    }

    // Sizes of the chunks of the block; the last one is left unless the file ends with it.
    void cut(bool is_last) {
        auto rest = util::ByteView(now_.bytes).subspan(now_.begin, now_.end - now_.begin);
        auto sizes = xet::chunk_sizes(rest);
        if (!is_last && !sizes.empty()) {
            sizes.pop_back();
        }
        for (const std::uint32_t size : sizes) {
            scan_.chunks.push_back({{}, size});
            rest = rest.subspan(size);
        }
        now_.begin = now_.end - rest.size();
    }

    void carry() {
        const std::size_t rest = depth_ == ScanDepth::Borders ? now_.end - now_.begin : 0;
        next_.begin = next_.lead - rest;
        std::copy_n(
            now_.bytes.begin() + static_cast<std::ptrdiff_t>(now_.end - rest),
            rest,
            next_.bytes.begin() + static_cast<std::ptrdiff_t>(next_.begin)
        );
        std::swap(now_, next_);
    }

    // The file ended exactly at the end of a block: what was carried is the last chunk.
    void flush_carry() {
        const bool has_carried = depth_ == ScanDepth::Borders && now_.fresh().empty();
        if (has_carried && now_.begin < now_.end) {
            cut(true);
        }
    }

    util::File& file_;
    ScanDepth depth_;
    std::uint64_t at_ = 0;
    ScanBlock now_;
    ScanBlock next_;
    util::Sha256Hasher hasher_; // where no chunks are wanted
    xet::ChunkLister lister_{xet::ChunkLister::Sha256::Yes};
    FileScan scan_;
};

} // namespace

util::Result<FileScan> scan_file(
    const util::Context& ctx,
    util::Fs& fs,
    const std::string& path,
    ScanDepth depth,
    util::Task& task
) {
    RAILHUB_TRY(const auto file, fs.open(path, util::OpenMode::Read));
    RAILHUB_TRY(const std::uint64_t size, file->size());
    return Scanner(*file, size, depth).run(ctx, task);
}

} // namespace railhub::transfer
