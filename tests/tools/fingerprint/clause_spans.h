// SPDX-License-Identifier: Apache-2.0
// Finds the clauses of restriction sets in reference texts by their lists.
#pragma once

#include "core/license/fingerprint.h"
#include "core/util/fs.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::tools {

// A row of clause_texts.tsv.
struct ClauseSource {
    std::string set;
    std::string file;
    std::string heading;
    std::string layout; // "flat", "indented", "nested"
};

std::vector<ClauseSource> parse_clause_sources(std::string_view rows);

// Clauses of `sections` found in the text, with words of its normal form; `reference` is not set.
std::vector<license::ClauseSpan> clause_spans(
    const ClauseSource& source, std::string_view text, const std::vector<std::string>& sections
);

} // namespace railhub::tools
