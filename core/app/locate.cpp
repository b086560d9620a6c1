// SPDX-License-Identifier: Apache-2.0
// Access first, then existence: the two errors must not be told apart.
#include "core/app/locate.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr std::size_t kMaxLinkingRepos = 256;

const util::Sha256& empty_file() {
    static const util::Sha256 kEmpty = util::sha256({});
    return kEmpty;
}

util::Error
too_little(const access::Identity& who, const types::RepoId& id, access::Permission need) {
    if (who.is_anonymous()) {
        return util::fail(util::Code::Unauthenticated, "Invalid username or password.");
    }
    const std::string_view action = need == access::Permission::Admin ? "administer" : "write to";
    return util::fail(
        util::Code::PermissionDenied,
        "You don't have the rights to " + std::string(action) + " the " + id.describe()
    );
}

util::Result<bool>
was_uploaded(db::Transaction& tx, std::int64_t repo, const util::Sha256& sha256) {
    RAILHUB_TRY(auto row, tx.prepare("SELECT 1 FROM lfs_upload WHERE repo = ? AND sha256 = ?"));
    return row.bind(repo, sha256.view()).step();
}

util::Result<bool> is_readable_elsewhere(
    db::Transaction& tx, const access::Identity& who, const util::Sha256& sha256
) {
    RAILHUB_TRY(const auto rows, repo::repos_linking_lfs(tx, sha256, kMaxLinkingRepos));
    for (const std::int64_t row : rows) {
        RAILHUB_TRY(const auto record, repo::find_repo_row(tx, row));
        if (record && access::permission_on(who, facts_of(*record))) {
            return true;
        }
    }
    return false;
}

// "refs/pr/7" and "refs/convert/parquet" take three segments.
bool begins_with_written_ref(std::span<const std::string> segments) {
    return segments.size() >= 3 && segments[0] == "refs" &&
           (segments[1] == "convert" ||
            (segments[1] == "pr" && util::parse_decimal(segments[2]).has_value()));
}

std::string join_from(std::span<const std::string> segments, std::size_t first) {
    std::string text;
    for (std::size_t i = first; i < segments.size(); ++i) {
        text += (i == first ? "" : "/") + segments[i];
    }
    while (!text.empty() && text.back() == '/') {
        text.pop_back();
    }
    return text;
}

util::Result<RevisionAndPath>
split_at(repo::Repository& repository, std::span<const std::string> segments, std::size_t count) {
    RevisionAndPath answer;
    answer.name = join_from(segments.first(count), 0);
    answer.path = join_from(segments, count);
    RAILHUB_TRY(answer.revision, resolve(repository, answer.name));
    return answer;
}

} // namespace

access::RepoFacts facts_of(const repo::RepoRecord& record) {
    return {record.id, record.is_private, record.creator};
}

util::Result<FoundRepo> find_repo(
    db::Transaction& tx,
    const access::Identity& who,
    const types::RepoId& id,
    access::Permission need
) {
    RAILHUB_TRY(auto found, repo::find_repo(tx, id));
    if (!found) {
        return repo_missing();
    }
    const auto permission = access::permission_on(who, facts_of(found->record));
    if (!permission) {
        return repo_missing();
    }
    if (*permission < need) {
        return too_little(who, found->record.id, need);
    }
    return FoundRepo{std::move(found->record), *permission, found->is_renamed};
}

util::Result<repo::Resolved> resolve(repo::Repository& repository, std::string_view revision) {
    auto resolved = repository.resolve(revision);
    if (!resolved.ok() && resolved.error().code == util::Code::NotFound) {
        return revision_missing(revision);
    }
    return resolved;
}

util::Result<RevisionAndPath>
split_revision(repo::Repository& repository, std::span<const std::string> segments) {
    if (segments.empty()) {
        return revision_missing("");
    }
    if (begins_with_written_ref(segments)) {
        return split_at(repository, segments, 3);
    }
    auto first = split_at(repository, segments, 1);
    if (first.ok() || first.error().reason != kRevisionMissing) {
        return first;
    }
    for (std::size_t count = std::min<std::size_t>(segments.size(), 32); count > 1; --count) {
        auto longer = split_at(repository, segments, count);
        if (longer.ok() || longer.error().reason != kRevisionMissing) {
            return longer;
        }
    }
    return first;
}

util::Result<repo::TreeEntry>
find_file(repo::Repository& repository, const types::Oid& commit, std::string_view path) {
    const auto parsed = types::RepoPath::parse(path);
    if (!parsed.ok()) {
        return entry_missing();
    }
    RAILHUB_TRY(auto entry, repository.entry(commit, *parsed));
    if (!entry || entry->kind == repo::EntryKind::Directory ||
        entry->kind == repo::EntryKind::Submodule) {
        return entry_missing();
    }
    return std::move(*entry);
}

util::Result<bool>
may_fetch(db::Transaction& tx, std::int64_t repo_row, const util::Sha256& sha256) {
    if (sha256 == empty_file()) {
        return true;
    }
    return repo::is_lfs_linked(tx, repo_row, sha256);
}

util::Result<bool>
may_link_own(db::Transaction& tx, std::int64_t repo_row, const util::Sha256& sha256) {
    RAILHUB_TRY(const bool is_linked, may_fetch(tx, repo_row, sha256));
    return is_linked ? util::Result<bool>(true) : was_uploaded(tx, repo_row, sha256);
}

util::Result<bool> may_link(
    db::Transaction& tx,
    const access::Identity& who,
    std::int64_t repo_row,
    const util::Sha256& sha256
) {
    RAILHUB_TRY(const bool is_own, may_link_own(tx, repo_row, sha256));
    return is_own ? util::Result<bool>(true) : is_readable_elsewhere(tx, who, sha256);
}

} // namespace railhub::app
