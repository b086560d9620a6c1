// SPDX-License-Identifier: Apache-2.0
// Shards both ways, and malformed ones.
#include "core/xet/shard.h"
#include "tests/support/catch.h"

namespace util = railhub::util;
namespace xet = railhub::xet;

namespace {

xet::Hash hash_number(std::uint8_t number) {
    xet::Hash hash;
    hash.bytes.fill(number);
    return hash;
}

xet::Shard sample() {
    xet::Shard shard;
    xet::ShardFile file;
    file.file = hash_number(1);
    file.terms = {{hash_number(2), 1000, 0, 3}, {hash_number(3), 500, 7, 8}};
    file.range_hashes = {hash_number(4), hash_number(5)};
    file.sha256 = util::sha256(util::as_bytes("content"));
    shard.files = {file, file};
    shard.files[1].sha256.reset();
    xet::ShardXorb xorb;
    xorb.xorb = hash_number(2);
    xorb.uncompressed = 1000;
    xorb.stored = 900;
    xorb.chunks = {{hash_number(6), 0, 400, true}, {hash_number(7), 400, 600, false}};
    shard.xorbs = {xorb};
    return shard;
}

std::string shard_refusal(util::ByteView bytes) {
    auto shard = xet::parse_shard(bytes);
    REQUIRE_FALSE(shard.ok());
    return shard.error().message;
}

} // namespace

TEST_CASE("a shard is read as it was written") {
    auto shard = xet::parse_shard(xet::write_shard(sample()));
    REQUIRE(shard.ok());
    CHECK(*shard == sample());
}

TEST_CASE("an empty shard is two bookends") {
    const util::Bytes bytes = xet::write_shard({});
    CHECK(bytes.size() == 3 * 48);
    CHECK(xet::parse_shard(bytes).ok());
}

TEST_CASE("a dedup answer hides chunk hashes behind its key and carries a footer") {
    xet::DedupAnswer answer;
    answer.key.fill(9);
    answer.created_seconds = 100;
    answer.expires_seconds = 200;
    const util::Bytes bytes = xet::write_dedup_shard(sample().xorbs, answer);
    auto shard = xet::parse_shard(bytes);
    REQUIRE(shard.ok());
    CHECK(shard->files.empty());
    REQUIRE(shard->xorbs.size() == 1);
    CHECK(shard->xorbs[0].xorb == hash_number(2));
    CHECK(shard->xorbs[0].chunks[0].hash == xet::keyed_hash(answer.key, hash_number(6)));
    CHECK(bytes.size() == 48 * (1 + 1 + 3 + 1) + 200);
    CHECK(bytes[bytes.size() - 8] == static_cast<std::uint8_t>((bytes.size() - 200) & 0xff));

    answer.key = {};
    CHECK(
        xet::parse_shard(xet::write_dedup_shard(sample().xorbs, answer))->xorbs[0].chunks[0].hash ==
        hash_number(6)
    );
}

TEST_CASE("malformed shards are refused") {
    const util::Bytes good = xet::write_shard(sample());
    CHECK(
        shard_refusal(util::ByteView(good).first(10)) ==
        "invalid shard: it does not begin with the shard tag"
    );
    util::Bytes bad = good;
    bad[32] = 3;
    CHECK(shard_refusal(bad) == "invalid shard: unknown version");
    CHECK(
        shard_refusal(util::ByteView(good).first(good.size() - 48)) ==
        "invalid shard: it ends inside a section"
    );
    bad = good;
    for (std::size_t i = 0; i < 4; ++i) {
        bad[48 + 36 + i] = 0xff; // 2^32 - 1 terms
    }
    CHECK(shard_refusal(bad) == "invalid shard: a file block counts more records than there are");
}
