// SPDX-License-Identifier: Apache-2.0
// Every engine writes the same bytes, and says so when it cannot.
#include "core/storage/bulk_writer.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/value.h"

#include <algorithm>

namespace railhub::storage {

namespace {

const BulkEngine kEngines[] = {
    BulkEngine::Auto, BulkEngine::Uring, BulkEngine::Thread, BulkEngine::Plain};

std::uint8_t byte_at(std::uint64_t offset) {
    return static_cast<std::uint8_t>((offset / 4096) * 31 + offset % 251);
}

void fill(const Block& block, std::uint64_t offset, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
        block.get()[i] = byte_at(offset + i);
    }
}

util::Result<> write_all(
    util::File& file,
    BlockPool& pool,
    BulkEngine engine,
    std::uint64_t size,
    BulkCaching caching = BulkCaching::Bypass
) {
    BulkWriter writer(file, pool, engine, caching);
    RAILHUB_TRY(writer.reserve(size));
    std::uint64_t at = 0;
    for (; size - at >= kBlockBytes; at += kBlockBytes) {
        RAILHUB_TRY(auto block, writer.next_block());
        fill(block, at, kBlockBytes);
        RAILHUB_TRY(writer.write(std::move(block)));
    }
    RAILHUB_TRY(auto tail, writer.next_block());
    fill(tail, at, size - at);
    return writer.finish(std::move(tail), size - at);
}

} // namespace

TEST_CASE("bulk writer: every engine writes the same bytes") {
    const auto fs = util::make_posix_fs();
    tests::TempDir folder;
    for (const BulkEngine engine : kEngines) {
        for (const std::size_t budget : {1, 64}) { // short of memory, or not
            BlockPool pool(budget, 4);
            const std::uint64_t size = 11 * kBlockBytes + 4097;
            const std::string path =
                folder.file(std::to_string(static_cast<int>(engine)) + std::to_string(budget));
            const auto caching = budget == 1 ? BulkCaching::Keep : BulkCaching::Bypass;
            auto file = tests::value(fs->open(path, util::OpenMode::CreateNew));
            tests::value(write_all(*file, pool, engine, size, caching));
            file = tests::value(fs->open(path, util::OpenMode::Read));
            REQUIRE(tests::value(file->size()) == size);
            util::Bytes read(size);
            REQUIRE(tests::value(file->read_at(0, read)) == size);
            const bool is_same = [&] {
                for (std::uint64_t i = 0; i < size; ++i) {
                    if (read[i] != byte_at(i)) {
                        return false;
                    }
                }
                return true;
            }();
            CHECK(is_same);
        }
    }
}

TEST_CASE("bulk writer: a write that fails is told, and all blocks come back") {
    const auto fs = util::make_posix_fs();
    tests::TempDir folder;
    const std::string path = folder.file("read-only");
    tests::value(util::write_atomic(*fs, path, {}));
    for (const BulkEngine engine : kEngines) {
        BlockPool pool(4, 4);
        const auto file = tests::value(fs->open(path, util::OpenMode::Read));
        BulkWriter writer(*file, pool, engine);
        const auto outcome = [&]() -> util::Result<> {
            for (int i = 0; i < 20; ++i) {
                RAILHUB_TRY(auto block, writer.next_block());
                fill(block, 0, kBlockBytes);
                RAILHUB_TRY(writer.write(std::move(block)));
            }
            return writer.finish(pool.take(), 0);
        }();
        CHECK_FALSE(outcome.ok());
    }
}

TEST_CASE("bulk writer: blocks in flight outlive a writer that is let go") {
    const auto fs = util::make_posix_fs();
    tests::TempDir folder;
    for (const BulkEngine engine : kEngines) {
        BlockPool pool(64, 0); // memory goes back at once: a late write would read freed pages
        const auto file = tests::value(fs->open(
            folder.file(std::to_string(static_cast<int>(engine))), util::OpenMode::CreateNew
        ));
        BulkWriter writer(*file, pool, engine);
        for (int i = 0; i < 6; ++i) {
            auto block = tests::value(writer.next_block());
            fill(block, 0, kBlockBytes);
            tests::value(writer.write(std::move(block)));
        }
    }
}

TEST_CASE("bulk writer: space that is not there is refused at once") {
    const auto fs = util::make_posix_fs();
    tests::TempDir folder;
    BlockPool pool(4, 4);
    const auto file = tests::value(fs->open(folder.file("huge"), util::OpenMode::CreateNew));
    BulkWriter writer(*file, pool, BulkEngine::Auto);
    CHECK_FALSE(writer.reserve(std::uint64_t{1} << 60).ok());
}

} // namespace railhub::storage
