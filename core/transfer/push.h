// SPDX-License-Identifier: Apache-2.0
// Push: a local file or folder -> one commit. First a plan (asks the hub what it has, sends no
// content), then the doing.
#pragma once

#include "core/transfer/cas_client.h"
#include "core/transfer/hub_client.h"
#include "core/transfer/push_memo.h"
#include "core/util/fs.h"

namespace railhub::transfer {

// How large files travel.
enum class PushWay : std::uint8_t {
    Best, // through Xet where the hub offers it
    Lfs,
};

// When the branch moved between plan and commit.
enum class OnMove : std::uint8_t { PlanAgain, Refuse };

struct PushRequest {
    types::RepoId id = {};
    std::string branch = "main";
    std::string source = {};               // file or folder
    std::string path_in_repo = {};         // folder in the repo, or new name of a single file
    std::vector<std::string> include = {}; // globs over paths below `source`
    std::vector<std::string> exclude = {};
    std::vector<std::string> remove = {}; // globs over paths in the repo that are not pushed
    std::string title = {};
    std::string description = {};
    std::string parent = {}; // commit the branch must be at; empty: where it is found
    std::size_t connections = 4;
    PushWay way = PushWay::Best;
    OnMove on_move = OnMove::PlanAgain;
};

enum class PushState : std::uint8_t {
    Ignored,   // by .gitignore of the repo
    Unchanged, // the branch has the same bytes there
    Known,     // a large file whose bytes the hub has
    Inline,    // small: travels in the commit
    Sent,      // large: uploaded first
};

// "upload" for Sent, "commit" for Inline: as plans and reports call it.
std::string_view push_state_word(PushState state);

struct PushItem {
    std::string local;
    std::string path; // in the repo
    FileStamp stamp;
    PushState state = PushState::Inline;
    std::optional<types::BlobRef> blob = {}; // of large files
    ChunkList chunks = {};                   // of large files, when they go through Xet
    std::string git_oid = {};                // of small files, in a plan that was read
};

struct PushPlan {
    std::string tip; // commit of the branch when planned
    std::vector<PushItem> items;
    std::vector<std::string> deletions;
    std::shared_ptr<CasClient> cas; // null: large files go through LFS

    [[nodiscard]] std::uint64_t total_bytes() const;
    // Contents that must travel, each once.
    [[nodiscard]] std::uint64_t send_bytes() const;
    [[nodiscard]] std::size_t count(PushState state) const;
    // What the hub has as a whole.
    [[nodiscard]] std::uint64_t known_bytes() const;
    // Nothing would change.
    [[nodiscard]] bool is_empty() const;
};

// What became of the bytes of large files.
struct TransferTotals {
    std::uint64_t new_bytes = 0;   // sent, counted as they are in the files
    std::uint64_t known_bytes = 0; // the hub had them in other files or versions
    std::uint64_t sent_bytes = 0;  // that travelled, compressed or not
};

struct PushResult {
    std::string commit; // new, or the tip when nothing changed
    std::string url;
    std::string notes;
    util::Json refusal; // report of the license gate; null unless it refused
    PushPlan plan;      // the one that was carried out
    TransferTotals totals;
};

// Safe tools shared by plan and run; borrowed.
struct PushTools {
    const HubClient& hub;
    util::Fs& fs;
    PushMemo& memo;
    util::Random& random;
};

util::Result<PushPlan>
plan_push(const util::Context& ctx, const PushTools& tools, const PushRequest& request);

// Uploads and commits. When the branch moved meanwhile it waits a moment and plans again, many
// times, unless request.parent is set or says OnMove::Refuse (Conflict). After a lost answer to the
// commit it looks whether the commit took effect.
util::Result<PushResult> run_push(
    const util::Context& ctx, const PushTools& tools, const PushRequest& request, PushPlan plan
);

} // namespace railhub::transfer
