// SPDX-License-Identifier: Apache-2.0
// Engine: one store under three doors. Files are recipes over segments; a segment is a run of
// chunks that is either an extent of a loose blob or a xorb as it was received (xet specification,
// sections 3 to 5 and 7).
#pragma once

#include "core/cas/layouts.h"
#include "core/db/database.h"
#include "core/storage/blobs.h"
#include "core/types/blob_ref.h"
#include "core/xet/shard.h"
#include "core/xet/xorb.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace railhub::cas {

// A registered file. Its SHA-256 was computed here from its bytes, never believed.
struct FileRecord {
    std::int64_t row = 0;
    xet::Hash hash;
    types::BlobRef blob;
};

// A segment as peers see it: a xorb, whatever its encoding.
struct SegmentRecord {
    std::int64_t row = 0;
    xet::Hash hash;
    std::uint32_t chunk_count = 0;
    std::uint32_t unpacked = 0; // uncompressed bytes
    std::uint64_t stored = 0;   // bytes of the serialized form that segment_reader() gives
    std::int64_t layout = 0;    // generation of the serialized form; another number: other offsets
};

// Bytes or chunks [begin, end).
struct Span {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    bool operator==(const Span&) const = default;
};

// One contiguous part of a segment's serialized form.
struct Fetch {
    SegmentRecord segment;
    Span chunks;
    Span bytes;
};

struct Reconstruction {
    std::uint64_t offset_into_first = 0;
    std::vector<xet::Term> terms; // in file order, trimmed to the chunks that overlap the range
    std::vector<Fetch> fetches;   // each term lies wholly inside one of its segment's
};

// Reason of the InvalidInput error for a range that begins at or past the end of the file (416).
inline constexpr std::string_view kRangePastEnd = "RangePastEnd";

// May the asker know of content that these repos (rows) hold?
using Visible = std::function<util::Result<bool>(db::Transaction&, std::int64_t repo_row)>;

// A xorb being received. One thread. Letting it go without commit() discards it.
class XorbIntake {
  public:
    virtual ~XorbIntake() = default;
    // Checked as it comes (section 3.3): InvalidInput or TooLarge as soon as something is wrong.
    virtual util::Result<> write(util::ByteView bytes) = 0;

    enum class Inserted : std::uint8_t { No, Yes };

    // Compares with the expected hash and makes it durable. No: it was here already.
    virtual util::Result<Inserted> commit() = 0;
};

// Who uploads, so that a commit to this repo may use the files.
struct Uploader {
    std::int64_t repo_row = 0;
    std::int64_t account = 0;
    // A shard may refer to xorbs of repos that this shows, and to those that the account sent or
    // was told of (note_known); all others are "not here". Without it every xorb may be named.
    Visible visible = {};
};

struct ShardOutcome {
    bool is_new = false;
    std::vector<types::BlobRef> files; // verified, in the order of the shard
};

// Bytes verified so far and in all; called now and then, from the registering thread.
using OnVerified = std::function<void(std::uint64_t verified, std::uint64_t total)>;

// Safe from any thread. Database, blobs and what the context of open() refers to are borrowed and
// outlive it; it outlives every reader and intake.
class Engine {
  public:
    // Reads the dedup index into memory and becomes the source of packed files for `blobs`.
    static util::Result<std::unique_ptr<Engine>>
    open(const util::Context& ctx, db::Database& database, storage::Blobs& blobs);
    virtual ~Engine() = default;

    // --- lookups; nullopt when unknown. Visibility is the caller's business.
    virtual util::Result<std::optional<FileRecord>>
    find_file(db::Transaction& tx, const xet::Hash& hash) = 0;
    // One content may have several file hashes; the first that was registered.
    virtual util::Result<std::optional<FileRecord>>
    find_file(db::Transaction& tx, const util::Sha256& sha256) = 0;
    virtual util::Result<std::optional<SegmentRecord>>
    find_segment(db::Transaction& tx, const xet::Hash& hash) = 0;
    // Repos that link, or received in an upload, a file that uses the segment.
    virtual util::Result<std::vector<std::int64_t>>
    repos_of(db::Transaction& tx, const SegmentRecord& segment) = 0;

    // --- reading
    // Section 5.1. `range` of file bytes, its end may be past the file's. InvalidInput with
    // kRangePastEnd when it begins there.
    virtual util::Result<Reconstruction> reconstruct(
        const util::Context& ctx,
        db::Transaction& tx,
        const FileRecord& file,
        const std::optional<Span>& range
    ) = 0;
    // Terms and all chunks with sizes, for file-chunk-hashes (5.8).
    virtual util::Result<std::vector<xet::Leaf>>
    chunks_of(const util::Context& ctx, db::Transaction& tx, const FileRecord& file) = 0;
    // The serialized form: a packed xorb as it is, or a virtual one over a loose blob. NotFound
    // when the segment is gone; Conflict when it is laid out differently by now.
    virtual util::Result<std::shared_ptr<storage::ObjectReader>>
    segment_reader(const util::Context& ctx, const xet::Hash& hash, std::int64_t layout) = 0;

    // --- writing
    virtual util::Result<std::unique_ptr<XorbIntake>>
    begin_xorb(const util::Context& ctx, const xet::Hash& expected) = 0;
    // The account sent these xorbs, or was told of them in a dedup answer: its shards may refer to
    // them as long as they are here. Unknown ones are passed over.
    virtual util::Result<> note_known(
        const util::Context& ctx, std::int64_t account, std::span<const xet::Hash> xorbs
    ) = 0;
    // Section 4.3. Every file is read back and its SHA-256 computed before anything is registered:
    // a claim that is wrong, or a proof that does not hold, is InvalidInput and nothing is stored.
    virtual util::Result<ShardOutcome> register_shard(
        const util::Context& ctx,
        util::ByteView shard,
        const Uploader& uploader,
        const OnVerified& on_verified
    ) = 0;
    // Registers a loose blob that is in the store, with the chunk list made while it was received:
    // from now on it has a file hash and can be found by its chunks. Known already, also as a
    // packed file, is success. In the same transaction the uploader, if any, is noted, so that a
    // commit to his repo may link it. Unavailable when the content is not here (any more).
    virtual util::Result<FileRecord> register_blob(
        const util::Context& ctx,
        const types::BlobRef& blob,
        std::span<const xet::Leaf> chunks,
        const std::optional<Uploader>& uploader
    ) = 0;

    // --- global dedup (5.6)
    // False at memory speed when no stored chunk that may be asked for has this hash.
    [[nodiscard]] virtual bool may_know_chunk(const xet::Hash& chunk) const = 0;
    // The answer shard for a chunk: its segment and the ones that follow in a file, of what the
    // asker may see; nullopt when there is none. Their grace begins anew (7.3).
    virtual util::Result<std::optional<util::Bytes>> dedup_answer(
        const util::Context& ctx,
        const xet::Hash& chunk,
        const Visible& visible,
        const xet::DedupAnswer& header
    ) = 0;
};

} // namespace railhub::cas
