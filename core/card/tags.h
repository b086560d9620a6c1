// SPDX-License-Identifier: Apache-2.0
// Tags that lists filter by, derived from a card and the names of the files beside it
// (hub-api 12.2).
#pragma once

#include "core/card/card.h"
#include "core/types/repo_id.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::card {

// Views are borrowed for the call.
struct TagInput {
    types::RepoKind kind = types::RepoKind::Model;
    const Card& card;
    std::span<const std::string> files; // paths in the repository
    std::string_view model_type = {};   // config.json, or empty
    std::string_view region = "us";
};

struct Derived {
    std::vector<std::string> tags; // in the order hubs show them, no doubles
    std::string pipeline_tag;      // declared, or empty
    std::string library_name;      // declared, else inferred from the files, or empty
};

// Pure.
Derived derive(const TagInput& input);

} // namespace railhub::card
