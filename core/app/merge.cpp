// SPDX-License-Identifier: Apache-2.0
// A three-way merge by path: files are taken whole, never mixed.
#include "core/app/merge.h"

#include "core/app/discussions.h"
#include "core/app/license_gate.h"
#include "core/app/locate.h"
#include "core/app/people.h"
#include "core/app/reasons.h"
#include "core/app/receive_checks.h"
#include "core/app/settle.h"
#include "core/util/text.h"

#include <map>
#include <set>

namespace railhub::app {

namespace {

constexpr int kMaxMergeAttempts = 100;
constexpr std::uint64_t kMaxWalk = 10'000; // commits of a request that are looked at
constexpr std::size_t kPage = 1'000;
constexpr std::size_t kMostConflicts = 10; // named in the message

// Conflicts that merging again does not solve carry it; a branch that moved does not.
constexpr std::string_view kNotMergeable = "not-mergeable";

util::Error not_mergeable(std::string message, std::string hint = {}) {
    return with_reason(
        util::fail(util::Code::Conflict, std::move(message), std::move(hint)), kNotMergeable
    );
}

util::Error already(const PullRequest& request) {
    return not_mergeable(
        "pull request " + std::to_string(request.number) + " is " + request.status
    );
}

bool is_mergeable(const PullRequest& request) {
    return request.status == "open" || request.status == "draft";
}

struct FileState {
    types::Oid oid;
    repo::EntryKind kind = repo::EntryKind::File;

    bool operator==(const FileState&) const = default;
};

using Files = std::map<std::string, FileState>;

std::optional<FileState> state_of(const Files& files, const std::string& path) {
    const auto found = files.find(path);
    return found == files.end() ? std::nullopt : std::optional(found->second);
}

// One attempt, over one snapshot.
class MergeAttempt {
  public:
    MergeAttempt(
        const util::Context& ctx,
        Deps& deps,
        const access::Identity& who,
        const types::RepoId& id,
        std::int64_t number
    )
        : ctx_(ctx), deps_(deps), who_(who), id_(id), number_(number) {}

    util::Result<MergeAnswer> run() {
        RAILHUB_TRY(open());
        RAILHUB_TRY(const types::Oid commit, build());
        RAILHUB_TRY(check_card(commit));
        MergeAnswer answer;
        RAILHUB_TRY(answer.gate, pass_gate(ctx_, deps_, *tx_, who_, repository(), commit));
        if (answer.gate.decision == GateAnswer::Decision::Refuse) {
            return answer;
        }
        RAILHUB_TRY(apply(commit));
        answer.commit = commit;
        return answer;
    }

  private:
    repo::Repository& repository() { return stage_->repository(); }

    util::Result<> open() {
        RAILHUB_TRY(tx_, deps_.database.begin_read(ctx_));
        RAILHUB_TRY(auto found, find_repo(*tx_, who_, id_, access::Permission::Write));
        record_ = std::move(found.record);
        RAILHUB_TRY(const auto request, find_pull_request(*tx_, record_.row, number_));
        if (!request) {
            return util::fail(
                util::Code::NotFound, "no pull request " + std::to_string(number_) + " in this repo"
            );
        }
        if (!is_mergeable(*request)) {
            return already(*request);
        }
        request_ = *request;
        RAILHUB_TRY(stage_, repo::Stage::open(ctx_, *tx_, deps_.blobs, record_));
        RAILHUB_TRY(const auto head, repository().ref(pull_request_ref(number_)));
        RAILHUB_TRY(const auto tip, repository().ref(default_ref(record_)));
        if (!head || !tip) {
            return not_mergeable("the pull request or its branch is gone");
        }
        head_ = head->peeled;
        tip_ = tip->peeled;
        return {};
    }

    // The newest commit of the request that the branch has too.
    util::Result<std::optional<types::Oid>> fork_point() {
        for (std::uint64_t skip = 0; skip < kMaxWalk; skip += kPage) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(const repo::LogPage page, repository().log(head_, skip, kPage));
            for (const repo::Commit& commit : page.commits) {
                RAILHUB_TRY(const bool is_shared, repository().is_ancestor(commit.oid, tip_));
                if (is_shared) {
                    return std::optional(commit.oid);
                }
            }
            if (page.commits.size() < kPage) {
                break;
            }
        }
        return std::optional<types::Oid>();
    }

    util::Result<Files> files_at(const types::Oid& commit) {
        Files files;
        repo::ListOptions options;
        options.detail = repo::ListOptions::Detail::Names;
        options.depth = repo::ListOptions::Depth::Recursive;
        options.limit = kPage;
        for (bool has_more = true; has_more;) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(const repo::TreePage page, repository().list(commit, "", options));
            for (const repo::TreeEntry& entry : page.entries) {
                options.after = entry.path;
                if (entry.kind != repo::EntryKind::Directory) {
                    files.emplace(entry.path, FileState{entry.oid, entry.kind});
                }
            }
            has_more = page.has_more && !page.entries.empty();
        }
        return files;
    }

    util::Result<types::Oid> build() {
        repo::CommitRequest request;
        request.parents = {tip_, head_};
        RAILHUB_TRY(const bool is_ahead, repository().is_ancestor(tip_, head_));
        if (is_ahead) {
            request.base = head_;
        } else {
            RAILHUB_TRY(request.operations, changes_of_request());
        }
        request.author = signature_of(who_, ctx_.clock.now());
        request.committer = request.author;
        request.message = request_.title + " (#" + std::to_string(number_) + ")";
        if (!request_.description.empty()) {
            request.message += "\n\n" + request_.description;
        }
        return repo::build_commit(ctx_, *stage_, request);
    }

    // What the request did since it left the branch, as operations on the branch.
    util::Result<std::vector<repo::FileOperation>> changes_of_request() {
        RAILHUB_TRY(const auto fork, fork_point());
        if (!fork) {
            return not_mergeable("the pull request has no history in common with the branch");
        }
        RAILHUB_TRY(const Files before, files_at(*fork));
        RAILHUB_TRY(const Files theirs, files_at(head_));
        RAILHUB_TRY(const Files ours, files_at(tip_));
        std::set<std::string> paths;
        for (const Files* files : {&before, &theirs}) {
            for (const auto& [path, state] : *files) {
                paths.insert(path);
            }
        }
        std::vector<repo::FileOperation> removals;
        std::vector<repo::FileOperation> copies;
        std::vector<std::string> conflicts;
        for (const std::string& text : paths) {
            const auto was = state_of(before, text);
            const auto wanted = state_of(theirs, text);
            const auto is = state_of(ours, text);
            if (was == wanted || is == wanted) {
                continue;
            }
            if (is != was) {
                conflicts.push_back(text);
                continue;
            }
            RAILHUB_TRY(const types::RepoPath path, types::RepoPath::parse(text));
            if (wanted) {
                copies.emplace_back(repo::CopyPath{path, path, head_});
            } else {
                removals.emplace_back(repo::DeletePath{path, repo::DeleteWhat::File});
            }
        }
        if (!conflicts.empty()) {
            return both_changed(std::move(conflicts));
        }
        // First what goes, so that a file may become a folder.
        removals.insert(removals.end(), copies.begin(), copies.end());
        return removals;
    }

    static util::Error both_changed(std::vector<std::string> paths) {
        const std::size_t count = paths.size();
        paths.resize(std::min(count, kMostConflicts));
        return not_mergeable(
            "changed on both sides: '" + util::join(paths, "', '") + "'" +
                (count > kMostConflicts ? " and " + std::to_string(count - kMostConflicts) + " more"
                                        : ""),
            "bring the branch into the pull request first"
        );
    }

    util::Result<> check_card(const types::Oid& commit) {
        RAILHUB_TRY(const auto lines, objections_to_card(repository(), commit, tip_));
        if (lines.empty()) {
            return {};
        }
        return util::fail(
            util::Code::InvalidInput,
            "Invalid metadata in README.md:\n- " + util::join(lines, "\n- ")
        );
    }

    util::Result<> apply(const types::Oid& commit) {
        repo::PushRequest push;
        push.actor = who_.user;
        push.door = "api";
        push.changes.push_back({default_ref(record_), tip_, commit});
        const auto close = [this](db::Transaction& tx, repo::PushRequest&) -> util::Result<> {
            RAILHUB_TRY(const auto request, find_pull_request(tx, record_.row, number_));
            if (!request || !is_mergeable(*request)) {
                return already(request.value_or(request_));
            }
            return set_status(tx, record_.row, number_, "merged");
        };
        return settle(ctx_, deps_, record_, *stage_, std::move(push), close);
    }

    const util::Context& ctx_;
    Deps& deps_;
    const access::Identity& who_;
    const types::RepoId& id_;
    std::int64_t number_;
    std::unique_ptr<db::Transaction> tx_;
    repo::RepoRecord record_;
    PullRequest request_;
    std::unique_ptr<repo::Stage> stage_;
    types::Oid head_; // of the request
    types::Oid tip_;  // of the branch
};

} // namespace

util::Result<MergeAnswer> merge_pull_request(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    std::int64_t number
) {
    for (int attempt = 1;; ++attempt) {
        RAILHUB_TRY(ctx.check_stop());
        auto answer = MergeAttempt(ctx, deps, who, id, number).run();
        // Somebody else's commit got in first: merge with that.
        const bool branch_moved = !answer.ok() && answer.error().code == util::Code::Conflict &&
                                  answer.error().reason.empty();
        if (!branch_moved || attempt == kMaxMergeAttempts) {
            return answer;
        }
    }
}

} // namespace railhub::app
