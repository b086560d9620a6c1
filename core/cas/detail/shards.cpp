// SPDX-License-Identifier: Apache-2.0
// Shards: what an uploader says of his files is proven chunk by chunk, then each file is read back
// and hashed, and only then anything is written down (xet specification, 4.3).
#include "core/cas/detail/parts.h"
#include "core/cas/detail/read_back.h"

#include <map>

namespace railhub::cas::detail {

namespace {

// What one shard may make us read.
constexpr std::uint64_t kMaxShardFileBytes = std::uint64_t{4} << 40;

util::Error bad_file(const xet::Hash& file, const std::string& reason) {
    return util::fail(
        util::Code::InvalidInput, "file '" + file.text() + "' of the shard: " + reason
    );
}

// A file whose proof holds.
struct ProvenFile {
    FileRecord record; // its sha256 once it was read back, or because it is known
    bool is_known = false;
    std::optional<util::Sha256> claim;
    std::vector<RecipeTerm> terms;
    std::vector<EligibleChunk> eligible;
};

class ShardRegistration {
  public:
    ShardRegistration(
        const util::Context& ctx, Parts& parts, const Uploader& uploader, const OnVerified& progress
    )
        : ctx_(ctx), parts_(parts), uploader_(uploader), progress_(progress), reading_(ctx, parts) {
    }

    util::Result<ShardOutcome> run(const xet::Shard& shard) {
        RAILHUB_TRY(prove_all(shard));
        if (total_ > kMaxShardFileBytes) {
            return util::fail(
                util::Code::TooLarge, "the files of one shard have too many bytes", "send several"
            );
        }
        for (ProvenFile& file : files_) {
            RAILHUB_TRY(settle_sha256(file));
        }
        return enter();
    }

  private:
    util::Result<> prove_all(const xet::Shard& shard) {
        RAILHUB_TRY(auto tx, parts_.database.begin_read(ctx_));
        for (const xet::ShardFile& file : shard.files) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(auto proven, prove(*tx, file));
            total_ += proven.is_known ? 0 : proven.record.blob.size;
            files_.push_back(std::move(proven));
        }
        return {};
    }

    util::Result<ProvenFile> prove(db::Transaction& tx, const xet::ShardFile& file) {
        if (file.range_hashes.size() != file.terms.size()) {
            return bad_file(file.file, "it carries no verification");
        }
        ProvenFile proven;
        proven.claim = file.sha256;
        xet::MerkleBuilder merkle;
        std::uint64_t chunk_count = 0;
        for (std::size_t i = 0; i < file.terms.size(); ++i) {
            RAILHUB_TRY(const SegmentPtr segment, segment_of(tx, file.file, file.terms[i]));
            RAILHUB_TRY(prove_term(file, i, *segment));
            add_term(proven, file.terms[i], *segment, merkle);
            chunk_count += file.terms[i].end - file.terms[i].first;
        }
        if (xet::file_hash_of_root(merkle.finish(), chunk_count) != file.file) {
            return bad_file(file.file, "its chunks make up another file");
        }
        RAILHUB_TRY(const auto known, find_file_row(tx, file.file));
        proven.is_known = known.has_value();
        proven.record.hash = file.file;
        if (known) {
            proven.record = *known;
        }
        return proven;
    }

    util::Result<SegmentPtr>
    segment_of(db::Transaction& tx, const xet::Hash& file, const xet::Term& term) {
        RAILHUB_TRY(const SegmentRow* const row, row_of(tx, term.xorb));
        if (row == nullptr) {
            return bad_file(file, "xorb '" + term.xorb.text() + "' is not here");
        }
        if (term.first >= term.end || term.end > row->record.chunk_count) {
            return bad_file(file, "xorb '" + term.xorb.text() + "' has no such chunks");
        }
        return parts_.cache.get(tx, *row);
    }

    // Null when it is not here, or not for this uploader. Asked once: many files share a xorb.
    util::Result<const SegmentRow*> row_of(db::Transaction& tx, const xet::Hash& xorb) {
        if (const auto known = segments_.find(xorb); known != segments_.end()) {
            return &known->second;
        }
        RAILHUB_TRY(const auto row, find_segment_row(tx, xorb));
        bool may = row.has_value();
        if (may) {
            RAILHUB_TRY(may, may_refer(tx, row->record.row, uploader_));
        }
        return may ? &segments_.emplace(xorb, *row).first->second : nullptr;
    }

    // That the uploader names the hash over the chunk hashes shows that he has the content.
    static util::Result<>
    prove_term(const xet::ShardFile& file, std::size_t index, const Segment& segment) {
        const xet::Term& term = file.terms[index];
        if (segment.chunk_begin(term.end) - segment.chunk_begin(term.first) != term.unpacked) {
            return bad_file(file.file, "the length of a term is wrong");
        }
        std::vector<xet::Hash> hashes;
        hashes.reserve(term.end - term.first);
        for (std::size_t chunk = term.first; chunk < term.end; ++chunk) {
            hashes.push_back(segment.chunks[chunk].hash);
        }
        if (xet::range_hash(hashes) != file.range_hashes[index]) {
            return bad_file(file.file, "the verification of a term is wrong");
        }
        return {};
    }

    static void add_term(
        ProvenFile& proven,
        const xet::Term& term,
        const Segment& segment,
        xet::MerkleBuilder& merkle
    ) {
        const std::int64_t row = segment.row.record.row;
        for (std::size_t chunk = term.first; chunk < term.end; ++chunk) {
            const xet::Hash& hash = segment.chunks[chunk].hash;
            const bool is_first = proven.terms.empty() && chunk == term.first;
            if (is_first || xet::is_dedup_eligible(hash)) {
                proven.eligible.push_back({hash, row});
            }
            merkle.add({hash, segment.chunk_size(chunk)});
        }
        proven.terms.push_back({row, term.first, term.end, term.unpacked});
        proven.record.blob.size += term.unpacked;
    }

    util::Result<> settle_sha256(ProvenFile& file) {
        if (!file.is_known) {
            if (!take_from_twin(file)) {
                // The claim is a check of all bytes by itself; without one each chunk is compared.
                const ChunkCheck check = file.claim ? ChunkCheck::None : ChunkCheck::Hash;
                RAILHUB_TRY(file.record.blob.sha256, read_back(file, check));
            }
        }
        if (!file.claim || *file.claim == file.record.blob.sha256) {
            return {};
        }
        if (!file.is_known) { // the claim may be right and our disk wrong
            RAILHUB_TRY(read_back(file, ChunkCheck::Hash));
        }
        return bad_file(file.record.hash, "its SHA-256 is not the one claimed");
    }

    // One file may occur twice.
    bool take_from_twin(ProvenFile& file) {
        const auto [first, is_first] = twins_.emplace(file.record.hash, &file);
        if (!is_first) {
            file.record.blob.sha256 = first->second->record.blob.sha256;
        }
        return !is_first;
    }

    util::Result<util::Sha256> read_back(const ProvenFile& file, ChunkCheck check) {
        return reading_.sha256_of(file.terms, check, [this](std::uint64_t bytes) {
            verified_ += bytes;
            if (progress_) {
                progress_(std::min(verified_, total_), total_);
            }
        });
    }

    util::Result<ShardOutcome> enter() {
        RAILHUB_TRY(auto tx, parts_.database.begin_write(ctx_));
        RAILHUB_TRY(check_segments(*tx));
        ShardOutcome outcome;
        for (const ProvenFile& file : files_) {
            RAILHUB_TRY(const bool is_new, enter_file(*tx, file));
            outcome.is_new = outcome.is_new || is_new;
            outcome.files.push_back(file.record.blob);
        }
        RAILHUB_TRY(tx->commit());
        for (const ProvenFile& file : files_) {
            for (const EligibleChunk& chunk : file.eligible) {
                parts_.heads.insert(chunk.hash.head());
            }
        }
        return outcome;
    }

    // Under the write lock: nobody collects them from here on.
    util::Result<> check_segments(db::Transaction& tx) {
        for (const auto& segment : segments_) {
            RAILHUB_TRY(const auto row, find_segment_row(tx, segment.second.record.row));
            bool is_here = row && row->record.hash == segment.first;
            if (is_here) {
                RAILHUB_TRY(is_here, is_backed(ctx_, parts_.store(), *row));
            }
            if (!is_here) {
                return util::fail(
                    util::Code::Unavailable,
                    "xorb '" + segment.first.text() + "' was removed while the shard was checked",
                    "upload the files again"
                );
            }
        }
        return {};
    }

    util::Result<bool> enter_file(db::Transaction& tx, const ProvenFile& file) {
        const std::int64_t now = util::to_millis(ctx_.clock.now());
        RAILHUB_TRY(const auto known, find_file_row(tx, file.record.hash));
        if (!known) {
            RAILHUB_TRY(insert_file(tx, file.record, file.terms, file.eligible, now));
        }
        RAILHUB_TRY(note_uploader(tx, uploader_, file.record.blob, now));
        return !known.has_value();
    }

    const util::Context& ctx_;
    Parts& parts_;
    const Uploader& uploader_;
    const OnVerified& progress_;
    std::vector<ProvenFile> files_;
    std::map<xet::Hash, SegmentRow> segments_; // all that are referred to
    std::map<xet::Hash, const ProvenFile*> twins_;
    ReadBack reading_;
    std::uint64_t total_ = 0; // bytes to read back
    std::uint64_t verified_ = 0;
};

} // namespace

util::Result<ShardOutcome> register_shard(
    const util::Context& ctx,
    Parts& parts,
    util::ByteView shard,
    const Uploader& uploader,
    const OnVerified& on_verified
) {
    RAILHUB_TRY(const xet::Shard parsed, xet::parse_shard(shard));
    ShardRegistration registration(ctx, parts, uploader, on_verified);
    return registration.run(parsed);
}

} // namespace railhub::cas::detail
