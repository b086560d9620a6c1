// SPDX-License-Identifier: Apache-2.0
// Words by which a passage is judged: does it state terms, could it change the meaning of a
// license, is it a copyright statement? Part of the detector. Pure.
#pragma once

#include "core/license/normalize.h"

#include <cstdint>

namespace railhub::license {

// Words begin..end of a text.
struct WordRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    [[nodiscard]] std::uint32_t size() const { return end - begin; }
};

// Holds a word that changes what is allowed: "not", "only", "commercial", "shall".
enum class Weight : std::uint8_t { Any, BeyondNegation }; // BeyondNegation: other than "not"
bool has_weighty_word(const NormalText& text, WordRange range, Weight weight = Weight::Any);

// A short passage about who holds the copyright since when.
bool states_holder(const NormalText& text, WordRange range);

// Reads like terms: someone must, may or may not do something with the work.
bool states_terms(const NormalText& text, WordRange range);

// The parts of a range that state terms, neighbours merged.
std::vector<WordRange> terms_within(const NormalText& text, WordRange range);

} // namespace railhub::license
