// SPDX-License-Identifier: Apache-2.0
// Objects that change behind our back are not served, whatever the door.
#include "core/storage/layout.h"
#include "tests/unit/cas/world.h"

#include <filesystem>

namespace storage = railhub::storage;
namespace util = railhub::util;
namespace xet = railhub::xet;
using railhub::tests::CasWorld;
using railhub::tests::pack;
using railhub::tests::Packed;
using railhub::tests::Place;
using railhub::tests::random_bytes;
using railhub::tests::value;

TEST_CASE("cas: a blob that was changed on disk is refused, and taken again when it is mended") {
    CasWorld world(Place::Disk);
    const util::Bytes bytes = random_bytes(1, 400'000);
    const auto file = world.put(bytes);
    const std::string key = storage::blob_key(file.blob.sha256);
    CHECK(value(world.blobs->open(world.ctx, file.blob.sha256))->fd() >= 0);
    if (GENERATE(true, false)) {
        world.reopen();
    }
    world.damage(key, 200'000);
    REQUIRE_ERROR(world.blobs->open(world.ctx, file.blob.sha256), util::Code::Corrupt);
    REQUIRE_ERROR(world.blobs->verify(world.ctx, file.blob.sha256), util::Code::Corrupt);
    const auto answer =
        value(world.engine->reconstruct(world.ctx, *world.tx(), file, std::nullopt));
    const auto& segment = answer.fetches.front().segment;
    REQUIRE_ERROR(
        world.engine->segment_reader(world.ctx, segment.hash, segment.layout), util::Code::Corrupt
    );
    world.damage(key, 200'000); // back again
    CHECK(value(world.read(file.blob.sha256)) == bytes);
    value(world.engine->segment_reader(world.ctx, segment.hash, segment.layout));
}

TEST_CASE("cas: a blob that was cut short is refused") {
    CasWorld world(Place::Disk);
    const util::Bytes bytes = random_bytes(2, 300'000);
    const auto file = world.put(bytes);
    const storage::StoreLayout layout{world.folder.file("store")};
    value(world.read(file.blob.sha256));
    std::filesystem::resize_file(layout.object(storage::blob_key(file.blob.sha256)), 200'000);
    REQUIRE_ERROR(world.blobs->open(world.ctx, file.blob.sha256), util::Code::Corrupt);
}

TEST_CASE("cas: a blob that nobody registered is guarded by its SHA-256") {
    CasWorld world(Place::Disk);
    const util::Bytes bytes = random_bytes(3, 100'000);
    auto writer = value(world.blobs->begin(world.ctx, 0));
    value(writer->write(bytes));
    const auto blob = value(writer->commit(std::nullopt));
    world.reopen();
    CHECK(value(world.read(blob.sha256)) == bytes);
    world.damage(storage::blob_key(blob.sha256), 5);
    REQUIRE_ERROR(world.read(blob.sha256), util::Code::Corrupt);
}

TEST_CASE("cas: of a large blob only what is read is verified first") {
    CasWorld world(Place::Disk);
    const util::Bytes bytes = random_bytes(4, std::size_t{70} << 20);
    const auto file = world.put(bytes);
    world.reopen();
    world.damage(storage::blob_key(file.blob.sha256), (std::size_t{69} << 20) + 5);
    const auto reader = value(world.blobs->open(world.ctx, file.blob.sha256));
    CHECK(reader->fd() < 0);
    util::Bytes part(1000);
    CHECK(value(reader->read_at(1'000'000, part)) == part.size());
    CHECK(std::equal(part.begin(), part.end(), bytes.begin() + 1'000'000));
    REQUIRE_ERROR(reader->read_at(std::size_t{69} << 20, part), util::Code::Corrupt);
    world.damage(storage::blob_key(file.blob.sha256), (std::size_t{69} << 20) + 5);
    REQUIRE_ERROR(reader->read_at(1'000'000, part), util::Code::Corrupt); // changed since
    const auto again = value(world.blobs->open(world.ctx, file.blob.sha256));
    CHECK(value(CasWorld::read_all(*again)) == bytes);
    CHECK(value(world.blobs->open(world.ctx, file.blob.sha256))->fd() >= 0);
}

TEST_CASE("cas: a xorb that was changed on disk is not given to peers") {
    CasWorld world(Place::Disk);
    const util::Bytes bytes = random_bytes(5, 300'000);
    const Packed packed = pack({bytes}, {.scheme = xet::Scheme::None});
    world.upload(packed);
    const xet::Hash hash = packed.xorbs[0].layout.hash;
    const auto segment = value(world.engine->find_segment(*world.tx(), hash));
    value(world.engine->segment_reader(world.ctx, hash, segment->layout));
    if (GENERATE(true, false)) {
        world.reopen();
    }
    world.damage(storage::xorb_key(hash), 12'345);
    REQUIRE_ERROR(
        world.engine->segment_reader(world.ctx, hash, segment->layout), util::Code::Corrupt
    );
}
