// SPDX-License-Identifier: Apache-2.0
// Ids: does a text name something on the hub, and what is it called there
// today.
#pragma once

#include "core/scan/tables.h"

#include <optional>
#include <string>
#include <string_view>

namespace railhub::scan {

struct HubId {
    std::string id;
    std::string source = "huggingface";
    std::string revision = {}; // where the text itself has one: id@revision, .../resolve/REV/...
    std::optional<ArtifactKind> kind = {}; // where the text itself says it: datasets/...
    Confidence confidence = Confidence::High;
};

// How much else speaks for an id.
enum class Evidence : std::uint8_t {
    Call, // a call that loads from the hub
    Key,  // only the name it goes by
};

// nullopt: a path, a placeholder, a service's own name, or nothing of the kind.
std::optional<HubId> read_hub_id(
    const Tables& tables,
    std::string_view text,
    ArtifactKind kind,
    std::string_view catalogue,
    Evidence evidence
);

// owner/name, by the hub's rules for names.
bool has_id_shape(std::string_view text);

// https://huggingface.co/..., hf://... ; nullopt for other addresses.
std::optional<HubId> read_hub_address(const Tables& tables, std::string_view text);

// An address from which a file of a repository is loaded, not one a person reads.
bool is_file_address(std::string_view text);

// A commit (7 to 40 hexadecimal digits), not a branch or a tag, which can move.
bool is_pinned_revision(std::string_view revision);

} // namespace railhub::scan
