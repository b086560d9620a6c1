// SPDX-License-Identifier: Apache-2.0
// Opens the repo with write access, changes one ref on a stage, and settles.
#include "core/app/refs.h"

#include "core/app/locate.h"
#include "core/app/people.h"
#include "core/app/settle.h"
#include "core/types/revision.h"

namespace railhub::app {

namespace {

constexpr std::size_t kMaxSquashMessage = 500 * 4; // characters of up to four bytes

// A repo opened for a change of its refs, on one snapshot.
struct RefWork {
    std::unique_ptr<db::Transaction> tx;
    repo::RepoRecord record;
    std::unique_ptr<repo::Stage> stage;

    repo::Repository& repository() { return stage->repository(); }
};

util::Result<RefWork> open_for_refs(
    const util::Context& ctx, Deps& deps, const access::Identity& who, const types::RepoId& id
) {
    RefWork work;
    RAILHUB_TRY(work.tx, deps.database.begin_read(ctx));
    RAILHUB_TRY(auto found, find_repo(*work.tx, who, id, access::Permission::Write));
    work.record = std::move(found.record);
    RAILHUB_TRY(work.stage, repo::Stage::open(ctx, *work.tx, deps.blobs, work.record));
    return work;
}

util::Result<> move_ref(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    RefWork& work,
    repo::RefChange change
) {
    repo::PushRequest request;
    request.changes.push_back(std::move(change));
    request.actor = who.user;
    request.door = "api";
    return settle(ctx, deps, work.record, *work.stage, std::move(request));
}

util::Error bad_branch_name() {
    return util::fail(util::Code::InvalidInput, "Invalid reference for a branch");
}

util::Error is_there(const std::string& ref) {
    return util::fail(util::Code::AlreadyExists, "Reference " + ref + " already exists");
}

// The commit that the branch is to point to; staged when it is a new empty one.
util::Result<types::Oid> branch_target(
    const util::Context& ctx, RefWork& work, const access::Identity& who, const BranchWish& wish
) {
    if (wish.content == BranchWish::Content::Empty) {
        repo::CommitRequest request;
        request.author = signature_of(who, ctx.clock.now());
        request.committer = request.author;
        request.message = "initial commit";
        return repo::build_commit(ctx, *work.stage, request);
    }
    const std::string start = wish.start.empty() ? work.record.default_branch : wish.start;
    RAILHUB_TRY(const repo::Resolved resolved, resolve(work.repository(), start));
    return resolved.commit;
}

} // namespace

util::Result<> make_branch(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const BranchWish& wish
) {
    RAILHUB_TRY(RefWork work, open_for_refs(ctx, deps, who, id));
    if (!types::is_valid_branch_name(wish.name)) {
        return bad_branch_name();
    }
    const std::string ref = std::string(types::kHeads) + wish.name;
    RAILHUB_TRY(const auto stored, work.repository().ref(ref));
    if (stored && wish.if_there == BranchWish::IfThere::Refuse) {
        return is_there(ref);
    }
    const bool says_with_what = !wish.start.empty() || wish.content == BranchWish::Content::Empty;
    if (stored && !says_with_what) {
        return {};
    }
    RAILHUB_TRY(const types::Oid target, branch_target(ctx, work, who, wish));
    repo::RefChange change{ref, std::nullopt, target};
    if (stored) {
        change.from = stored->target;
    }
    if (change.from == change.to) {
        return {};
    }
    return move_ref(ctx, deps, who, work, std::move(change));
}

util::Result<> remove_branch(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const std::string& name
) {
    RAILHUB_TRY(RefWork work, open_for_refs(ctx, deps, who, id));
    const std::string ref = std::string(types::kHeads) + name;
    if (ref == default_ref(work.record)) {
        return util::fail(util::Code::PermissionDenied, "Cannot delete " + ref);
    }
    RAILHUB_TRY(const auto stored, work.repository().ref(ref));
    if (!stored) {
        return revision_missing(name);
    }
    return move_ref(ctx, deps, who, work, {ref, stored->target, std::nullopt});
}

util::Result<types::Oid> squash_history(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const SquashWish& wish
) {
    if (wish.message.size() > kMaxSquashMessage) {
        return util::fail(util::Code::InvalidInput, "the message is longer than 500 characters");
    }
    RAILHUB_TRY(RefWork work, open_for_refs(ctx, deps, who, id));
    const bool is_full = wish.ref.starts_with("refs/");
    const std::string ref = is_full ? wish.ref : std::string(types::kHeads) + wish.ref;
    const bool may_be_squashed = ref.starts_with(types::kHeads) || ref.starts_with("refs/pr/") ||
                                 ref.starts_with("refs/convert/");
    RAILHUB_TRY(const auto stored, work.repository().ref(ref));
    if (!stored || !may_be_squashed) {
        return revision_missing(wish.ref);
    }
    repo::CommitRequest request;
    request.base = stored->peeled;
    request.author = signature_of(who, ctx.clock.now());
    request.committer = request.author;
    request.message =
        wish.message.empty() ? "Super-squash branch '" + wish.ref + "'" : wish.message;
    RAILHUB_TRY(const types::Oid commit, repo::build_commit(ctx, *work.stage, request));
    RAILHUB_TRY(move_ref(ctx, deps, who, work, {ref, stored->target, commit}));
    return commit;
}

util::Result<> make_tag(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const TagWish& wish
) {
    RAILHUB_TRY(RefWork work, open_for_refs(ctx, deps, who, id));
    if (!types::is_valid_branch_name(wish.name)) {
        return util::fail(util::Code::InvalidInput, "Invalid reference for a tag");
    }
    const std::string ref = std::string(types::kTags) + wish.name;
    RAILHUB_TRY(const repo::Resolved at, resolve(work.repository(), wish.revision));
    RAILHUB_TRY(const auto stored, work.repository().ref(ref));
    if (stored) {
        return is_there(ref);
    }
    types::Oid target = at.commit;
    if (!wish.message.empty()) {
        const auto tagger = signature_of(who, ctx.clock.now());
        RAILHUB_TRY(
            target, repo::build_tag(*work.stage, at.commit, wish.name, tagger, wish.message)
        );
    }
    return move_ref(ctx, deps, who, work, {ref, std::nullopt, target});
}

util::Result<> remove_tag(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const std::string& name
) {
    RAILHUB_TRY(RefWork work, open_for_refs(ctx, deps, who, id));
    const std::string ref = std::string(types::kTags) + name;
    RAILHUB_TRY(const auto stored, work.repository().ref(ref));
    if (!stored) {
        return revision_missing(name);
    }
    return move_ref(ctx, deps, who, work, {ref, stored->target, std::nullopt});
}

} // namespace railhub::app
