// SPDX-License-Identifier: Apache-2.0
// A random life of a hub: uploads by all doors, commits, deletions, squashes, kills, collections
// with other work between mark and apply; with a memory of what was acknowledged.
#pragma once

#include "tests/unit/collect/collect_world.h"

#include <random>

namespace railhub::tests {

class CollectModel {
  public:
    explicit CollectModel(unsigned seed);

    // One random step; returns what it was.
    std::string step();
    // Nothing that is needed is lost: what refs reach, what was acknowledged within the grace.
    void check_kept();
    // Lets every grace pass, collects, and compares what is left with the closure.
    void check_exact();

    CollectWorld world;

  private:
    static constexpr std::chrono::hours kGrace{48};

    struct Upload {
        std::int64_t repo = 0;
        types::BlobRef blob;
        std::int64_t at_ms = 0;
    };

    // What a client remembers of an answer, usable for a day.
    struct Cached {
        KnownXorb xorb;
        std::int64_t at_ms = 0;
    };

    struct Known {
        std::string name;
        std::int64_t row = 0;
        std::map<std::string, types::Oid> refs; // as acknowledged
    };

    int pick(int below);

    bool chance(int percent) { return pick(100) < percent; }

    [[nodiscard]] std::int64_t now() { return util::to_millis(world.ctx().clock.now()); }

    Known* any_repo();
    std::string any_branch(const Known& repo);
    ChunkList new_chunks(int most);
    ChunkList any_file();
    std::string any_path();

    void make_repo();
    void remove_repo();
    void upload_loose();
    void upload_packed();
    void ask();
    void leave_orphans();
    void open_session();
    void commit_files();
    void change_refs();
    void squash();
    void mark();
    void apply();
    void collect_all();
    void undelete();
    void empty_trash();
    void wait();

    void note_upload(std::int64_t repo, const types::BlobRef& blob);
    // After a step that may have been killed: what is there is what counts.
    void read_refs(Known& repo);
    void read_repos();
    void after(Known& repo, const util::Result<>& done, const std::string& what);

    std::mt19937 random_;
    std::vector<Known> repos_;
    std::vector<ChunkList> files_;
    std::vector<Upload> uploads_;
    std::vector<Cached> cached_;
    std::vector<collect::Plan> plans_;
    int next_repo_ = 0;
};

} // namespace railhub::tests
