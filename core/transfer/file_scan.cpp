// SPDX-License-Identifier: Apache-2.0
// Two blocks: while one is cut into chunks, a thread beside takes its SHA-256 and then reads the
// next one. The last chunk of a block may go on in the next block, so its bytes move there.
#include "core/transfer/file_scan.h"

#include "core/xet/chunker.h"

#include <algorithm>
#include <thread>

namespace railhub::transfer {

namespace {

constexpr std::size_t kScanBlock = std::size_t{8} << 20;
// Below that a thread costs more than it gives.
constexpr std::size_t kThreadFrom = std::size_t{1} << 20;

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
        scan_.sha256 = hasher_.finish();
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

    util::Result<> hash_and_read(bool is_last) {
        if (depth_ != ScanDepth::Borders) {
            hasher_.update(now_.fresh());
        }
        return is_last ? util::Result<>() : fill(next_);
    }

    util::Result<> take_block(bool is_last) {
        if (depth_ == ScanDepth::Sha256) {
            return hash_and_read(is_last);
        }
        if (now_.fresh().size() < kThreadFrom) {
            cut(is_last);
            return hash_and_read(is_last);
        }
        util::Result<> beside;
        std::thread thread([&] { beside = hash_and_read(is_last); });
        cut(is_last);
        thread.join();
        return beside;
    }

    // Chunks of the block; the last one is left unless the file ends with it.
    void cut(bool is_last) {
        auto rest = util::ByteView(now_.bytes).subspan(now_.begin, now_.end - now_.begin);
        auto sizes = xet::chunk_sizes(rest);
        if (!is_last && !sizes.empty()) {
            sizes.pop_back();
        }
        for (const std::uint32_t size : sizes) {
            const bool is_hashed = depth_ == ScanDepth::Chunks;
            scan_.chunks.push_back(
                {is_hashed ? xet::chunk_hash(rest.first(size)) : xet::Hash{}, size}
            );
            rest = rest.subspan(size);
        }
        now_.begin = now_.end - rest.size();
    }

    void carry() {
        const std::size_t rest = depth_ != ScanDepth::Sha256 ? now_.end - now_.begin : 0;
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
        const bool has_carried = depth_ != ScanDepth::Sha256 && now_.fresh().empty();
        if (has_carried && now_.begin < now_.end) {
            cut(true);
        }
    }

    util::File& file_;
    ScanDepth depth_;
    std::uint64_t at_ = 0;
    ScanBlock now_;
    ScanBlock next_;
    util::Sha256Hasher hasher_;
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
