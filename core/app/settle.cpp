// SPDX-License-Identifier: Apache-2.0
// Computes summary and facts of a new default tip, then writes it all in one transaction.
#include "core/app/settle.h"

#include "core/access/generation.h"
#include "core/app/gather.h"
#include "core/app/license_index.h"
#include "core/app/repository_source.h"
#include "core/app/summary.h"
#include "core/types/revision.h"

namespace railhub::app {

namespace {

const types::Oid*
new_default_tip(const repo::RepoRecord& record, const repo::PushRequest& request) {
    const std::string name = default_ref(record);
    for (const repo::RefChange& change : request.changes) {
        if (change.name == name && change.to) {
            return &*change.to;
        }
    }
    return nullptr;
}

// What the push makes of the default branch; nothing when it stays.
struct NewHead {
    types::Oid commit;
    Summary summary;
    origin::Facts facts;
};

util::Result<std::optional<NewHead>> derive_head(
    const util::Context& ctx,
    const Deps& deps,
    const repo::RepoRecord& record,
    repo::Stage& stage,
    repo::PushRequest& request
) {
    const types::Oid* tip = new_default_tip(record, request);
    if (tip == nullptr) {
        return std::optional<NewHead>{};
    }
    NewHead head;
    head.commit = *tip;
    RAILHUB_TRY(head.summary, summarize(ctx, stage.repository(), head.commit));
    request.derived = head.summary.derived();
    const auto source = make_repository_source(stage.repository(), head.commit);
    RAILHUB_TRY(head.facts, gather(ctx, *source, record.id.kind, deps.licenses));
    return std::optional(std::move(head));
}

util::Result<> apply_with_head(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    const repo::RepoRecord& record,
    repo::Stage& stage,
    const repo::PushRequest& request,
    const std::optional<NewHead>& head
) {
    RAILHUB_TRY(repo::apply_push(ctx, tx, deps.blobs, record, stage, request));
    if (head) {
        RAILHUB_TRY(store_summary(tx, record.row, head->commit, head->summary));
        RAILHUB_TRY(keep_tip(tx, record, head->commit, deps.licenses, head->facts));
        RAILHUB_TRY(mark_with_descendants(tx, record));
    }
    return access::move_content_generation(tx);
}

} // namespace

std::string default_ref(const repo::RepoRecord& record) {
    return std::string(types::kHeads) + record.default_branch;
}

util::Result<> settle_within(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    const repo::RepoRecord& record,
    repo::Stage& stage,
    repo::PushRequest request
) {
    request.now_ms = util::to_millis(ctx.clock.now());
    RAILHUB_TRY(const auto head, derive_head(ctx, deps, record, stage, request));
    return apply_with_head(ctx, deps, tx, record, stage, request, head);
}

util::Result<> settle(
    const util::Context& ctx,
    Deps& deps,
    const repo::RepoRecord& record,
    repo::Stage& stage,
    repo::PushRequest request,
    const Amendment& amendment
) {
    request.now_ms = util::to_millis(ctx.clock.now());
    RAILHUB_TRY(const auto head, derive_head(ctx, deps, record, stage, request));
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx));
    if (amendment) {
        RAILHUB_TRY(amendment(*tx, request));
    }
    RAILHUB_TRY(apply_with_head(ctx, deps, *tx, record, stage, request, head));
    return tx->commit();
}

} // namespace railhub::app
