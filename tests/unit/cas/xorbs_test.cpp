// SPDX-License-Identifier: Apache-2.0
// Xorbs on their way in: what is stored, what is refused, and that damage is never served.
#include "core/storage/fsck.h"
#include "core/storage/layout.h"
#include "core/xet/chunker.h"
#include "tests/unit/cas/world.h"

namespace cas = railhub::cas;
namespace storage = railhub::storage;
namespace util = railhub::util;
namespace xet = railhub::xet;
using railhub::tests::CasWorld;
using railhub::tests::number_bytes;
using railhub::tests::pack;
using railhub::tests::Packed;
using railhub::tests::Place;
using railhub::tests::random_bytes;
using railhub::tests::value;
using Inserted = cas::XorbIntake::Inserted;

namespace {

std::size_t objects(CasWorld& world) {
    std::size_t found = 0;
    value(world.store->list(world.ctx, {}, [&](const storage::ObjectInfo&) {
        ++found;
        return util::Result<>();
    }));
    return found;
}

} // namespace

TEST_CASE("cas: a xorb is stored as received, without its footer, once") {
    const Place place = GENERATE(Place::Memory, Place::Disk);
    CasWorld world(place);
    const Packed packed = pack({number_bytes(1, 700'000)});
    const auto& [body, layout] = packed.xorbs.front();
    util::Bytes with_footer = body;
    const util::Bytes footer = xet::xorb_footer(layout);
    with_footer.insert(with_footer.end(), footer.begin(), footer.end());
    const std::size_t piece = GENERATE(1UL, 4097UL, 10'000'000UL);
    if (piece > 1 || place == Place::Memory) {
        CHECK(value(world.send(layout.hash, with_footer, piece)) == Inserted::Yes);
        CHECK(value(world.send(layout.hash, body)) == Inserted::No);
        CHECK(value(world.store->size(world.ctx, storage::xorb_key(layout.hash))) == body.size());
        const auto record = value(world.engine->find_segment(*world.tx(), layout.hash));
        REQUIRE(record);
        CHECK(record->chunk_count == layout.chunks.size());
        CHECK(record->unpacked == layout.uncompressed_size());
        CHECK(record->stored == body.size());
        const auto reader =
            value(world.engine->segment_reader(world.ctx, layout.hash, record->layout));
        CHECK(value(CasWorld::read_all(*reader)) == body);
        REQUIRE_ERROR(
            world.engine->segment_reader(world.ctx, layout.hash, record->layout + 1),
            util::Code::Conflict
        );
    }
}

TEST_CASE("cas: a bad xorb leaves nothing behind") {
    CasWorld world(Place::Disk);
    const Packed packed = pack({random_bytes(2, 300'000)}, {.scheme = xet::Scheme::None});
    const auto& [body, layout] = packed.xorbs.front();

    REQUIRE_ERROR(world.send(xet::Hash{}, body), util::Code::InvalidInput);
    util::Bytes cut(body.begin(), body.end() - 1);
    REQUIRE_ERROR(world.send(layout.hash, cut), util::Code::InvalidInput);
    util::Bytes longer = body;
    longer.insert(longer.end(), 20, 0xEE);
    REQUIRE_ERROR(world.send(layout.hash, longer), util::Code::InvalidInput);
    util::Bytes flipped = body;
    flipped[5'000] ^= 1;
    REQUIRE_ERROR(world.send(layout.hash, flipped), util::Code::InvalidInput);
    util::Bytes footer_cut = body;
    const util::Bytes footer = xet::xorb_footer(layout);
    footer_cut.insert(footer_cut.end(), footer.begin(), footer.end() - 5);
    REQUIRE_ERROR(world.send(layout.hash, footer_cut), util::Code::InvalidInput);
    REQUIRE_ERROR(world.send(layout.hash, {}), util::Code::InvalidInput);
    { // let go
        auto intake = value(world.engine->begin_xorb(world.ctx, layout.hash));
        value(intake->write(body));
    }
    CHECK(objects(world) == 0);
    CHECK(world.count("cas_segment") == 0);
}

TEST_CASE("cas: a body above 64 MiB is refused") {
    CasWorld world;
    auto intake = value(world.engine->begin_xorb(world.ctx, xet::Hash{}));
    const util::Bytes chunk(xet::kMaxChunk, 7);
    util::Bytes record(8);
    const auto header = xet::plain_record_header(xet::kMaxChunk);
    std::copy(header.begin(), header.end(), record.begin());
    record.insert(record.end(), chunk.begin(), chunk.end());
    util::Result<> written;
    for (int i = 0; written.ok() && i < 520; ++i) {
        written = intake->write(record);
    }
    REQUIRE_ERROR(written, util::Code::TooLarge);
}

TEST_CASE("cas: a xorb that was lost is taken again") {
    CasWorld world(Place::Disk);
    const util::Bytes bytes = number_bytes(5, 400'000);
    const Packed packed = pack({bytes});
    world.upload(packed);
    const auto& [body, layout] = packed.xorbs.front();
    value(world.store->remove(world.ctx, storage::xorb_key(layout.hash)));
    REQUIRE_ERROR(world.read(util::sha256(bytes)), util::Code::NotFound);
    CHECK_FALSE(value(world.blobs->size(world.ctx, util::sha256(bytes))));
    CHECK(value(world.send(layout.hash, body)) == Inserted::Yes);
    CHECK(value(world.read(util::sha256(bytes))) == bytes);
}

TEST_CASE("cas: the row describes the bytes that stay, however often a xorb comes") {
    CasWorld world(Place::Disk);
    const util::Bytes bytes = number_bytes(7, 400'000);
    const Packed packed = pack({bytes}, {.scheme = xet::Scheme::Lz4});
    const Packed other = pack({bytes}, {.scheme = xet::Scheme::None});
    const xet::Hash hash = packed.xorbs[0].layout.hash;
    REQUIRE(other.xorbs[0].layout.hash == hash);
    SECTION("what a crash left without a row") {
        auto writer = value(world.store->begin(world.ctx, 0));
        value(writer->write(packed.xorbs[0].body));
        value(writer->publish(storage::xorb_key(hash)));
    }
    SECTION("what a crash left and rotted") {
        auto writer = value(world.store->begin(world.ctx, 0));
        util::Bytes rotten = packed.xorbs[0].body;
        rotten[rotten.size() / 2] ^= 0xFF;
        value(writer->write(rotten));
        value(writer->publish(storage::xorb_key(hash)));
    }
    SECTION("two at once") {
        auto first = value(world.engine->begin_xorb(world.ctx, hash));
        value(first->write(packed.xorbs[0].body));
        auto second = value(world.engine->begin_xorb(world.ctx, hash));
        value(second->write(other.xorbs[0].body));
        CHECK(value(second->commit()) == Inserted::Yes);
        CHECK(value(first->commit()) == Inserted::No);
    }
    SECTION("lost, and sent again otherwise") {
        world.upload(packed);
        value(world.store->remove(world.ctx, storage::xorb_key(hash)));
    }
    value(world.send(hash, other.xorbs[0].body));
    value(world.send_shard(other.shard_bytes()));
    CHECK(value(world.read(util::sha256(bytes))) == bytes);
}

TEST_CASE("cas: flipped bits in a stored xorb are never served, and fsck finds them") {
    CasWorld world(Place::Disk);
    const xet::Scheme scheme = GENERATE(xet::Scheme::None, xet::Scheme::Lz4, xet::Scheme::Grouped);
    const util::Bytes bytes = number_bytes(6, 500'000);
    const Packed packed = pack({bytes}, {.scheme = scheme});
    world.upload(packed);
    const auto& [body, layout] = packed.xorbs.front();
    const std::size_t at = GENERATE(3UL, 20UL, 100'000UL);
    const std::string key = storage::xorb_key(layout.hash);
    world.damage(key, std::min(at, body.size() - 1));
    const auto got = world.read(util::sha256(bytes));
    if (got.ok()) { // an unused bit of a frame
        CHECK(*got == bytes);
    } else {
        CHECK(got.error().code == util::Code::Corrupt);
        const auto report = value(storage::fsck(world.ctx, *world.blobs, storage::FsckDepth::Data));
        CHECK(report.findings.size() == 1);
        CHECK(report.xorbs == 1);
    }
}
