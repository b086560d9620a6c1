// SPDX-License-Identifier: Apache-2.0
// The store on a disk that fails, fills up or loses power at each step in turn: what was
// acknowledged is there and sound after a restart, what was not is absent or sound, and nothing is
// left over.
#include "core/storage/fsck.h"
#include "core/storage/layout.h"
#include "core/storage/local_store.h"
#include "core/storage/uploads.h"
#include "tests/support/catch.h"
#include "tests/support/fault_fs.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <functional>
#include <set>

namespace railhub::storage {

namespace {

using tests::Fault;
using tests::FaultFs;

constexpr std::uint64_t kPartBytes = 1000;
constexpr const char* kRoot = "/hub/store";
constexpr const char* kUploads = "/hub/uploads";

struct CrashWorld {
    FaultFs disk;
    tests::TestContext context;
    util::Context ctx = context.context();
    std::set<util::Sha256> acknowledged;
};

util::Bytes body_of(std::size_t size, std::uint8_t seed) {
    util::Bytes body(size);
    for (std::size_t i = 0; i < size; ++i) {
        body[i] = static_cast<std::uint8_t>(i / 512 + seed);
    }
    return body;
}

util::Result<> put_blob(CrashWorld& world, Blobs& blobs, util::ByteView body) {
    RAILHUB_TRY(const auto writer, blobs.begin(world.ctx, body.size()));
    RAILHUB_TRY(writer->write(body));
    RAILHUB_TRY(const auto ref, writer->commit(std::nullopt));
    world.acknowledged.insert(ref.sha256);
    return {};
}

// Small and large blobs, the same one twice; goes on after a failure as a server does.
void put_blobs(CrashWorld& world) {
    const auto store = open_local_store(world.ctx, world.disk, kRoot);
    if (!store.ok()) {
        return;
    }
    Blobs blobs(**store);
    static const util::Bytes kBodies[] = {
        body_of(10, 1), body_of(20, 2), body_of(kBlockBytes, 3), body_of(kBlockBytes + 99, 4)};
    for (const std::size_t which : {0, 1, 0, 2, 3, 2}) {
        static_cast<void>(put_blob(world, blobs, kBodies[which]));
    }
}

util::Result<> upload(CrashWorld& world, Uploads& uploads, util::ByteView body) {
    const types::BlobRef ref{util::sha256(body), body.size()};
    RAILHUB_TRY(const std::string id, uploads.open(world.ctx, ref, kPartBytes));
    std::vector<UploadPart> done;
    RAILHUB_TRY(const auto here, uploads.parts(world.ctx, id));
    for (std::uint32_t number = 1; number <= body.size() / kPartBytes; ++number) {
        if (number <= here.size() && here[number - 1].number == number) {
            done.push_back(here[number - 1]);
            continue;
        }
        util::MemoryReader reader(body.subspan(kPartBytes * (number - 1), kPartBytes));
        RAILHUB_TRY(auto etag, uploads.put_part(world.ctx, id, number, reader));
        done.push_back({number, std::move(etag)});
    }
    RAILHUB_TRY(uploads.complete(world.ctx, id, done));
    world.acknowledged.insert(ref.sha256);
    return {};
}

util::Result<> upload_parts(CrashWorld& world) {
    RAILHUB_TRY(const auto store, open_local_store(world.ctx, world.disk, kRoot));
    Blobs blobs(*store);
    const auto uploads = make_local_uploads(world.disk, kUploads, blobs);
    return upload(world, *uploads, body_of(3 * kPartBytes, 9));
}

// Everything acknowledged is there; whatever is there is sound; no leftovers.
void check_after_restart(CrashWorld& world) {
    world.disk.restart();
    const auto store = tests::value(open_local_store(world.ctx, world.disk, kRoot));
    Blobs blobs(*store);
    for (const util::Sha256& sha256 : world.acknowledged) {
        CHECK(tests::value(blobs.size(world.ctx, sha256)).has_value());
    }
    CHECK(tests::value(fsck(world.ctx, blobs, FsckDepth::Data)).findings.empty());
    CHECK(tests::value(world.disk.list(StoreLayout{kRoot}.temporaries())).empty());
}

// Runs `work` on a fresh disk once for each step it takes, with the fault there.
void fail_each_step(Fault fault, const std::function<void(CrashWorld&)>& work) {
    CrashWorld whole;
    work(whole);
    const std::uint64_t steps = whole.disk.steps();
    REQUIRE(steps > 10);
    REQUIRE_FALSE(whole.acknowledged.empty());
    check_after_restart(whole);
    for (std::uint64_t step = 1; step <= steps; ++step) {
        INFO("step " << step << " of " << steps);
        CrashWorld world;
        world.disk.arm(fault, step);
        work(world);
        check_after_restart(world);
        work(world); // and the next try succeeds
        CHECK(world.acknowledged == whole.acknowledged);
        check_after_restart(world);
    }
}

Fault each_fault() {
    return GENERATE(Fault::Fail, Fault::PowerLoss, Fault::DiskFull);
}

} // namespace

TEST_CASE("crash: blobs on a disk that fails at any step") {
    fail_each_step(each_fault(), put_blobs);
}

TEST_CASE("crash: an upload in parts on a disk that fails at any step") {
    fail_each_step(each_fault(), [](CrashWorld& world) {
        const auto done = upload_parts(world);
        CHECK(done.ok() == !world.acknowledged.empty());
    });
}

TEST_CASE("crash: a full disk is told as such, and there is room again later") {
    CrashWorld world;
    const auto store = tests::value(open_local_store(world.ctx, world.disk, kRoot));
    Blobs blobs(*store);
    world.disk.arm(Fault::DiskFull, 1);
    const auto full = put_blob(world, blobs, body_of(2 * kBlockBytes, 1));
    REQUIRE_ERROR(full, util::Code::Io);
    CHECK(full.error().reason == util::kReasonNoSpace);
    CHECK_FALSE(full.error().hint.empty());
}

TEST_CASE("crash: after a folder's sync failed nothing more is acknowledged") {
    // Step by step until the failing one is the sync of the folder: the file is in place then.
    for (std::uint64_t step = 1; step < 10; ++step) {
        CrashWorld world;
        const auto store = tests::value(open_local_store(world.ctx, world.disk, kRoot));
        Blobs blobs(*store);
        world.disk.arm(Fault::Fail, step);
        const util::Bytes body = body_of(100, 1);
        const auto first = put_blob(world, blobs, body);
        if (first.ok()) {
            return; // past the last step
        }
        const bool is_visible = tests::value(blobs.size(world.ctx, util::sha256(body))).has_value();
        const auto second = put_blob(world, blobs, body);
        CHECK(second.ok() == !is_visible);
    }
    FAIL("the write took more steps than expected");
}

} // namespace railhub::storage
