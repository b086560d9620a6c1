// SPDX-License-Identifier: Apache-2.0
// Rows of files.
#include "core/cas/detail/recipes.h"

#include "core/cas/detail/numbers.h"

namespace railhub::cas::detail {

namespace {

constexpr std::size_t kPackedTerm = 20;

util::Result<FileRecord> read_file_row(const db::Statement& rows) {
    FileRecord file;
    file.row = rows.integer(0);
    RAILHUB_TRY(file.hash, hash_of_column(rows.blob(1)));
    RAILHUB_TRY(file.blob.sha256, sha256_of_column(rows.blob(2)));
    file.blob.size = static_cast<std::uint64_t>(rows.integer(3));
    return file;
}

util::Result<> insert_uses(
    db::Transaction& tx,
    std::int64_t file,
    std::span<const RecipeTerm> terms,
    std::span<const EligibleChunk> chunks
) {
    RAILHUB_TRY(
        auto insert_use, tx.prepare("INSERT INTO cas_file_segment (file, segment) VALUES (?, ?)")
    );
    for (const std::int64_t segment : distinct_segments(terms)) {
        RAILHUB_TRY(insert_use.bind(file, segment).run());
    }
    RAILHUB_TRY(
        auto insert_chunk,
        tx.prepare("INSERT INTO cas_chunk (hash, segment) VALUES (?, ?) "
                   "ON CONFLICT (hash, segment) DO NOTHING")
    );
    for (const EligibleChunk& chunk : chunks) {
        RAILHUB_TRY(insert_chunk.bind(chunk.hash.view(), chunk.segment).run());
    }
    return {};
}

} // namespace

util::Bytes pack_terms(std::span<const RecipeTerm> terms) {
    util::Bytes packed;
    packed.reserve(terms.size() * kPackedTerm);
    for (const RecipeTerm& term : terms) {
        append_number(packed, static_cast<std::uint64_t>(term.segment));
        append_number(packed, term.first);
        append_number(packed, term.end);
        append_number(packed, term.unpacked);
    }
    return packed;
}

util::Result<std::vector<RecipeTerm>> unpack_terms(util::ByteView packed) {
    std::vector<RecipeTerm> terms;
    terms.reserve(packed.size() / kPackedTerm);
    bool is_sound = packed.size() % kPackedTerm == 0;
    for (std::size_t at = 0; is_sound && at < packed.size(); at += kPackedTerm) {
        const std::uint8_t* const entry = packed.data() + at;
        RecipeTerm term;
        term.segment = static_cast<std::int64_t>(load_number<std::uint64_t>(entry));
        term.first = load_number<std::uint32_t>(entry + 8);
        term.end = load_number<std::uint32_t>(entry + 12);
        term.unpacked = load_number<std::uint32_t>(entry + 16);
        is_sound = term.first < term.end && term.unpacked > 0;
        terms.push_back(term);
    }
    if (!is_sound) {
        return util::fail(
            util::Code::Corrupt,
            "the recipe of a file is damaged",
            "restore the database from a backup, or upload the file again"
        );
    }
    return terms;
}

util::Result<std::optional<FileRecord>> find_file_row(db::Transaction& tx, const xet::Hash& hash) {
    RAILHUB_TRY(
        auto rows, tx.prepare("SELECT id, hash, sha256, size FROM cas_file WHERE hash = ?")
    );
    RAILHUB_TRY(const bool is_there, rows.bind(hash.view()).step());
    if (!is_there) {
        return std::optional<FileRecord>();
    }
    RAILHUB_TRY(auto file, read_file_row(rows));
    return std::optional(file);
}

util::Result<std::vector<FileRecord>> file_rows(db::Transaction& tx, const util::Sha256& sha256) {
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT id, hash, sha256, size FROM cas_file WHERE sha256 = ? ORDER BY id")
    );
    rows.bind(sha256.view());
    std::vector<FileRecord> files;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return files;
        }
        RAILHUB_TRY(auto file, read_file_row(rows));
        files.push_back(file);
    }
}

util::Result<std::vector<RecipeTerm>> load_terms(db::Transaction& tx, std::int64_t file) {
    RAILHUB_TRY(auto rows, tx.prepare("SELECT terms FROM cas_file WHERE id = ?"));
    RAILHUB_TRY(const bool is_there, rows.bind(file).step());
    if (!is_there) {
        return util::fail(util::Code::NotFound, "the file is not stored any more");
    }
    return unpack_terms(rows.blob(0));
}

util::Result<std::int64_t> insert_file(
    db::Transaction& tx,
    const FileRecord& file,
    std::span<const RecipeTerm> terms,
    std::span<const EligibleChunk> chunks,
    std::int64_t now_ms
) {
    std::int64_t row = 0;
    {
        RAILHUB_TRY(
            auto insert,
            tx.prepare("INSERT INTO cas_file (hash, sha256, size, created_ms, terms) "
                       "VALUES (?, ?, ?, ?, ?)")
        );
        insert.bind(file.hash.view(), file.blob.sha256.view(), file.blob.size);
        RAILHUB_TRY(insert.bind(now_ms, pack_terms(terms)).run());
        row = tx.last_insert_id();
    }
    RAILHUB_TRY(insert_uses(tx, row, terms, chunks));
    return row;
}

util::Result<> note_uploader(
    db::Transaction& tx, const Uploader& uploader, const types::BlobRef& blob, std::int64_t now_ms
) {
    RAILHUB_TRY(
        auto note,
        tx.prepare("INSERT INTO lfs_upload (repo, sha256, size, account, uploaded_ms) "
                   "VALUES (?, ?, ?, ?, ?) ON CONFLICT (repo, sha256) DO UPDATE "
                   "SET account = excluded.account, uploaded_ms = excluded.uploaded_ms")
    );
    note.bind(uploader.repo_row, blob.sha256.view(), blob.size, uploader.account);
    RAILHUB_TRY(note.bind(now_ms).run());
    return {};
}

Recipe::Recipe(std::vector<RecipeTerm> terms) : terms_(std::move(terms)) {
    ends_.reserve(terms_.size());
    std::uint64_t end = 0;
    for (const RecipeTerm& term : terms_) {
        end += term.unpacked;
        ends_.push_back(end);
    }
}

std::size_t Recipe::term_at(std::uint64_t offset) const {
    RAILHUB_ASSERT(offset < size());
    const auto found = std::upper_bound(ends_.begin(), ends_.end(), offset);
    return static_cast<std::size_t>(found - ends_.begin());
}

std::size_t chunk_at(const Segment& segment, std::uint64_t offset) {
    RAILHUB_ASSERT(offset < segment.row.record.unpacked);
    const auto found = std::upper_bound(
        segment.chunks.begin(),
        segment.chunks.end(),
        offset,
        [](std::uint64_t at, const xet::XorbChunk& chunk) { return at < chunk.uncompressed_end; }
    );
    return static_cast<std::size_t>(found - segment.chunks.begin());
}

std::vector<std::int64_t> distinct_segments(std::span<const RecipeTerm> terms) {
    std::vector<std::int64_t> segments;
    segments.reserve(terms.size());
    for (const RecipeTerm& term : terms) {
        segments.push_back(term.segment);
    }
    std::sort(segments.begin(), segments.end());
    segments.erase(std::unique(segments.begin(), segments.end()), segments.end());
    return segments;
}

} // namespace railhub::cas::detail
