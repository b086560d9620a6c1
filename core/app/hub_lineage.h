// SPDX-License-Identifier: Apache-2.0
// Lineage from the hub's own repos: base models and datasets that the caller may read.
#pragma once

#include "core/access/permissions.h"
#include "core/app/check.h"
#include "core/db/database.h"
#include "core/storage/blobs.h"

namespace railhub::app {

// Authoritative for this hub: what is absent, or hidden from `who`, is nullopt. References are
// borrowed.
class HubLineage final : public LineageResolver {
  public:
    HubLineage(
        db::Transaction& tx,
        storage::Blobs& blobs,
        const license::Catalogue& licenses,
        const access::Identity& who
    )
        : tx_(tx), blobs_(blobs), licenses_(licenses), who_(who) {}

    util::Result<std::optional<Upstream>>
    find(const util::Context& ctx, const UpstreamName& name) override;

  private:
    db::Transaction& tx_;
    storage::Blobs& blobs_;
    const license::Catalogue& licenses_;
    const access::Identity& who_;
};

} // namespace railhub::app
