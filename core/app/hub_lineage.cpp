// SPDX-License-Identifier: Apache-2.0
// Looks up ancestors with the rights of the one who asks.
#include "core/app/hub_lineage.h"

#include "core/app/license_index.h"
#include "core/app/locate.h"

namespace railhub::app {

util::Result<std::optional<Upstream>>
HubLineage::find(const util::Context& ctx, const UpstreamName& name) {
    using Answer = std::optional<Upstream>;
    const auto parsed = types::RepoId::parse(name.kind, name.id);
    if (!parsed.ok()) {
        return Answer{};
    }
    auto found = find_repo(tx_, who_, *parsed, access::Permission::Read);
    if (!found.ok()) {
        return found.error().reason == kRepoMissing ? util::Result<Answer>(Answer{})
                                                    : util::Result<Answer>(found.error());
    }
    Upstream upstream;
    upstream.id = found->record.id.full_name();
    if (found->record.head.empty()) {
        return name.revision.empty() ? Answer(std::move(upstream)) : Answer{};
    }
    RAILHUB_TRY(auto repository, repo::Repository::open(ctx, tx_, blobs_, found->record));
    const auto at = repository->resolve(name.revision.empty() ? "HEAD" : name.revision);
    if (!at.ok()) {
        return at.error().code == util::Code::NotFound ? util::Result<Answer>(Answer{})
                                                       : util::Result<Answer>(at.error());
    }
    upstream.revision = at->commit.hex();
    RAILHUB_TRY(upstream.facts, facts_at(ctx, tx_, blobs_, licenses_, found->record, at->commit));
    return Answer(std::move(upstream));
}

} // namespace railhub::app
