// SPDX-License-Identifier: Apache-2.0
#include "core/app/recipe_check.h"

#include "core/cas/layouts.h"
#include "core/collect/recipes.h"
#include "core/storage/layout.h"

#include <algorithm>
#include <set>

namespace railhub::app {

namespace {

constexpr std::int64_t kLoose = 1;

struct CheckedSegment {
    xet::Hash hash;
    std::int64_t encoding = 0;
    std::optional<util::Sha256> blob;
    std::uint64_t blob_offset = 0;
    std::uint64_t chunk_count = 0;
    std::uint64_t unpacked = 0;
    std::uint64_t stored = 0;
    std::vector<xet::XorbChunk> chunks;
};

xet::Hash hash_in(util::ByteView column) {
    xet::Hash hash;
    std::copy_n(column.begin(), std::min(column.size(), hash.bytes.size()), hash.bytes.begin());
    return hash;
}

// Corrupt when a column is not what it must be.
util::Result<std::optional<CheckedSegment>> load_segment(db::Transaction& tx, std::int64_t id) {
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT hash, encoding, blob, blob_offset, chunk_count, unpacked, stored, "
                   "chunks FROM cas_segment WHERE id = ?")
    );
    RAILHUB_TRY(const bool found, rows.bind(id).step());
    if (!found) {
        return std::optional<CheckedSegment>();
    }
    CheckedSegment segment;
    segment.hash = hash_in(rows.blob(0));
    segment.encoding = rows.integer(1);
    if (rows.blob(2).size() == util::Sha256::kSize) {
        segment.blob = util::Sha256::from(rows.blob(2));
    }
    segment.blob_offset = static_cast<std::uint64_t>(rows.integer(3));
    segment.chunk_count = static_cast<std::uint64_t>(rows.integer(4));
    segment.unpacked = static_cast<std::uint64_t>(rows.integer(5));
    segment.stored = static_cast<std::uint64_t>(rows.integer(6));
    RAILHUB_TRY(segment.chunks, cas::unpack_chunks(rows.blob(7)));
    return std::optional(std::move(segment));
}

std::uint32_t chunk_begin(const CheckedSegment& segment, std::size_t chunk) {
    return chunk == 0 ? 0 : segment.chunks[chunk - 1].uncompressed_end;
}

xet::Leaf leaf_of(const CheckedSegment& segment, std::size_t chunk) {
    const std::uint32_t end = segment.chunks[chunk].uncompressed_end;
    return {segment.chunks[chunk].hash, end - chunk_begin(segment, chunk)};
}

bool is_list_sound(const CheckedSegment& segment) {
    if (segment.chunks.empty() || segment.chunks.size() != segment.chunk_count ||
        segment.chunks.back().uncompressed_end != segment.unpacked ||
        segment.chunks.back().serialized_end != segment.stored) {
        return false;
    }
    xet::MerkleBuilder merkle;
    for (std::size_t i = 0; i < segment.chunks.size(); ++i) {
        merkle.add(leaf_of(segment, i));
    }
    return merkle.finish() == segment.hash;
}

util::Result<> check_object_of(
    const util::Context& ctx,
    storage::ObjectStore& store,
    const CheckedSegment& segment,
    const std::string& subject,
    const ProblemSink& sink
) {
    const bool is_loose = segment.encoding == kLoose;
    if (is_loose && !segment.blob) {
        sink(subject + " names no blob");
        return {};
    }
    const std::string key =
        is_loose ? storage::blob_key(*segment.blob) : storage::xorb_key(segment.hash);
    RAILHUB_TRY(const auto size, store.size(ctx, key));
    const std::uint64_t needed = is_loose ? segment.blob_offset + segment.unpacked : segment.stored;
    if (!size) {
        sink(subject + ": its object '" + key + "' is missing; upload the files that use it again");
    } else if (is_loose ? *size < needed : *size != needed) {
        sink(subject + ": its object '" + key + "' has another size");
    }
    return {};
}

// What terms say, added up.
struct RecipeSum {
    std::uint64_t size = 0;
    std::uint64_t chunks = 0;
    xet::MerkleBuilder merkle;
    std::set<std::int64_t> segments;
};

// Empty, or what is wrong with the term.
util::Result<std::string>
add_term(db::Transaction& tx, const collect::RecipeTerm& term, RecipeSum& sum) {
    auto loaded = load_segment(tx, term.segment);
    if (!loaded.ok() && loaded.error().code == util::Code::Corrupt) {
        return std::string("a segment of it has a damaged chunk list");
    }
    RAILHUB_TRY(const auto segment, std::move(loaded));
    if (!segment) {
        return std::string("a segment of it is missing");
    }
    if (term.first >= term.end || term.end > segment->chunks.size()) {
        return std::string("a term of it is out of bounds");
    }
    std::uint64_t unpacked = 0;
    for (std::size_t i = term.first; i < term.end; ++i) {
        const xet::Leaf leaf = leaf_of(*segment, i);
        unpacked += leaf.size;
        sum.merkle.add(leaf);
    }
    sum.size += unpacked;
    sum.chunks += term.end - term.first;
    sum.segments.insert(term.segment);
    return std::string(unpacked == term.unpacked ? "" : "a term of it has a wrong length");
}

util::Result<std::set<std::int64_t>> noted_segments(db::Transaction& tx, std::int64_t file) {
    std::set<std::int64_t> noted;
    RAILHUB_TRY(auto rows, tx.prepare("SELECT segment FROM cas_file_segment WHERE file = ?"));
    rows.bind(file);
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return noted;
        }
        noted.insert(rows.integer(0));
    }
}

} // namespace

util::Result<> check_segment(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::ObjectStore& store,
    std::int64_t segment,
    const ProblemSink& sink
) {
    auto loaded = load_segment(tx, segment);
    if (!loaded.ok() && loaded.error().code == util::Code::Corrupt) {
        sink("segment " + std::to_string(segment) + " has a damaged chunk list");
        return {};
    }
    RAILHUB_TRY(const auto row, std::move(loaded));
    if (!row) {
        return {};
    }
    const std::string subject = "segment '" + row->hash.text() + "'";
    if (!is_list_sound(*row)) {
        sink(subject + " has a chunk list that does not make up its hash");
        return {};
    }
    return check_object_of(ctx, store, *row, subject, sink);
}

util::Result<> check_recipe(db::Transaction& tx, std::int64_t file, const ProblemSink& sink) {
    xet::Hash hash;
    std::uint64_t size = 0;
    util::Bytes packed;
    {
        RAILHUB_TRY(auto rows, tx.prepare("SELECT hash, size, terms FROM cas_file WHERE id = ?"));
        RAILHUB_TRY(const bool found, rows.bind(file).step());
        if (!found) {
            return {};
        }
        hash = hash_in(rows.blob(0));
        size = static_cast<std::uint64_t>(rows.integer(1));
        packed.assign(rows.blob(2).begin(), rows.blob(2).end());
    }
    const std::string subject = "recipe of file '" + hash.text() + "': ";
    const auto terms = collect::unpack_terms(packed);
    if (!terms.ok()) {
        sink(subject + terms.error().message);
        return {};
    }
    RecipeSum sum;
    for (const collect::RecipeTerm& term : *terms) {
        RAILHUB_TRY(const std::string problem, add_term(tx, term, sum));
        if (!problem.empty()) {
            sink(subject + problem);
            return {};
        }
    }
    RAILHUB_TRY(const auto noted, noted_segments(tx, file));
    if (sum.size != size) {
        sink(subject + "its terms add up to another size");
    } else if (xet::file_hash_of_root(sum.merkle.finish(), sum.chunks) != hash) {
        sink(subject + "its chunks make up another file");
    } else if (noted != sum.segments) {
        sink(subject + "the list of its segments is not right");
    }
    return {};
}

util::Result<> check_trash(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::ObjectStore& store,
    const ProblemSink& sink
) {
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT id, trash_key, object_key FROM trash "
                   "WHERE state = 2 AND trash_key <> ''")
    );
    while (true) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return {};
        }
        RAILHUB_TRY(const auto size, store.size(ctx, rows.text(1)));
        RAILHUB_TRY(
            const auto back, store.size(ctx, rows.text(2))
        ); // a kill in the act of undelete
        if (!size && !back) {
            sink("trash entry " + std::to_string(rows.integer(0)) + " has lost its object");
        }
    }
}

} // namespace railhub::app
