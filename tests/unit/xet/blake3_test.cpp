// SPDX-License-Identifier: Apache-2.0
// BLAKE3: known digests, and both engines in agreement however the input is cut.
#include "core/xet/blake3.h"
#include "tests/support/catch.h"
#include "tests/unit/xet/vectors.h"

namespace util = railhub::util;
namespace xet = railhub::xet;

namespace {

std::string digest_in_steps(util::ByteView bytes, std::size_t step, xet::Blake3Engine engine) {
    xet::Blake3 hasher(engine);
    while (!bytes.empty()) {
        const std::size_t count = std::min(step, bytes.size());
        hasher.update(bytes.first(count));
        bytes = bytes.subspan(count);
    }
    return util::to_hex(hasher.digest());
}

} // namespace

TEST_CASE("the digest of nothing is the published one") {
    CHECK(
        util::to_hex(xet::Blake3().digest()) ==
        "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
    );
}

TEST_CASE("a key of zeros is not the absence of a key") {
    CHECK(xet::Blake3(xet::Blake3Key{}).digest() != xet::Blake3().digest());
}

TEST_CASE("engines agree at every border of the tree and for every cut of the input") {
    const util::Bytes bytes = railhub::tests::splitmix_bytes(3, 300'000);
    for (const std::size_t size :
         {1UL,
          63UL,
          64UL,
          65UL,
          1023UL,
          1024UL,
          1025UL,
          3072UL,
          8192UL,
          8193UL,
          65'536UL,
          65'537UL,
          131'072UL,
          300'000UL}) {
        CAPTURE(size);
        const util::ByteView view = util::ByteView(bytes).first(size);
        const std::string expected = digest_in_steps(view, 1024, xet::Blake3Engine::Portable);
        for (const std::size_t step : {7UL, 1000UL, 8193UL, 70'000UL, 300'000UL}) {
            CAPTURE(step);
            CHECK(digest_in_steps(view, step, xet::Blake3Engine::Portable) == expected);
            CHECK(digest_in_steps(view, step, xet::fastest_blake3_engine()) == expected);
        }
    }
}

TEST_CASE("a message in memory has the digest of the same bytes streamed") {
    const util::Bytes bytes = railhub::tests::splitmix_bytes(5, 140'000);
    const xet::Blake3Key key{1, 2, 3};
    std::vector<std::size_t> sizes = {0, 1, 64, 65};
    for (std::size_t chunks = 1; chunks <= 129; ++chunks) {
        for (const std::size_t size : {chunks * 1024 - 1, chunks * 1024, chunks * 1024 + 130}) {
            sizes.push_back(size);
        }
    }
    for (const std::size_t size : sizes) {
        CAPTURE(size);
        const util::ByteView view = util::ByteView(bytes).first(size);
        xet::Blake3 hasher(key, xet::Blake3Engine::Portable);
        hasher.update(view);
        CHECK(xet::blake3_keyed(key, view) == hasher.digest());
        CHECK(xet::blake3_keyed(key, view, xet::Blake3Engine::Portable) == hasher.digest());
    }
}

TEST_CASE("a digest may be taken in the middle") {
    const util::Bytes bytes = railhub::tests::splitmix_bytes(4, 5000);
    xet::Blake3 hasher;
    hasher.update(util::ByteView(bytes).first(2048));
    CHECK(
        util::to_hex(hasher.digest()) ==
        digest_in_steps(util::ByteView(bytes).first(2048), 2048, xet::Blake3Engine::Portable)
    );
    hasher.update(util::ByteView(bytes).subspan(2048));
    CHECK(
        util::to_hex(hasher.digest()) == digest_in_steps(bytes, 5000, xet::Blake3Engine::Portable)
    );
}
