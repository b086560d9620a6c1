// SPDX-License-Identifier: Apache-2.0
// A hub over a store in memory, a temporary database and a clock that stands, with every door that
// content comes in by, and the questions that a test of the collector asks.
#pragma once

#include "core/app/large_files.h"
#include "core/app/locate.h"
#include "core/app/maintain.h"
#include "core/app/publish.h"
#include "core/app/refs.h"
#include "core/app/repos.h"
#include "core/collect/apply.h"
#include "core/collect/mark.h"
#include "core/collect/trash.h"
#include "core/xet/shard.h"
#include "tests/support/fault_fs.h"
#include "tests/support/fixed_random.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"
#include "tests/unit/collect/crashing.h"

#include <map>
#include <set>

namespace railhub::tests {

// Small chunks, so that files share some of them.
util::Bytes chunk_bytes(int number);
using ChunkList = std::vector<int>;
util::Bytes file_bytes(const ChunkList& chunks);
types::BlobRef ref_of(const ChunkList& chunks);
std::vector<xet::Leaf> leaves_of(const ChunkList& chunks);

// A chunk of a dedup answer that is not told.
inline constexpr int kHidden = -1;

// A xorb that a client knows of: because he sent it, or from a dedup answer.
struct KnownXorb {
    xet::Hash hash;
    ChunkList chunks;
};

class CollectWorld {
  public:
    CollectWorld();

    util::Context ctx() { return context.context(); }

    // A new engine over what is there, as after a kill.
    void restart();

    // --- doors; each is acknowledged when it is ok
    util::Result<> put_lfs(std::int64_t repo, const ChunkList& file);
    util::Result<> put_parts(std::int64_t repo, const ChunkList& file);
    util::Result<KnownXorb> put_xorb(const ChunkList& chunks, xet::Scheme scheme);

    // The terms: whole xorbs, one after the other, cut to [first, end) chunks.
    struct Piece {
        KnownXorb xorb;
        std::size_t first = 0;
        std::size_t end = 0;
    };

    util::Result<> put_shard(std::int64_t repo, const std::vector<Piece>& pieces);
    static ChunkList chunks_of(const std::vector<Piece>& pieces);
    // Xorbs of the answer with their chunks, in order; empty when there is none.
    util::Result<std::vector<KnownXorb>> ask(int chunk);

    // --- repos
    repo::RepoRecord make(const std::string& name);
    util::Result<app::CommitAnswer> commit(
        const std::string& name,
        std::vector<app::CommitOperation> operations,
        const std::string& revision = "main"
    );
    std::vector<repo::RepoRecord> repos();
    types::RepoId id_of(const std::string& name) const;
    std::string record_tip(const std::string& name); // of main

    // --- the collector
    collect::Places places();
    collect::Plan mark(std::chrono::milliseconds grace);

    // --- questions, asked of the real store and database
    struct History {
        std::set<types::Oid> objects;
        std::set<util::Sha256> files; // large files in any tree
        std::set<util::Sha256> blobs; // git objects kept as blobs
    };

    // Everything that the refs of a repo reach, by the public reading interface alone.
    History history_of(const repo::RepoRecord& record);
    // Every stored commit has its parents, trees and files, reachable or not.
    void check_complete(const repo::RepoRecord& record);
    std::set<std::string> keys(); // of the store, without the trash
    std::int64_t count(const std::string& sql);
    std::vector<std::string> column(const std::string& sql);
    // Reads the content and compares; empty, or what is wrong.
    std::string problem_with(const util::Sha256& sha256);

    TestContext context;
    FaultFs disk; // of uploads in parts
    Life life;
    std::unique_ptr<db::Database> real_database;
    std::unique_ptr<storage::ObjectStore> real_store;
    std::unique_ptr<db::Database> database;
    std::unique_ptr<storage::ObjectStore> store;
    std::unique_ptr<storage::Blobs> blobs;
    std::unique_ptr<cas::Engine> engine;
    std::unique_ptr<storage::Uploads> uploads;
    FixedRandom random;
    TempDir folder;
    std::unique_ptr<app::Deps> deps;
    access::Identity alice;
};

} // namespace railhub::tests
