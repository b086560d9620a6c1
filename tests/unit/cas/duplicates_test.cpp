// SPDX-License-Identifier: Apache-2.0
// Uploads of whole files that share runs with what is here: only the rest is stored.
#include "core/storage/layout.h"
#include "tests/unit/cas/world.h"

namespace cas = railhub::cas;
namespace storage = railhub::storage;
namespace util = railhub::util;
namespace xet = railhub::xet;
using railhub::tests::CasWorld;
using railhub::tests::leaves_of;
using railhub::tests::pack;
using railhub::tests::Place;
using railhub::tests::random_bytes;
using railhub::tests::value;

namespace {

constexpr std::size_t kSize = 4'000'000;

std::uint64_t stored_bytes(CasWorld& world) {
    std::uint64_t total = 0;
    value(world.store->list(world.ctx, {}, [&](const storage::ObjectInfo& info) {
        total += info.size;
        return util::Result<>();
    }));
    return total;
}

bool is_loose(CasWorld& world, const util::Bytes& bytes) {
    const std::string key = storage::blob_key(util::sha256(bytes));
    return value(world.store->size(world.ctx, key)).has_value();
}

util::Bytes with_insert(util::Bytes bytes, std::size_t at, std::size_t count) {
    const util::Bytes more = random_bytes(99, count);
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), more.begin(), more.end());
    return bytes;
}

} // namespace

TEST_CASE("cas: an edited file costs its edited chunks, wherever the first version is") {
    const Place place = GENERATE(Place::Memory, Place::Disk);
    CasWorld world(place);
    const util::Bytes bytes = random_bytes(1, kSize);
    if (GENERATE(true, false)) {
        world.put(bytes);
    } else {
        world.upload(pack({bytes}, {.scheme = xet::Scheme::None, .chunks_per_xorb = 20}));
    }
    const std::uint64_t before = stored_bytes(world);

    util::Bytes flipped = bytes;
    flipped[kSize / 2] ^= 1;
    const auto file = world.put(flipped);
    CHECK_FALSE(is_loose(world, flipped));
    CHECK(stored_bytes(world) - before <= 300'000);
    const util::Bytes longer = with_insert(bytes, kSize / 3, 137);
    world.put(longer);
    CHECK_FALSE(is_loose(world, longer));

    world.reopen();
    CHECK(file.hash == xet::file_hash(leaves_of(flipped)));
    CHECK(value(world.read(util::sha256(flipped))) == flipped);
    CHECK(value(world.read(util::sha256(longer))) == longer);
    CHECK(value(world.read(util::sha256(bytes))) == bytes);
    const auto chunks = value(world.engine->chunks_of(world.ctx, *world.tx(), file));
    CHECK(xet::file_hash(chunks) == file.hash);
    CHECK(world.engine->may_know_chunk(leaves_of(longer).front().hash));
}

TEST_CASE("cas: appended rows cost themselves") {
    CasWorld world;
    const util::Bytes bytes = random_bytes(2, kSize);
    world.put(bytes);
    const std::uint64_t before = stored_bytes(world);
    const util::Bytes longer = with_insert(bytes, kSize, 500'000);
    world.put(longer);
    CHECK(stored_bytes(world) - before <= 800'000);
    CHECK(value(world.read(util::sha256(longer))) == longer);
}

TEST_CASE("cas: files that share little or nothing stay whole") {
    CasWorld world;
    const util::Bytes bytes = random_bytes(3, kSize);
    world.put(bytes);
    util::Bytes other = random_bytes(4, kSize);
    std::copy_n(bytes.begin(), kSize / 4, other.begin());
    world.put(other);
    CHECK(is_loose(world, other));
    const util::Bytes small(bytes.begin(), bytes.begin() + 500'000);
    world.put(small);
    CHECK(is_loose(world, small));
    CHECK(value(world.read(util::sha256(other))) == other);
}

TEST_CASE("cas: a damaged version is no ground to build on") {
    CasWorld world(Place::Disk);
    const util::Bytes bytes = random_bytes(5, kSize);
    world.put(bytes);
    world.damage(storage::blob_key(util::sha256(bytes)), kSize / 5);
    util::Bytes flipped = bytes;
    flipped[kSize / 2] ^= 1;
    world.put(flipped);
    CHECK(is_loose(world, flipped));
    CHECK(value(world.read(util::sha256(flipped))) == flipped);
}

TEST_CASE("cas: a blob that others are made of is kept") {
    CasWorld world;
    const util::Bytes bytes = random_bytes(6, kSize);
    world.put(bytes);
    util::Bytes flipped = bytes;
    flipped[100] ^= 1;
    world.put(flipped); // made of the first
    world.put(bytes);
    CHECK(is_loose(world, bytes));
    CHECK(value(world.read(util::sha256(flipped))) == flipped);
}
