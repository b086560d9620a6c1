// SPDX-License-Identifier: Apache-2.0
// A storage engine over a store in memory or on disk, and the client's side of an upload: chunks
// packed into xorbs, xorbs sent, a shard that tells how the files are made of them.
#pragma once

#include "core/cas/engine.h"
#include "core/util/fs.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <memory>
#include <string>
#include <vector>

namespace railhub::tests {

util::Bytes random_bytes(std::uint64_t seed, std::size_t count);
// Four-byte numbers, which compress.
util::Bytes number_bytes(std::uint32_t seed, std::size_t count);
std::vector<xet::Leaf> leaves_of(util::ByteView bytes);

// What a client is about to send.
struct Packed {
    std::vector<xet::XorbBuilder::Built> xorbs;
    xet::Shard shard;

    [[nodiscard]] util::Bytes shard_bytes() const { return xet::write_shard(shard); }
};

struct PackOptions {
    xet::Scheme scheme = xet::Scheme::Lz4;
    std::size_t chunks_per_xorb = 1000;
};

// Chunks one after the other into xorbs; each file's shard entry with proof and claim.
Packed pack(const std::vector<util::Bytes>& files, const PackOptions& options = {});

enum class Place { Memory, Disk };

class CasWorld {
  public:
    explicit CasWorld(Place place = Place::Memory);

    // Sends a body, in pieces of that size.
    util::Result<cas::XorbIntake::Inserted>
    send(const xet::Hash& expected, util::ByteView body, std::size_t piece = 100'000);
    util::Result<cas::ShardOutcome> send_shard(util::ByteView shard);
    // All of it; fails the test when something is refused.
    cas::ShardOutcome upload(const Packed& packed);
    // As one loose blob, registered.
    cas::FileRecord put(util::ByteView bytes);

    // The whole blob through Blobs.
    util::Result<util::Bytes> read(const util::Sha256& sha256);
    static util::Result<util::Bytes> read_all(storage::ObjectReader& reader);

    std::unique_ptr<db::Transaction> tx() { return value(database->begin_read(ctx)); }

    cas::FileRecord file(const util::Sha256& sha256);
    std::int64_t count(const std::string& table);
    // Flips a byte of an object on disk.
    void damage(const std::string& key, std::size_t offset);
    // As after a restart.
    void reopen();

    TempDir folder;
    TestContext context;
    util::Context ctx = context.context();
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    std::unique_ptr<db::Database> database;
    std::unique_ptr<storage::ObjectStore> store;
    std::unique_ptr<storage::Blobs> blobs;
    std::unique_ptr<cas::Engine> engine;
    cas::Uploader uploader{7, 3};

  private:
    Place place_;
};

} // namespace railhub::tests
