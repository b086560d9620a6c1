// SPDX-License-Identifier: Apache-2.0
// Chunk queries: answers can be used by whoever has the chunks, and tell nothing of what the asker
// may not see.
#include "tests/unit/cas/world.h"

namespace cas = railhub::cas;
namespace db = railhub::db;
namespace util = railhub::util;
namespace xet = railhub::xet;
using railhub::tests::CasWorld;
using railhub::tests::leaves_of;
using railhub::tests::number_bytes;
using railhub::tests::pack;
using railhub::tests::Packed;
using railhub::tests::random_bytes;
using railhub::tests::value;

namespace {

xet::DedupAnswer keyed() {
    xet::DedupAnswer header;
    header.key.fill(0x42);
    header.created_seconds = 1000;
    header.expires_seconds = 2000;
    return header;
}

cas::Visible only(std::int64_t repo) {
    return [repo](db::Transaction&, std::int64_t row) -> util::Result<bool> { return row == repo; };
}

util::Result<std::optional<util::Bytes>>
ask(CasWorld& world, const xet::Hash& chunk, std::int64_t repo) {
    return world.engine->dedup_answer(world.ctx, chunk, only(repo), keyed());
}

xet::Shard answer_of(CasWorld& world, const xet::Hash& chunk, std::int64_t repo) {
    const auto bytes = value(ask(world, chunk, repo));
    REQUIRE(bytes);
    return value(xet::parse_shard(*bytes));
}

} // namespace

TEST_CASE("cas: the first chunk of a file finds its segments, keyed") {
    CasWorld world;
    const util::Bytes bytes = random_bytes(1, 1'500'000);
    const Packed packed = pack({bytes}, {.chunks_per_xorb = 5});
    REQUIRE(packed.xorbs.size() > 3);
    world.upload(packed);
    world.reopen();
    const xet::Hash first = packed.xorbs[0].layout.chunks[0].hash;
    CHECK(world.engine->may_know_chunk(first));
    const xet::Shard shard = answer_of(world, first, 7);
    CHECK(shard.files.empty());
    REQUIRE(shard.xorbs.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        const xet::XorbLayout& layout = packed.xorbs[i].layout;
        CHECK(shard.xorbs[i].xorb == layout.hash);
        REQUIRE(shard.xorbs[i].chunks.size() == layout.chunks.size());
        std::uint32_t begin = 0;
        for (std::size_t k = 0; k < layout.chunks.size(); ++k) {
            const xet::ShardChunk& told = shard.xorbs[i].chunks[k];
            CHECK(told.hash == xet::keyed_hash(keyed().key, layout.chunks[k].hash));
            CHECK(told.offset == begin);
            begin += told.size;
            CHECK(begin == layout.chunks[k].uncompressed_end);
        }
    }
}

TEST_CASE("cas: chunks of others, and chunks that may not be asked for, are unknown") {
    CasWorld world;
    const Packed packed = pack({random_bytes(2, 500'000)});
    world.upload(packed);
    const auto& chunks = packed.xorbs[0].layout.chunks;
    CHECK_FALSE(value(ask(world, chunks[0].hash, 8)));
    xet::Hash unknown = chunks[0].hash;
    unknown.bytes[0] ^= 1;
    CHECK_FALSE(world.engine->may_know_chunk(unknown));
    CHECK_FALSE(value(ask(world, unknown, 7)));
    REQUIRE_FALSE(xet::is_dedup_eligible(chunks[1].hash));
    CHECK_FALSE(value(ask(world, chunks[1].hash, 7)));
    // The same head, another chunk.
    xet::Hash sibling = chunks[0].hash;
    sibling.bytes[31] ^= 1;
    CHECK_FALSE(value(ask(world, sibling, 7)));
}

TEST_CASE("cas: of a segment that is seen in part, the rest stays hidden") {
    CasWorld world;
    const util::Bytes mine = random_bytes(3, 400'000);
    const util::Bytes theirs = random_bytes(4, 400'000);
    const Packed packed = pack({mine, theirs});
    REQUIRE(packed.xorbs.size() == 1);
    // The first file to repo 7, both to repo 8.
    Packed first = packed;
    first.shard.files.pop_back();
    world.upload(first);
    world.uploader.repo_row = 8;
    world.upload(packed);

    const auto& chunks = packed.xorbs[0].layout.chunks;
    const std::size_t own = leaves_of(mine).size();
    const xet::Shard shard = answer_of(world, chunks[0].hash, 7);
    REQUIRE(shard.xorbs.size() == 1);
    const auto& told = shard.xorbs[0].chunks;
    REQUIRE(told.size() == chunks.size());
    bool is_even = true;
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i < told.size(); ++i) {
        const bool is_told = told[i].hash == xet::keyed_hash(keyed().key, chunks[i].hash);
        CHECK(is_told == (i < own));
        CHECK(told[i].offset == begin);
        begin += told[i].size;
        if (i >= own) {
            is_even = is_even && told[i].size - told[own].size + 1 <= 2;
        }
    }
    CHECK(is_even);
    CHECK(begin == packed.xorbs[0].layout.uncompressed_size());
    // A chunk of the hidden part is not known to repo 7, but to repo 8.
    CHECK_FALSE(value(ask(world, chunks[own].hash, 7)));
    CHECK(answer_of(world, chunks[own].hash, 8).xorbs.size() == 1);
    const auto segment =
        value(world.engine->find_segment(*world.tx(), packed.xorbs[0].layout.hash));
    CHECK(value(world.engine->repos_of(*world.tx(), *segment)) == std::vector<std::int64_t>{7, 8});
}

TEST_CASE("cas: an answer begins the grace of its segments anew, once an hour") {
    CasWorld world;
    const Packed packed = pack({random_bytes(5, 300'000)});
    world.upload(packed);
    const auto used = [&] {
        auto tx = world.tx();
        auto rows = value(tx->prepare("SELECT used_ms FROM cas_segment"));
        REQUIRE(value(rows.step()));
        return rows.integer(0);
    };
    const std::int64_t uploaded = used();
    const xet::Hash first = packed.xorbs[0].layout.chunks[0].hash;
    world.context.clock.advance(std::chrono::minutes(59));
    CHECK(value(ask(world, first, 8)) == std::nullopt);
    CHECK(value(ask(world, first, 7)));
    CHECK(used() == uploaded);
    world.context.clock.advance(std::chrono::minutes(2));
    CHECK(value(ask(world, first, 8)) == std::nullopt);
    CHECK(used() == uploaded);
    CHECK(value(ask(world, first, 7)));
    CHECK(used() == uploaded + 61 * 60 * 1000);
}

TEST_CASE("cas: loose blobs are found by their chunks too") {
    CasWorld world;
    const util::Bytes bytes = number_bytes(6, 500'000);
    const auto file = world.put(bytes);
    const xet::Hash first = leaves_of(bytes).front().hash;
    CHECK(world.engine->may_know_chunk(first));
    CHECK_FALSE(value(ask(world, first, 7))); // in no repo yet
    auto tx = value(world.database->begin_write(world.ctx));
    {
        auto insert = value(tx->prepare(
            "INSERT INTO lfs_upload (repo, sha256, size, account, uploaded_ms) VALUES (7,?,?,1,1)"
        ));
        value(insert.bind(file.blob.sha256.view(), file.blob.size).run());
    }
    value(tx->commit());
    CHECK(answer_of(world, first, 7).xorbs.size() == 1);
}
