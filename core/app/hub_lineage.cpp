// SPDX-License-Identifier: Apache-2.0
// Looks up the cards of ancestors with the rights of the one who asks.
#include "core/app/hub_lineage.h"

#include "core/app/locate.h"
#include "core/app/repository_source.h"

namespace railhub::app {

namespace {

constexpr std::uint64_t kMaxUpstreamCard = std::uint64_t{4} << 20;

} // namespace

util::Result<std::optional<UpstreamCard>>
HubLineage::card_of(const util::Context& ctx, types::RepoKind kind, const std::string& id) {
    using Answer = std::optional<UpstreamCard>;
    const auto parsed = types::RepoId::parse(kind, id);
    if (!parsed.ok()) {
        return Answer{};
    }
    auto found = find_repo(tx_, who_, *parsed, access::Permission::Read);
    if (!found.ok()) {
        return found.error().reason == kRepoMissing ? util::Result<Answer>(Answer{})
                                                    : util::Result<Answer>(found.error());
    }
    UpstreamCard card;
    card.revision = found->record.head;
    if (card.revision.empty()) {
        return Answer(std::move(card));
    }
    RAILHUB_TRY(const types::Oid head, types::Oid::parse(card.revision));
    RAILHUB_TRY(auto repository, repo::Repository::open(ctx, tx_, blobs_, found->record));
    RAILHUB_TRY(auto readme, repository->text(head, "README.md", kMaxUpstreamCard));
    card.readme = std::move(readme).value_or("");
    RAILHUB_TRY(card.files, make_repository_source(*repository, head)->files(ctx));
    return Answer(std::move(card));
}

} // namespace railhub::app
