// SPDX-License-Identifier: Apache-2.0
// The push transaction, step by step: expected values, objects, refs, path index, facts about the
// default branch, audit.
#include "core/repo/push.h"

#include "core/repo/detail/staged_walk.h"
#include "core/repo/path_index.h"
#include "core/repo/reach.h"
#include "core/repo/refs.h"
#include "core/types/lfs_pointer.h"

#include <algorithm>

namespace railhub::repo {

namespace {

using detail::CommitGraph;
using detail::ObjectSource;
using detail::ObjectType;
using detail::StagedObject;
using types::Oid;
using util::Code;
using util::fail;

constexpr std::string_view kUpdateHead = "UPDATE repo SET head = ?, updated_ms = ? WHERE id = ?";
constexpr std::string_view kUpdateCard = "UPDATE repo SET card = ? WHERE id = ?";
constexpr std::string_view kDeleteTags = "DELETE FROM repo_tag WHERE repo = ?";
constexpr std::string_view kInsertTag =
    "INSERT INTO repo_tag (repo, tag) VALUES (?, ?) ON CONFLICT (repo, tag) DO NOTHING";
constexpr std::string_view kInsertAudit =
    "INSERT INTO audit (at_ms, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)";

std::string shown(const std::optional<Oid>& oid) {
    return oid ? "'" + oid->hex() + "'" : std::string("absent");
}

util::Result<std::optional<types::BlobRef>>
pointer_in(ObjectSource& source, const Oid& oid, std::uint64_t size) {
    if (size >= types::kMaxPointerSize) {
        return std::optional<types::BlobRef>();
    }
    RAILHUB_TRY(const auto object, source.read(oid, ObjectType::Blob));
    return types::parse_lfs_pointer(object.text());
}

class Push {
  public:
    // Whose transaction the push was checked on: this one, or an earlier one.
    enum class Stage : std::uint8_t { Own, Borrowed };

    Push(db::Transaction& tx, const RepoRecord& record, ObjectSource& source, Stage stage)
        : tx_(tx), record_(record), source_(source), graph_(source), index_(source, graph_),
          is_borrowing_(stage == Stage::Borrowed) {}

    util::Result<> run(const PushRequest& request) {
        std::vector<Oid> tips;
        for (const RefChange& change : request.changes) {
            RAILHUB_TRY(check(change));
            if (change.to) {
                tips.push_back(*change.to);
            }
        }
        RAILHUB_TRY(store_objects(tips));
        // Deletions first: they may make room for a name ("a" goes, "a/b" comes).
        for (const RefChange& change : request.changes) {
            if (!change.to) {
                RAILHUB_TRY(remove(change));
            }
        }
        for (const RefChange& change : request.changes) {
            if (change.to) {
                RAILHUB_TRY(move(change));
            }
        }
        RAILHUB_TRY(move_change_generation(tx_, record_.row));
        RAILHUB_TRY(update_repo(request));
        for (const RefChange& change : request.changes) {
            RAILHUB_TRY(audit(request, change));
        }
        return {};
    }

  private:
    util::Result<> check(const RefChange& change) {
        if (!types::is_valid_ref_name(change.name)) {
            return fail(Code::InvalidInput, "ref name '" + change.name + "' is not valid");
        }
        RAILHUB_TRY(const auto stored, find_ref(tx_, record_.row, change.name));
        const std::optional<Oid> present =
            stored ? std::optional(stored->ref.target) : std::nullopt;
        if (present != change.from) {
            return fail(
                Code::Conflict,
                "ref '" + change.name + "' is " + shown(present) + ", expected " +
                    shown(change.from),
                "fetch first, then try again"
            );
        }
        return {};
    }

    // What the tips reach becomes rows; nothing else that a pack carried does.
    util::Result<> store_objects(const std::vector<Oid>& tips) {
        std::vector<Oid> commits;
        detail::StagedWalk walk(source_, graph_, [&](const StagedObject& object) -> util::Result<> {
            RAILHUB_TRY(source_.store(object.oid));
            RAILHUB_TRY(check_kept(object.oid));
            if (object.type == ObjectType::Commit) {
                commits.push_back(object.oid);
            }
            return object.type == ObjectType::Blob ? link_pointer(object) : util::Result<>();
        });
        auto walked = walk.run(tips);
        if (!walked.ok() && walked.error().code == Code::InvalidInput && is_borrowing_) {
            // All of it was there when the push was checked.
            return collected("an object", util::to_line(walked.error()));
        }
        RAILHUB_TRY(std::move(walked));
        for (const Oid& oid : commits) { // parents first
            RAILHUB_TRY(graph_.store(oid));
        }
        return {};
    }

    static util::Error collected(const std::string& what, const std::string& why) {
        return fail(
            Code::Conflict, what + " of the push was collected meanwhile: " + why, "push again"
        );
    }

    // The collector takes nothing that a row names, and this transaction holds the lock: a blob
    // that is there now stays.
    util::Result<> check_kept(const Oid& oid) {
        RAILHUB_TRY(const auto blob, source_.stored_blob(oid));
        return blob ? check_blob_kept(*blob) : util::Result<>();
    }

    util::Result<> check_blob_kept(const util::Sha256& sha256) {
        RAILHUB_TRY(const auto size, source_.blobs().size(source_.ctx(), sha256));
        return size ? util::Result<>()
                    : collected("a large file", "'" + sha256.hex() + "' is not in the store");
    }

    util::Result<> link_pointer(const StagedObject& object) {
        RAILHUB_TRY(const auto header, source_.header(object.oid));
        RAILHUB_TRY(const auto blob, pointer_in(source_, object.oid, header ? header->size : 0));
        if (!blob) {
            return {};
        }
        RAILHUB_TRY(check_blob_kept(blob->sha256));
        return link_lfs(tx_, record_.row, *blob);
    }

    util::Result<> remove(const RefChange& change) {
        RAILHUB_TRY(const auto stored, find_ref(tx_, record_.row, change.name));
        if (!stored) {
            return {}; // named twice
        }
        RAILHUB_TRY(delete_ref(tx_, stored->row));
        return stored->path_set ? index_.release(*stored->path_set) : util::Result<>();
    }

    util::Result<> move(const RefChange& change) {
        RAILHUB_TRY(const detail::Peeled peeled, graph_.peel(*change.to));
        const bool is_branch = change.name.starts_with(types::kHeads);
        if (is_branch && peeled.oid != *change.to) {
            return fail(Code::InvalidInput, "branch '" + change.name + "' cannot point to a tag");
        }
        if (peeled.type != ObjectType::Commit) {
            return fail(Code::InvalidInput, "ref '" + change.name + "' must point to a commit");
        }
        RAILHUB_TRY(auto stored, find_ref(tx_, record_.row, change.name));
        if (!stored) {
            RAILHUB_TRY(check_ref_name_free(tx_, record_.row, change.name));
            stored.emplace();
            const Ref ref{change.name, *change.to, peeled.oid};
            RAILHUB_TRY(stored->row, insert_ref(tx_, record_.row, ref));
        } else {
            RAILHUB_TRY(update_ref(tx_, stored->row, *change.to, peeled.oid));
        }
        return is_branch ? move_index(*stored, peeled.oid) : util::Result<>();
    }

    util::Result<> move_index(const StoredRef& branch, const Oid& commit) {
        RAILHUB_TRY(const std::int64_t set, index_.make_set(commit, branch.path_set, branch.row));
        RAILHUB_TRY(set_ref_path_set(tx_, branch.row, set));
        const bool is_left = branch.path_set && *branch.path_set != set;
        return is_left ? index_.release(*branch.path_set) : util::Result<>();
    }

    util::Result<> update_repo(const PushRequest& request) {
        const std::string head = std::string(types::kHeads) + record_.default_branch;
        const auto moved = std::find_if(
            request.changes.begin(),
            request.changes.end(),
            [&head](const RefChange& change) { return change.name == head; }
        );
        if (moved != request.changes.end()) {
            RAILHUB_TRY(auto update, tx_.prepare(kUpdateHead));
            const std::optional<util::ByteView> tip =
                moved->to ? std::optional(moved->to->view()) : std::nullopt;
            RAILHUB_TRY(update.bind(tip, request.now_ms, record_.row).run());
        }
        return request.derived ? update_facts(*request.derived) : util::Result<>();
    }

    util::Result<> update_facts(const DerivedFacts& facts) {
        RAILHUB_TRY(auto update, tx_.prepare(kUpdateCard));
        RAILHUB_TRY(update.bind(facts.card.dump(), record_.row).run());
        RAILHUB_TRY(auto clear, tx_.prepare(kDeleteTags));
        RAILHUB_TRY(clear.bind(record_.row).run());
        RAILHUB_TRY(auto insert, tx_.prepare(kInsertTag));
        for (const std::string& tag : facts.tags) {
            RAILHUB_TRY(insert.bind(record_.row, tag).run());
        }
        return {};
    }

    util::Result<> audit(const PushRequest& request, const RefChange& change) {
        util::Json detail = util::Json::object();
        detail.set("door", request.door);
        detail.set("ref", change.name);
        detail.set("from", change.from ? util::Json(change.from->hex()) : util::Json());
        detail.set("to", change.to ? util::Json(change.to->hex()) : util::Json());
        return add_audit(
            tx_,
            {request.now_ms,
             request.actor,
             change.to ? "push" : "delete-ref",
             record_.id.describe(),
             detail.dump()}
        );
    }

    db::Transaction& tx_;
    const RepoRecord& record_;
    ObjectSource& source_;
    CommitGraph graph_;
    PathIndex index_;
    bool is_borrowing_;
};

} // namespace

util::Result<> apply_push(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    const RepoRecord& record,
    Stage& stage,
    const PushRequest& request
) {
    ObjectSource& staged = stage.objects();
    if (&staged.tx() == &tx) {
        return Push(tx, record, staged, Push::Stage::Own).run(request);
    }
    RAILHUB_TRY(const auto source, ObjectSource::open(ctx, tx, blobs, record.row));
    source->borrow_staged(staged);
    return Push(tx, record, *source, Push::Stage::Borrowed).run(request);
}

util::Result<> visit_new_files(
    const util::Context& ctx,
    Stage& stage,
    const std::vector<Oid>& tips,
    const std::function<util::Result<>(const NewFile&)>& visit
) {
    ObjectSource& source = stage.objects();
    CommitGraph graph(source);
    const auto visit_blob = [&](const StagedObject& object) -> util::Result<> {
        RAILHUB_TRY(ctx.check_stop());
        if (object.type != ObjectType::Blob || object.path.empty()) {
            return {};
        }
        RAILHUB_TRY(const auto header, source.header(object.oid));
        NewFile file;
        file.path = object.path;
        file.kind = detail::kind_of_mode(object.mode);
        file.oid = object.oid;
        file.size = header ? header->size : 0;
        RAILHUB_TRY(file.lfs, pointer_in(source, object.oid, file.size));
        file.commit = object.commit;
        return visit(file);
    };
    return detail::StagedWalk(source, graph, visit_blob).run(tips);
}

util::Result<> add_audit(db::Transaction& tx, const AuditRow& row) {
    RAILHUB_TRY(auto insert, tx.prepare(kInsertAudit));
    RAILHUB_TRY(insert.bind(row.at_ms, row.actor, row.action, row.subject, row.detail).run());
    return {};
}

} // namespace railhub::repo
