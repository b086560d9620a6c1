// SPDX-License-Identifier: Apache-2.0
// The engine: its parts put together, and the source of packed files for Blobs.
#include "core/cas/engine.h"

#include "core/cas/detail/numbers.h"
#include "core/cas/detail/parts.h"
#include "core/storage/layout.h"

namespace railhub::cas {

namespace {

using detail::Parts;

class StoreEngine final : public Engine, public storage::PackedFiles {
  public:
    StoreEngine(const util::Context& ctx, db::Database& database, storage::Blobs& blobs)
        : parts_{{ctx.log, ctx.progress, ctx.clock}, database, blobs} {
        blobs.set_packed(this);
    }

    ~StoreEngine() override { parts_.blobs.set_packed(nullptr); }

    StoreEngine(const StoreEngine&) = delete;
    StoreEngine& operator=(const StoreEngine&) = delete;

    util::Result<> load_heads(const util::Context& ctx) {
        RAILHUB_TRY(auto tx, parts_.database.begin_read(ctx));
        RAILHUB_TRY(auto rows, tx->prepare("SELECT hash FROM cas_chunk"));
        while (true) {
            RAILHUB_TRY(const bool more, rows.step());
            if (!more) {
                return {};
            }
            RAILHUB_TRY(const xet::Hash hash, detail::hash_of_column(rows.blob(0)));
            parts_.heads.insert(hash.head());
        }
    }

    util::Result<std::optional<FileRecord>>
    find_file(db::Transaction& tx, const xet::Hash& hash) override {
        return detail::find_file_row(tx, hash);
    }

    util::Result<std::optional<FileRecord>>
    find_file(db::Transaction& tx, const util::Sha256& sha256) override {
        RAILHUB_TRY(const auto files, detail::file_rows(tx, sha256));
        return files.empty() ? std::optional<FileRecord>() : files.front();
    }

    util::Result<std::optional<SegmentRecord>>
    find_segment(db::Transaction& tx, const xet::Hash& hash) override {
        RAILHUB_TRY(const auto row, detail::find_segment_row(tx, hash));
        return row ? std::optional(row->record) : std::nullopt;
    }

    util::Result<std::vector<std::int64_t>>
    repos_of(db::Transaction& tx, const SegmentRecord& segment) override {
        return detail::repos_of(tx, segment.row);
    }

    util::Result<Reconstruction> reconstruct(
        const util::Context&,
        db::Transaction& tx,
        const FileRecord& file,
        const std::optional<Span>& range
    ) override {
        return detail::reconstruct(parts_, tx, file, range);
    }

    util::Result<std::vector<xet::Leaf>>
    chunks_of(const util::Context&, db::Transaction& tx, const FileRecord& file) override {
        return detail::chunks_of(parts_, tx, file);
    }

    util::Result<std::shared_ptr<storage::ObjectReader>>
    segment_reader(const util::Context& ctx, const xet::Hash& hash, std::int64_t layout) override;

    util::Result<std::unique_ptr<XorbIntake>>
    begin_xorb(const util::Context& ctx, const xet::Hash& expected) override;

    util::Result<> note_known(
        const util::Context& ctx, std::int64_t account, std::span<const xet::Hash> xorbs
    ) override {
        return detail::note_known(ctx, parts_, account, xorbs);
    }

    util::Result<ShardOutcome> register_shard(
        const util::Context& ctx,
        util::ByteView shard,
        const Uploader& uploader,
        const OnVerified& on_verified
    ) override {
        return detail::register_shard(ctx, parts_, shard, uploader, on_verified);
    }

    util::Result<FileRecord> register_blob(
        const util::Context& ctx,
        const types::BlobRef& blob,
        std::span<const xet::Leaf> chunks,
        const std::optional<Uploader>& uploader
    ) override {
        return detail::register_blob(ctx, parts_, blob, chunks, uploader);
    }

    [[nodiscard]] bool may_know_chunk(const xet::Hash& chunk) const override {
        return parts_.heads.contains(chunk.head());
    }

    util::Result<std::optional<util::Bytes>> dedup_answer(
        const util::Context& ctx,
        const xet::Hash& chunk,
        const Visible& visible,
        const xet::DedupAnswer& header
    ) override {
        return detail::dedup_answer(ctx, parts_, chunk, visible, header);
    }

    // --- storage::PackedFiles
    util::Result<std::shared_ptr<storage::ObjectReader>>
    open(const util::Context& ctx, const util::Sha256& sha256) override;
    util::Result<std::optional<std::uint64_t>>
    size(const util::Context& ctx, const util::Sha256& sha256) override;

    util::Result<std::shared_ptr<storage::ObjectReader>>
    guard(const util::Sha256& sha256, std::shared_ptr<storage::ObjectReader> loose) override {
        return detail::guard_blob(parts_, sha256, std::move(loose));
    }

    void note_right(const util::Sha256& sha256, const storage::ObjectReader& loose) override {
        parts_.guard.note(storage::blob_key(sha256), loose);
    }

  private:
    util::Result<std::optional<detail::Recipe>>
    whole_recipe(const util::Context& ctx, const util::Sha256& sha256);
    util::Result<bool> is_whole(
        const util::Context& ctx, db::Transaction& tx, std::span<const detail::RecipeTerm> terms
    );

    Parts parts_;
};

util::Result<std::shared_ptr<storage::ObjectReader>>
StoreEngine::segment_reader(const util::Context& ctx, const xet::Hash& hash, std::int64_t layout) {
    RAILHUB_TRY(auto tx, parts_.database.begin_read(ctx));
    RAILHUB_TRY(const auto row, detail::find_segment_row(*tx, hash));
    if (!row) {
        return util::fail(util::Code::NotFound, "no xorb '" + hash.text() + "'");
    }
    if (row->record.layout != layout) {
        return util::fail(
            util::Code::Conflict,
            "xorb '" + hash.text() + "' is laid out differently by now",
            "ask for the reconstruction again"
        );
    }
    RAILHUB_TRY(auto segment, parts_.cache.get(*tx, *row));
    tx.reset();
    RAILHUB_TRY(auto backing, detail::open_backing(ctx, parts_.store(), *row));
    if (row->encoding == detail::Encoding::Packed) {
        RAILHUB_TRY(detail::guard_xorb(parts_, *segment, *backing));
        return backing;
    }
    RAILHUB_TRY(backing, detail::guard_blob(parts_, row->blob, std::move(backing)));
    return detail::make_virtual_reader(std::move(segment), std::move(backing));
}

util::Result<std::unique_ptr<XorbIntake>>
StoreEngine::begin_xorb(const util::Context& ctx, const xet::Hash& expected) {
    std::unique_ptr<storage::ObjectWriter> writer;
    bool is_here = false;
    {
        RAILHUB_TRY(auto tx, parts_.database.begin_read(ctx));
        RAILHUB_TRY(const auto known, detail::find_segment_row(*tx, expected));
        if (known) {
            RAILHUB_TRY(is_here, detail::is_backed(ctx, parts_.store(), *known));
        }
    }
    if (!is_here) {
        RAILHUB_TRY(writer, parts_.store().begin(ctx, 0));
        writer->expect_reading(); // by the shard that names it
    }
    return detail::make_intake(ctx, parts_, expected, std::move(writer));
}

util::Result<bool> StoreEngine::is_whole(
    const util::Context& ctx, db::Transaction& tx, std::span<const detail::RecipeTerm> terms
) {
    for (const std::int64_t segment : detail::distinct_segments(terms)) {
        RAILHUB_TRY(const detail::SegmentRow row, detail::segment_row(tx, segment));
        RAILHUB_TRY(const bool is_here, detail::is_backed(ctx, parts_.store(), row));
        if (!is_here) {
            return false;
        }
    }
    return true;
}

// The first recipe of this content all of whose parts are here.
util::Result<std::optional<detail::Recipe>>
StoreEngine::whole_recipe(const util::Context& ctx, const util::Sha256& sha256) {
    RAILHUB_TRY(auto tx, parts_.database.begin_read(ctx));
    RAILHUB_TRY(const auto files, detail::file_rows(*tx, sha256));
    for (const FileRecord& file : files) {
        RAILHUB_TRY(auto terms, detail::load_terms(*tx, file.row));
        RAILHUB_TRY(const bool is_here, is_whole(ctx, *tx, terms));
        if (is_here) {
            return std::optional(detail::Recipe(std::move(terms)));
        }
    }
    return std::optional<detail::Recipe>();
}

util::Result<std::shared_ptr<storage::ObjectReader>>
StoreEngine::open(const util::Context& ctx, const util::Sha256& sha256) {
    RAILHUB_TRY(auto recipe, whole_recipe(ctx, sha256));
    if (!recipe) {
        return util::fail(util::Code::NotFound, "no packed file '" + sha256.hex() + "'");
    }
    return detail::make_packed_reader(parts_, *std::move(recipe), detail::ChunkCheck::Hash);
}

util::Result<std::optional<std::uint64_t>>
StoreEngine::size(const util::Context& ctx, const util::Sha256& sha256) {
    RAILHUB_TRY(const auto recipe, whole_recipe(ctx, sha256));
    return recipe ? std::optional(recipe->size()) : std::nullopt;
}

} // namespace

util::Result<std::unique_ptr<Engine>>
Engine::open(const util::Context& ctx, db::Database& database, storage::Blobs& blobs) {
    auto engine = std::make_unique<StoreEngine>(ctx, database, blobs);
    RAILHUB_TRY(engine->load_heads(ctx));
    return std::unique_ptr<Engine>(std::move(engine));
}

} // namespace railhub::cas
