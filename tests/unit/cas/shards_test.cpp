// SPDX-License-Identifier: Apache-2.0
// Shards: what is proven is registered and readable by SHA-256; anything else is refused whole.
#include "tests/unit/cas/world.h"

namespace cas = railhub::cas;
namespace util = railhub::util;
namespace xet = railhub::xet;
using railhub::tests::CasWorld;
using railhub::tests::number_bytes;
using railhub::tests::pack;
using railhub::tests::Packed;
using railhub::tests::Place;
using railhub::tests::random_bytes;
using railhub::tests::value;

namespace {

// Xorbs are there, the shard is not.
struct Prepared {
    Prepared() {
        for (const auto& xorb : packed.xorbs) {
            value(world.send(xorb.layout.hash, xorb.body));
        }
    }

    util::Result<cas::ShardOutcome> send() { return world.send_shard(packed.shard_bytes()); }

    void refused(util::Code code = util::Code::InvalidInput) {
        REQUIRE_ERROR(send(), code);
        CHECK(world.count("cas_file") == 0);
        CHECK(world.count("cas_chunk") == 0);
        CHECK(world.count("lfs_upload") == 0);
    }

    xet::ShardFile& file() { return packed.shard.files.front(); }

    CasWorld world;
    util::Bytes bytes = number_bytes(1, 1'500'000);
    Packed packed = pack({bytes}, {.scheme = xet::Scheme::Lz4, .chunks_per_xorb = 7});
};

} // namespace

TEST_CASE("cas: files uploaded as xorbs and shard are read like any blob") {
    const Place place = GENERATE(Place::Memory, Place::Disk);
    const xet::Scheme scheme = GENERATE(xet::Scheme::None, xet::Scheme::Lz4, xet::Scheme::Grouped);
    CasWorld world(place);
    const std::vector<util::Bytes> files = {
        number_bytes(1, 900'000),
        random_bytes(2, 1),
        number_bytes(3, 70'001),
        random_bytes(4, 400'000)};
    const Packed packed = pack(files, {.scheme = scheme, .chunks_per_xorb = 5});
    const auto outcome = world.upload(packed);
    CHECK(outcome.is_new);
    REQUIRE(outcome.files.size() == files.size());
    CHECK(world.count("lfs_upload") == 4);
    world.reopen();
    for (std::size_t i = 0; i < files.size(); ++i) {
        const util::Sha256 sha256 = util::sha256(files[i]);
        CHECK(outcome.files[i] == railhub::types::BlobRef{sha256, files[i].size()});
        CHECK(value(world.blobs->size(world.ctx, sha256)) == files[i].size());
        CHECK(value(world.read(sha256)) == files[i]);
        value(world.blobs->verify(world.ctx, sha256));
        CHECK(world.file(sha256).hash == packed.shard.files[i].file);
    }
    // Any place, any length.
    const auto reader = value(world.blobs->open(world.ctx, util::sha256(files[0])));
    for (std::size_t at = 0; at < files[0].size() + 10; at += 31'337) {
        util::Bytes part(at % 200'001 + 1);
        const std::size_t got = value(reader->read_at(at, part));
        const std::size_t there = at < files[0].size() ? files[0].size() - at : 0;
        REQUIRE(got == std::min(part.size(), there));
        CHECK(std::equal(
            part.begin(),
            part.begin() + static_cast<std::ptrdiff_t>(got),
            files[0].begin() + static_cast<std::ptrdiff_t>(std::min(at, files[0].size()))
        ));
    }
    CHECK_FALSE(value(world.send_shard(packed.shard_bytes())).is_new);
}

TEST_CASE("cas: a shard may name a file twice, and files without a claim") {
    Prepared prepared;
    prepared.packed.shard.files.push_back(prepared.file());
    prepared.packed.shard.files.back().sha256.reset();
    std::uint64_t last = 0;
    const auto outcome = value(prepared.world.engine->register_shard(
        prepared.world.ctx,
        prepared.packed.shard_bytes(),
        prepared.world.uploader,
        [&](std::uint64_t verified, std::uint64_t total) {
            CHECK(verified <= total);
            last = verified;
        }
    ));
    CHECK(last > 0);
    REQUIRE(outcome.files.size() == 2);
    CHECK(outcome.files[0] == outcome.files[1]);
    CHECK(outcome.files[0].sha256 == util::sha256(prepared.bytes));
    CHECK(prepared.world.count("cas_file") == 1);
}

TEST_CASE("cas: another repo that proves the content may use the file") {
    Prepared prepared;
    value(prepared.send());
    prepared.world.uploader = {8, 4};
    CHECK_FALSE(value(prepared.send()).is_new);
    CHECK(prepared.world.count("lfs_upload") == 2);
    prepared.world.uploader = {9, 5};
    prepared.file().range_hashes[0].bytes[0] ^= 1;
    REQUIRE_ERROR(prepared.send(), util::Code::InvalidInput);
    CHECK(prepared.world.count("lfs_upload") == 2);
}

TEST_CASE("cas: a wrong claim of SHA-256 is refused, known file or not") {
    Prepared prepared;
    const auto right = prepared.file().sha256;
    prepared.file().sha256 = util::sha256(util::as_bytes("other"));
    prepared.refused();
    prepared.file().sha256 = right;
    value(prepared.send());
    prepared.file().sha256 = util::sha256(util::as_bytes("other"));
    REQUIRE_ERROR(prepared.send(), util::Code::InvalidInput);
}

TEST_CASE("cas: a shard that is not proven is refused") {
    Prepared prepared;
    SECTION("no verification") {
        prepared.file().range_hashes.clear();
    }
    SECTION("wrong verification") {
        prepared.file().range_hashes[1].bytes[7] ^= 0x80;
    }
    SECTION("verification of another term") {
        std::swap(prepared.file().range_hashes[0], prepared.file().range_hashes[1]);
    }
    SECTION("chunk range past the end") {
        ++prepared.file().terms.back().end;
    }
    SECTION("empty chunk range") {
        prepared.file().terms[0].end = prepared.file().terms[0].first;
    }
    SECTION("reversed chunk range") {
        std::swap(prepared.file().terms[0].first, prepared.file().terms[0].end);
    }
    SECTION("unknown xorb") {
        prepared.file().terms[0].xorb.bytes[3] ^= 1;
    }
    SECTION("length mismatch") {
        --prepared.file().terms[0].unpacked;
    }
    SECTION("wrong file hash") {
        prepared.file().file.bytes[31] ^= 1;
    }
    SECTION("a term is missing") {
        prepared.file().terms.pop_back();
        prepared.file().range_hashes.pop_back();
    }
    SECTION("mixed flags: a second block without verification") {
        prepared.packed.shard.files.push_back(prepared.file());
        prepared.packed.shard.files.back().range_hashes.clear();
    }
    prepared.refused();
}

TEST_CASE("cas: a shard before its xorbs is refused") {
    CasWorld world;
    const Packed packed = pack({random_bytes(1, 100'000)});
    REQUIRE_ERROR(world.send_shard(packed.shard_bytes()), util::Code::InvalidInput);
}

TEST_CASE("cas: a shard may refer to what its sender sees, sent or was told of") {
    Prepared prepared;
    CasWorld& world = prepared.world;
    value(prepared.send()); // to repo 7, by account 3
    const auto shows = [](std::int64_t repo) {
        return [repo](railhub::db::Transaction&, std::int64_t row) -> util::Result<bool> {
            return row == repo;
        };
    };
    std::vector<xet::Hash> xorbs;
    for (const auto& xorb : prepared.packed.xorbs) {
        xorbs.push_back(xorb.layout.hash);
    }
    world.uploader = {8, 4, shows(8)};
    const auto refused = prepared.send();
    REQUIRE_ERROR(refused, util::Code::InvalidInput);
    prepared.file().range_hashes[0] = {}; // a wrong proof says no more
    CHECK(prepared.send().error().message == refused.error().message);
    prepared.file().range_hashes[0] =
        pack({prepared.bytes}, {.scheme = xet::Scheme::Lz4, .chunks_per_xorb = 7})
            .shard.files.front()
            .range_hashes[0];
    SECTION("a repo that he sees has it") {
        world.uploader.visible = shows(7);
    }
    SECTION("he sent it") {
        value(world.engine->note_known(world.ctx, 4, xorbs));
        value(world.engine->note_known(world.ctx, 4, xorbs));
        value(world.engine->note_known(world.ctx, 4, std::vector<xet::Hash>(1)));
        CHECK(world.count("cas_known_segment") == static_cast<std::int64_t>(xorbs.size()));
    }
    CHECK_FALSE(value(prepared.send()).is_new);
    CHECK(world.count("lfs_upload") == 2);
}

TEST_CASE("cas: xorbs that no file uses are for those who sent them") {
    Prepared prepared;
    CasWorld& world = prepared.world;
    std::vector<xet::Hash> xorbs;
    for (const auto& xorb : prepared.packed.xorbs) {
        xorbs.push_back(xorb.layout.hash);
    }
    value(world.engine->note_known(world.ctx, 3, xorbs));
    const auto nothing = [](railhub::db::Transaction&, std::int64_t) -> util::Result<bool> {
        return false;
    };
    world.uploader = {8, 4, nothing};
    prepared.refused();
    world.uploader = {7, 3, nothing};
    CHECK(value(prepared.send()).is_new);
}

TEST_CASE("cas: bytes that are no shard are refused") {
    Prepared prepared;
    util::Bytes bytes = prepared.packed.shard_bytes();
    SECTION("count overflow") {
        for (std::size_t i = 0; i < 4; ++i) {
            bytes[48 + 36 + i] = 0xff;
        }
    }
    SECTION("missing bookend") {
        bytes.resize(bytes.size() - 48);
    }
    SECTION("cut inside the files") {
        bytes.resize(120);
    }
    SECTION("another tag") {
        bytes[0] ^= 1;
    }
    REQUIRE_ERROR(prepared.world.send_shard(bytes), util::Code::InvalidInput);
    CHECK(prepared.world.count("cas_file") == 0);
}

TEST_CASE("cas: a xorb that rotted before its shard came is an error of ours") {
    CasWorld world(Place::Disk);
    const Packed packed = pack({random_bytes(3, 200'000)}, {.scheme = xet::Scheme::None});
    const auto& [body, layout] = packed.xorbs.front();
    value(world.send(layout.hash, body));
    world.damage("xorbs/" + layout.hash.text().substr(0, 2) + "/" + layout.hash.text(), 1000);
    REQUIRE_ERROR(world.send_shard(packed.shard_bytes()), util::Code::Corrupt);
    CHECK(world.count("cas_file") == 0);
}

TEST_CASE("cas: large files of several xorbs are read back ahead of the hashing") {
    CasWorld world(Place::Disk);
    const xet::Scheme scheme = GENERATE(xet::Scheme::None, xet::Scheme::Grouped);
    const std::vector<util::Bytes> files = {number_bytes(1, 9'000'001), number_bytes(2, 5'000'000)};
    Packed packed = pack(files, {.scheme = scheme, .chunks_per_xorb = 40});
    packed.shard.files.back().sha256.reset(); // each chunk is compared, too
    const auto outcome = world.upload(packed);
    CHECK(outcome.files.front().sha256 == util::sha256(files.front()));
    CHECK(outcome.files.back().sha256 == util::sha256(files.back()));
}

TEST_CASE("cas: damage in the middle of a large file is found, wherever the reading is") {
    CasWorld world(Place::Disk);
    const Packed packed =
        pack({random_bytes(3, 9'000'000)}, {.scheme = xet::Scheme::None, .chunks_per_xorb = 40});
    for (const auto& xorb : packed.xorbs) {
        value(world.send(xorb.layout.hash, xorb.body));
    }
    const std::string name = packed.xorbs[1].layout.hash.text();
    world.damage("xorbs/" + name.substr(0, 2) + "/" + name, 1'000'000);
    REQUIRE_ERROR(world.send_shard(packed.shard_bytes()), util::Code::Corrupt);
    CHECK(world.count("cas_file") == 0);
}
