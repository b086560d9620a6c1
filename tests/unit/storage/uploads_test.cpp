// SPDX-License-Identifier: Apache-2.0
// Upload sessions: any order of parts, restarts, retries, and everything a client can get wrong.
#include "core/storage/layout.h"
#include "core/storage/local_store.h"
#include "core/storage/memory_store.h"
#include "core/storage/uploads.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

namespace railhub::storage {

namespace {

constexpr std::uint64_t kPart = 64 * 1024 + 1; // unaligned on purpose

struct UploadFixture {
    tests::TempDir folder;
    tests::TestContext world;
    util::Context ctx = world.context();
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    std::unique_ptr<ObjectStore> store;
    std::unique_ptr<Blobs> blobs;
    std::unique_ptr<Uploads> uploads;
    util::Bytes body;
    types::BlobRef ref;

    explicit UploadFixture(bool is_local = true, std::size_t size = 5 * kPart - 100) : body(size) {
        for (std::size_t i = 0; i < size; ++i) {
            body[i] = static_cast<std::uint8_t>(i * 7 + i / 300);
        }
        ref = {util::sha256(body), size};
        store = is_local ? tests::value(open_local_store(ctx, *fs, folder.file("store")))
                         : make_memory_store();
        blobs = std::make_unique<Blobs>(*store);
        restart();
    }

    void restart() { uploads = make_local_uploads(*fs, folder.file("uploads"), *blobs); }

    util::ByteView part(std::uint32_t number) const {
        const UploadPlan plan{ref, kPart};
        return util::ByteView(body).subspan(kPart * (number - 1), plan.part_bytes(number));
    }

    UploadPart put(const std::string& id, std::uint32_t number) {
        util::MemoryReader reader(part(number));
        return {number, tests::value(uploads->put_part(ctx, id, number, reader))};
    }

    bool is_empty() const {
        const std::string path = folder.file("uploads");
        return !std::filesystem::exists(path) || std::filesystem::is_empty(path);
    }

    void check_stored() {
        CHECK(tests::value(blobs->size(ctx, ref.sha256)) == ref.size);
        tests::value(blobs->verify(ctx, ref.sha256));
        CHECK(is_empty());
    }
};

// Calls back before it hands out its bytes.
class InterruptingReader final : public util::Reader {
  public:
    InterruptingReader(util::ByteView bytes, std::function<void()> before)
        : bytes_(bytes), before_(std::move(before)) {}

    util::Result<std::size_t> read(std::span<std::uint8_t> into) override {
        if (before_) {
            std::exchange(before_, nullptr)();
        }
        return bytes_.read(into);
    }

  private:
    util::MemoryReader bytes_;
    std::function<void()> before_;
};

} // namespace

TEST_CASE("uploads: parts in any order become the blob, moved or copied") {
    for (const bool is_local : {true, false}) {
        UploadFixture hub(is_local);
        const std::string id = tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart));
        CHECK(tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart)) == id);
        std::vector<UploadPart> done;
        for (const std::uint32_t number : {3U, 1U, 5U, 2U, 4U}) {
            done.push_back(hub.put(id, number));
        }
        CHECK(tests::value(hub.uploads->complete(hub.ctx, id, done)).blob == hub.ref);
        hub.check_stored();
        CHECK(tests::value(hub.uploads->complete(hub.ctx, id, done)).blob == hub.ref); // a retry
    }
}

TEST_CASE("uploads: large aligned parts") {
    UploadFixture hub(true, (5 << 20) + 123);
    constexpr std::uint64_t kAligned = 2 << 20;
    const std::string id = tests::value(hub.uploads->open(hub.ctx, hub.ref, kAligned));
    std::vector<UploadPart> done;
    for (const std::uint32_t number : {2U, 3U, 1U}) {
        const UploadPlan plan{hub.ref, kAligned};
        util::MemoryReader reader(
            util::ByteView(hub.body).subspan(kAligned * (number - 1), plan.part_bytes(number))
        );
        done.push_back({number, tests::value(hub.uploads->put_part(hub.ctx, id, number, reader))});
    }
    tests::value(hub.uploads->complete(hub.ctx, id, done));
    hub.check_stored();
}

TEST_CASE("uploads: sessions survive a restart, also one in the middle of joining") {
    UploadFixture hub;
    const std::string id = tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart));
    std::vector<UploadPart> done = {hub.put(id, 1), hub.put(id, 2)};
    hub.restart();
    const auto here = tests::value(hub.uploads->parts(hub.ctx, id));
    REQUIRE(here.size() == 2);
    CHECK(here[1].number == 2);
    CHECK(here[1].etag == done[1].etag);
    for (const std::uint32_t number : {3U, 4U, 5U}) {
        done.push_back(hub.put(id, number));
    }
    const UploadLayout layout{hub.folder.file("uploads")};
    std::filesystem::rename(layout.session(id), layout.closing(id));
    hub.restart();
    CHECK(tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart)) == id);
    CHECK(tests::value(hub.uploads->parts(hub.ctx, id)).size() == 5);
    tests::value(hub.uploads->complete(hub.ctx, id, done));
    hub.check_stored();
}

TEST_CASE("uploads: a crash after the move and before the tidying loses nothing") {
    UploadFixture hub;
    const std::string id = tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart));
    for (const std::uint32_t number : {1U, 2U, 3U, 4U, 5U}) {
        hub.put(id, number);
    }
    const UploadLayout layout{hub.folder.file("uploads")};
    REQUIRE(tests::value(
        hub.store->adopt(hub.ctx, upload_data_file(layout.session(id)), blob_key(hub.ref.sha256))
    ));
    std::filesystem::rename(layout.session(id), layout.closing(id));
    hub.restart();
    CHECK(tests::value(hub.uploads->complete(hub.ctx, id, {})).blob == hub.ref);
    hub.check_stored();
    // Starting over finds no markers that speak of bytes that are gone.
    tests::value(hub.blobs->remove(hub.ctx, hub.ref.sha256));
    CHECK(tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart)) == id);
    CHECK(tests::value(hub.uploads->parts(hub.ctx, id)).empty());
    tests::value(hub.uploads->abort(hub.ctx, id));
}

TEST_CASE("uploads: wrong parts are refused and are missing then") {
    UploadFixture hub;
    const std::string id = tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart));
    hub.put(id, 1);
    const auto put_bytes = [&](std::uint32_t number, util::ByteView bytes) {
        util::MemoryReader reader(bytes);
        return hub.uploads->put_part(hub.ctx, id, number, reader);
    };
    REQUIRE_ERROR(put_bytes(0, hub.part(1)), util::Code::InvalidInput);
    REQUIRE_ERROR(put_bytes(6, hub.part(1)), util::Code::InvalidInput);
    REQUIRE_ERROR(put_bytes(1, hub.part(1).first(kPart - 1)), util::Code::InvalidInput);
    CHECK(tests::value(hub.uploads->parts(hub.ctx, id)).empty());
    REQUIRE_ERROR(
        put_bytes(2, util::ByteView(hub.body).first(kPart + 1)), util::Code::InvalidInput
    );
    const std::string unknown = UploadPlan{{hub.ref.sha256, hub.ref.size + 1}, kPart}.id();
    util::MemoryReader reader(hub.part(1));
    REQUIRE_ERROR(hub.uploads->put_part(hub.ctx, unknown, 1, reader), util::Code::NotFound);
    REQUIRE_ERROR(hub.uploads->put_part(hub.ctx, "../x", 1, reader), util::Code::NotFound);
    REQUIRE_ERROR(hub.uploads->parts(hub.ctx, unknown), util::Code::NotFound);
    REQUIRE_ERROR(
        hub.uploads->open(hub.ctx, {hub.ref.sha256, 100'000}, 1), util::Code::InvalidInput
    );
    REQUIRE_ERROR(hub.uploads->open(hub.ctx, {hub.ref.sha256, 0}, 1), util::Code::InvalidInput);
    REQUIRE_ERROR(hub.uploads->open(hub.ctx, hub.ref, 0), util::Code::InvalidInput);
}

TEST_CASE("uploads: completing wants exactly the parts that are here") {
    UploadFixture hub;
    const std::string id = tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart));
    std::vector<UploadPart> done;
    for (const std::uint32_t number : {1U, 2U, 3U, 4U}) {
        done.push_back(hub.put(id, number));
    }
    const auto complete = [&](const std::vector<UploadPart>& parts) {
        return hub.uploads->complete(hub.ctx, id, parts);
    };
    REQUIRE_ERROR(complete(done), util::Code::InvalidInput); // part 5 is missing
    done.push_back(hub.put(id, 5));
    REQUIRE_ERROR(complete({}), util::Code::InvalidInput);
    auto other_etag = done;
    other_etag[2].etag = "x";
    REQUIRE_ERROR(complete(other_etag), util::Code::InvalidInput);
    auto twice = done;
    twice[0] = twice[1];
    REQUIRE_ERROR(complete(twice), util::Code::InvalidInput);
    tests::value(complete(done)); // and nothing was lost by all that
    hub.check_stored();
}

TEST_CASE("uploads: a wrong hash ends the session, nothing is stored") {
    UploadFixture hub;
    hub.ref.sha256 = util::sha256(util::as_bytes("something else"));
    const std::string id = tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart));
    std::vector<UploadPart> done;
    for (const std::uint32_t number : {1U, 2U, 3U, 4U, 5U}) {
        done.push_back(hub.put(id, number));
    }
    REQUIRE_ERROR(hub.uploads->complete(hub.ctx, id, done), util::Code::InvalidInput);
    CHECK_FALSE(tests::value(hub.blobs->size(hub.ctx, hub.ref.sha256)).has_value());
    CHECK(hub.is_empty());
}

TEST_CASE("uploads: the newer writer of a part wins, the older one is told") {
    UploadFixture hub;
    const std::string id = tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart));
    std::vector<UploadPart> done;
    const util::Bytes garbage(kPart, 0xaa);
    InterruptingReader older(garbage, [&] { done.push_back(hub.put(id, 1)); });
    REQUIRE_ERROR(hub.uploads->put_part(hub.ctx, id, 1, older), util::Code::Conflict);
    for (const std::uint32_t number : {2U, 3U, 4U, 5U}) {
        done.push_back(hub.put(id, number));
    }
    // Nor may a writer left over go on under a finished session.
    InterruptingReader late(garbage, [&] { tests::value(hub.uploads->abort(hub.ctx, id)); });
    REQUIRE_ERROR(hub.uploads->put_part(hub.ctx, id, 2, late), util::Code::Conflict);
    CHECK(hub.is_empty());
}

TEST_CASE("uploads: idle sessions are swept, active ones stay") {
    UploadFixture hub;
    CHECK(tests::value(hub.uploads->sweep(hub.ctx, std::chrono::hours(1))) == 0);
    const std::string id = tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart));
    // Files carry the time of the machine, which the test's clock is set to.
    const auto machine = util::to_millis(util::SystemClock().now());
    hub.world.clock.advance(
        std::chrono::milliseconds(machine - util::to_millis(hub.world.clock.now()))
    );
    hub.put(id, 1);
    CHECK(tests::value(hub.uploads->sweep(hub.ctx, std::chrono::hours(1))) == 0);
    CHECK(tests::value(hub.uploads->parts(hub.ctx, id)).size() == 1);
    hub.world.clock.advance(std::chrono::hours(2));
    CHECK(tests::value(hub.uploads->sweep(hub.ctx, std::chrono::hours(1))) == 1);
    CHECK(hub.is_empty());
    REQUIRE_ERROR(hub.uploads->parts(hub.ctx, id), util::Code::NotFound);
}

TEST_CASE("uploads: a file that cannot fit is refused when the session opens") {
    UploadFixture hub;
    const std::uint64_t huge = std::uint64_t{1} << 60;
    CHECK_FALSE(hub.uploads->open(hub.ctx, {hub.ref.sha256, huge}, huge / 100).ok());
    CHECK(hub.is_empty());
}

TEST_CASE("uploads: completing twice at once is completing once") {
    UploadFixture hub;
    const std::string id = tests::value(hub.uploads->open(hub.ctx, hub.ref, kPart));
    std::vector<UploadPart> done;
    for (const std::uint32_t number : {1U, 2U, 3U, 4U, 5U}) {
        done.push_back(hub.put(id, number));
    }
    std::atomic<int> completed = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&] {
            const auto opened = hub.uploads->open(hub.ctx, hub.ref, kPart);
            const auto result = hub.uploads->complete(hub.ctx, id, done);
            completed += opened.ok() && result.ok() && result->blob == hub.ref ? 1 : 0;
        });
    }
    for (std::thread& client : clients) {
        client.join();
    }
    CHECK(completed == 4);
}

} // namespace railhub::storage
