// SPDX-License-Identifier: Apache-2.0
// Two walks over one set of marks: from the refs, then from what is to stay although no ref reaches
// it.
#include "core/repo/reach.h"

#include "core/repo/detail/commit_graph.h"
#include "core/repo/detail/commit_text.h"
#include "core/repo/detail/tree.h"
#include "core/repo/refs.h"
#include "core/types/lfs_pointer.h"

#include <algorithm>
#include <array>

namespace railhub::repo {

namespace {

using detail::Object;
using detail::ObjectSource;
using detail::ObjectType;
using detail::OidSet;
using types::Oid;
using util::Code;

constexpr std::string_view kAskFsck = "see what `railhub admin fsck` says of this repository";
constexpr std::string_view kSelectChange =
    "SELECT generation, clean FROM repo_change WHERE repo = ?";
constexpr std::string_view kMoveChange =
    "INSERT INTO repo_change (repo, generation, clean) VALUES (?, 1, 0) "
    "ON CONFLICT (repo) DO UPDATE SET generation = repo_change.generation + 1";
constexpr std::string_view kNoteClean =
    "INSERT INTO repo_change (repo, generation, clean) VALUES (?, ?, ?) "
    "ON CONFLICT (repo) DO UPDATE SET clean = excluded.clean";
constexpr std::string_view kSelectStored =
    "SELECT oid, type, size, COALESCE(LENGTH(data), 0) FROM git_object WHERE repo = ?";
constexpr std::string_view kSelectDead = "SELECT oid, since_ms FROM dead_object WHERE repo = ?";
constexpr std::string_view kInsertDead =
    "INSERT INTO dead_object (repo, oid, since_ms) VALUES (?, ?, ?) "
    "ON CONFLICT (repo, oid) DO UPDATE SET since_ms = excluded.since_ms";
constexpr std::string_view kDeleteDead = "DELETE FROM dead_object WHERE repo = ? AND oid = ?";
constexpr std::string_view kSelectRepoLinks = "SELECT sha256, size FROM lfs_link WHERE repo = ?";

struct StoredObject {
    Oid oid;
    ObjectType type = ObjectType::Blob;
    std::uint64_t size = 0;
    std::uint64_t row_bytes = 0;
};

class ReachWalk {
  public:
    explicit ReachWalk(ObjectSource& source) : source_(source), graph_(source) {}

    util::Result<> load() {
        RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectStored));
        rows.bind(source_.repo());
        while (true) {
            RAILHUB_TRY(const bool more, rows.step());
            if (!more) {
                return {};
            }
            if (rows.blob(0).size() != Oid::kSize) {
                return util::fail(Code::Corrupt, "row of a git object is damaged");
            }
            stored_.push_back(
                {Oid::from(rows.blob(0)),
                 static_cast<ObjectType>(rows.integer(1)),
                 static_cast<std::uint64_t>(rows.integer(2)),
                 static_cast<std::uint64_t>(rows.integer(3))}
            );
        }
    }

    [[nodiscard]] const std::vector<StoredObject>& stored() const { return stored_; }

    [[nodiscard]] bool is_reached(const Oid& oid) const { return seen_.contains(oid); }

    util::Result<> walk_refs() {
        RAILHUB_TRY(const auto refs, list_refs(source_.tx(), source_.repo()));
        for (const StoredRef& stored : refs) {
            RAILHUB_TRY(walk(stored.ref.target));
        }
        return {};
    }

    util::Result<> walk(const Oid& root) {
        stack_.push_back(root);
        while (!stack_.empty()) {
            RAILHUB_TRY(source_.ctx().check_stop());
            const Oid oid = stack_.back();
            stack_.pop_back();
            if (seen_.insert(oid).second) {
                RAILHUB_TRY(follow(oid));
            }
        }
        return {};
    }

    // A file that is missing may have pointed to anything.
    util::Result<> check_whole() {
        const auto reached =
            std::count_if(stored_.begin(), stored_.end(), [this](const StoredObject& object) {
                return is_reached(object.oid);
            });
        return static_cast<std::size_t>(reached) == seen_.size()
                   ? util::Result<>()
                   : util::fail(Code::Corrupt, "objects are missing", std::string(kAskFsck));
    }

    // What the reached small blobs point to.
    util::Result<std::vector<util::Sha256>> pointed_to() {
        std::vector<util::Sha256> found;
        for (const StoredObject& object : stored_) {
            const bool may_point = object.type == ObjectType::Blob &&
                                   object.size < types::kMaxPointerSize && is_reached(object.oid);
            if (!may_point) {
                continue;
            }
            RAILHUB_TRY(source_.ctx().check_stop());
            RAILHUB_TRY(const Object blob, source_.read(object.oid, ObjectType::Blob));
            if (const auto pointer = types::parse_lfs_pointer(blob.text())) {
                found.push_back(pointer->sha256);
            }
        }
        std::sort(found.begin(), found.end());
        return found;
    }

  private:
    util::Result<> follow(const Oid& oid) {
        RAILHUB_TRY(const auto header, source_.header(oid));
        if (!header) {
            return util::fail(
                Code::Corrupt, "object '" + oid.hex() + "' is missing", std::string(kAskFsck)
            );
        }
        switch (header->type) {
        case ObjectType::Commit:
            return follow_commit(oid);
        case ObjectType::Tree:
            return follow_tree(oid);
        case ObjectType::Tag:
            return follow_tag(oid);
        case ObjectType::Blob:
            break;
        }
        return {};
    }

    util::Result<> follow_commit(const Oid& oid) {
        RAILHUB_TRY(const detail::CommitNode* const node, graph_.node(oid));
        stack_.push_back(node->tree);
        stack_.insert(stack_.end(), node->parents.begin(), node->parents.end());
        return {};
    }

    // Blobs refer to nothing, so that they need no look.
    util::Result<> follow_tree(const Oid& oid) {
        RAILHUB_TRY(const Object object, source_.read(oid, ObjectType::Tree));
        RAILHUB_TRY(const auto entries, detail::parse_tree(oid, object.bytes));
        for (const detail::TreeName& entry : entries) {
            if (entry.item.is_folder()) {
                stack_.push_back(entry.item.oid);
            } else if (entry.item.is_blob()) {
                seen_.insert(entry.item.oid);
            }
        }
        return {};
    }

    util::Result<> follow_tag(const Oid& oid) {
        RAILHUB_TRY(const Object object, source_.read(oid, ObjectType::Tag));
        RAILHUB_TRY(const detail::Tag tag, detail::parse_tag(oid, object.text()));
        stack_.push_back(tag.target);
        return {};
    }

    ObjectSource& source_;
    detail::CommitGraph graph_;
    std::vector<StoredObject> stored_;
    OidSet seen_;
    std::vector<Oid> stack_;
};

struct Change {
    std::int64_t generation = 0;
    std::int64_t clean = -1;
};

util::Result<Change> load_change(db::Transaction& tx, std::int64_t repo) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectChange));
    RAILHUB_TRY(const bool found, rows.bind(repo).step());
    return found ? Change{rows.integer(0), rows.integer(1)} : Change{};
}

using SinceMap = std::unordered_map<Oid, std::int64_t, detail::OidHash>;

util::Result<SinceMap> load_since(db::Transaction& tx, std::int64_t repo) {
    SinceMap since;
    RAILHUB_TRY(auto rows, tx.prepare(kSelectDead));
    rows.bind(repo);
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return since;
        }
        since.emplace(Oid::from(rows.blob(0)), rows.integer(1));
    }
}

// Fills in objects and links from what the walk did not reach.
util::Result<> collect_rest(ObjectSource& source, ReachWalk& walk, Unreachable& answer) {
    RAILHUB_TRY(walk.check_whole());
    for (const StoredObject& object : walk.stored()) {
        if (!walk.is_reached(object.oid)) {
            answer.objects.push_back(object.oid);
            answer.bytes += object.row_bytes;
        }
    }
    if (answer.objects.empty()) {
        return {}; // each link has a pointer that is stored
    }
    RAILHUB_TRY(const auto needed, walk.pointed_to());
    RAILHUB_TRY(auto rows, source.tx().prepare(kSelectRepoLinks));
    rows.bind(source.repo());
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return {};
        }
        const auto sha256 = util::Sha256::from(rows.blob(0));
        if (!std::binary_search(needed.begin(), needed.end(), sha256)) {
            answer.links.push_back({sha256, static_cast<std::uint64_t>(rows.integer(1))});
        }
    }
}

} // namespace

util::Result<std::int64_t> change_generation(db::Transaction& tx, std::int64_t repo) {
    RAILHUB_TRY(const Change change, load_change(tx, repo));
    return change.generation;
}

util::Result<> move_change_generation(db::Transaction& tx, std::int64_t repo) {
    RAILHUB_TRY(auto move, tx.prepare(kMoveChange));
    RAILHUB_TRY(move.bind(repo).run());
    return {};
}

util::Result<Unreachable> find_unreachable(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    std::int64_t repo,
    std::int64_t cutoff_ms,
    std::int64_t now_ms
) {
    Unreachable answer;
    RAILHUB_TRY(const Change change, load_change(tx, repo));
    answer.generation = change.generation;
    if (change.clean == change.generation) {
        answer.is_clean = true;
        return answer;
    }
    RAILHUB_TRY(const auto source, ObjectSource::open(ctx, tx, blobs, repo));
    ReachWalk walk(*source);
    RAILHUB_TRY(walk.load());
    RAILHUB_TRY(walk.walk_refs());
    RAILHUB_TRY(const SinceMap since, load_since(tx, repo));
    std::vector<Oid> young;
    for (const StoredObject& object : walk.stored()) {
        const auto known = since.find(object.oid);
        if (walk.is_reached(object.oid)) {
            if (known != since.end()) {
                answer.revived.push_back(object.oid);
            }
            continue;
        }
        if (known == since.end()) {
            answer.newly_dead.push_back(object.oid);
        }
        if ((known == since.end() ? now_ms : known->second) > cutoff_ms) {
            young.push_back(object.oid);
        }
    }
    for (const Oid& oid : young) {
        RAILHUB_TRY(walk.walk(oid));
    }
    RAILHUB_TRY(collect_rest(*source, walk, answer));
    answer.is_clean = answer.objects.empty() && young.empty();
    return answer;
}

util::Result<Unreachable> still_unreachable(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    std::int64_t repo,
    const std::vector<Oid>& candidates
) {
    Unreachable answer;
    RAILHUB_TRY(answer.generation, change_generation(tx, repo));
    RAILHUB_TRY(const auto source, ObjectSource::open(ctx, tx, blobs, repo));
    ReachWalk walk(*source);
    RAILHUB_TRY(walk.load());
    RAILHUB_TRY(walk.walk_refs());
    const OidSet may_go(candidates.begin(), candidates.end());
    for (const StoredObject& object : walk.stored()) {
        if (!may_go.contains(object.oid)) {
            RAILHUB_TRY(walk.walk(object.oid));
        }
    }
    RAILHUB_TRY(collect_rest(*source, walk, answer));
    return answer;
}

util::Result<> note_unreachable(
    db::Transaction& tx, std::int64_t repo, const Unreachable& seen, std::int64_t now_ms
) {
    RAILHUB_TRY(const Change change, load_change(tx, repo));
    if (change.generation != seen.generation) {
        return {};
    }
    if (seen.is_clean && change.clean != change.generation) {
        RAILHUB_TRY(auto clean, tx.prepare(kNoteClean));
        RAILHUB_TRY(clean.bind(repo, change.generation, change.generation).run());
    }
    RAILHUB_TRY(auto insert, tx.prepare(kInsertDead));
    for (const Oid& oid : seen.newly_dead) {
        RAILHUB_TRY(insert.bind(repo, oid.view(), now_ms).run());
    }
    RAILHUB_TRY(auto remove, tx.prepare(kDeleteDead));
    for (const Oid& oid : seen.revived) {
        RAILHUB_TRY(remove.bind(repo, oid.view()).run());
    }
    return {};
}

util::Result<>
trash_history(db::Transaction& tx, std::int64_t repo, std::int64_t trash, const Unreachable& what) {
    constexpr std::array<std::string_view, 2> kCopies = {
        "INSERT INTO trash_object (trash, oid, type, size, blob_sha256, data) "
        "SELECT ?, oid, type, size, blob_sha256, data FROM git_object WHERE repo = ? AND oid = ?",
        "INSERT INTO trash_commit (trash, oid, tree, seconds, generation, reachable, parents, "
        "title) SELECT ?, oid, tree, seconds, generation, reachable, parents, title "
        "FROM git_commit WHERE repo = ? AND oid = ?"};
    constexpr std::array<std::string_view, 3> kDeletes = {
        "DELETE FROM git_object WHERE repo = ? AND oid = ?",
        "DELETE FROM git_commit WHERE repo = ? AND oid = ?",
        kDeleteDead};
    for (const std::string_view sql : kCopies) {
        RAILHUB_TRY(auto copy, tx.prepare(sql));
        for (const Oid& oid : what.objects) {
            RAILHUB_TRY(copy.bind(trash, repo, oid.view()).run());
        }
    }
    for (const std::string_view sql : kDeletes) {
        RAILHUB_TRY(auto remove, tx.prepare(sql));
        for (const Oid& oid : what.objects) {
            RAILHUB_TRY(remove.bind(repo, oid.view()).run());
        }
    }
    RAILHUB_TRY(
        auto keep, tx.prepare("INSERT INTO trash_link (trash, sha256, size) VALUES (?, ?, ?)")
    );
    RAILHUB_TRY(auto unlink, tx.prepare("DELETE FROM lfs_link WHERE repo = ? AND sha256 = ?"));
    for (const types::BlobRef& link : what.links) {
        RAILHUB_TRY(keep.bind(trash, link.sha256.view(), link.size).run());
        RAILHUB_TRY(unlink.bind(repo, link.sha256.view()).run());
    }
    return move_change_generation(tx, repo);
}

util::Result<>
restore_history(db::Transaction& tx, std::int64_t repo, std::int64_t trash, std::int64_t now_ms) {
    constexpr std::array<std::string_view, 3> kCopies = {
        "INSERT INTO git_object (repo, oid, type, size, blob_sha256, data) "
        "SELECT ?, oid, type, size, blob_sha256, data FROM trash_object WHERE trash = ? "
        "ON CONFLICT (repo, oid) DO NOTHING",
        "INSERT INTO git_commit (repo, oid, tree, seconds, generation, reachable, parents, title) "
        "SELECT ?, oid, tree, seconds, generation, reachable, parents, title FROM trash_commit "
        "WHERE trash = ? ON CONFLICT (repo, oid) DO NOTHING",
        "INSERT INTO lfs_link (repo, sha256, size) SELECT ?, sha256, size FROM trash_link "
        "WHERE trash = ? ON CONFLICT (repo, sha256) DO NOTHING"};
    for (const std::string_view sql : kCopies) {
        RAILHUB_TRY(auto copy, tx.prepare(sql));
        RAILHUB_TRY(copy.bind(repo, trash).run());
    }
    RAILHUB_TRY(
        auto since,
        tx.prepare("INSERT INTO dead_object (repo, oid, since_ms) SELECT ?, oid, ? "
                   "FROM trash_object WHERE trash = ? "
                   "ON CONFLICT (repo, oid) DO UPDATE SET since_ms = excluded.since_ms")
    );
    RAILHUB_TRY(since.bind(repo, now_ms, trash).run());
    RAILHUB_TRY(drop_trashed_history(tx, trash));
    return move_change_generation(tx, repo);
}

util::Result<> drop_trashed_history(db::Transaction& tx, std::int64_t trash) {
    constexpr std::array<std::string_view, 3> kDrops = {
        "DELETE FROM trash_object WHERE trash = ?",
        "DELETE FROM trash_commit WHERE trash = ?",
        "DELETE FROM trash_link WHERE trash = ?"};
    for (const std::string_view sql : kDrops) {
        RAILHUB_TRY(auto drop, tx.prepare(sql));
        RAILHUB_TRY(drop.bind(trash).run());
    }
    return {};
}

} // namespace railhub::repo
