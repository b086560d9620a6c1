// SPDX-License-Identifier: Apache-2.0
// The collector case by case: grace, races with uploads and pushes, kills, trash, jobs, fsck.
#include "core/app/jobs.h"
#include "core/collect/usage.h"
#include "core/storage/layout.h"
#include "tests/support/catch.h"
#include "tests/unit/collect/collect_world.h"

#include <thread>

namespace railhub::tests {

namespace {

using std::chrono::hours;

constexpr hours kGrace{48};

types::RepoPath path_to(const std::string& text) {
    return value(types::RepoPath::parse(text));
}

app::CommitOperation large(const std::string& path, const ChunkList& file) {
    const types::BlobRef blob = ref_of(file);
    return app::NewLarge{path_to(path), blob.sha256, blob.size};
}

app::CommitOperation small(const std::string& path, const std::string& text) {
    return app::NewContent{path_to(path), [text]() -> util::Result<std::string> { return text; }};
}

app::CommitOperation removal(const std::string& path) {
    return repo::DeletePath{path_to(path), repo::DeleteWhat::Either};
}

struct World : CollectWorld {
    collect::Applied collect(std::chrono::milliseconds grace) {
        return value(collect::apply(ctx(), places(), mark(grace)));
    }

    // Seen unreachable, then old enough.
    void collect_for_good() {
        for (int i = 0; i < 2; ++i) {
            collect(kGrace);
            context.clock.advance(kGrace + hours(1));
        }
        collect(kGrace);
    }

    app::FsckReport fsck(app::FsckOptions options = {}) {
        return value(app::fsck(ctx(), *deps, options));
    }

    void squash(const std::string& name) {
        value(app::squash_history(ctx(), *deps, alice, id_of(name), {"main", "one"}));
    }
};

} // namespace

TEST_CASE("a file that was deleted and squashed away goes once the grace is over") {
    World world;
    const auto repo = world.make("a");
    const ChunkList file = {1, 2, 3};
    value(world.put_lfs(repo.row, file));
    value(world.commit("a", {large("x.bin", file)}));
    world.context.clock.advance(kGrace + hours(1));
    world.collect(kGrace);
    CHECK(world.problem_with(ref_of(file).sha256).empty()); // the branch has it
    value(world.commit("a", {removal("x.bin")}));
    world.collect_for_good();
    CHECK(world.problem_with(ref_of(file).sha256).empty()); // the history has it
    world.squash("a");
    world.collect(kGrace);
    CHECK(world.problem_with(ref_of(file).sha256).empty()); // somebody may have been told of it
    world.context.clock.advance(kGrace - hours(1));
    world.collect(kGrace);
    CHECK(world.problem_with(ref_of(file).sha256).empty());
    world.context.clock.advance(hours(2));
    const auto done = world.collect(kGrace);
    CHECK(done.objects == 1);
    CHECK(done.bytes == ref_of(file).size);
    CHECK_FALSE(world.problem_with(ref_of(file).sha256).empty());
    CHECK(world.count("SELECT COUNT(*) FROM lfs_link") == 0);
    CHECK(world.count("SELECT COUNT(*) FROM cas_file") == 0);
    CHECK(world.fsck().problems.empty());
    CHECK(world.mark(kGrace).is_empty());
}

TEST_CASE("without grace one collection takes all that is garbage, and nothing else") {
    World world;
    const auto repo = world.make("a");
    value(world.put_lfs(repo.row, {1, 2}));
    value(world.put_lfs(repo.row, {3, 4}));
    value(world.commit("a", {large("kept.bin", {1, 2}), large("gone.bin", {3, 4})}));
    value(world.commit("a", {removal("gone.bin")}));
    world.squash("a");
    const auto plan = world.mark(hours(0));
    CHECK(plan.histories.size() == 1);
    CHECK(plan.objects.size() == 1);
    CHECK(plan.objects[0].repo == "models/alice/a");
    CHECK(plan.store_bytes() == ref_of({3, 4}).size);
    value(collect::apply(world.ctx(), world.places(), plan));
    CHECK(world.problem_with(ref_of({1, 2}).sha256).empty());
    CHECK_FALSE(world.problem_with(ref_of({3, 4}).sha256).empty());
    value(collect::apply(world.ctx(), world.places(), plan)); // again: nothing more happens
    CHECK(world.mark(hours(0)).is_empty());
    CHECK(world.fsck().problems.empty());
}

TEST_CASE("what a plan names stays when it is needed again") {
    World world;
    const auto repo = world.make("a");
    value(world.put_lfs(repo.row, {1, 2}));
    value(world.commit("a", {large("x.bin", {1, 2})}));
    const auto tip = world.record_tip("a");
    value(world.commit("a", {removal("x.bin")}));
    world.squash("a");
    const auto plan = world.mark(hours(0));
    REQUIRE_FALSE(plan.histories.empty());
    SECTION("a branch is made at the old commit") {
        app::BranchWish wish{"back", tip};
        value(app::make_branch(world.ctx(), *world.deps, world.alice, world.id_of("a"), wish));
    }
    SECTION("the file is uploaded and committed again") {
        value(world.put_lfs(repo.row, {1, 2}));
        value(world.commit("a", {large("y.bin", {1, 2})}));
    }
    SECTION("the answer was that it need not be sent") {
        auto tx = value(world.database->begin_read(world.ctx()));
        world.context.clock.advance(hours(2));
        CHECK(value(app::is_here(world.ctx(), *world.deps, *tx, repo.row, ref_of({1, 2}))));
    }
    SECTION("another repo uploads it") {
        const auto other = world.make("b");
        value(world.put_lfs(other.row, {1, 2}));
    }
    value(collect::apply(world.ctx(), world.places(), plan));
    CHECK(world.problem_with(ref_of({1, 2}).sha256).empty());
    CHECK(world.fsck().problems.empty());
}

TEST_CASE("a xorb of several files goes with the last of them") {
    World world;
    const auto repo = world.make("a");
    const auto xorb = value(world.put_xorb({1, 2, 3, 4}, xet::Scheme::Lz4));
    value(world.put_shard(repo.row, {{xorb, 0, 2}}));
    value(world.put_shard(repo.row, {{xorb, 1, 4}}));
    value(world.commit("a", {large("x.bin", {1, 2}), large("y.bin", {2, 3, 4})}));
    value(world.commit("a", {removal("x.bin")}));
    world.squash("a");
    world.collect_for_good();
    CHECK_FALSE(world.problem_with(ref_of({1, 2}).sha256).empty());
    CHECK(world.problem_with(ref_of({2, 3, 4}).sha256).empty());
    CHECK(world.keys().count(storage::xorb_key(xorb.hash)) == 1);
    value(world.commit("a", {removal("y.bin")}));
    world.squash("a");
    world.collect_for_good();
    CHECK(world.keys().empty());
    CHECK(world.count("SELECT COUNT(*) FROM cas_segment") == 0);
}

TEST_CASE("a dedup answer is good for a day, whatever is collected") {
    World world;
    const auto repo = world.make("a");
    const auto xorb = value(world.put_xorb({1, 2}, xet::Scheme::None));
    value(world.put_shard(repo.row, {{xorb, 0, 2}}));
    value(world.commit("a", {large("x.bin", {1, 2})}));
    value(app::remove_repo(world.ctx(), *world.deps, world.alice, world.id_of("a")));
    const auto other = world.make("b");
    value(world.put_shard(other.row, {{xorb, 0, 1}}));
    world.context.clock.advance(hours(47));
    const auto answer = value(world.ask(1));
    REQUIRE(answer.size() == 1);
    world.context.clock.advance(hours(24));
    world.collect(kGrace);
    world.context.clock.advance(hours(0));
    value(world.put_shard(other.row, {{answer[0], 0, 1}}));
    CHECK(world.problem_with(ref_of({1}).sha256).empty());
}

TEST_CASE("a deleted repo is kept, then in the trash, then gone; till then it comes back") {
    World world;
    const auto repo = world.make("a");
    value(world.put_lfs(repo.row, {1, 2}));
    value(world.commit("a", {large("x.bin", {1, 2}), small("t", std::string(70'000, 't'))}));
    const auto before = world.history_of(repo);
    value(app::remove_repo(world.ctx(), *world.deps, world.alice, world.id_of("a")));
    world.context.clock.advance(hours(47));
    CHECK(world.mark(kGrace).is_empty());
    SECTION("back at once") {
        value(collect::undelete(world.ctx(), world.places(), {{"models/alice/a"}}));
        CHECK(world.history_of(world.repos().at(0)).objects == before.objects);
        CHECK(world.fsck().problems.empty());
        return;
    }
    world.context.clock.advance(hours(2));
    world.collect(kGrace);
    CHECK(world.keys().empty());
    const auto page = value(collect::list_trash(world.ctx(), world.places(), 0, 100));
    REQUIRE_FALSE(page.entries.empty());
    SECTION("back") {
        const auto done =
            value(collect::undelete(world.ctx(), world.places(), {{"models/alice/a"}}));
        CHECK(done.repos == std::vector<std::string>{"models/alice/a"});
        const auto again = world.repos().at(0);
        CHECK(again.public_id == repo.public_id);
        CHECK(world.history_of(again).objects == before.objects);
        CHECK(world.problem_with(ref_of({1, 2}).sha256).empty());
        CHECK(world.fsck().problems.empty());
        CHECK(value(collect::list_trash(world.ctx(), world.places(), 0, 100)).entries.empty());
        world.collect_for_good();
        CHECK(world.history_of(again).objects == before.objects);
        CHECK(world.fsck().problems.empty());
    }
    SECTION("the name is taken") {
        world.make("a");
        const auto refused = collect::undelete(world.ctx(), world.places(), {{repo.public_id}});
        REQUIRE_ERROR(refused, util::Code::AlreadyExists);
        CHECK(world.fsck().problems.empty());
    }
    SECTION("for good") {
        world.context.clock.advance(hours(24 * 8));
        value(collect::empty_trash(world.ctx(), world.places(), hours(24 * 7)));
        CHECK(world.count("SELECT COUNT(*) FROM git_object") == 0);
        const auto gone = collect::undelete(world.ctx(), world.places(), {{"models/alice/a"}});
        REQUIRE_ERROR(gone, util::Code::NotFound);
    }
}

TEST_CASE("a history comes back with its large files, and stays once a branch is there") {
    World world;
    const auto repo = world.make("a");
    const auto xorb = value(world.put_xorb({5, 6}, xet::Scheme::Lz4));
    value(world.put_shard(repo.row, {{xorb, 0, 2}}));
    value(world.put_lfs(repo.row, {1, 2}));
    value(world.commit("a", {large("x.bin", {1, 2}), large("y.bin", {5, 6})}));
    const std::string tip = world.record_tip("a");
    value(world.commit("a", {removal("x.bin"), removal("y.bin")}));
    world.squash("a");
    world.collect_for_good();
    CHECK(world.keys().empty());
    const auto done = value(collect::undelete(world.ctx(), world.places(), {{repo.public_id}}));
    REQUIRE(done.tips.size() == 1); // the commit that removed the files, above the one with them
    CHECK(world.fsck().problems.empty());
    value(app::make_branch(world.ctx(), *world.deps, world.alice, world.id_of("a"), {"back", tip}));
    world.collect_for_good();
    CHECK(world.problem_with(ref_of({1, 2}).sha256).empty());
    CHECK(world.problem_with(ref_of({5, 6}).sha256).empty());
    CHECK(world.fsck().problems.empty());
}

TEST_CASE("a kill at any step of an apply loses nothing, and the next one finishes it") {
    const auto prepare = [](World& world) {
        const auto repo = world.make("a");
        const auto gone = world.make("b");
        const auto xorb = value(world.put_xorb({5, 6, 7}, xet::Scheme::Lz4));
        value(world.put_shard(repo.row, {{xorb, 0, 2}}));
        value(world.put_shard(repo.row, {{xorb, 1, 3}}));
        value(world.put_lfs(repo.row, {1, 2}));
        value(world.put_lfs(gone.row, {3, 4}));
        value(world.commit("a", {large("x", {1, 2}), large("y", {5, 6}), large("z", {6, 7})}));
        value(world.commit("b", {large("x", {3, 4}), large("y", {1, 2})}));
        value(world.commit("a", {removal("y"), removal("z")}));
        world.squash("a");
        value(app::remove_repo(world.ctx(), *world.deps, world.alice, world.id_of("b")));
    };
    std::uint64_t steps = 0;
    {
        World world;
        prepare(world);
        const auto plan = world.mark(hours(0));
        const std::uint64_t before = world.life.steps();
        value(collect::apply(world.ctx(), world.places(), plan));
        steps = world.life.steps() - before;
    }
    REQUIRE(steps > 6);
    for (std::uint64_t step = 1; step <= steps; ++step) {
        for (const auto moment : {Life::Moment::Before, Life::Moment::After}) {
            INFO("step " << step << " of " << steps);
            World world;
            prepare(world);
            const auto plan = world.mark(hours(0));
            world.life.end_at(step, moment);
            CHECK_FALSE(collect::apply(world.ctx(), world.places(), plan).ok());
            world.restart();
            CHECK(world.fsck().problems.empty());
            CHECK(world.problem_with(ref_of({1, 2}).sha256).empty());
            world.collect(hours(0));
            CHECK(world.keys() == std::set<std::string>{storage::blob_key(ref_of({1, 2}).sha256)});
            CHECK(world.fsck().problems.empty());
            CHECK(world.count("SELECT COUNT(*) FROM trash WHERE state = 1") == 0);
        }
    }
}

TEST_CASE("leftovers of uploads that were cut off are collected when they are old") {
    World world;
    const auto repo = world.make("a");
    world.life.end_at(2, Life::Moment::Before); // after the object, before the row
    CHECK_FALSE(world.put_lfs(repo.row, {1, 2}).ok());
    world.restart();
    CHECK(world.keys().size() == 1);
    CHECK(world.fsck().orphans == 1);
    CHECK(world.mark(kGrace).is_empty());
    world.context.clock.advance(kGrace + hours(1));
    world.collect(kGrace);
    CHECK(world.keys().empty());
}

TEST_CASE("bytes are counted by repo, by owner and in all") {
    World world;
    const auto a = world.make("a");
    const auto b = world.make("b");
    value(world.put_lfs(a.row, {1, 2}));
    value(world.put_lfs(b.row, {1, 2}));
    value(world.put_lfs(b.row, {3}));
    value(world.commit("a", {large("x", {1, 2})}));
    value(world.commit("b", {large("x", {1, 2}), large("y", {3})}));
    value(world.commit("b", {removal("y")}));
    world.squash("b");
    const auto report = value(collect::measure(world.ctx(), world.places()));
    REQUIRE(report.repos.size() == 2);
    REQUIRE(report.owners.size() == 1);
    const std::uint64_t shared = ref_of({1, 2}).size;
    for (const auto& usage : report.repos) {
        INFO(usage.name);
        CHECK(usage.logical > shared);
        CHECK(usage.physical >= shared / 2);
        CHECK((usage.freeable > 0) == (usage.name == "models/alice/b"));
    }
    CHECK(report.server.freeable >= ref_of({3}).size);
    CHECK(report.server.logical == report.owners[0].logical);
    const auto before = report.server.physical;
    world.collect(hours(0));
    const auto collected = value(collect::measure(world.ctx(), world.places()));
    CHECK(collected.trash >= ref_of({3}).size);
    CHECK(collected.server.freeable == 0);
    value(collect::empty_trash(world.ctx(), world.places(), hours(0)));
    const auto after = value(collect::measure(world.ctx(), world.places()));
    CHECK(after.server.physical <= before - ref_of({3}).size);
    CHECK(after.trash == 0);
}

TEST_CASE("a job is done by one, and taken over from one that is gone") {
    World world;
    int ran = 0;
    bool fails = false;
    const std::vector<app::Job> jobs = {
        {"count",
         hours(24),
         app::Job::First::AtOnce,
         [&](const util::Context&) {
             ++ran;
             return fails ? util::Result<util::Json>(util::fail(util::Code::Io, "no"))
                          : util::Result<util::Json>(util::Json(ran));
         }},
        {"never", hours(0), app::Job::First::AtOnce, [&](const util::Context&) {
             ran += 1000;
             return util::Result<util::Json>(util::Json());
         }}};
    const auto run = [&](const std::string& holder) {
        return value(
            app::run_due_jobs(world.ctx(), *world.deps, jobs, {holder, std::chrono::minutes(5)})
        );
    };
    CHECK(run("a") == 1);
    CHECK(run("a") == 0);
    CHECK(run("b") == 0);
    world.context.clock.advance(hours(24));
    fails = true;
    CHECK(run("b") == 1); // failed, and tried again after its interval
    CHECK(run("a") == 0);
    CHECK(ran == 2);
    fails = false;
    world.context.clock.advance(hours(24));
    {
        auto tx = value(world.database->begin_write(world.ctx()));
        const std::int64_t until =
            util::to_millis(world.ctx().clock.now()) + std::int64_t{5} * 60 * 1000;
        auto hold = value(tx->prepare("UPDATE job SET holder = 'killed', lease_ms = ?"));
        value(hold.bind(until).run());
        value(tx->commit());
    }
    CHECK(run("a") == 0);
    world.context.clock.advance(std::chrono::minutes(6));
    CHECK(run("a") == 1);
    CHECK(ran == 3);
}

TEST_CASE("the hub's own jobs collect, empty and sweep") {
    World world;
    const auto repo = world.make("a");
    value(world.put_lfs(repo.row, {1, 2}));
    app::JobSettings settings;
    const auto jobs = app::background_jobs(*world.deps, settings);
    const auto run = [&] {
        return value(app::run_due_jobs(world.ctx(), *world.deps, jobs, {"me", hours(1)}));
    };
    CHECK(run() == 2); // the collector waits for its time
    for (int day = 0; day < 4; ++day) {
        world.context.clock.advance(hours(24));
        CHECK(run() == 3);
    }
    CHECK(world.keys().empty());
    CHECK(world.count("SELECT COUNT(*) FROM trash WHERE state = 2") > 0);
    world.context.clock.advance(hours(24 * 8));
    run();
    world.context.clock.advance(hours(2));
    run();
    CHECK(world.count("SELECT COUNT(*) FROM trash") == 0);
}

TEST_CASE("an interrupted check goes on where it was") {
    World world;
    for (int i = 0; i < 4; ++i) {
        const auto repo = world.make("r" + std::to_string(i));
        const ChunkList file = {i, i + 1};
        value(world.put_lfs(repo.row, file));
        value(world.commit("r" + std::to_string(i), {large("x", file)}));
    }
    app::FsckOptions options;
    options.save_every = std::chrono::milliseconds(0);
    const auto whole = world.fsck(options);
    CHECK(whole.repos == 4);
    CHECK(whole.problems.empty());
    CHECK_FALSE(whole.is_continued);
    for (std::uint64_t step = 1; step < 30; ++step) {
        world.life.end_at(step, Life::Moment::After);
        const auto cut = app::fsck(world.ctx(), *world.deps, options);
        const bool is_done = !world.life.is_over();
        world.restart();
        const auto rest = world.fsck(options);
        CHECK(rest.repos == 4);
        CHECK(rest.blobs == 4);
        CHECK(rest.recipes == 4);
        CHECK(rest.problems.empty());
        if (is_done) {
            break;
        }
        CHECK_FALSE(cut.ok());
    }
    CHECK(world.count("SELECT COUNT(*) FROM fsck_run") == 0);
}

TEST_CASE("a check finds what is wrong with recipes and segments") {
    World world;
    const auto repo = world.make("a");
    const auto xorb = value(world.put_xorb({1, 2, 3}, xet::Scheme::Lz4));
    value(world.put_shard(repo.row, {{xorb, 0, 2}}));
    value(world.commit("a", {large("x", {1, 2})}));
    const auto finds = [&](const std::string& damage) {
        {
            auto tx = value(world.database->begin_write(world.ctx()));
            auto change = value(tx->prepare(damage));
            CHECK(value(change.run()) > 0);
            value(tx->commit());
        }
        world.restart();
        INFO(damage);
        CHECK_FALSE(world.fsck().problems.empty());
    };
    CHECK(world.fsck().problems.empty());
    SECTION("size") {
        finds("UPDATE cas_file SET size = size + 1");
    }
    SECTION("hash") {
        finds("UPDATE cas_file SET hash = zeroblob(32)");
    }
    SECTION("terms") {
        finds("UPDATE cas_file SET terms = zeroblob(20)");
    }
    SECTION("odd terms") {
        finds("UPDATE cas_file SET terms = zeroblob(21)");
    }
    SECTION("uses") {
        finds("DELETE FROM cas_file_segment");
    }
    SECTION("chunk list") {
        finds("UPDATE cas_segment SET chunks = zeroblob(40)");
    }
    SECTION("segment hash") {
        finds("UPDATE cas_segment SET hash = zeroblob(32)");
    }
    SECTION("stored") {
        finds("UPDATE cas_segment SET stored = stored + 1");
    }
    SECTION("object") {
        value(world.real_store->remove(world.ctx(), storage::xorb_key(xorb.hash)));
        CHECK_FALSE(world.fsck().problems.empty());
    }
}

} // namespace railhub::tests
