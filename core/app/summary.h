// SPDX-License-Identifier: Apache-2.0
// Summary: what info pages and lists say about a repo at a commit, derived from its card, its files
// and a few small configuration files. Stored for the tip of the default branch.
#pragma once

#include "core/repo/push.h"

#include <optional>
#include <string>
#include <vector>

namespace railhub::app {

struct Summary {
    std::vector<std::string> tags;
    util::Json card; // front matter; null without
    std::string pipeline_tag;
    std::string library_name;
    util::Json config;            // {"architectures","model_type",...}; null without config.json
    util::Json transformers_info; // {"auto_model","pipeline_tag","processor"}; null if unknown
    util::Json safetensors;       // {"parameters","total"}; null without

    [[nodiscard]] repo::DerivedFacts derived() const { return {tags, card}; }
};

// Files that cannot be read as what their name says are left out: a summary never fails for
// content.
util::Result<Summary>
summarize(const util::Context& ctx, repo::Repository& repository, const types::Oid& commit);

// All but tags and card, which the repo record has.
util::Result<> store_summary(
    db::Transaction& tx, std::int64_t repo_row, const types::Oid& head, const Summary& summary
);
// The stored one with tags and card of the record; nullopt when none is stored for that head.
util::Result<std::optional<Summary>>
stored_summary(db::Transaction& tx, const repo::RepoRecord& record);

} // namespace railhub::app
