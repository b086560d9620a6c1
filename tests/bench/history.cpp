// SPDX-License-Identifier: Apache-2.0
// What history costs without HTTP: commits of 100 small files, pages of a tree of 100,000 entries,
// a push and clones of 10,000 objects. One JSON line each.
//   history FOLDER
#include "core/db/sqlite.h"
#include "core/repo/pack_send.h"
#include "core/repo/push.h"
#include "core/storage/local_store.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <sys/resource.h>

namespace railhub::repo {

namespace {

using Clock = std::chrono::steady_clock;

template <class T>
T must(util::Result<T> result) {
    if (!result.ok()) {
        std::fprintf(stderr, "%s\n", util::to_line(result.error()).c_str());
        std::exit(1);
    }
    return std::move(result).value();
}

void must(const util::Result<>& result) {
    if (!result.ok()) {
        std::fprintf(stderr, "%s\n", util::to_line(result.error()).c_str());
        std::exit(1);
    }
}

void report(const char* what, std::vector<double> millis) {
    std::sort(millis.begin(), millis.end());
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "{\"what\": \"%s\", \"p50_ms\": %.2f, \"p90_ms\": %.2f, \"peak_rss_mb\": %ld}\n",
        what,
        millis[millis.size() / 2],
        millis[millis.size() * 9 / 10],
        usage.ru_maxrss / 1024
    );
    std::fflush(stdout);
}

class CountingWriter final : public util::Writer {
  public:
    util::Result<> write(util::ByteView bytes) override {
        count += bytes.size();
        return {};
    }

    std::uint64_t count = 0;
};

class World {
  public:
    explicit World(const std::string& folder)
        : fs_(util::make_posix_fs()),
          objects_(must(storage::open_local_store(ctx_, *fs_, folder + "/objects"))),
          blobs_(*objects_), database_(must(db::open_sqlite(ctx_, folder + "/hub.db"))) {
        util::SystemRandom random;
        auto tx = must(database_->begin_write(ctx_));
        NewRepo wanted;
        wanted.id = must(types::RepoId::parse(types::RepoKind::Model, "bench/history"));
        wanted.creator = "bench";
        row_ = must(create_repo(*tx, random, 1, wanted)).row;
        must(tx->commit());
    }

    static PutFile file(const std::string& path, std::string bytes) {
        return {must(types::RepoPath::parse(path)), std::move(bytes), EntryKind::File};
    }

    types::Oid commit(const std::string& branch, std::vector<FileOperation> operations) {
        const std::string name = "refs/heads/" + branch;
        auto tx = must(database_->begin_write(ctx_));
        const RepoRecord record = must(find_repo_row(*tx, row_)).value();
        auto stage = must(Stage::open(ctx_, *tx, blobs_, record));
        const auto ref = must(stage->repository().ref(name));
        CommitRequest request;
        PushRequest push;
        push.changes.push_back({name, std::nullopt, std::nullopt});
        if (ref) {
            request.parents.push_back(ref->target);
            push.changes[0].from = ref->target;
        }
        request.operations = std::move(operations);
        request.author = request.committer = {"B", "b@example.org", 1'700'000'000 + commits_++, 0};
        request.message = "bench";
        const auto made = must(build_commit(ctx_, *stage, request));
        push.changes[0].to = made;
        must(apply_push(ctx_, *tx, blobs_, record, *stage, push));
        stage.reset();
        must(tx->commit());
        return made;
    }

    void read(const std::function<void(Repository&)>& use) {
        auto tx = must(database_->begin_read(ctx_));
        const RepoRecord record = must(find_repo_row(*tx, row_)).value();
        const auto repository = must(Repository::open(ctx_, *tx, blobs_, record));
        use(*repository);
    }

    std::uint64_t clone(const types::Oid& tip) {
        CountingWriter writer;
        read([&](Repository& repository) {
            PackRequest request;
            request.wants = {tip};
            must(write_pack(ctx_, repository, *objects_, request, writer));
        });
        return writer.count;
    }

  private:
    util::NullLog log_;
    util::NullProgress progress_;
    util::SystemClock clock_;
    util::Context ctx_{log_, progress_, clock_};
    std::unique_ptr<util::Fs> fs_;
    std::unique_ptr<storage::ObjectStore> objects_;
    storage::Blobs blobs_;
    std::unique_ptr<db::Database> database_;
    std::int64_t row_ = 0;
    int commits_ = 0;
};

double time_ms(const std::function<void()>& work) {
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::string random_text(std::mt19937& random, std::size_t size) {
    std::string text;
    while (text.size() < size) {
        text += "line " + std::to_string(random()) + "\n";
    }
    return text;
}

void bench_commits(World& world) {
    std::mt19937 random(1);
    std::vector<double> millis;
    for (int round = 0; round < 100; ++round) {
        std::vector<FileOperation> operations;
        for (int i = 0; i < 100; ++i) {
            const std::string name =
                "d" + std::to_string(round) + "/f" + std::to_string(i) + ".txt";
            operations.push_back(World::file(name, random_text(random, 1000)));
        }
        millis.push_back(time_ms([&] { world.commit("main", std::move(operations)); }));
    }
    report("commit of 100 files of 1 kB", millis);
}

void bench_clone(World& world) {
    types::Oid tip;
    world.read([&](Repository& repository) { tip = must(repository.resolve("main")).commit; });
    std::uint64_t bytes = 0;
    report("first clone of 10,300 objects", {time_ms([&] { bytes = world.clone(tip); })});
    std::vector<double> millis;
    for (int round = 0; round < 20; ++round) {
        millis.push_back(time_ms([&] { world.clone(tip); }));
    }
    report("cached clone of 10,300 objects", millis);
    std::printf(
        "{\"what\": \"clone pack\", \"bytes\": %llu}\n", static_cast<unsigned long long>(bytes)
    );
}

void bench_large_tree(World& world) {
    std::vector<FileOperation> operations;
    for (int i = 0; i < 100'000; ++i) {
        operations.push_back(World::file("flat/" + std::to_string(100'000 + i), std::to_string(i)));
    }
    report("commit of 100,000 files", {time_ms([&] {
               world.commit("flat", std::move(operations));
           })});
    types::Oid tip;
    std::vector<double> commits;
    for (int round = 0; round < 10; ++round) {
        std::vector<FileOperation> one;
        one.push_back(World::file("flat/x" + std::to_string(round), "x"));
        commits.push_back(time_ms([&] { tip = world.commit("flat", std::move(one)); }));
    }
    report("commit of 1 file into a folder of 100,000", commits);
    for (const auto last : {ListOptions::LastCommits::Omit, ListOptions::LastCommits::Include}) {
        std::vector<double> pages;
        for (int round = 0; round < 50; ++round) {
            ListOptions options;
            options.last_commits = last;
            options.after = "flat/" + std::to_string(100'000 + round * 1'900);
            pages.push_back(time_ms([&] {
                world.read([&](Repository& repository) {
                    must(repository.list(tip, "flat", options));
                });
            }));
        }
        const bool has_last = last == ListOptions::LastCommits::Include;
        report(has_last ? "page of 1,000 with last commits" : "page of 1,000 of 100,000", pages);
    }
}

} // namespace

} // namespace railhub::repo

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: bench_history FOLDER\n");
        return 2;
    }
    railhub::repo::World world(argv[1]);
    railhub::repo::bench_commits(world);
    railhub::repo::bench_clone(world);
    railhub::repo::bench_large_tree(world);
    return 0;
}
