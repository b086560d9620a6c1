// SPDX-License-Identifier: Apache-2.0
// Where a path of a repo leads, remembered between requests for as long as the content generation
// stands still. Rights are not part of it: they are asked anew each time.
#pragma once

#include "core/access/permissions.h"
#include "core/repo/repository.h"
#include "core/util/guarded.h"
#include "core/xet/hash.h"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace railhub::server {

// What a request named, found.
struct LocatedFile {
    access::RepoFacts facts;
    std::int64_t repo_row = 0;
    types::Oid commit;
    std::string path;
    std::optional<repo::TreeEntry> entry; // nullopt: no such file at that commit
    std::optional<xet::Hash> xet;         // of large files that have one
};

using SharedFile = std::shared_ptr<const LocatedFile>;

// Safe from any thread.
class FileCache {
  public:
    // `key` is whatever names repo, revision and path; nullptr when it is not known.
    SharedFile find(std::int64_t generation, const std::string& key);
    void add(std::int64_t generation, const std::string& key, SharedFile file);

  private:
    struct State {
        std::int64_t generation = 0;
        std::unordered_map<std::string, SharedFile> files;
    };

    util::Guarded<State> state_;
};

} // namespace railhub::server
