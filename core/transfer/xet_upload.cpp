// SPDX-License-Identifier: Apache-2.0
// Files go in groups: the lists of a group are loaded, the server is asked about it, it is packed.
// Xorbs are sent when there are enough to keep all connections busy; files are registered now and
// then, so that a push that is killed does not begin anew.
#include "core/transfer/xet_upload.h"

#include "core/transfer/file_scan.h"
#include "core/transfer/queue.h"
#include "core/transfer/xorb_sender.h"
#include "core/xet/xorb.h"

#include <algorithm>

namespace railhub::transfer {

namespace {

constexpr std::size_t kGroupFiles = 1024;
constexpr std::uint64_t kXetGroupBytes = std::uint64_t{1} << 30;
constexpr std::size_t kXorbsAtOnce = 64;
constexpr std::size_t kQuestionsAtOnce = 64;
// Below so many chunks a file is not asked for: whether the hub has all of it is known already,
// and runs that short are not used.
constexpr std::size_t kAskFrom = 8;
// A shard is closed past one of these.
constexpr std::size_t kShardBytes = std::size_t{16} << 20;
constexpr std::uint64_t kShardNewBytes = std::uint64_t{16} << 30;

enum class Memory : std::uint8_t { Used, Ignored };

struct LoadedFile {
    std::uint32_t number = 0; // among the uploads
    std::vector<xet::Leaf> chunks;
};

class XetUploader {
  public:
    XetUploader(
        const PushTools& tools,
        const PushRequest& request,
        const CasClient& cas,
        std::span<const Upload> uploads,
        util::Task& task,
        Memory memory
    )
        : tools_(tools), request_(request), cas_(cas), uploads_(uploads), task_(task),
          memory_(memory), packer_(index_), sender_(tools, cas, uploads, task) {}

    util::Result<TransferTotals> run(const util::Context& ctx) {
        if (memory_ == Memory::Used) {
            load_memory();
        }
        std::uint32_t next = 0;
        while (next < uploads_.size()) {
            RAILHUB_TRY(std::vector<LoadedFile> group, load_group(ctx, next));
            if (memory_ == Memory::Used) {
                RAILHUB_TRY(ask_about(ctx, group));
            }
            for (const LoadedFile& file : group) {
                RAILHUB_TRY(pack(ctx, file));
            }
        }
        RAILHUB_TRY(register_files(ctx));
        totals_.sent_bytes = sender_.sent_bytes();
        return totals_;
    }

    // Was anything taken from what the memo or the server told?
    [[nodiscard]] bool has_trusted() const { return has_trusted_; }

  private:
    void load_memory() {
        for (const ChunkList& list : tools_.memo.xorbs(cas_.url())) {
            auto chunks = tools_.memo.load(list, PushMemo::ListOf::Xorb);
            if (chunks && !index_.has_xorb(list.hash)) {
                index_.add_xorb(list.hash, std::move(*chunks));
                has_trusted_ = true;
            }
        }
    }

    // The list is gone or damaged: once more over the file.
    util::Result<std::vector<xet::Leaf>> chunks_of(const util::Context& ctx, const Upload& upload) {
        if (auto chunks = tools_.memo.load(upload.chunks, PushMemo::ListOf::File)) {
            return std::move(*chunks);
        }
        util::Task task(ctx.progress, "hashing", upload.blob.size, "B");
        RAILHUB_TRY(
            FileScan scan, scan_file(ctx, tools_.fs, upload.local, ScanDepth::Chunks, task)
        );
        if (scan.sha256 != upload.blob.sha256) {
            return util::fail(
                util::Code::Conflict,
                "'" + upload.local + "' changed while it was pushed",
                "push again once nothing writes to it"
            );
        }
        return std::move(scan.chunks);
    }

    util::Result<std::vector<LoadedFile>>
    load_group(const util::Context& ctx, std::uint32_t& next) {
        std::vector<LoadedFile> group;
        std::uint64_t bytes = 0;
        while (next < uploads_.size() && group.size() < kGroupFiles && bytes < kXetGroupBytes) {
            RAILHUB_TRY(auto chunks, chunks_of(ctx, uploads_[next]));
            bytes += uploads_[next].blob.size;
            group.push_back({next++, std::move(chunks)});
        }
        return group;
    }

    // Chunks that the server may be asked for and that are not known yet.
    std::vector<xet::Hash> questions(const std::vector<LoadedFile>& group) {
        std::vector<xet::Hash> hashes;
        for (const LoadedFile& file : group) {
            for (std::size_t i = 0; i < file.chunks.size(); ++i) {
                const xet::Hash& hash = file.chunks[i].hash;
                const bool is_eligible = (i == 0 && file.chunks.size() >= kAskFrom) ||
                                         (i > 0 && xet::is_dedup_eligible(hash));
                if (is_eligible && !index_.find(hash)) {
                    hashes.push_back(hash);
                }
            }
        }
        return hashes;
    }

    // Answers tell of neighbours, so later questions may be superfluous. A server that does not
    // answer is not asked again: this saves bytes, it is not needed.
    util::Result<> ask_about(const util::Context& ctx, const std::vector<LoadedFile>& group) {
        std::vector<xet::Hash> hashes = questions(group);
        for (std::size_t at = 0; at < hashes.size() && asks_server_; at += kQuestionsAtOnce) {
            std::vector<xet::Hash> some;
            for (std::size_t i = at; i < std::min(at + kQuestionsAtOnce, hashes.size()); ++i) {
                if (!index_.find(hashes[i])) {
                    some.push_back(hashes[i]);
                }
            }
            std::vector<std::optional<ChunkAnswer>> answers(some.size());
            const auto asked = run_jobs(
                ctx,
                request_.connections,
                some.size(),
                [&](const util::Context& inner, std::size_t i) -> util::Result<> {
                    RAILHUB_TRY(answers[i], cas_.ask_chunk(inner, some[i]));
                    return {};
                }
            );
            RAILHUB_TRY(ctx.check_stop());
            asks_server_ = asked.ok();
            add_answers(answers);
        }
        return {};
    }

    void add_answers(std::vector<std::optional<ChunkAnswer>>& answers) {
        for (auto& answer : answers) {
            for (std::size_t i = 0; answer && i < answer->xorbs.size(); ++i) {
                const xet::ShardXorb& xorb = answer->xorbs[i];
                if (index_.has_xorb(xorb.xorb)) {
                    continue;
                }
                std::vector<xet::Leaf> chunks;
                chunks.reserve(xorb.chunks.size());
                for (const auto& chunk : xorb.chunks) {
                    chunks.push_back({chunk.hash, chunk.size});
                }
                index_.add_xorb(xorb.xorb, std::move(chunks), answer->key);
                has_trusted_ = true;
            }
        }
    }

    util::Result<> pack(const util::Context& ctx, const LoadedFile& file) {
        PackedFile packed = packer_.pack(file.number, file.chunks);
        totals_.new_bytes += packed.new_bytes;
        totals_.known_bytes += packed.known_bytes;
        task_.advance(packed.known_bytes);
        pending_new_ += packed.new_bytes;
        pending_records_ += 2 + 2 * packed.terms.size();
        pending_.emplace_back(file.number, std::move(packed));
        if (packer_.closed_count() >= kXorbsAtOnce) {
            RAILHUB_TRY(send_closed(ctx));
        }
        const bool is_enough =
            pending_records_ * 48 >= kShardBytes || pending_new_ >= kShardNewBytes;
        return is_enough ? register_files(ctx) : util::Result<>();
    }

    util::Result<> send_closed(const util::Context& ctx) {
        const std::vector<XorbPlan> plans = packer_.take_closed();
        RAILHUB_TRY(run_jobs(
            ctx,
            request_.connections,
            plans.size(),
            [&](const util::Context& inner, std::size_t i) { return sender_.send(inner, plans[i]); }
        ));
        for (const XorbPlan& plan : plans) {
            xet::ShardXorb xorb{plan.id, static_cast<std::uint32_t>(plan.bytes), 0, {}};
            std::uint32_t offset = 0;
            for (const auto& [hash, size] : plan.chunks) {
                const auto bytes = static_cast<std::uint32_t>(size);
                xorb.chunks.push_back({hash, offset, bytes, xet::is_dedup_eligible(hash)});
                offset += bytes;
            }
            pending_records_ += 1 + plan.chunks.size();
            shard_.xorbs.push_back(std::move(xorb));
        }
        // One file of terabytes: its xorbs come in several shards, itself in the last.
        return pending_records_ * 48 >= 2 * kShardBytes ? put_shard(ctx) : util::Result<>();
    }

    util::Result<> put_shard(const util::Context& ctx) {
        if (!shard_.files.empty() || !shard_.xorbs.empty()) {
            RAILHUB_TRY(cas_.put_shard(ctx, shard_));
        }
        shard_ = {};
        pending_records_ = 0;
        return {};
    }

    // All files packed so far: their xorbs, then their shard.
    util::Result<> register_files(const util::Context& ctx) {
        packer_.close();
        RAILHUB_TRY(send_closed(ctx));
        for (const auto& [number, packed] : pending_) {
            xet::ShardFile file;
            file.file = packed.hash;
            file.sha256 = uploads_[number].blob.sha256;
            for (const PackedTerm& term : packed.terms) {
                file.terms.push_back(
                    {index_.id_of(term.place.xorb),
                     term.unpacked,
                     term.place.chunk,
                     term.place.chunk + term.count}
                );
                file.range_hashes.push_back(term.range);
            }
            shard_.files.push_back(std::move(file));
        }
        pending_.clear();
        pending_new_ = 0;
        return put_shard(ctx);
    }

    const PushTools& tools_;
    const PushRequest& request_;
    const CasClient& cas_;
    std::span<const Upload> uploads_;
    util::Task& task_;
    Memory memory_;
    DedupIndex index_;
    XorbPacker packer_;
    XorbSender sender_;
    bool asks_server_ = true;
    bool has_trusted_ = false;
    TransferTotals totals_;

    std::vector<std::pair<std::uint32_t, PackedFile>> pending_; // packed, not registered
    xet::Shard shard_;                                          // its xorbs are sent
    std::uint64_t pending_new_ = 0;
    std::size_t pending_records_ = 0;
};

} // namespace

util::Result<TransferTotals> upload_by_xet(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    const CasClient& cas,
    std::span<const Upload> uploads
) {
    std::uint64_t total = 0;
    for (const auto& upload : uploads) {
        total += upload.blob.size;
    }
    util::Task task(ctx.progress, "uploading", total, "B");
    XetUploader uploader(tools, request, cas, uploads, task, Memory::Used);
    auto result = uploader.run(ctx);
    const bool is_outdated = !result.ok() && uploader.has_trusted() &&
                             (result.error().code == util::Code::InvalidInput ||
                              result.error().code == util::Code::NotFound);
    if (!is_outdated) {
        return result;
    }
    ctx.log.info("the Xet server lost what an earlier push sent; sending it again", {});
    tools.memo.forget_xorbs(cas.url());
    XetUploader again(tools, request, cas, uploads, task, Memory::Ignored);
    return again.run(ctx);
}

} // namespace railhub::transfer
