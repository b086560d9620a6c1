// SPDX-License-Identifier: Apache-2.0
// What the hub keeps of licenses: facts by repo and commit, verdicts of the tips, and who has to be
// judged anew when an ancestor changes. Kept for speed and for search: everything can be computed
// again. Verdicts that are kept see ancestors as a stranger does, so that none tells of a private
// repo; answers to somebody who sees more are made on the spot.
#pragma once

#include "core/app/check.h"
#include "core/app/deps.h"
#include "core/repo/repo_index.h"
#include "core/repo/repository.h"

#include <map>
#include <optional>

namespace railhub::app {

// --- in the transactions that change repos ---

// The facts of the default branch's tip, and the names in them.
util::Result<> keep_tip(
    db::Transaction& tx,
    const repo::RepoRecord& record,
    const types::Oid& tip,
    const license::Catalogue& licenses,
    const origin::Facts& facts
);

// Bounded: a repo that very much was made from is marked to be spread later, by the judge.
enum class Marking : std::uint8_t { Bounded, Whole };

// Marks the repo and everything that was made from it, also by a name it had: it came, changed, was
// renamed, or is seen by others now.
util::Result<> mark_with_descendants(
    db::Transaction& tx, const repo::RepoRecord& record, Marking marking = Marking::Bounded
);
// Before the repo's row goes.
util::Result<> forget_licenses(db::Transaction& tx, const repo::RepoRecord& record);

// --- reading ---

// Facts at a commit: kept ones, else gathered now.
util::Result<origin::Facts> facts_at(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    const license::Catalogue& licenses,
    const repo::RepoRecord& record,
    const types::Oid& commit
);

// The verdict kept for this tip, when it is still true; else nullopt.
util::Result<std::optional<util::Json>> kept_report(
    db::Transaction& tx, const license::Catalogue& licenses, const repo::RepoRecord& record
);

// --- keeping it up to date ---

// What somebody who builds on an artifact may do.
struct Terms {
    bool is_known = false; // every license of the work upstream is known
    bool allows_commerce = false;
    std::vector<std::string> restrictions; // taxonomy ids that come along, sorted
    std::vector<std::string> outbound;     // licenses that what is made from it may have, sorted
};

// Node 0 of the lineage is the artifact itself. Pure.
Terms terms_of(const compliance::Lineage& lineage, const license::Catalogue& licenses);

// Judges what is marked. One thread at a time; several processes may work at once.
class LicenseJudge {
  public:
    explicit LicenseJudge(Deps& deps) : deps_(deps) {}

    // At most `limit` repos; how many were judged. 0: nothing is marked.
    util::Result<std::size_t> judge_some(const util::Context& ctx, std::size_t limit);

  private:
    util::Result<> mark_other_knowledge(const util::Context& ctx);
    util::Result<bool> judge_next(const util::Context& ctx);
    util::Result<> judge(const util::Context& ctx, db::Transaction& tx, std::int64_t row);
    const Terms& terms_for(const compliance::Lineage& lineage);

    Deps& deps_;
    bool is_checked_ = false;           // verdicts of other license data are marked
    std::map<std::string, Terms> memo_; // by shape of the lineage, without names
};

} // namespace railhub::app
