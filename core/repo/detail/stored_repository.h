// SPDX-License-Identifier: Apache-2.0
// The one Repository: over an ObjectSource of its own, or over a stage's.
#pragma once

#include "core/repo/detail/commit_graph.h"
#include "core/repo/path_index.h"
#include "core/repo/repository.h"

namespace railhub::repo::detail {

class StoredRepository final : public Repository {
  public:
    StoredRepository(RepoRecord record, std::unique_ptr<ObjectSource> source)
        : record_(std::move(record)), owned_(std::move(source)), source_(*owned_), graph_(source_),
          index_(source_, graph_) {}

    StoredRepository(RepoRecord record, ObjectSource& source)
        : record_(std::move(record)), source_(source), graph_(source_), index_(source_, graph_) {}

    [[nodiscard]] const RepoRecord& record() const override { return record_; }

    util::Result<Resolved> resolve(std::string_view revision) override;
    util::Result<std::vector<Ref>> refs() override;
    util::Result<std::optional<Ref>> ref(std::string_view full_name) override;
    util::Result<Commit> commit(const types::Oid& oid) override;
    util::Result<LogPage>
    log(const types::Oid& from, std::uint64_t skip, std::size_t limit) override;
    util::Result<bool> is_ancestor(const types::Oid& ancestor, const types::Oid& of) override;
    util::Result<std::optional<TreeEntry>> entry(
        const types::Oid& commit, const types::RepoPath& path, ListOptions::LastCommits last_commits
    ) override;
    util::Result<TreePage>
    list(const types::Oid& commit, std::string_view folder, const ListOptions& options) override;
    util::Result<Content> raw(const types::Oid& blob) override;
    util::Result<Content> content(const TreeEntry& entry) override;
    util::Result<std::optional<std::string>>
    text(const types::Oid& commit, std::string_view path, std::uint64_t max_bytes) override;
    util::Result<bool> has_object(const types::Oid& oid) override;

    [[nodiscard]] ObjectSource& objects() override { return source_; }

  private:
    util::Result<std::optional<Resolved>> resolve_sha(std::string_view revision);
    util::Result<std::optional<Resolved>> resolve_ref(std::string_view full_name);
    util::Result<std::optional<Resolved>> resolve_short(std::string_view revision);

    RepoRecord record_;
    std::unique_ptr<ObjectSource> owned_;
    ObjectSource& source_;
    CommitGraph graph_;
    PathIndex index_;
};

} // namespace railhub::repo::detail
