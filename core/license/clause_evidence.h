// SPDX-License-Identifier: Apache-2.0
// Evidence that a clause is in a text; part of clauses.h, not for other modules.
#pragma once

#include "core/license/clauses.h"
#include "core/license/vocabulary.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::license {

// A clause of a reference, aligned with the text.
struct SpanMatch {
    const ClauseSpan* span = nullptr;
    double covered = 0;                  // share of its words
    WordRange words;                     // in the text
    std::vector<std::string> qualifiers; // narrowing words that the text adds
    std::string lifted;                  // words before it that take it back; or empty
};

// The clauses of all sets of which a good part is in the text.
std::vector<SpanMatch>
match_spans(const Fingerprints& fingerprints, const NormalText& text, std::string_view bytes);

struct WordingMatch {
    double confidence = 0; // 0 when nothing was found
    WordRange words;
};

// Words about a restriction where the text forbids something, outside of what is taken.
WordingMatch find_wording(
    const NormalText& text,
    std::span<const RestrictionWording> wording,
    std::string_view id,
    std::span<const WordRange> taken
);

} // namespace railhub::license
