// SPDX-License-Identifier: Apache-2.0
// Hash text, small hashes, Merkle sets: the vectors of the specification.
#include "core/xet/chunker.h"
#include "core/xet/hash.h"
#include "tests/support/catch.h"
#include "tests/unit/xet/vectors.h"

#include <map>

namespace util = railhub::util;
namespace xet = railhub::xet;

namespace {

xet::Hash hash_of_text(const std::string& text) {
    return xet::chunk_hash(util::as_bytes(text));
}

std::string file_hash_of_text(const std::string& text) {
    const xet::Leaf leaf{hash_of_text(text), text.size()};
    return xet::file_hash({&leaf, 1}).text();
}

std::vector<xet::Leaf> leaves_of(util::ByteView bytes) {
    std::vector<xet::Leaf> leaves;
    for (const std::uint32_t size : xet::chunk_sizes(bytes)) {
        leaves.push_back({xet::chunk_hash(bytes.first(size)), size});
        bytes = bytes.subspan(size);
    }
    return leaves;
}

std::vector<xet::Hash> hashes_of(const std::vector<xet::Leaf>& leaves) {
    std::vector<xet::Hash> hashes;
    for (const xet::Leaf& leaf : leaves) {
        hashes.push_back(leaf.hash);
    }
    return hashes;
}

} // namespace

TEST_CASE("the text form reverses groups of eight and reads back") {
    xet::Hash hash;
    for (std::uint8_t i = 0; i < 32; ++i) {
        hash.bytes[i] = i;
    }
    CHECK(hash.text() == "07060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918");
    CHECK(xet::Hash::parse(hash.text()).value() == hash);
    CHECK_FALSE(xet::Hash::parse("0706").ok());
    CHECK_FALSE(xet::Hash::parse(std::string(64, 'g')).ok());
}

TEST_CASE("small chunk and file hashes") {
    CHECK(
        util::to_hex(hash_of_text("Hello World!").bytes) ==
        "a29cfb08e608d4d8726dd8659a90b9134b3240d5d8e42d5fcb28e2a6e763a3e8"
    );
    CHECK(
        file_hash_of_text("Hello World!") ==
        "a9dae0ad88b060bdd7e7c87abdcf95b132c95a0414b06d4f6beb68d287b87165"
    );
    CHECK(
        hash_of_text("hello world").text() ==
        "4e39378b9d359f118190557a1f44130219a54e5fcfa07bd96cf50b466fe651b1"
    );
    CHECK(
        file_hash_of_text("hello world") ==
        "f15edd43b7e85cfd25e2758ffe13b99fdd09dfa817e8d9f6548722a7a126db7f"
    );
    CHECK(
        file_hash_of_text("a") == "49a7fffaf5f34109d4a191757f3e541e26437dcd1e0e83153454a503757856be"
    );
    CHECK(
        file_hash_of_text("some data") ==
        "3e6c6d07b935b08763b5369b45628892dd934ee0e53ce9703fa29f6b62de44dd"
    );
    CHECK(
        hash_of_text("").text() ==
        "e0f2cf784e7e5f10c34f84af150e9a5ff9664216debad915364d741049870f67"
    );
    CHECK(xet::file_hash({}).is_zero());
}

TEST_CASE("a dedup answer's key turns a chunk hash into another") {
    xet::Blake3Key key{};
    for (std::uint8_t i = 0; i < 32; ++i) {
        key[i] = i;
    }
    CHECK(
        xet::keyed_hash(key, hash_of_text("Hello World!")).text() ==
        "213944381648fd3a12bf8dfc98576416734cf1afdb7ddced216b33a217c15167"
    );
}

TEST_CASE("two leaves make the published node, range and file hash") {
    const std::vector<xet::Leaf> leaves = {
        {xet::Hash::parse("c28f58387a60d4aa200c311cda7c7f77f686614864f5869eadebf765d0a14a69")
             .value(),
         100},
        {xet::Hash::parse("6e4e3263e073ce2c0e78cc770c361e2778db3b054b98ab65e277fc084fa70f22")
             .value(),
         200},
    };
    CHECK(
        xet::merkle_root(leaves).text() ==
        "be64c7003ccd3cf4357364750e04c9592b3c36705dee76a71590c011766b6c14"
    );
    CHECK(
        xet::range_hash(hashes_of(leaves)).text() ==
        "eb06a8ad81d588ac05d1d9a079232d9c1e7d0b07232fa58091caa7bf333a2768"
    );
    CHECK(
        xet::file_hash(leaves).text() ==
        "d54920dfe0f690cb04fcde572ce4ba0caf2bf25f12fa6fc16841ed5ad58d4de2"
    );
}

TEST_CASE("Merkle sets have the published roots") {
    std::map<std::string, xet::Leaf> known;
    std::size_t sets = 0;
    for (const auto& line : railhub::tests::vector_lines("merkle.txt")) {
        if (line[0] == "leaf") {
            known[line[1]] = {xet::Hash::parse(line[2]).value(), std::stoull(line[3])};
            continue;
        }
        std::vector<xet::Leaf> leaves;
        for (std::size_t i = 3; i < line.size(); ++i) {
            leaves.push_back(known.at(line[i]));
        }
        CAPTURE(sets, leaves.size());
        CHECK(xet::merkle_root(leaves).text() == line[1]);
        CHECK(xet::file_hash(leaves).text() == line[2]);
        ++sets;
    }
    CHECK(sets == 17);
}

TEST_CASE("whole streams have the computed hashes") {
    const std::vector<xet::Leaf> random = leaves_of(railhub::tests::splitmix_bytes(0, 1'000'000));
    CHECK(
        xet::merkle_root(random).text() ==
        "6f2ce16ca5e317f0100ff0e7e5bf40a0de9032e9ee1ad04b6b8ff4e36cdfbf6c"
    );
    CHECK(
        xet::file_hash(random).text() ==
        "3d17b2d7d64a0e011b6717a52d9a16bd2c3f05b743fa8adf52a7d75dafab6d89"
    );
    CHECK(
        xet::range_hash(hashes_of(random)).text() ==
        "6daf15a7ed258b91f607e8f5e6723a8564292d12c8104c156f7bad9c255a0180"
    );
    const std::vector<xet::Leaf> constant = leaves_of(util::Bytes(1'000'000, 59));
    CHECK(
        xet::file_hash(constant).text() ==
        "53f845640fcd1c7440befff65bd93434c83a30c6559a705597d61f2ef64e2f88"
    );
    const std::vector<xet::Leaf> seed_one = leaves_of(railhub::tests::splitmix_bytes(1, 256'000));
    CHECK(
        xet::file_hash(seed_one).text() ==
        "116cd39641ee392863a30c2a5bd6ab04676177a75604729bb98cfc4052fc3131"
    );
}

TEST_CASE("a SHA-256 survives its shard form") {
    const util::Sha256 sha256 = util::sha256(util::as_bytes("x"));
    CHECK(xet::from_shard_form(xet::to_shard_form(sha256)) == sha256);
    CHECK(xet::to_shard_form(sha256).text() == sha256.hex());
}
