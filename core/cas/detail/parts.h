// SPDX-License-Identifier: Apache-2.0
// What all parts of the engine share.
#pragma once

#include "core/cas/detail/chunk_heads.h"
#include "core/cas/detail/guard.h"
#include "core/cas/detail/recipes.h"

#include <array>
#include <mutex>

namespace railhub::cas::detail {

// 16 MiB of chunk lists: a thousand chunks of each of 400 segments.
inline constexpr std::size_t kCachedChunks = std::size_t{400} << 10;

// Outlives every reader and intake. Safe from any thread.
struct Parts {
    util::Context ctx; // for readers that outlive the call that made them
    db::Database& database;
    storage::Blobs& blobs;
    SegmentCache cache{kCachedChunks};
    ChunkHeads heads{};
    Guard guard{};

    // One upload of a xorb comes into place at a time. Guards the store, not a value.
    std::array<std::mutex, 16> placing{};

    // One file is compared with others at a time: that takes memory. Guards no value.
    std::mutex composing{};

    [[nodiscard]] storage::ObjectStore& store() const { return blobs.objects(); }

    std::mutex& placing_lock(const xet::Hash& xorb) {
        return placing[xorb.head() % placing.size()];
    }
};

// --- packed_reader.cpp
struct OpenSegment {
    SegmentPtr segment;
    std::shared_ptr<storage::ObjectReader> backing; // of segment
};

// The segment of a term with the object that holds its bytes; Corrupt when they are not there.
util::Result<OpenSegment> open_segment(Parts& parts, const RecipeTerm& term);
util::Error damaged_chunk(const Segment& segment, std::size_t index);
// Corrupt when the object ends before `into` is full.
util::Result<>
read_exactly(storage::ObjectReader& reader, std::uint64_t offset, std::span<std::uint8_t> into);

// What a reader of a recipe does with each chunk besides decoding it.
enum class ChunkCheck : std::uint8_t { Hash, None };

// The file of a recipe, put together from its segments as it is read.
std::shared_ptr<storage::ObjectReader>
make_packed_reader(Parts& parts, Recipe recipe, ChunkCheck check);

// --- virtual_reader.cpp
// The serialized form of a loose segment: headers by arithmetic, bytes from the blob.
std::shared_ptr<storage::ObjectReader>
make_virtual_reader(SegmentPtr segment, std::shared_ptr<storage::ObjectReader> blob);

// --- guarded_reader.cpp
// The blob as it is when it is known to be right, else a reader that verifies before it gives
// bytes; Corrupt when it is found wrong.
util::Result<std::shared_ptr<storage::ObjectReader>>
guard_blob(Parts& parts, const util::Sha256& sha256, std::shared_ptr<storage::ObjectReader> plain);
// Corrupt unless the open xorb is what its row says.
util::Result<> guard_xorb(Parts& parts, const Segment& segment, storage::ObjectReader& plain);

// --- reconstruct.cpp
util::Result<Reconstruction> reconstruct(
    Parts& parts, db::Transaction& tx, const FileRecord& file, const std::optional<Span>& range
);
util::Result<std::vector<xet::Leaf>>
chunks_of(Parts& parts, db::Transaction& tx, const FileRecord& file);

// --- intake.cpp
std::unique_ptr<XorbIntake> make_intake(
    const util::Context& ctx,
    Parts& parts,
    const xet::Hash& expected,
    std::unique_ptr<storage::ObjectWriter> writer // null: the bytes are here already
);

// --- known_xorbs.cpp
// Repos that link, or received in an upload, a file that uses the segment.
util::Result<std::vector<std::int64_t>> repos_of(db::Transaction& tx, std::int64_t segment);
util::Result<bool> may_refer(db::Transaction& tx, std::int64_t segment, const Uploader& uploader);
util::Result<> note_known(
    const util::Context& ctx, Parts& parts, std::int64_t account, std::span<const xet::Hash> xorbs
);

// --- shards.cpp
util::Result<ShardOutcome> register_shard(
    const util::Context& ctx,
    Parts& parts,
    util::ByteView shard,
    const Uploader& uploader,
    const OnVerified& on_verified
);

// --- loose_files.cpp
util::Result<FileRecord> register_blob(
    const util::Context& ctx,
    Parts& parts,
    const types::BlobRef& blob,
    std::span<const xet::Leaf> chunks,
    const std::optional<Uploader>& uploader
);

// --- dedup.cpp
util::Result<std::optional<util::Bytes>> dedup_answer(
    const util::Context& ctx,
    Parts& parts,
    const xet::Hash& chunk,
    const Visible& visible,
    const xet::DedupAnswer& header
);

} // namespace railhub::cas::detail
