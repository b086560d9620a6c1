// SPDX-License-Identifier: Apache-2.0
// Which licenses a file states: full texts, notices, tags and mentions, with what differs from the
// reference and what terms stand beside it. Pure; any input; safe from any thread. "Unknown" is
// preferred to a guess.
#pragma once

#include "core/license/fingerprint.h"
#include "core/license/normalize.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::license {

enum class MatchKind : std::uint8_t {
    Text,    // the license itself
    Notice,  // the short text that puts a file under it
    Tag,     // SPDX-License-Identifier, or the license member of a manifest
    Mention, // "licensed under the X license"
};

enum class TextFit : std::uint8_t {
    Exact,      // word for word
    Equivalent, // differs only where a license may: names, titles, placeholders
    Near,       // single words differ, as after scanning or retyping
    Partial,    // a part of it, unchanged: the beginning, or the end
    Changed,    // terms were put in or left out
};

std::string_view match_kind_word(MatchKind kind); // "text", ...
std::string_view fit_word(TextFit fit);           // "exact", ...

// A place in the original; `begin == end` where something is missing.
struct Place {
    std::uint32_t begin = 0; // bytes
    std::uint32_t end = 0;
    std::uint32_t first_line = 0; // from 1
    std::uint32_t last_line = 0;
};

enum class Significance : std::uint8_t {
    Ignorable, // allowed by the matching guidelines
    Wording,   // a word or two
    Terms,     // may change what the license says
};

struct Difference {
    Place place;
    std::uint32_t added_words = 0;   // in the file, not in the reference
    std::uint32_t missing_words = 0; // the other way round
    Significance significance = Significance::Ignorable;
};

struct LicenseMatch {
    MatchKind kind = MatchKind::Text;
    TextFit fit = TextFit::Exact;
    // Id of the reference, or of a tag or mention that names one license; else empty.
    std::string id;
    bool is_exception = false;
    bool is_spdx = false;                // the id is one of the SPDX list
    std::vector<std::string> also;       // ids with the same text
    std::vector<std::string> candidates; // other ids that fit as well: the match is undecided
    std::string expression;              // of a tag or mention, as SPDX writes it
    bool is_choice = false;              // may be taken instead of the match before
    double score = 100;                  // 0 to 100: words in common
    Place place;
    std::vector<Difference> differences;
};

// The nearest reference of a text that is none of them.
struct Resemblance {
    std::string id;
    double score = 0;
};

struct Detection {
    std::vector<LicenseMatch> matches;  // by place
    std::vector<Place> added_terms;     // terms that belong to no reference
    std::vector<Resemblance> resembles; // best first, where the file states terms and none fits
    std::uint32_t words = 0;
    bool is_binary = false;
    bool is_cut = false; // the file was longer than kMaxTextBytes
};

Detection detect(const Fingerprints& fingerprints, std::string_view bytes);

// How ids outside the SPDX list are written: "llama2" ->
// "LicenseRef-scancode-llama-2-license-2023".
using IdWriter = std::function<std::string(std::string_view id)>;

// "LicenseRef-railhub-<id>", with what a reference may not hold replaced.
std::string own_reference(std::string_view id);

// SPDX expression of all that was found: statements joined with AND, choices with OR, exceptions
// attached with WITH. Names and labels count once, and not where a text or notice says more.
// Changed texts and added terms appear as LicenseRef-railhub-modified-<id> and
// LicenseRef-railhub-added-terms, so that no text with terms of its own passes for its base. Empty
// when nothing was found.
std::string expression_of(const Detection& detection, const IdWriter& write);

// One expression for each statement, by place, doubles and all: what suites with a list of expected
// expressions for a file compare.
std::vector<std::string> expressions_of(const Detection& detection, const IdWriter& write);

} // namespace railhub::license
