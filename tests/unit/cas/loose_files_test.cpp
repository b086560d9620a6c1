// SPDX-License-Identifier: Apache-2.0
// Loose blobs as recipes over virtual xorbs.
#include "core/storage/layout.h"
#include "core/xet/chunker.h"
#include "tests/unit/cas/world.h"

namespace cas = railhub::cas;
namespace storage = railhub::storage;
namespace util = railhub::util;
namespace xet = railhub::xet;
using railhub::tests::CasWorld;
using railhub::tests::leaves_of;
using railhub::tests::number_bytes;
using railhub::tests::pack;
using railhub::tests::Packed;
using railhub::tests::Place;
using railhub::tests::random_bytes;
using railhub::tests::value;

TEST_CASE("cas: a virtual xorb is what a writer of plain chunks builds") {
    const Place place = GENERATE(Place::Memory, Place::Disk);
    CasWorld world(place);
    const util::Bytes bytes = number_bytes(1, 600'000);
    const auto file = world.put(bytes);
    const Packed packed = pack({bytes}, {.scheme = xet::Scheme::None});
    REQUIRE(packed.xorbs.size() == 1);
    const auto& [body, layout] = packed.xorbs.front();
    CHECK(file.hash == packed.shard.files.front().file);
    const auto segment = value(world.engine->find_segment(*world.tx(), layout.hash));
    REQUIRE(segment);
    CHECK(segment->stored == body.size());
    const auto reader =
        value(world.engine->segment_reader(world.ctx, layout.hash, segment->layout));
    CHECK(value(CasWorld::read_all(*reader)) == body);
    for (std::size_t at = 0; at < body.size() + 3; at += 4'999) {
        util::Bytes part(at % 150'000 + 1);
        const std::size_t got = value(reader->read_at(at, part));
        const std::size_t there = at < body.size() ? body.size() - at : 0;
        REQUIRE(got == std::min(part.size(), there));
        CHECK(std::equal(
            part.begin(),
            part.begin() + static_cast<std::ptrdiff_t>(got),
            body.begin() + static_cast<std::ptrdiff_t>(std::min(at, body.size()))
        ));
    }
    CHECK(xet::verify_xorb(body)->hash == layout.hash);
}

TEST_CASE("cas: a blob is cut into segments of at most 64 MiB and 8192 chunks") {
    CasWorld world;
    // Made-up hashes: nothing reads the bytes.
    auto writer = value(world.blobs->begin(world.ctx, 0));
    std::vector<xet::Leaf> leaves;
    const util::Bytes zeros(xet::kMaxChunk);
    std::uint64_t size = 0;
    const auto add = [&](std::uint64_t chunk_size) {
        xet::Leaf leaf;
        leaf.size = chunk_size;
        leaf.hash = xet::chunk_hash(util::as_bytes(std::to_string(leaves.size())));
        leaves.push_back(leaf);
        value(writer->write(util::ByteView(zeros).first(chunk_size)));
        size += chunk_size;
    };
    for (int i = 0; i < 9'000; ++i) {
        add(100);
    }
    for (int i = 0; i < 600; ++i) {
        add(xet::kMaxChunk);
    }
    const auto blob = value(writer->commit(std::nullopt));
    const auto file = value(world.engine->register_blob(world.ctx, blob, leaves, std::nullopt));
    CHECK(file.hash == xet::file_hash(leaves));
    const auto answer =
        value(world.engine->reconstruct(world.ctx, *world.tx(), file, std::nullopt));
    CHECK(answer.terms.size() == 3);
    std::uint64_t total = 0;
    for (const cas::Fetch& fetch : answer.fetches) {
        CHECK(fetch.segment.chunk_count <= xet::kMaxXorbChunks);
        CHECK(fetch.segment.stored <= xet::kMaxXorbBytes);
        total += fetch.segment.unpacked;
    }
    CHECK(total == size);
    CHECK(answer.terms.front().end == xet::kMaxXorbChunks);
    const auto chunks = value(world.engine->chunks_of(world.ctx, *world.tx(), file));
    CHECK(xet::file_hash(chunks) == file.hash);
}

TEST_CASE("cas: registering again, or what came as xorbs before, is the same file") {
    CasWorld world;
    const util::Bytes bytes = random_bytes(2, 400'000);
    const auto first = world.put(bytes);
    const auto again = world.put(bytes);
    CHECK(first.row == again.row);
    CHECK(world.count("cas_segment") == 1);
    const Packed packed = pack({bytes});
    CHECK(
        value(world.send(packed.xorbs[0].layout.hash, packed.xorbs[0].body)) ==
        cas::XorbIntake::Inserted::No
    );
    CHECK_FALSE(value(world.send_shard(packed.shard_bytes())).is_new);
    // A shard may use segments of loose blobs.
    const util::Bytes other = random_bytes(3, 300'000);
    const Packed sent = pack({other});
    world.upload(sent);
    CHECK(world.put(other).hash == sent.shard.files[0].file);
}

TEST_CASE("cas: a chunk list that does not fit its blob is refused") {
    CasWorld world;
    const util::Bytes bytes = random_bytes(4, 200'000);
    auto writer = value(world.blobs->begin(world.ctx, 0));
    value(writer->write(bytes));
    const auto blob = value(writer->commit(std::nullopt));
    auto leaves = leaves_of(bytes);
    ++leaves.front().size;
    REQUIRE_ERROR(
        world.engine->register_blob(world.ctx, blob, leaves, std::nullopt), util::Code::InvalidInput
    );
    leaves.clear();
    REQUIRE_ERROR(
        world.engine->register_blob(world.ctx, blob, leaves, std::nullopt), util::Code::InvalidInput
    );
}

TEST_CASE("cas: a blob that is not there is not registered") {
    CasWorld world;
    const util::Bytes bytes = random_bytes(5, 100'000);
    REQUIRE_ERROR(
        world.engine->register_blob(
            world.ctx, {util::sha256(bytes), bytes.size()}, leaves_of(bytes), std::nullopt
        ),
        util::Code::Unavailable
    );
    CHECK(world.count("cas_file") == 0);
}

TEST_CASE("cas: a recipe whose blob is lost is not there") {
    CasWorld world(Place::Disk);
    const util::Bytes bytes = random_bytes(6, 300'000);
    const auto file = world.put(bytes);
    value(world.blobs->remove(world.ctx, file.blob.sha256));
    CHECK_FALSE(value(world.blobs->size(world.ctx, file.blob.sha256)));
    REQUIRE_ERROR(world.read(file.blob.sha256), util::Code::NotFound);
}

TEST_CASE("cas: a writer lists the chunks of what it takes") {
    const Place place = GENERATE(Place::Memory, Place::Disk);
    CasWorld world(place);
    for (const std::size_t size : {0UL, 1UL, 300'000UL, 3'500'001UL}) {
        const util::Bytes bytes = random_bytes(size, size);
        auto writer = value(world.blobs->begin(world.ctx, size, storage::ChunkList::Make));
        value(writer->write(bytes));
        const auto blob = value(writer->commit(std::nullopt));
        CHECK(blob.sha256 == util::sha256(bytes));
        const auto chunks = writer->take_chunks();
        CHECK(xet::file_hash(chunks) == xet::file_hash(leaves_of(bytes)));
        const auto file =
            value(world.engine->register_blob(world.ctx, blob, chunks, railhub::cas::Uploader{7, 3})
            );
        CHECK(file.hash == xet::file_hash(chunks));
        CHECK(value(world.read(blob.sha256)) == bytes);
    }
    CHECK(world.count("lfs_upload") == 4);
}

TEST_CASE("cas: what is here as xorbs is not kept as a blob too") {
    CasWorld world(Place::Disk);
    const util::Bytes bytes = number_bytes(8, 400'000);
    world.upload(pack({bytes}));
    auto writer = value(world.blobs->begin(world.ctx, bytes.size(), storage::ChunkList::Make));
    value(writer->write(bytes));
    const auto blob = value(writer->commit(std::nullopt));
    CHECK_FALSE(value(world.store->size(world.ctx, storage::blob_key(blob.sha256))));
    const auto file = world.file(blob.sha256);
    CHECK(
        value(world.engine->register_blob(world.ctx, blob, writer->take_chunks(), std::nullopt))
            .row == file.row
    );
    // Also when the peer's chunker cut otherwise.
    std::vector<xet::Leaf> one_by_one;
    for (util::ByteView rest(bytes); !rest.empty();) {
        const std::size_t size = std::min<std::size_t>(rest.size(), 50'000);
        one_by_one.push_back({xet::chunk_hash(rest.first(size)), size});
        rest = rest.subspan(size);
    }
    CHECK(
        value(world.engine->register_blob(world.ctx, blob, one_by_one, std::nullopt)).row ==
        file.row
    );
    CHECK(value(world.read(blob.sha256)) == bytes);
}
