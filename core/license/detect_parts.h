// SPDX-License-Identifier: Apache-2.0
// The parts of the detector; not for other modules.
#pragma once

#include "core/license/detect.h"
#include "core/license/match.h"
#include "core/license/vocabulary.h"

#include <string_view>
#include <vector>

namespace railhub::license {

// What an alignment says about the text.
struct Judgement {
    TextFit fit = TextFit::Exact;
    double score = 100;
    double covered = 1;             // share of the words that the reference requires
    double covered_inside = 1;      // the same, between first and last word found
    bool is_head = false;           // begins where the reference begins
    std::uint32_t added_inside = 0; // words
    std::vector<Difference> differences;
};

Judgement judge(const NormalText& text, const Reference& reference, const Alignment& alignment);

Place place_of(const NormalText& text, WordRange range);

// SPDX-License-Identifier lines and license members of manifests.
void add_tags(const NormalText& text, std::string_view bytes, Detection& out);

// "licensed under the X license" in words that are not `taken` by a text.
void add_mentions(const NormalText& text, const std::vector<bool>& taken, Detection& out);

} // namespace railhub::license
