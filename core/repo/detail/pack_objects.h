// SPDX-License-Identifier: Apache-2.0
// Which objects a pack for a client holds.
#pragma once

#include "core/repo/detail/commit_graph.h"
#include "core/repo/pack_send.h"

#include <functional>

namespace railhub::repo::detail {

struct PackObject {
    types::Oid oid;
    ObjectType type = ObjectType::Blob;
    std::string_view path; // of trees and blobs; a hint for delta compression
};

// One selection. One thread.
class PackSelection {
  public:
    // Every object once.
    using Visit = std::function<util::Result<>(const PackObject&)>;

    PackSelection(Repository& repository, const PackRequest& request, Visit visit)
        : repository_(repository), source_(repository.objects()), graph_(source_),
          request_(request), visit_(std::move(visit)) {}

    util::Result<> run();

    [[nodiscard]] std::size_t commit_count() const { return commits_.size(); }

  private:
    util::Result<> add_want(const types::Oid& want);
    util::Result<> add_haves(const std::vector<types::Oid>& haves);
    util::Result<> select_commit(const CommitNode& commit);
    util::Result<> select_tree(
        const std::string& path, const types::Oid& tree, const std::optional<types::Oid>& base
    );
    util::Result<> select_blob(const std::string& path, const types::Oid& blob);
    util::Result<> follow_tags();
    util::Result<> send(const types::Oid& oid, ObjectType type, std::string_view path);
    // A tree that the client has, or gets with another commit: what is the same in both is left
    // out.
    util::Result<std::optional<types::Oid>> base_of(const CommitNode& commit);

    Repository& repository_;
    ObjectSource& source_;
    CommitGraph graph_;
    const PackRequest& request_;
    Visit visit_;
    OidSet grafts_; // commits that have no parents as the client sees it
    std::vector<types::Oid> include_;
    std::vector<types::Oid> exclude_;
    OidSet commits_; // selected
    OidSet sent_;
};

} // namespace railhub::repo::detail
