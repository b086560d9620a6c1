// SPDX-License-Identifier: Apache-2.0
// The storage engine without HTTP: ingest from memory, xorb verification, reconstruction, chunk
// queries; each beside its reference of the same run. One JSON line each.
//   engine FOLDER [MIB] [ROUNDS]
#include "core/cas/engine.h"

#include "core/db/sqlite.h"
#include "core/storage/local_store.h"
#include "core/xet/chunk_lister.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <random>

namespace railhub {

namespace {

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

util::Bytes random_body(std::uint64_t seed, std::size_t size) {
    util::Bytes body(size);
    std::mt19937_64 random(seed);
    for (std::size_t at = 0; at + 8 <= size; at += 8) {
        const std::uint64_t word = random();
        std::memcpy(body.data() + at, &word, 8);
    }
    return body;
}

// Numbers as in weights: they compress a little.
util::Bytes weights_body(std::size_t size) {
    util::Bytes body = random_body(7, size);
    for (std::size_t at = 0; at + 4 <= size; at += 4) {
        body[at + 3] = 0x3F;
        body[at + 2] = static_cast<std::uint8_t>(body[at + 2] & 0x1F);
    }
    return body;
}

struct World {
    explicit World(std::string where) : folder(std::move(where)) {
        must(fs->make_dirs(folder));
        database = must(db::open_sqlite(ctx, folder + "/bench.db"));
        store = must(storage::open_local_store(ctx, *fs, folder + "/store"));
        blobs = std::make_unique<storage::Blobs>(*store);
        engine = must(cas::Engine::open(ctx, *database, *blobs));
    }

    std::string folder;
    util::NullLog log;
    util::NullProgress progress;
    util::SystemClock clock;
    util::Context ctx{log, progress, clock};
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    std::unique_ptr<db::Database> database;
    std::unique_ptr<storage::ObjectStore> store;
    std::unique_ptr<storage::Blobs> blobs;
    std::unique_ptr<cas::Engine> engine;
};

double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

double cpu_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Medians of actions that take turns, so that other load on the machine meets all of them.
std::vector<double>
side_by_side(int rounds, double (*now)(), const std::vector<std::function<void(int)>>& actions) {
    std::vector<std::vector<double>> times(actions.size());
    for (int round = 0; round <= rounds; ++round) {
        for (std::size_t i = 0; i < actions.size(); ++i) {
            const double start = now();
            actions[i](round);
            if (round > 0) { // the first one warms memory and disk up
                times[i].push_back(now() - start);
            }
        }
    }
    std::vector<double> medians;
    for (auto& one : times) {
        std::sort(one.begin(), one.end());
        medians.push_back(one[one.size() / 2]);
    }
    return medians;
}

void report(
    const char* name,
    double value,
    const char* unit,
    const std::string& reference,
    double ratio,
    const char* aim
) {
    std::printf(
        "{\"name\": \"%s\", \"value\": %.4f, \"unit\": \"%s\", \"reference\": \"%s\", "
        "\"ratio\": %.3f, \"aim\": \"%s\"}\n",
        name,
        value,
        unit,
        reference.c_str(),
        ratio,
        aim
    );
    std::fflush(stdout);
}

std::string in_gb(const char* what, double rate) {
    char text[100];
    std::snprintf(text, sizeof text, "%s (%.2f GB/s)", what, rate / 1e9);
    return text;
}

// A new first byte in each round, so that nothing of it is here yet but the rest of its chunks: the
// blobs are removed in between, and no row knows them.
void bench_ingest(World& world, std::size_t bytes, int rounds) {
    util::Bytes body = random_body(1, bytes);
    const auto take = [&](storage::ChunkList chunks, int round) {
        body[0] = static_cast<std::uint8_t>(round);
        auto writer = must(world.blobs->begin(world.ctx, body.size(), chunks));
        must(writer->write(body));
        const auto blob = must(writer->commit(std::nullopt));
        must(world.blobs->remove(world.ctx, blob.sha256));
    };
    const auto seconds = side_by_side(
        rounds,
        wall_seconds,
        {[&](int) { static_cast<void>(util::sha256(body)); },
         [&](int round) { take(storage::ChunkList::Skip, round); },
         [&](int round) { take(storage::ChunkList::Make, round + 100); }}
    );
    const double size = static_cast<double>(bytes);
    const auto sha256 = in_gb("one-core SHA-256", size / seconds[0]);
    report(
        "ingest, no chunks", size / seconds[1] / 1e9, "GB/s", sha256, seconds[0] / seconds[1], ""
    );
    report(
        "ingest with chunks, synced",
        size / seconds[2] / 1e9,
        "GB/s",
        sha256,
        seconds[0] / seconds[2],
        ">= 0.8"
    );
}

xet::XorbBuilder::Built build_xorb(util::ByteView bytes, xet::Scheme scheme) {
    xet::XorbBuilder builder;
    for (const std::uint32_t size : xet::chunk_sizes(bytes)) {
        if (!builder.fits(size)) {
            break;
        }
        builder.add(bytes.first(size), xet::chunk_hash(bytes.first(size)), scheme);
        bytes = bytes.subspan(size);
    }
    return builder.take();
}

// CPU of one thread: the aim is per core.
void bench_verification(int rounds) {
    const util::Bytes body = weights_body(std::size_t{48} << 20);
    const double size = static_cast<double>(body.size());
    const auto hash_all = [&](int) {
        for (util::ByteView rest(body); !rest.empty();) {
            const std::size_t count = std::min(rest.size(), xet::kTargetChunk);
            static_cast<void>(xet::chunk_hash(rest.first(count)));
            rest = rest.subspan(count);
        }
    };
    for (const xet::Scheme scheme : {xet::Scheme::None, xet::Scheme::Lz4, xet::Scheme::Grouped}) {
        const auto xorb = build_xorb(body, scheme);
        const auto decode_all = [&](int) {
            xet::ChunkDecoder decoder;
            util::Bytes chunk;
            for (util::ByteView rest(xorb.body); !rest.empty();) {
                rest = rest.subspan(must(xet::decode_record(decoder, rest, chunk)));
            }
        };
        const auto seconds =
            side_by_side(rounds, cpu_seconds, {hash_all, decode_all, [&](int) {
                                                   must(xet::verify_xorb(xorb.body));
                                               }});
        const double slower = std::max(seconds[0], seconds[1]);
        const char* const names[] = {
            "verify xorb, plain", "verify xorb, LZ4", "verify xorb, grouped LZ4"};
        report(
            names[static_cast<std::size_t>(scheme)],
            size / seconds[2] / 1e9,
            "GB/s",
            in_gb(seconds[0] > seconds[1] ? "BLAKE3" : "decoding", size / slower),
            slower / seconds[2],
            ">= 1 GB/s or 0.6"
        );
    }
}

// A file of 10 GB: random hashes stand for its chunks, and its bytes are a hole in the disk.
cas::FileRecord make_large_file(World& world, std::uint64_t bytes) {
    std::mt19937_64 random(11);
    std::vector<xet::Leaf> chunks;
    for (std::uint64_t at = 0; at < bytes; at += chunks.back().size) {
        xet::Leaf leaf;
        leaf.size = std::min<std::uint64_t>(bytes - at, 32'768 + random() % 65'536);
        for (auto& byte : leaf.hash.bytes) {
            byte = static_cast<std::uint8_t>(random());
        }
        chunks.push_back(leaf);
    }
    types::BlobRef blob{util::sha256(util::as_bytes("large")), bytes};
    const std::string sparse = world.folder + "/sparse";
    must(must(world.fs->open(sparse, util::OpenMode::ReadWriteCreate))->truncate(bytes));
    const std::string hex = blob.sha256.hex();
    must(world.store->adopt(world.ctx, sparse, "blobs/" + hex.substr(0, 2) + "/" + hex));
    return must(world.engine->register_blob(world.ctx, blob, chunks, std::nullopt));
}

double median_micros(int times, double (*now)(), const std::function<void(int)>& action) {
    std::vector<double> micros;
    for (int i = 0; i < times; ++i) {
        const double start = now();
        action(i);
        micros.push_back((now() - start) * 1e6);
    }
    std::sort(micros.begin(), micros.end());
    return micros[micros.size() / 2];
}

void bench_lookups(World& world) {
    constexpr std::uint64_t kLarge = 10'000'000'000;
    const auto file = make_large_file(world, kLarge);
    const auto reconstruct = [&](const std::optional<cas::Span>& range) {
        auto tx = must(world.database->begin_read(world.ctx));
        must(world.engine->reconstruct(world.ctx, *tx, file, range));
    };
    const double whole = median_micros(200, wall_seconds, [&](int) { reconstruct(std::nullopt); });
    std::mt19937_64 random(12);
    const double part = median_micros(500, wall_seconds, [&](int) {
        const std::uint64_t begin = random() % kLarge;
        reconstruct(cas::Span{begin, begin + 256'000'000});
    });
    report("reconstruct 10 GB, p50", whole / 1000, "ms", "", 0, "<= 1 ms");
    report("reconstruct 256 MB of it, p50", part / 1000, "ms", "", 0, "<= 1 ms");
    xet::Hash unknown;
    const auto ask = [&](int i) {
        unknown.bytes[0] = static_cast<std::uint8_t>(i);
        unknown.bytes[5] = static_cast<std::uint8_t>(i >> 8);
        const auto nothing = must(world.engine->dedup_answer(world.ctx, unknown, {}, {}));
        if (nothing) {
            std::exit(1);
        }
    };
    report(
        "chunk query, miss", median_micros(10'000, cpu_seconds, ask), "us CPU", "", 0, "<= 50 us"
    );
}

} // namespace

} // namespace railhub

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: engine FOLDER [MIB] [ROUNDS]\n");
        return 2;
    }
    const std::size_t mib = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1024;
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
    railhub::World world(argv[1]);
    railhub::bench_ingest(world, mib << 20, rounds);
    railhub::bench_verification(rounds);
    railhub::bench_lookups(world);
    return 0;
}
