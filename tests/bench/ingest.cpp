// SPDX-License-Identifier: Apache-2.0
// How near blob ingest comes to what hash and disk allow: 1 GiB from memory through each engine,
// against one-core SHA-256 and direct writes with fsync, interleaved in one run. One JSON line
// each.
//   ingest FOLDER [MIB] [ROUNDS]
#include "core/storage/blobs.h"
#include "core/storage/block_pool.h"
#include "core/storage/local_store.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <functional>
#include <map>
#include <random>
#include <unistd.h>

namespace railhub::storage {

namespace {

struct World {
    util::NullLog log;
    util::NullProgress progress;
    util::SystemClock clock;
    util::Context ctx{log, progress, clock};
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    std::string folder;
    util::Bytes body;
};

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

void hash_only(World& world) {
    static_cast<void>(util::sha256(world.body));
}

// What dd oflag=direct conv=fsync bs=1M does, without its reading side.
void direct_write(World& world) {
    const std::string path = world.folder + "/direct";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_DIRECT | O_CLOEXEC, 0600);
    static_cast<void>(::fallocate(fd, 0, 0, static_cast<off_t>(world.body.size())));
    BlockPool pool(1, 1);
    const Block block = pool.take();
    for (std::size_t at = 0; at < world.body.size(); at += kBlockBytes) {
        std::copy_n(world.body.begin() + static_cast<std::ptrdiff_t>(at), kBlockBytes, block.get());
        if (::pwrite(fd, block.get(), kBlockBytes, static_cast<off_t>(at)) < 0) {
            std::perror("pwrite");
            std::exit(1);
        }
    }
    ::fsync(fd);
    ::close(fd);
    ::unlink(path.c_str());
}

void ingest(World& world, BulkEngine engine, ChunkList chunks = ChunkList::Skip) {
    const auto store =
        must(open_local_store(world.ctx, *world.fs, world.folder + "/store", {.engine = engine}));
    Blobs blobs(*store);
    types::BlobRef stored;
    {
        const auto writer = must(blobs.begin(world.ctx, world.body.size(), chunks));
        must(writer->write(world.body));
        stored = must(writer->commit(std::nullopt));
        static_cast<void>(writer->take_chunks());
    }
    must(blobs.remove(world.ctx, stored.sha256));
}

struct Row {
    const char* name;
    std::function<void(World&)> run;
};

const Row kRows[] = {
    {"sha256", hash_only},
    {"direct-write", direct_write},
    {"ingest-uring", [](World& world) { ingest(world, BulkEngine::Uring); }},
    {"ingest-chunks", [](World& world) { ingest(world, BulkEngine::Auto, ChunkList::Make); }},
    {"ingest-thread", [](World& world) { ingest(world, BulkEngine::Thread); }},
    {"ingest-plain", [](World& world) { ingest(world, BulkEngine::Plain); }},
};

// Of all threads.
double cpu_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double seconds_of(const Row& row, World& world) {
    const auto start = std::chrono::steady_clock::now();
    row.run(world);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

int run(World& world, int rounds) {
    std::map<std::string, std::vector<double>> seconds;
    std::map<std::string, std::vector<double>> cpu;
    for (int round = 0; round <= rounds; ++round) {
        for (const Row& row : kRows) {
            const double before = cpu_seconds();
            const double took = seconds_of(row, world);
            if (round > 0) { // the first one warms memory and disk up
                seconds[row.name].push_back(took);
                cpu[row.name].push_back(cpu_seconds() - before);
            }
        }
    }
    const double limit = std::max(median(seconds["sha256"]), median(seconds["direct-write"]));
    for (const Row& row : kRows) {
        const double took = median(seconds[row.name]);
        std::printf(
            "{\"name\": \"%s\", \"gb_per_s\": %.2f, \"of_slower_limit\": %.2f, "
            "\"cpu_s_per_gb\": %.2f}\n",
            row.name,
            static_cast<double>(world.body.size()) / took / 1e9,
            limit / took,
            median(cpu[row.name]) * 1e9 / static_cast<double>(world.body.size())
        );
    }
    return 0;
}

} // namespace

} // namespace railhub::storage

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: ingest FOLDER [MIB] [ROUNDS]\n");
        return 2;
    }
    railhub::storage::World world;
    world.folder = argv[1];
    const std::size_t mib = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1024;
    world.body.resize(mib << 20);
    std::mt19937_64 random(1);
    for (std::size_t at = 0; at < world.body.size(); at += 8) {
        const std::uint64_t word = random();
        std::copy_n(reinterpret_cast<const std::uint8_t*>(&word), 8, world.body.data() + at);
    }
    return railhub::storage::run(world, argc > 3 ? std::atoi(argv[3]) : 5);
}
