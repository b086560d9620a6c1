// SPDX-License-Identifier: Apache-2.0
// The parts of the detector; not for other modules.
#pragma once

#include "core/license/detect.h"
#include "core/license/expression.h"
#include "core/license/match.h"
#include "core/license/mentions.h"
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

// "Alternatively, this may be used under the terms of ...": not a change, another license to
// choose.
bool is_alternative(const NormalText& text, WordRange range);

// SPDX-License-Identifier lines, but for those that a license text contains.
void add_tags(
    const NormalText& text, std::string_view bytes, const std::vector<bool>& taken, Detection& out
);

// Names of licenses where the text says under what it is: license members of manifests and cards,
// "@license MIT", MODULE_LICENSE("GPL"). Their words are set aside.
void add_labels(
    const NormalText& text, std::string_view bytes, std::vector<bool>& taken, Detection& out
);

// Ids as they are spelled, old GNU ids as new ones; `known` becomes false when one is none.
Expression respelled(const Expression& expression, bool& known);

// Ids outside the SPDX list as references, in expressions of several.
Expression with_own_names(const Expression& expression);

// Web addresses of licenses.
void add_links(
    const NormalText& text, std::string_view bytes, std::vector<bool>& taken, Detection& out
);

// "GPL-3.0+" and "GPL-3.0" as they are written now.
std::string modern_id(const std::string& id);

// The licenses named in and around a notice.
std::vector<NameHit> named_in_notice(const NormalText& text, WordRange notice);
LicenseMatch mention_of(const NormalText& text, const NameHit& hit);

// Words of the text from byte `begin` to byte `end`.
WordRange words_between(const NormalText& text, std::uint32_t begin, std::uint32_t end);

// "licensed under the X license" in words that are not `taken` by a text.
void add_mentions(
    const NormalText& text, std::string_view bytes, const std::vector<bool>& taken, Detection& out
);

} // namespace railhub::license
