// SPDX-License-Identifier: Apache-2.0
// Papers and DOIs that the prose of a card links to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace railhub::card {

// "2301.00001" for each link to arxiv.org/abs/... or arxiv.org/pdf/..., in order, no doubles, at
// most 100.
std::vector<std::string> arxiv_ids(std::string_view prose);
// "10.1234/abc" for each link to doi.org/..., likewise.
std::vector<std::string> doi_ids(std::string_view prose);

} // namespace railhub::card
