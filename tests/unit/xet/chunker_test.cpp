// SPDX-License-Identifier: Apache-2.0
// Chunk borders against the vectors of the specification, streamed and at once.
#include "core/xet/chunk_lister.h"
#include "core/xet/chunker.h"
#include "core/xet/hash.h"
#include "tests/support/catch.h"
#include "tests/unit/xet/vectors.h"

namespace util = railhub::util;
namespace xet = railhub::xet;
using railhub::tests::splitmix_bytes;
using railhub::tests::trigger_bytes;
using railhub::tests::vector_lines;

namespace {

std::vector<std::uint32_t> streamed_sizes(util::ByteView bytes, std::size_t block) {
    xet::Chunker chunker;
    std::vector<std::uint32_t> sizes;
    std::size_t open = 0;
    while (!bytes.empty()) {
        const util::ByteView part = bytes.first(std::min(block, bytes.size()));
        const std::size_t taken = chunker.next(part);
        open += taken == 0 ? part.size() : taken;
        if (taken != 0) {
            sizes.push_back(static_cast<std::uint32_t>(open));
            open = 0;
        }
        bytes = bytes.subspan(taken == 0 ? part.size() : taken);
    }
    CHECK(chunker.pending() == open);
    if (open != 0) {
        sizes.push_back(static_cast<std::uint32_t>(open));
    }
    return sizes;
}

std::vector<std::uint32_t> borders(const std::vector<std::uint32_t>& sizes) {
    std::vector<std::uint32_t> ends;
    std::uint32_t at = 0;
    for (const std::uint32_t size : sizes) {
        at += size;
        ends.push_back(at);
    }
    return ends;
}

} // namespace

TEST_CASE("the random stream has the published borders and chunk hashes") {
    const util::Bytes bytes = splitmix_bytes(0, 1'000'000);
    REQUIRE(bytes[111'111] == 118);
    std::vector<std::uint32_t> expected;
    std::vector<std::string> hashes;
    for (const auto& line : vector_lines("random_stream.txt")) {
        expected.push_back(static_cast<std::uint32_t>(std::stoul(line[0])));
        hashes.push_back(line[1]);
    }
    const std::vector<std::uint32_t> found = borders(xet::chunk_sizes(bytes));
    REQUIRE(found == expected);
    std::size_t start = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(
            xet::chunk_hash(util::ByteView(bytes).subspan(start, found[i] - start)).text() ==
            hashes[i]
        );
        start = found[i];
    }
}

TEST_CASE("bytes without borders are cut at the maximum") {
    const util::Bytes bytes(1'000'000, 59);
    const std::vector<std::uint32_t> found = xet::chunk_sizes(bytes);
    REQUIRE(found.size() == 8);
    CHECK(found.front() == xet::kMaxChunk);
    CHECK(found.back() == 1'000'000 - 7 * xet::kMaxChunk);
}

TEST_CASE("trigger patterns are cut where the reference cuts them") {
    for (const auto& line : vector_lines("trigger_borders.txt")) {
        CAPTURE(line[0]);
        std::vector<std::uint32_t> expected;
        for (std::size_t i = 1; i < line.size(); ++i) {
            expected.push_back(static_cast<std::uint32_t>(std::stoul(line[i])));
        }
        const util::Bytes bytes = trigger_bytes(std::stoul(line[0]));
        CHECK(borders(xet::chunk_sizes(bytes)) == expected);
        CHECK(borders(streamed_sizes(bytes, 1)) == expected);
    }
}

TEST_CASE("two strips at once give the borders of one") {
    for (std::uint64_t seed = 10; seed < 14; ++seed) {
        util::Bytes bytes = splitmix_bytes(seed, 3'000'000 + seed * 1000);
        if (seed % 2 == 1) { // a stretch without borders across the middle
            std::fill(bytes.begin() + 1'000'000, bytes.begin() + 2'200'000, std::uint8_t{7});
        }
        CHECK(xet::chunk_sizes(bytes) == streamed_sizes(bytes, 777));
    }
    CHECK(xet::chunk_sizes({}).empty());
    CHECK(xet::chunk_sizes(util::Bytes(5, 1)) == std::vector<std::uint32_t>{5});
}

TEST_CASE("whatever the blocks, a stream has the same chunks and hashes") {
    for (const std::size_t size : {0UL, 1UL, 8'192UL, 600'000UL, 3'000'000UL}) {
        util::Bytes bytes = splitmix_bytes(size, size);
        if (size > 2'000'000) { // no border for a while
            std::fill(bytes.begin() + 1'000'000, bytes.begin() + 1'900'000, std::uint8_t{59});
        }
        std::vector<std::uint32_t> sizes;
        for (util::ByteView rest(bytes); !rest.empty(); rest = rest.subspan(sizes.back())) {
            xet::Chunker alone;
            const std::size_t taken = alone.next(rest);
            sizes.push_back(static_cast<std::uint32_t>(taken == 0 ? rest.size() : taken));
        }
        CHECK(xet::chunk_sizes(bytes) == sizes);
        for (const std::size_t block : {1'000UL, 100'000UL, 524'288UL, 1'048'576UL, 9'999'999UL}) {
            CAPTURE(size, block);
            xet::ChunkLister lister;
            for (std::size_t at = 0; at < size; at += block) {
                lister.update(util::ByteView(bytes).subspan(at, std::min(block, size - at)));
            }
            const auto leaves = lister.finish();
            REQUIRE(leaves.size() == sizes.size());
            std::size_t at = 0;
            for (std::size_t i = 0; i < leaves.size(); ++i) {
                REQUIRE(leaves[i].size == sizes[i]);
                REQUIRE(
                    leaves[i].hash == xet::chunk_hash(util::ByteView(bytes).subspan(at, sizes[i]))
                );
                at += sizes[i];
            }
        }
    }
}
