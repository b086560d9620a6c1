// SPDX-License-Identifier: Apache-2.0
// What every object store promises, run over each row of the table of back ends; whatever a test
// does, nothing may be left behind.
#include "core/storage/backends.h"
#include "core/storage/blobs.h"
#include "core/storage/block_pool.h"
#include "core/storage/fsck.h"
#include "core/storage/layout.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <atomic>
#include <filesystem>
#include <thread>

namespace railhub::storage {

namespace {

// A body whose every 4 KiB page is different.
util::Bytes make_body(std::size_t size) {
    util::Bytes body(size);
    std::uint32_t state = 12345;
    for (auto& byte : body) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<std::uint8_t>(state >> 24U);
    }
    return body;
}

const std::size_t kSizes[] = {
    1,
    4096,
    kBlockBytes - 1,
    kBlockBytes,
    kBlockBytes + 1,
    3 * kBlockBytes + 4096,
    20 * kBlockBytes + 12345,
};

struct StoreFixture {
    const Backend& backend;
    tests::TempDir folder;
    tests::TestContext world;
    util::Context ctx = world.context();
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    std::unique_ptr<ObjectStore> store;

    explicit StoreFixture(const Backend& which)
        : backend(which), store(tests::value(which.open(ctx, *fs, folder.path()))) {}

    // Nothing but published objects may remain of a test.
    ~StoreFixture() {
        store.reset();
        const StoreLayout layout{folder.path()};
        if (backend.scheme == "file") {
            CHECK(std::filesystem::is_empty(layout.temporaries()));
        }
    }

    util::Result<> put(std::string_view key, util::ByteView bytes, std::uint64_t size_hint = 0) {
        RAILHUB_TRY(const auto writer, store->begin(ctx, size_hint));
        RAILHUB_TRY(writer->write(bytes));
        CHECK(writer->size() == bytes.size());
        return writer->publish(key);
    }

    util::Bytes get(std::string_view key) {
        const auto reader = tests::value(store->open(ctx, key));
        util::Bytes bytes(reader->size());
        std::size_t got = 0;
        while (got < bytes.size()) {
            const auto count = tests::value(reader->read_at(got, std::span(bytes).subspan(got)));
            REQUIRE(count > 0);
            got += count;
        }
        util::Bytes past(1);
        CHECK(tests::value(reader->read_at(bytes.size(), past)) == 0);
        return bytes;
    }

    std::vector<std::string> keys(std::string_view prefix = {}) {
        std::vector<std::string> found;
        tests::value(store->list(ctx, prefix, [&](const ObjectInfo& info) {
            found.push_back(info.key);
            return util::Result<>();
        }));
        return found;
    }
};

const Backend& each_store() {
    const auto index = GENERATE(range(0, static_cast<int>(backends().size())));
    INFO(backends()[static_cast<std::size_t>(index)].scheme);
    return backends()[static_cast<std::size_t>(index)];
}

} // namespace

TEST_CASE("object store: bytes come back, whatever their number and the hint") {
    StoreFixture hub(each_store());
    for (const std::size_t size : kSizes) {
        const util::Bytes body = make_body(size);
        for (const std::uint64_t hint : {std::uint64_t{0}, std::uint64_t{size}, std::uint64_t{7}}) {
            const std::string key = "a/" + std::to_string(size) + "-" + std::to_string(hint);
            tests::value(hub.put(key, body, hint));
            CHECK(hub.get(key) == body);
            CHECK(tests::value(hub.store->size(hub.ctx, key)) == size);
        }
    }
    tests::value(hub.put("empty", {}));
    CHECK(hub.get("empty").empty());
    CHECK(tests::value(hub.store->size(hub.ctx, "empty")) == 0);
}

TEST_CASE("object store: the lent block takes any pieces") {
    StoreFixture hub(each_store());
    const util::Bytes body = make_body(3 * kBlockBytes + 77);
    const auto writer = tests::value(hub.store->begin(hub.ctx, body.size()));
    std::size_t piece = 1;
    for (std::size_t at = 0; at < body.size(); piece = piece * 3 + 1) {
        const auto into = tests::value(writer->buffer());
        REQUIRE_FALSE(into.empty());
        const std::size_t count = std::min({into.size(), body.size() - at, piece});
        std::copy_n(body.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
        tests::value(writer->advance(count));
        // Handed over, but still to be read until the next block is asked for.
        CHECK(std::equal(
            into.begin(),
            into.begin() + static_cast<std::ptrdiff_t>(count),
            body.begin() + static_cast<std::ptrdiff_t>(at)
        ));
        at += count;
    }
    tests::value(writer->publish("pieces"));
    CHECK(hub.get("pieces") == body);
}

TEST_CASE("object store: nothing is visible before publish, or after a writer is let go") {
    StoreFixture hub(each_store());
    for (const std::size_t size : kSizes) {
        const auto writer = tests::value(hub.store->begin(hub.ctx, size));
        tests::value(writer->write(make_body(size)));
        CHECK(hub.keys().empty());
    }
    CHECK(hub.keys().empty());
    CHECK_FALSE(tests::value(hub.store->size(hub.ctx, "a")).has_value());
    REQUIRE_ERROR(hub.store->open(hub.ctx, "a"), util::Code::NotFound);
}

TEST_CASE("object store: a key keeps its first bytes") {
    StoreFixture hub(each_store());
    const util::Bytes first = make_body(100);
    tests::value(hub.put("k", first));
    tests::value(hub.put("k", make_body(2 * kBlockBytes)));
    CHECK(hub.get("k") == first);
}

TEST_CASE("object store: a reader keeps its bytes when the key goes") {
    StoreFixture hub(each_store());
    const util::Bytes body = make_body(10'000);
    tests::value(hub.put("k", body));
    const auto reader = tests::value(hub.store->open(hub.ctx, "k"));
    const util::ByteView mapped = reader->mapped();
    tests::value(hub.store->remove(hub.ctx, "k"));
    tests::value(hub.store->remove(hub.ctx, "k")); // absent is success
    REQUIRE_ERROR(hub.store->open(hub.ctx, "k"), util::Code::NotFound);
    CHECK_FALSE(tests::value(hub.store->size(hub.ctx, "k")).has_value());
    util::Bytes bytes(body.size());
    CHECK(tests::value(reader->read_at(0, bytes)) == body.size());
    CHECK(bytes == body);
    CHECK((mapped.empty() || std::equal(mapped.begin(), mapped.end(), body.begin(), body.end())));
    // The key may be used again.
    tests::value(hub.put("k", make_body(5)));
    CHECK(hub.get("k") == make_body(5));
}

TEST_CASE("object store: an object moves to another key") {
    StoreFixture hub(each_store());
    for (const std::size_t size : {std::size_t{10}, 2 * kBlockBytes + 7}) {
        const std::string name = std::to_string(size);
        const util::Bytes body = make_body(size);
        tests::value(hub.put("a/" + name, body));
        const auto before = tests::value(hub.store->info(hub.ctx, "a/" + name));
        const auto reader = tests::value(hub.store->open(hub.ctx, "a/" + name));
        tests::value(hub.store->rename(hub.ctx, "a/" + name, "b/c/" + name));
        CHECK_FALSE(tests::value(hub.store->info(hub.ctx, "a/" + name)).has_value());
        REQUIRE_ERROR(hub.store->open(hub.ctx, "a/" + name), util::Code::NotFound);
        CHECK(hub.get("b/c/" + name) == body);
        const auto after = tests::value(hub.store->info(hub.ctx, "b/c/" + name));
        REQUIRE(before);
        REQUIRE(after);
        CHECK(after->key == "b/c/" + name);
        CHECK(after->size == size);
        CHECK(after->modified_ms == before->modified_ms);
        util::Bytes bytes(size); // a reader of the old key keeps its bytes
        CHECK(tests::value(reader->read_at(0, bytes)) == size);
        CHECK(bytes == body);
        // The old key may be used again.
        tests::value(hub.put("a/" + name, make_body(5)));
        CHECK(hub.get("a/" + name) == make_body(5));
    }
}

TEST_CASE("object store: moving onto a key that is there drops what comes") {
    StoreFixture hub(each_store());
    const util::Bytes first = make_body(100);
    tests::value(hub.put("to", first));
    tests::value(hub.put("from", make_body(7)));
    tests::value(hub.store->rename(hub.ctx, "from", "to"));
    CHECK(hub.keys() == std::vector<std::string>{"to"});
    CHECK(hub.get("to") == first);
    tests::value(hub.store->rename(hub.ctx, "to", "to"));
    CHECK(hub.get("to") == first);
    REQUIRE_ERROR(hub.store->rename(hub.ctx, "from", "to"), util::Code::NotFound);
    REQUIRE_ERROR(hub.store->rename(hub.ctx, "to", "../x"), util::Code::InvalidInput);
    REQUIRE_ERROR(hub.store->rename(hub.ctx, "../x", "to"), util::Code::InvalidInput);
    CHECK(hub.keys() == std::vector<std::string>{"to"});
}

TEST_CASE("object store: what one opening of a place moved away is gone for the other") {
    tests::TempDir folder;
    tests::TestContext world;
    const util::Context ctx = world.context();
    const auto fs = util::make_posix_fs();
    const auto one = tests::value(open_store(ctx, *fs, folder.path()));
    const auto other = tests::value(open_store(ctx, *fs, folder.path()));
    const auto writer = tests::value(one->begin(ctx, 0));
    tests::value(writer->write(make_body(100)));
    tests::value(writer->publish("k"));
    CHECK(tests::value(other->open(ctx, "k"))->size() == 100); // now in its cache
    tests::value(one->rename(ctx, "k", "trash"));
    CHECK_FALSE(tests::value(other->size(ctx, "k")).has_value());
    REQUIRE_ERROR(other->open(ctx, "k"), util::Code::NotFound);
}

TEST_CASE("object store: a listing is in key order and knows prefixes") {
    StoreFixture hub(each_store());
    const std::vector<std::string> keys = {"a-b", "a.c", "a/1", "a/b/2", "a/b3", "a0", "b/x"};
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
        tests::value(hub.put(*key, make_body(3)));
    }
    CHECK(hub.keys() == keys);
    CHECK(hub.keys("a/") == std::vector<std::string>{"a/1", "a/b/2", "a/b3"});
    CHECK(hub.keys("a/b") == std::vector<std::string>{"a/b/2", "a/b3"});
    CHECK(hub.keys("a/b/2") == std::vector<std::string>{"a/b/2"});
    CHECK(hub.keys("none").empty());
    const auto stopped = hub.store->list(hub.ctx, {}, [](const ObjectInfo&) {
        return util::Result<>(util::fail(util::Code::Cancelled, "enough"));
    });
    REQUIRE_ERROR(stopped, util::Code::Cancelled);
}

TEST_CASE("object store: keys that are no keys are refused") {
    StoreFixture hub(each_store());
    const std::string too_long(kMaxKeyBytes + 1, 'a');
    for (const std::string& key :
         {std::string(""),
          std::string("/a"),
          std::string("a/"),
          std::string("a//b"),
          std::string("../a"),
          std::string("a/./b"),
          std::string("A"),
          std::string("a b"),
          std::string("a\0b", 3),
          too_long}) {
        REQUIRE_ERROR(hub.put(key, make_body(1)), util::Code::InvalidInput);
        REQUIRE_ERROR(hub.store->open(hub.ctx, key), util::Code::InvalidInput);
        REQUIRE_ERROR(hub.store->size(hub.ctx, key), util::Code::InvalidInput);
        REQUIRE_ERROR(hub.store->remove(hub.ctx, key), util::Code::InvalidInput);
    }
    CHECK(hub.keys().empty());
}

TEST_CASE("object store: many writers of the same and of different keys") {
    StoreFixture hub(each_store());
    const util::Bytes body = make_body(kBlockBytes + 5);
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (const std::string& key : {std::string("same"), "own-" + std::to_string(t)}) {
                auto writer = hub.store->begin(hub.ctx, body.size());
                const bool done =
                    writer.ok() && (*writer)->write(body).ok() && (*writer)->publish(key).ok();
                failures += done ? 0 : 1;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(failures == 0);
    CHECK(hub.keys().size() == 5);
    CHECK(hub.get("same") == body);
}

TEST_CASE("object store: a file is adopted whole or left alone") {
    StoreFixture hub(each_store());
    const util::Bytes body = make_body(5000);
    const std::string path = hub.folder.file("incoming");
    tests::value(util::write_atomic(*hub.fs, path, body));
    if (tests::value(hub.store->adopt(hub.ctx, path, "k"))) {
        CHECK(hub.get("k") == body);
        CHECK_FALSE(std::filesystem::exists(path));
        tests::value(util::write_atomic(*hub.fs, path, make_body(1)));
        CHECK(tests::value(hub.store->adopt(hub.ctx, path, "k"))); // the first bytes stay
        CHECK(hub.get("k") == body);
    }
    std::filesystem::remove(path);
    CHECK(hub.keys().size() <= 1);
}

TEST_CASE("blobs: hash and size are compared before anything is stored") {
    StoreFixture hub(each_store());
    Blobs blobs(*hub.store);
    for (const std::size_t size : kSizes) {
        const util::Bytes body = make_body(size);
        const types::BlobRef ref{util::sha256(body), size};
        const types::BlobRef wrong_hash{util::sha256({}), size};
        const types::BlobRef wrong_size{ref.sha256, size + 1};
        for (const types::BlobRef& wrong : {wrong_hash, wrong_size}) {
            const auto writer = tests::value(blobs.begin(hub.ctx, size));
            tests::value(writer->write(body));
            REQUIRE_ERROR(writer->commit(wrong), util::Code::InvalidInput);
            CHECK_FALSE(tests::value(blobs.size(hub.ctx, ref.sha256)).has_value());
        }
        const auto writer = tests::value(blobs.begin(hub.ctx, size));
        tests::value(writer->write(body));
        CHECK(tests::value(writer->commit(ref)) == ref);
        CHECK(tests::value(blobs.size(hub.ctx, ref.sha256)) == size);
        CHECK(hub.get(blob_key(ref.sha256)) == body);
        tests::value(blobs.verify(hub.ctx, ref.sha256));
    }
    std::size_t listed = 0;
    tests::value(blobs.list(hub.ctx, [&](const types::BlobRef& ref) {
        CHECK(tests::value(blobs.size(hub.ctx, ref.sha256)) == ref.size);
        ++listed;
        return util::Result<>();
    }));
    CHECK(listed == std::size(kSizes));
    CHECK(tests::value(fsck(hub.ctx, blobs, FsckDepth::Data)).findings.empty());
}

TEST_CASE("blobs: the empty blob is always there and never stored") {
    StoreFixture hub(each_store());
    Blobs blobs(*hub.store);
    const util::Sha256 empty = util::sha256({});
    CHECK(tests::value(blobs.size(hub.ctx, empty)) == 0);
    CHECK(tests::value(blobs.open(hub.ctx, empty))->size() == 0);
    const auto writer = tests::value(blobs.begin(hub.ctx, 0));
    CHECK(tests::value(writer->commit(types::BlobRef{empty, 0})).size == 0);
    CHECK(hub.keys().empty());
    REQUIRE_ERROR(blobs.open(hub.ctx, util::sha256(make_body(1))), util::Code::NotFound);
}

TEST_CASE("stores: a location names its back end") {
    tests::TempDir folder;
    tests::TestContext world;
    const auto fs = util::make_posix_fs();
    CHECK(open_store(world.context(), *fs, folder.file("a")).ok());
    CHECK(open_store(world.context(), *fs, "file:" + folder.file("b:c")).ok());
    CHECK(open_store(world.context(), *fs, folder.file("d:e")).ok());
    CHECK(open_store(world.context(), *fs, "memory:").ok());
    const auto unknown = open_store(world.context(), *fs, "s4://bucket");
    REQUIRE_ERROR(unknown, util::Code::InvalidInput);
    CHECK(unknown.error().hint.find("file") != std::string::npos);
}

} // namespace railhub::storage
