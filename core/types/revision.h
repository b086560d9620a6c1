// SPDX-License-Identifier: Apache-2.0
// Ref names and revision texts (hub-api sections 2.4, 7.1, 13).
#pragma once

#include "core/util/result.h"

#include <string>
#include <string_view>

namespace railhub::types {

inline constexpr std::string_view kDefaultBranch = "main";
inline constexpr std::string_view kHeads = "refs/heads/";
inline constexpr std::string_view kTags = "refs/tags/";

// git check-ref-format rules for one full ref name such as refs/heads/a/b. At most 255 bytes.
bool is_valid_ref_name(std::string_view full_name);
// Branch or tag short name: valid behind the prefix, does not begin with "refs/" or '-', and is
// neither 40 hex digits nor a word that git keeps for itself ("HEAD", "@").
bool is_valid_branch_name(std::string_view name);
// 40 lower- or upper-case hex digits.
bool is_full_sha(std::string_view text);
// 7 to 40 hex digits.
bool is_short_sha(std::string_view text);

} // namespace railhub::types
