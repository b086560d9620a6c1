// SPDX-License-Identifier: Apache-2.0
// Each promise of the stored history, checked against what is really there.
#include "core/repo/fsck.h"

#include "core/repo/detail/commit_text.h"
#include "core/repo/detail/object_check.h"
#include "core/repo/detail/tree_list.h"
#include "core/repo/path_index.h"
#include "core/repo/refs.h"
#include "core/types/lfs_pointer.h"

#include <algorithm>

namespace railhub::repo {

namespace {

using detail::CommitGraph;
using detail::CommitNode;
using detail::Object;
using detail::ObjectSource;
using detail::ObjectType;
using types::Oid;
using util::Code;

constexpr std::string_view kSelectLinks = "SELECT sha256, size FROM lfs_link WHERE repo = ?";
constexpr std::string_view kSelectUnusedSets =
    "SELECT id FROM path_set WHERE repo = ? AND id NOT IN "
    "(SELECT path_set FROM git_ref WHERE repo = ? AND path_set IS NOT NULL)";
constexpr std::string_view kSelectEntryCount =
    "SELECT entries, (SELECT COUNT(*) FROM path_entry WHERE path_set = s.id) "
    "FROM path_set AS s WHERE id = ?";
constexpr std::size_t kListPage = 10'000;
constexpr std::size_t kHashBlock = std::size_t{256} << 10;

std::string name_of(const Oid& oid) {
    return "object '" + oid.hex() + "'";
}

class HistoryCheck {
  public:
    HistoryCheck(ObjectSource& source, const RepoRecord& record, const HistoryFaultSink& sink)
        : source_(source), graph_(source), index_(source, graph_), record_(record), sink_(sink) {}

    util::Result<> run() {
        RAILHUB_TRY(const auto refs, list_refs(source_.tx(), record_.row));
        for (const StoredRef& stored : refs) {
            RAILHUB_TRY(check_ref(stored.ref));
            RAILHUB_TRY(walk(stored.ref.target, "ref '" + stored.ref.name + "'"));
        }
        RAILHUB_TRY(check_head(refs));
        if (!is_sound_) {
            return check_links(); // an index of a broken history says nothing new
        }
        for (const StoredRef& stored : refs) {
            if (stored.ref.name.starts_with(types::kHeads)) {
                RAILHUB_TRY(check_index(stored));
            }
        }
        RAILHUB_TRY(check_unused_sets());
        return check_links();
    }

  private:
    util::Result<> fault(std::string subject, std::string problem) {
        is_sound_ = false;
        return sink_(HistoryFault{std::move(subject), std::move(problem)});
    }

    // True for an error that is a finding about the data; others end the check.
    static bool is_damage(const util::Error& error) {
        return error.code == Code::Corrupt || error.code == Code::NotFound ||
               error.code == Code::InvalidInput;
    }

    util::Result<> check_ref(const Ref& ref) {
        const auto peeled = graph_.peel(ref.target);
        if (!peeled.ok()) {
            return is_damage(peeled.error())
                       ? fault("ref '" + ref.name + "'", util::to_line(peeled.error()))
                       : peeled.error();
        }
        if (peeled->type != ObjectType::Commit || peeled->oid != ref.peeled) {
            return fault("ref '" + ref.name + "'", "does not peel to '" + ref.peeled.hex() + "'");
        }
        return {};
    }

    util::Result<> check_head(const std::vector<StoredRef>& refs) {
        const std::string name = std::string(types::kHeads) + record_.default_branch;
        const auto found = std::find_if(refs.begin(), refs.end(), [&name](const StoredRef& stored) {
            return stored.ref.name == name;
        });
        const std::string tip = found == refs.end() ? std::string() : found->ref.target.hex();
        return tip == record_.head
                   ? util::Result<>()
                   : fault(record_.id.describe(), "has a head that is not its default branch");
    }

    struct Step {
        Oid oid;
        std::optional<ObjectType> type; // what the referrer says
        std::string referrer;
    };

    util::Result<> walk(const Oid& tip, const std::string& referrer) {
        stack_.push_back({tip, std::nullopt, referrer});
        while (!stack_.empty()) {
            RAILHUB_TRY(source_.ctx().check_stop());
            const Step step = std::move(stack_.back());
            stack_.pop_back();
            if (!seen_.insert(step.oid).second) {
                continue;
            }
            auto checked = check_step(step);
            if (!checked.ok() && !is_damage(checked.error())) {
                return checked;
            }
            if (!checked.ok()) {
                RAILHUB_TRY(fault(name_of(step.oid), util::to_line(checked.error())));
            }
        }
        return {};
    }

    util::Result<> check_step(const Step& step) {
        RAILHUB_TRY(const auto header, source_.header(step.oid));
        if (!header) {
            return fault(name_of(step.oid), "is missing, needed by " + step.referrer);
        }
        if (step.type && header->type != *step.type) {
            return fault(name_of(step.oid), "is of another type than " + step.referrer + " says");
        }
        if (header->type == ObjectType::Blob &&
            detail::belongs_in_blob_store(header->type, header->size)) {
            return check_stored_blob(step.oid);
        }
        RAILHUB_TRY(const Object object, source_.read(step.oid, header->type));
        if (object.bytes.size() != header->size) {
            return fault(name_of(step.oid), "has another size than its row says");
        }
        RAILHUB_TRY(detail::check_object(step.oid, object.type, object.bytes));
        switch (object.type) {
        case ObjectType::Commit:
            return check_commit(step.oid, object);
        case ObjectType::Tree:
            return follow_tree(step.oid, object);
        case ObjectType::Tag:
            return follow_tag(step.oid, object);
        case ObjectType::Blob:
            return check_pointer(step.oid, object);
        }
        return {};
    }

    // Too large to hold: hashed as it streams.
    util::Result<> check_stored_blob(const Oid& oid) {
        RAILHUB_TRY(const auto packed, source_.packed(oid));
        RAILHUB_TRY(const auto reader, source_.blobs().open(source_.ctx(), packed.blob.value()));
        util::Sha1Hasher hasher;
        std::string start = "blob " + std::to_string(packed.size);
        start += '\0';
        hasher.update(util::as_bytes(start));
        util::Bytes block(kHashBlock);
        std::uint64_t offset = 0;
        while (true) {
            RAILHUB_TRY(const std::size_t got, reader->read_at(offset, block));
            if (got == 0) {
                break;
            }
            hasher.update(util::ByteView(block).first(got));
            offset += got;
        }
        const bool is_same = Oid::from(hasher.finish().view()) == oid && offset == packed.size;
        return is_same ? util::Result<>() : fault(name_of(oid), "does not match its name");
    }

    util::Result<> check_commit(const Oid& oid, const Object& object) {
        RAILHUB_TRY(const Commit commit, detail::parse_commit(oid, object.text()));
        const std::string referrer = "commit '" + oid.hex() + "'";
        stack_.push_back({commit.tree, ObjectType::Tree, referrer});
        for (const Oid& parent : commit.parents) {
            stack_.push_back({parent, ObjectType::Commit, referrer});
        }
        RAILHUB_TRY(const CommitNode* const node, graph_.node(oid));
        std::uint64_t generation = 1;
        for (const Oid& parent : commit.parents) {
            RAILHUB_TRY(const CommitNode* const parent_node, graph_.node(parent));
            generation = std::max(generation, parent_node->generation + 1);
        }
        const bool is_same =
            node->is_stored && node->tree == commit.tree && node->parents == commit.parents &&
            node->seconds == commit.committer.seconds && node->generation == generation;
        RAILHUB_TRY(const std::string title, graph_.title(oid));
        if (!is_same || title != detail::short_title(commit.message)) {
            return fault(referrer, "has a row in the commit graph that differs from it");
        }
        return {};
    }

    util::Result<> follow_tree(const Oid& oid, const Object& object) {
        RAILHUB_TRY(const auto entries, detail::parse_tree(oid, object.bytes));
        for (const detail::TreeName& entry : entries) {
            if (!entry.item.is_submodule()) {
                const auto type = entry.item.is_folder() ? ObjectType::Tree : ObjectType::Blob;
                stack_.push_back({entry.item.oid, type, "tree '" + oid.hex() + "'"});
            }
        }
        return {};
    }

    util::Result<> follow_tag(const Oid& oid, const Object& object) {
        RAILHUB_TRY(const detail::Tag tag, detail::parse_tag(oid, object.text()));
        stack_.push_back({tag.target, tag.target_type, "tag '" + oid.hex() + "'"});
        return {};
    }

    util::Result<> check_pointer(const Oid& oid, const Object& object) {
        const auto blob = types::parse_lfs_pointer(object.text());
        if (!blob) {
            return {};
        }
        RAILHUB_TRY(const bool is_linked, is_lfs_linked(source_.tx(), record_.row, blob->sha256));
        return is_linked ? util::Result<>()
                         : fault(name_of(oid), "points to a large file that is not linked");
    }

    util::Result<> check_index(const StoredRef& branch) {
        const std::string subject = "branch '" + branch.ref.name + "'";
        RAILHUB_TRY(const auto set, index_.find_set(branch.ref.target));
        if (!set || set != branch.path_set) {
            return fault(subject, "has no path index of its tip");
        }
        RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectEntryCount));
        RAILHUB_TRY(const bool found, rows.bind(*set).step());
        if (!found || rows.integer(0) != rows.integer(1)) {
            RAILHUB_TRY(fault(subject, "has a path index of another size than it says"));
        }
        return compare_pages(subject, *set, branch.ref.target);
    }

    util::Result<> compare_pages(const std::string& subject, std::int64_t set, const Oid& commit) {
        RAILHUB_TRY(const CommitNode* const node, graph_.node(commit));
        ListOptions options;
        options.depth = ListOptions::Depth::Recursive;
        options.last_commits = ListOptions::LastCommits::Include;
        options.limit = kListPage;
        while (true) {
            RAILHUB_TRY(const TreePage indexed, index_.list(set, "", options));
            RAILHUB_TRY(TreePage walked, detail::walk_tree(source_, node->tree, "", options));
            RAILHUB_TRY(detail::add_last_commits(source_, graph_, commit, walked.entries));
            const auto [left, right] = std::mismatch(
                indexed.entries.begin(),
                indexed.entries.end(),
                walked.entries.begin(),
                walked.entries.end(),
                is_same_entry
            );
            if (left != indexed.entries.end() || right != walked.entries.end()) {
                const std::string& path = right != walked.entries.end() ? right->path : left->path;
                return fault("path '" + path + "' of " + subject, "differs in the path index");
            }
            if (!walked.has_more) {
                return {};
            }
            options.after = walked.entries.back().path;
        }
    }

    static bool is_same_entry(const TreeEntry& a, const TreeEntry& b) {
        return a.path == b.path && a.kind == b.kind && a.oid == b.oid && a.size == b.size &&
               a.pointer_size == b.pointer_size && a.lfs == b.lfs && a.last_commit &&
               b.last_commit && a.last_commit->oid == b.last_commit->oid;
    }

    util::Result<> check_unused_sets() {
        RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectUnusedSets));
        RAILHUB_TRY(const bool found, rows.bind(record_.row, record_.row).step());
        return found ? fault(record_.id.describe(), "has a path index that no branch uses")
                     : util::Result<>();
    }

    util::Result<> check_links() {
        RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectLinks));
        rows.bind(record_.row);
        while (true) {
            RAILHUB_TRY(const bool more, rows.step());
            if (!more) {
                return {};
            }
            if (rows.blob(0).size() != util::Sha256::kSize) {
                return util::fail(Code::Corrupt, "row of a large file is damaged");
            }
            const auto sha256 = util::Sha256::from(rows.blob(0));
            const auto looked = source_.blobs().size(source_.ctx(), sha256);
            const std::string subject = "large file '" + sha256.hex() + "'";
            if (!looked.ok() && is_damage(looked.error())) {
                RAILHUB_TRY(fault(subject, util::to_line(looked.error())));
                continue;
            }
            RAILHUB_TRY(const auto size, looked);
            if (!size) {
                RAILHUB_TRY(fault(subject, "is linked but not in the store"));
            } else if (*size != static_cast<std::uint64_t>(rows.integer(1))) {
                RAILHUB_TRY(fault(subject, "has another size in the store"));
            }
        }
    }

    ObjectSource& source_;
    CommitGraph graph_;
    PathIndex index_;
    const RepoRecord& record_;
    const HistoryFaultSink& sink_;
    std::vector<Step> stack_;
    detail::OidSet seen_;
    bool is_sound_ = true;
};

} // namespace

util::Result<> check_history(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    const RepoRecord& record,
    const HistoryFaultSink& sink
) {
    RAILHUB_TRY(const auto source, ObjectSource::open(ctx, tx, blobs, record.row));
    return HistoryCheck(*source, record, sink).run();
}

} // namespace railhub::repo
