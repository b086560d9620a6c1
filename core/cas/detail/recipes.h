// SPDX-License-Identifier: Apache-2.0
// Recipes: rows of cas_file and what hangs on them.
#pragma once

#include "core/cas/detail/segments.h"

namespace railhub::cas::detail {

// A term as it is kept: 20 bytes.
struct RecipeTerm {
    std::int64_t segment = 0;
    std::uint32_t first = 0; // chunk
    std::uint32_t end = 0;
    std::uint32_t unpacked = 0; // uncompressed bytes

    bool operator==(const RecipeTerm&) const = default;
};

// n times: i64 segment, u32 first chunk, u32 end chunk, u32 uncompressed bytes; little-endian.
util::Bytes pack_terms(std::span<const RecipeTerm> terms);
// Corrupt when the length does not fit or a term is empty.
util::Result<std::vector<RecipeTerm>> unpack_terms(util::ByteView packed);

util::Result<std::optional<FileRecord>> find_file_row(db::Transaction& tx, const xet::Hash& hash);
// All recipes of one content, oldest first.
util::Result<std::vector<FileRecord>> file_rows(db::Transaction& tx, const util::Sha256& sha256);
// NotFound when the file is gone.
util::Result<std::vector<RecipeTerm>> load_terms(db::Transaction& tx, std::int64_t file);

// A chunk that may be asked for, and where it is.
struct EligibleChunk {
    xet::Hash hash;
    std::int64_t segment = 0;
};

// All rows of one file. Precondition: the segments are there, and the hash is not.
util::Result<std::int64_t> insert_file(
    db::Transaction& tx,
    const FileRecord& file,
    std::span<const RecipeTerm> terms,
    std::span<const EligibleChunk> chunks,
    std::int64_t now_ms
);

// The bytes were handed over for a repo: a commit to it may link them.
util::Result<> note_uploader(
    db::Transaction& tx, const Uploader& uploader, const types::BlobRef& blob, std::int64_t now_ms
);

// Terms with the file offsets behind each of them.
class Recipe {
  public:
    explicit Recipe(std::vector<RecipeTerm> terms);

    [[nodiscard]] const std::vector<RecipeTerm>& terms() const { return terms_; }

    [[nodiscard]] std::uint64_t size() const { return ends_.empty() ? 0 : ends_.back(); }

    // Precondition: index < terms().size().
    [[nodiscard]] std::uint64_t begin_of(std::size_t index) const {
        return index == 0 ? 0 : ends_[index - 1];
    }

    [[nodiscard]] std::uint64_t end_of(std::size_t index) const { return ends_[index]; }

    // The term that holds this byte. Precondition: offset < size().
    [[nodiscard]] std::size_t term_at(std::uint64_t offset) const;

  private:
    std::vector<RecipeTerm> terms_;
    std::vector<std::uint64_t> ends_;
};

// The chunk that holds the byte at `offset` of the segment's uncompressed bytes. Precondition:
// offset < unpacked.
std::size_t chunk_at(const Segment& segment, std::uint64_t offset);

// Each segment once, ascending.
std::vector<std::int64_t> distinct_segments(std::span<const RecipeTerm> terms);

} // namespace railhub::cas::detail
