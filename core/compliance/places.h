// SPDX-License-Identifier: Apache-2.0
// Places that licenses name: countries by code, and who is in the European Union (licenses 4.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace railhub::compliance {

// "fr", "FRA", "France", "FR-75" -> "FR"; "EU" stays. Any ISO 3166 code of two letters is taken as
// it is; codes of three and names only of countries that licenses exclude. Nothing else is a place:
// what cannot be read must not count as being elsewhere.
std::optional<std::string> parse_place(std::string_view text);

// `place` as parse_place gives it, or a code in capitals.
bool is_in_union(std::string_view place);

} // namespace railhub::compliance
