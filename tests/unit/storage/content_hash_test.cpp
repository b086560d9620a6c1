// SPDX-License-Identifier: Apache-2.0
// What a blob writer finds while it receives: the same whatever the pieces, the memory they come
// into, and however much of the work a second thread took.
#include "core/storage/blobs.h"
#include "core/storage/local_store.h"
#include "core/storage/memory_store.h"
#include "core/xet/chunker.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <algorithm>
#include <random>

namespace railhub::storage {

namespace {

util::Bytes mixed_bytes(std::size_t size) {
    util::Bytes bytes(size);
    std::mt19937_64 random(size);
    for (std::uint8_t& byte : bytes) {
        byte = static_cast<std::uint8_t>(random());
    }
    const std::size_t flat = std::min<std::size_t>(size / 4, 400'000);
    std::fill_n(bytes.begin(), flat, std::uint8_t{9}); // no border for a while
    return bytes;
}

struct Received {
    types::BlobRef blob;
    std::vector<xet::Leaf> chunks;
};

// As from a connection: up to `step` bytes at a time into what the writer lends.
Received
receive_in_pieces(const util::Context& ctx, Blobs& blobs, util::ByteView bytes, std::size_t step) {
    const auto writer = tests::value(blobs.begin(ctx, bytes.size(), ChunkList::Make));
    while (!bytes.empty()) {
        const auto into = tests::value(writer->buffer());
        const std::size_t count = std::min({into.size(), bytes.size(), step});
        std::copy_n(bytes.begin(), count, into.begin());
        tests::value(writer->advance(count));
        bytes = bytes.subspan(count);
    }
    Received received;
    received.blob = tests::value(writer->commit(std::nullopt));
    received.chunks = writer->take_chunks();
    return received;
}

void check_received(const Received& received, util::ByteView bytes) {
    CHECK(received.blob.sha256 == util::sha256(bytes));
    const auto sizes = xet::chunk_sizes(bytes);
    REQUIRE(received.chunks.size() == sizes.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        REQUIRE(received.chunks[i].size == sizes[i]);
        REQUIRE(received.chunks[i].hash == xet::chunk_hash(bytes.first(sizes[i])));
        bytes = bytes.subspan(sizes[i]);
    }
}

void check_store(const util::Context& ctx, ObjectStore& store) {
    Blobs blobs(store);
    for (const std::size_t size : {1UL, 70'000UL, 1'048'576UL, 5'300'001UL}) {
        const util::Bytes bytes = mixed_bytes(size);
        for (const std::size_t step : {9'973UL, 65'536UL, 300'000UL, 1'048'576UL}) {
            CAPTURE(size, step);
            const Received received = receive_in_pieces(ctx, blobs, bytes, step);
            check_received(received, bytes);
            tests::value(blobs.remove(ctx, received.blob.sha256));
        }
    }
}

} // namespace

TEST_CASE("content hash: pieces of a block on disk") {
    tests::TestContext world;
    const util::Context ctx = world.context();
    tests::TempDir folder;
    const auto fs = util::make_posix_fs();
    const auto store = tests::value(open_local_store(ctx, *fs, folder.path(), {}));
    check_store(ctx, *store);
}

TEST_CASE("content hash: memory that is lent again from its beginning") {
    tests::TestContext world;
    const util::Context ctx = world.context();
    const auto store = make_memory_store();
    check_store(ctx, *store);
}

TEST_CASE("content hash: a writer may be let go at any point") {
    tests::TestContext world;
    const util::Context ctx = world.context();
    tests::TempDir folder;
    const auto fs = util::make_posix_fs();
    const auto store = tests::value(open_local_store(ctx, *fs, folder.path(), {}));
    Blobs blobs(*store);
    const util::Bytes bytes = mixed_bytes(3'000'000);
    for (std::size_t size = 200'000; size < bytes.size(); size += 150'000) {
        const auto writer = tests::value(blobs.begin(ctx, bytes.size(), ChunkList::Make));
        tests::value(writer->write(util::ByteView(bytes).first(size)));
    }
}

} // namespace railhub::storage
