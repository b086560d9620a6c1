// SPDX-License-Identifier: Apache-2.0
// Runs the same evaluation as `railhub check`, on the tip that is about to be.
#include "core/app/license_gate.h"

#include "core/app/hub_lineage.h"
#include "core/app/repository_source.h"

namespace railhub::app {

GateMode gate_mode_of(const Deps& deps, const repo::RepoRecord& record) {
    const std::string& word = record.license_gate.empty() ? deps.license_gate : record.license_gate;
    // A word that is none cannot come from our settings; refusing is the safe reading of it.
    return parse_gate_mode(word).value_or(GateMode::Enforce);
}

util::Result<GateAnswer> pass_gate(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    const access::Identity& who,
    repo::Repository& repository,
    const types::Oid& commit
) {
    const repo::RepoRecord& record = repository.record();
    const GateMode mode = gate_mode_of(deps, record);
    if (mode == GateMode::Off) {
        return GateAnswer{};
    }
    const auto source = make_repository_source(repository, commit);
    HubLineage lineage(tx, deps.blobs, deps.licenses, who);
    CheckOptions options;
    options.kind = record.id.kind;
    options.id = record.id.full_name();
    options.revision = commit.hex();
    return gate(ctx, mode, *source, lineage, deps.licenses, options);
}

} // namespace railhub::app
