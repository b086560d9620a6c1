// SPDX-License-Identifier: Apache-2.0
// Globs as git matches them (gitignore(5), gitattributes(5)).
#pragma once

#include <string_view>

namespace railhub::repo::detail {

// `*`, `?` and `[...]` do not match '/'; `**` between slashes or at an end matches any folders.
// Time is bounded by the product of both lengths.
bool wildmatch(std::string_view pattern, std::string_view text);

// A pattern of an attribute or ignore file in `folder` against a whole path: one without a slash
// matches the last component, any other the path below the folder.
bool path_pattern_matches(std::string_view folder, std::string_view pattern, std::string_view path);

} // namespace railhub::repo::detail
