// SPDX-License-Identifier: Apache-2.0
// Parts of files aggregated without their neighbours, and the windows of an edit.
#include "core/xet/chunker.h"
#include "core/xet/detail/merkle.h"
#include "core/xet/edit_windows.h"
#include "tests/support/catch.h"
#include "tests/unit/xet/vectors.h"

#include <algorithm>

namespace xet = railhub::xet;

namespace {

// Chunks of made-up hashes; all sizes are ones at which cutting is in step.
std::vector<xet::Leaf> made_chunks(std::uint64_t seed, std::size_t count) {
    const auto bytes = railhub::tests::splitmix_bytes(seed, 32 * count);
    std::vector<xet::Leaf> chunks(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::copy_n(
            bytes.begin() + static_cast<std::ptrdiff_t>(32 * i), 32, chunks[i].hash.bytes.begin()
        );
        chunks[i].size = 16'384 + bytes[32 * i] * 256U;
    }
    return chunks;
}

// Parents of all groups of a level that is whole.
std::vector<xet::Hash> parents_of(const std::vector<xet::Leaf>& chunks) {
    std::vector<xet::Hash> parents;
    std::size_t first = 0;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        const auto group = std::span(chunks).subspan(first, i + 1 - first);
        if (xet::detail::ends_group(group) || i + 1 == chunks.size()) {
            parents.push_back(xet::detail::parent_of(group).hash);
            first = i + 1;
        }
    }
    return parents;
}

std::uint64_t bytes_of(const std::vector<xet::Leaf>& chunks, std::size_t count) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < count; ++i) {
        total += chunks[i].size;
    }
    return total;
}

std::size_t elements_of(const xet::Subtree& tree) {
    std::size_t count = 0;
    for (const auto& level : tree.levels) {
        count += level.left.size() + level.right.size();
    }
    return count;
}

} // namespace

TEST_CASE("A subtree of a whole file is its Merkle root", "[xet]") {
    for (const std::size_t count : {1U, 2U, 3U, 9U, 10U, 100U, 5'000U}) {
        const auto chunks = made_chunks(count, count);
        const auto tree = xet::make_subtree(chunks, {true, true});
        REQUIRE(elements_of(tree) == 1);
        CHECK(tree.levels.back().left.front().hash == xet::merkle_root(chunks));
    }
    CHECK(xet::make_subtree({}, {true, true}).is_empty());
}

TEST_CASE("What a subtree inside a file aggregates is what the file aggregates", "[xet]") {
    const auto middle = made_chunks(7, 600);
    const auto tree = xet::make_subtree(middle, {});
    REQUIRE(tree.levels.size() > 2);
    CHECK(elements_of(tree) < 200);
    // Only the certain groups of level 0 are compared: each is a group of the file, wherever the
    // part lies in it.
    const auto& level = tree.levels.front();
    const std::vector<xet::Leaf> certain(
        middle.begin() + static_cast<std::ptrdiff_t>(level.left.size()),
        middle.end() - static_cast<std::ptrdiff_t>(level.right.size())
    );
    const auto wanted = parents_of(certain);
    for (std::size_t before = 1; before < 40; ++before) {
        auto whole = made_chunks(1000 + before, before);
        whole.insert(whole.end(), middle.begin(), middle.end());
        const auto behind = made_chunks(2000 + before, 50 - before);
        whole.insert(whole.end(), behind.begin(), behind.end());
        const auto parents = parents_of(whole);
        CHECK(
            std::search(parents.begin(), parents.end(), wanted.begin(), wanted.end()) !=
            parents.end()
        );
    }
}

TEST_CASE("An edit's window ends where cutting is in step again", "[xet]") {
    const auto chunks = made_chunks(3, 200);
    const std::uint64_t inside = bytes_of(chunks, 50) + 1;
    const std::vector<xet::ByteSpan> dirty = {{inside, inside + 1}};
    const auto found = xet::find_edit_windows(chunks, dirty);
    // Its chunk and two behind it.
    REQUIRE(
        found.windows == std::vector<xet::ByteSpan>{{bytes_of(chunks, 50), bytes_of(chunks, 53)}}
    );
    REQUIRE(found.gaps.size() == 2);
    CHECK((found.gaps[0].reach.to_start && !found.gaps[0].reach.to_end));
    CHECK((!found.gaps[1].reach.to_start && found.gaps[1].reach.to_end));
}

TEST_CASE("Chunks of the least and the greatest size are not in step", "[xet]") {
    auto chunks = made_chunks(4, 20);
    chunks[6].size = xet::kMaxChunk;
    chunks[8].size = xet::kMinChunk;
    const std::vector<xet::ByteSpan> dirty = {{bytes_of(chunks, 5), bytes_of(chunks, 5) + 1}};
    CHECK(xet::find_edit_windows(chunks, dirty).windows.front().end == bytes_of(chunks, 11));
}

TEST_CASE("Windows that meet are one, at the ends there is nothing around them", "[xet]") {
    const auto chunks = made_chunks(5, 30);
    const std::uint64_t size = bytes_of(chunks, 30);
    const std::vector<xet::ByteSpan> dirty = {
        {0, 1}, {bytes_of(chunks, 2), bytes_of(chunks, 2) + 1}, {size - 1, size}};
    const auto found = xet::find_edit_windows(chunks, dirty);
    REQUIRE(found.windows.size() == 2);
    CHECK(found.windows[0] == xet::ByteSpan{0, bytes_of(chunks, 5)});
    CHECK(found.windows[1] == xet::ByteSpan{bytes_of(chunks, 29), size});
    REQUIRE(found.gaps.size() == 3);
    CHECK(found.gaps[0].is_empty());
    CHECK(!found.gaps[1].is_empty());
    CHECK(found.gaps[2].is_empty());
}
