// SPDX-License-Identifier: Apache-2.0
// Gather: the files of a source that speak of license and origin -> facts. One set of files for
// folders, repositories of this hub and of others, so that all see the same lineage.
#pragma once

#include "core/app/source.h"
#include "core/license/catalogue.h"
#include "core/origin/facts.h"

namespace railhub::app {

// How far into weights to look: a hub next door costs nothing, one across the network does.
struct GatherLimits {
    std::uint64_t gguf_bytes = std::uint64_t{32} << 20;
    std::uint64_t safetensors_bytes = std::uint64_t{16} << 20;
    std::size_t weight_files = 4; // of each format
};

// What an artifact across the network is asked for.
inline constexpr GatherLimits kRemoteLimits = {std::uint64_t{256} << 10, std::uint64_t{1} << 20, 1};

// Errors are those of `source`. What is there and cannot be understood is a problem among the
// facts; a card that cannot be parsed is all of them.
util::Result<origin::Facts> gather(
    const util::Context& ctx,
    Source& source,
    types::RepoKind kind,
    const license::Catalogue& catalogue,
    const GatherLimits& limits = {}
);

} // namespace railhub::app
