// SPDX-License-Identifier: Apache-2.0
// Overrides: what the person who asks knows better than the files (lineage-overrides/1). They win,
// and what they replace is still shown.
#pragma once

#include "core/origin/facts.h"

#include <string>
#include <string_view>
#include <vector>

namespace railhub::origin {

struct ArtifactOverride {
    std::string id; // "owner/name", a folder as it is named, or "." for the subject
    types::RepoKind kind = types::RepoKind::Model;
    std::vector<std::string> licenses;
    std::string license_name;
    std::vector<UpstreamFact> upstreams;
    std::vector<std::string> without; // upstreams that are none
};

struct Overrides {
    std::vector<ArtifactOverride> artifacts;
};

// YAML or JSON, at most 1 MiB and 1,000 artifacts. InvalidInput names the entry.
util::Result<Overrides> parse_overrides(std::string_view text);

// Changes the facts of an artifact; returns what was left out, for Node::notes.
std::vector<std::string> apply_overrides(
    Facts& facts, const Overrides& overrides, types::RepoKind kind, std::string_view id
);

} // namespace railhub::origin
