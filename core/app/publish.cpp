// SPDX-License-Identifier: Apache-2.0
// The commit API. A commit is built on a stage over a snapshot, checked there, and applied with the
// tip it was built on as expectation; when the branch moved meanwhile, it is built anew.
#include "core/app/publish.h"

#include "core/app/discussions.h"
#include "core/app/license_gate.h"
#include "core/app/locate.h"
#include "core/app/path_ledger.h"
#include "core/app/people.h"
#include "core/app/receive_checks.h"
#include "core/app/settle.h"
#include "core/types/revision.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::app {

namespace {

// Each time, somebody else's commit got in first; so this many is a lot of progress elsewhere.
constexpr int kMaxCommitAttempts = 100;
constexpr std::size_t kMaxTitle = 10'000;
constexpr std::size_t kMaxDescription = std::size_t{1} << 20;

// One attempt at a commit, over one snapshot.
class Attempt {
  public:
    Attempt(
        const util::Context& ctx, Deps& deps, const access::Identity& who, const CommitWish& wish
    )
        : ctx_(ctx), deps_(deps), who_(who), wish_(wish) {}

    util::Result<CommitAnswer> run() {
        RAILHUB_TRY(tx_, deps_.database.begin_read(ctx_));
        RAILHUB_TRY(find_target());
        RAILHUB_TRY(stage_, repo::Stage::open(ctx_, *tx_, deps_.blobs, record_));
        RAILHUB_TRY(const types::Oid commit, build());
        RAILHUB_TRY(check_card(commit));
        CommitAnswer answer;
        answer.repo = record_.id;
        RAILHUB_TRY(answer.gate, pass_gate(ctx_, deps_, *tx_, who_, stage_->repository(), commit));
        if (answer.gate.decision == GateAnswer::Decision::Refuse) {
            return answer;
        }
        RAILHUB_TRY(answer.pull_request, apply(commit));
        answer.commit = commit;
        return answer;
    }

  private:
    [[nodiscard]] bool opens_pull_request() const {
        return wish_.pull_request == CommitWish::PullRequest::Open;
    }

    // --- where to ---

    util::Result<> find_target() {
        RAILHUB_TRY(auto found, find_repo(*tx_, who_, wish_.repo, access::Permission::Read));
        record_ = std::move(found.record);
        permission_ = found.permission;
        RAILHUB_TRY(repository_, repo::Repository::open(ctx_, *tx_, deps_.blobs, record_));
        ref_ = full_ref();
        RAILHUB_TRY(const auto ref, repository_->ref(ref_));
        if (ref) {
            base_ = ref->peeled;
        } else if (ref_ != default_ref(record_) || opens_pull_request()) {
            return revision_missing(wish_.revision);
        }
        RAILHUB_TRY(check_rights());
        return check_parent();
    }

    [[nodiscard]] std::string full_ref() const {
        if (wish_.revision.starts_with("refs/")) {
            return wish_.revision;
        }
        return wish_.revision == "HEAD" ? default_ref(record_)
                                        : std::string(types::kHeads) + wish_.revision;
    }

    util::Result<> check_rights() {
        const auto number = pull_request_number(ref_);
        const bool is_branch = ref_.starts_with(types::kHeads);
        if (!is_branch && (!number || opens_pull_request())) {
            return revision_missing(wish_.revision);
        }
        bool may = permission_ >= access::Permission::Write;
        if (opens_pull_request()) {
            may = may_propose(who_, permission_);
        } else if (number && !may) {
            RAILHUB_TRY(const auto request, find_pull_request(*tx_, record_.row, *number));
            may = request && request->author == who_.user_id && may_propose(who_, permission_);
        }
        if (may) {
            return {};
        }
        if (who_.is_anonymous()) {
            return util::fail(util::Code::Unauthenticated, "Invalid username or password.");
        }
        return util::fail(
            util::Code::PermissionDenied,
            "You don't have the rights to write to the " + record_.id.describe()
        );
    }

    util::Result<> check_parent() {
        if (wish_.parent.empty()) {
            return {};
        }
        if (opens_pull_request()) {
            RAILHUB_TRY(const repo::Resolved parent, resolve(*repository_, wish_.parent));
            base_ = parent.commit;
            return {};
        }
        const bool fits = base_ && types::is_short_sha(wish_.parent) &&
                          base_->hex().starts_with(util::lower(wish_.parent));
        if (fits) {
            return {};
        }
        return with_reason(
            util::fail(
                util::Code::Conflict,
                "The branch was updated since you opened this page. Please refresh and try again."
            ),
            kStaleParent
        );
    }

    // --- what ---

    util::Result<types::Oid> build() {
        repo::CommitRequest request;
        if (base_) {
            request.parents.push_back(*base_);
        }
        PathLedger ledger(*repository_, base_);
        for (const CommitOperation& operation : wish_.operations) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(std::visit([&](const auto& o) { return enter(ledger, o); }, operation));
            RAILHUB_TRY(
                auto converted, std::visit([this](const auto& o) { return convert(o); }, operation)
            );
            request.operations.push_back(std::move(converted));
        }
        request.author = signature_of(who_, ctx_.clock.now());
        request.committer = request.author;
        request.message = wish_.title;
        if (!wish_.description.empty()) {
            request.message += "\n\n" + wish_.description;
        }
        return with_reason(
            repo::build_commit(ctx_, *stage_, request), util::Code::NotFound, kEntryMissing
        );
    }

    template <class Put>
    static util::Result<> enter(PathLedger& ledger, const Put& put) {
        return ledger.put(put.path);
    }

    static util::Result<> enter(PathLedger& ledger, const repo::DeletePath& deletion) {
        ledger.remove(deletion.path);
        return {};
    }

    // A copied folder may merge into one that is there.
    static util::Result<> enter(PathLedger& /*ledger*/, const CopyFrom& /*copy*/) { return {}; }

    util::Result<repo::FileOperation> convert(const NewContent& content) {
        RAILHUB_TRY(const std::string bytes, content.bytes());
        RAILHUB_TRY(const types::Oid blob, stage_->write_blob(util::as_bytes(bytes)));
        return repo::FileOperation(repo::PutBlob{content.path, blob});
    }

    util::Result<repo::FileOperation> convert(const NewLarge& large) {
        RAILHUB_TRY(const bool may, may_link(*tx_, who_, record_.row, large.sha256));
        RAILHUB_TRY(const auto size, deps_.blobs.size(ctx_, large.sha256));
        if (!may || !size) {
            return util::fail(
                util::Code::InvalidInput,
                "the LFS object '" + large.sha256.hex() + "' of '" + large.path.text() +
                    "' was not uploaded to this repo",
                "upload it through the LFS batch API first"
            );
        }
        if (large.size && *large.size != *size) {
            return util::fail(
                util::Code::InvalidInput,
                "the LFS object '" + large.sha256.hex() + "' has " + std::to_string(*size) +
                    " bytes, not " + std::to_string(*large.size)
            );
        }
        return repo::FileOperation(repo::PutLfs{large.path, {large.sha256, *size}});
    }

    util::Result<repo::FileOperation> convert(const CopyFrom& copy) {
        if (copy.revision.empty() && !base_) {
            return entry_missing();
        }
        types::Oid commit = base_.value_or(types::Oid{});
        if (!copy.revision.empty()) {
            RAILHUB_TRY(const repo::Resolved from, resolve(*repository_, copy.revision));
            commit = from.commit;
        }
        return repo::FileOperation(repo::CopyPath{copy.path, copy.from, commit});
    }

    util::Result<repo::FileOperation> convert(const repo::DeletePath& path) {
        return repo::FileOperation(path);
    }

    // --- checks and the end ---

    util::Result<> check_card(const types::Oid& commit) {
        RAILHUB_TRY(const auto lines, objections_to_card(stage_->repository(), commit, base_));
        if (lines.empty()) {
            return {};
        }
        return util::fail(
            util::Code::InvalidInput,
            "Invalid metadata in README.md:\n- " + util::join(lines, "\n- ")
        );
    }

    util::Result<std::optional<std::int64_t>> apply(const types::Oid& commit) {
        repo::PushRequest push;
        push.actor = who_.user;
        push.door = "api";
        if (!opens_pull_request()) {
            push.changes.push_back({ref_, base_, commit});
            RAILHUB_TRY(settle(ctx_, deps_, record_, *stage_, std::move(push)));
            return std::optional<std::int64_t>{};
        }
        std::int64_t number = 0;
        const auto open = [&](db::Transaction& tx, repo::PushRequest& request) -> util::Result<> {
            PullRequest wanted;
            wanted.author = who_.user_id;
            wanted.status = "open";
            wanted.title = wish_.title;
            wanted.description = wish_.description;
            wanted.created_ms = request.now_ms;
            RAILHUB_TRY(number, open_pull_request(tx, record_.row, wanted));
            request.changes.push_back({pull_request_ref(number), std::nullopt, commit});
            return {};
        };
        RAILHUB_TRY(settle(ctx_, deps_, record_, *stage_, std::move(push), open));
        return std::optional(number);
    }

    const util::Context& ctx_;
    Deps& deps_;
    const access::Identity& who_;
    const CommitWish& wish_;
    std::unique_ptr<db::Transaction> tx_;
    repo::RepoRecord record_;
    access::Permission permission_ = access::Permission::Read;
    std::unique_ptr<repo::Repository> repository_;
    std::unique_ptr<repo::Stage> stage_;
    std::string ref_;
    std::optional<types::Oid> base_; // what the commit is built on
};

util::Result<> check_words(const CommitWish& wish) {
    if (util::trim(wish.title).empty()) {
        return util::fail(util::Code::InvalidInput, "the commit has no summary");
    }
    if (wish.title.size() > kMaxTitle || wish.description.size() > kMaxDescription) {
        return util::fail(util::Code::TooLarge, "the commit message is too long");
    }
    return {};
}

} // namespace

util::Result<CommitAnswer>
publish(const util::Context& ctx, Deps& deps, const access::Identity& who, const CommitWish& wish) {
    RAILHUB_TRY(check_words(wish));
    for (int attempt = 1;; ++attempt) {
        RAILHUB_TRY(ctx.check_stop());
        auto answer = Attempt(ctx, deps, who, wish).run();
        const bool branch_moved = !answer.ok() && answer.error().code == util::Code::Conflict &&
                                  answer.error().reason.empty();
        if (!branch_moved || attempt == kMaxCommitAttempts) {
            return answer;
        }
    }
}

} // namespace railhub::app
