// SPDX-License-Identifier: Apache-2.0
// Reference: how a card or a file written by a tool names another artifact: "owner/name@revision",
// an address on a hub, a folder on somebody's disk, or something that nobody can look up.
#pragma once

#include "core/types/repo_id.h"

#include <optional>
#include <string>
#include <string_view>

namespace railhub::origin {

struct Reference {
    // Repo: to be asked for on a hub. Folder: a path of the machine it was written on. Elsewhere:
    // another site, a file name, anything else.
    enum class Place : std::uint8_t { Repo, Folder, Elsewhere } place = Place::Repo;
    types::RepoKind kind = types::RepoKind::Model;
    std::string id;       // "owner/name", "name", the path, or the text as it is; at most 256 bytes
    std::string revision; // pinned, or empty

    auto operator<=>(const Reference&) const = default;
};

inline constexpr std::size_t kMaxReference = 256;

// `kind` holds unless the text says another ("hf://datasets/..."). nullopt for an empty text.
std::optional<Reference> parse_reference(std::string_view text, types::RepoKind kind);

// "owner/name@1a2b3c", for people.
std::string describe(const Reference& reference);

// Foreign text as reports show it: at most 256 bytes, cut between characters, no control
// characters.
std::string shown_text(std::string_view text);

} // namespace railhub::origin
