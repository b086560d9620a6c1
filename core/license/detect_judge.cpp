// SPDX-License-Identifier: Apache-2.0
// What lies between the segments of an alignment, and what it makes of the match.
#include "core/license/detect_parts.h"

#include <algorithm>
#include <cmath>

namespace railhub::license {

namespace {

constexpr std::uint32_t kFreeNameWords = 40; // a placeholder may be filled with this many words
constexpr std::uint32_t kLongestTitle = 14;
constexpr std::uint32_t kWordingAdded = 4;
constexpr std::uint32_t kWordingMissing = 4;
constexpr std::uint32_t kMostLeeway = 4;
constexpr std::uint32_t kStatementWords = 16;
constexpr std::uint32_t kLeastReplaced = 3;
constexpr std::uint32_t kMostReplacing = 12;
constexpr std::uint32_t kNegationReach = 14; // words of the reference
constexpr double kMostNoise = 0.2;           // share of words that differ one by one
constexpr double kPartialMissing = 0.04;

// Words of the file that are not in the reference, and the other way round, at one place.
struct Hole {
    WordRange text;
    WordRange reference;
};

std::vector<Hole> holes_of(const Alignment& alignment, const Reference& reference) {
    std::vector<Hole> holes;
    std::uint32_t text = alignment.text_begin();
    std::uint32_t at = 0;
    for (const Segment& segment : alignment.segments) {
        holes.push_back({{text, segment.text}, {at, segment.reference}});
        text = segment.text + segment.length;
        at = segment.reference + segment.length;
    }
    holes.push_back({{text, text}, {at, reference.words}});
    const auto is_empty = [](const Hole& hole) {
        return hole.text.size() == 0 && hole.reference.size() == 0;
    };
    holes.erase(std::remove_if(holes.begin(), holes.end(), is_empty), holes.end());
    return holes;
}

bool touches_loose(const Reference& reference, WordRange range) {
    return std::any_of(reference.loose.begin(), reference.loose.end(), [&](const LooseSpan& span) {
        return span.begin <= range.end && span.end >= range.begin;
    });
}

// A copyright line was left out of the file there; after wrapping, it may have held other words.
bool has_statement_at(const NormalText& text, WordRange range) {
    const std::uint32_t begin = range.begin == 0 ? 0 : text.words[range.begin - 1].end;
    const std::uint32_t end =
        range.end < text.words.size() ? text.words[range.end].begin : text.words.back().end;
    return std::any_of(text.statements.begin(), text.statements.end(), [&](const ByteSpan& span) {
        return span.begin < end && begin < span.end;
    });
}

// A loose span that is a sentence of its own ("neither the name of ... nor") may be filled with the
// other way to say it ("the name of the author may not").
bool is_other_wording(
    const NormalText& text, const Reference& reference, const Hole& hole, std::uint32_t required
) {
    const bool replaces = required == 0 && hole.reference.size() >= kLeastReplaced &&
                          hole.text.size() <= kMostReplacing;
    return replaces && touches_loose(reference, hole.reference) &&
           !has_weighty_word(text, hole.text, Weight::BeyondNegation);
}

// A word or two, or a remark that states no terms, between the title and what it is about.
bool is_below_title(const NormalText& text, const Hole& hole) {
    return hole.reference.begin > 0 && hole.reference.end <= kLongestTitle &&
           hole.text.size() <= kFreeNameWords && !has_weighty_word(text, hole.text) &&
           !states_terms(text, hole.text);
}

Significance significance_of(const NormalText& text, const Reference& reference, const Hole& hole) {
    const std::uint32_t required =
        required_words(reference, hole.reference.begin, hole.reference.end);
    const bool is_title =
        hole.reference.begin == 0 && hole.text.size() == 0 && required <= kLongestTitle;
    if (is_title || (required == 0 && hole.text.size() == 0)) {
        return Significance::Ignorable;
    }
    if (is_alternative(text, hole.text) || is_other_wording(text, reference, hole, required)) {
        return Significance::Ignorable;
    }
    const bool weighty = has_weighty_word(text, hole.text);
    const bool is_filled = !weighty && required <= 2 && hole.text.size() <= kFreeNameWords &&
                           touches_loose(reference, hole.reference);
    const bool is_statement = (required == 0 && states_holder(text, hole.text)) ||
                              (required <= kStatementWords && hole.text.size() <= 2 && !weighty &&
                               has_statement_at(text, hole.text));
    if (is_filled || is_statement || (required <= 2 && is_below_title(text, hole))) {
        return Significance::Ignorable;
    }
    // Long texts go around in printings that differ in a few words.
    const std::uint32_t leeway = std::min(kMostLeeway, reference.words / 1000);
    if (!weighty && hole.text.size() <= kWordingAdded + leeway &&
        required <= kWordingMissing + leeway) {
        return Significance::Wording;
    }
    // Several words in a row that were garbled or retyped, one for one.
    const auto difference = std::abs(std::int64_t{hole.text.size()} - std::int64_t{required});
    if (!weighty && required <= 12 && difference <= 2 && !states_terms(text, hole.text)) {
        return Significance::Wording;
    }
    return Significance::Terms;
}

// "Neither the name of A nor the names of B may be used" may be said as "the names of B may not be
// used": what a license lets be left out, with its "not" further on. Asked hole by hole, in order.
class MovedNegation {
  public:
    bool is_at(const NormalText& text, const Hole& hole, std::uint32_t required) {
        if (required == 0 && hole.reference.size() >= kLeastReplaced &&
            !has_weighty_word(text, hole.text)) {
            left_out_ = hole.reference.end;
        }
        const bool is_not = hole.text.size() == 1 && hole.reference.size() == 0 &&
                            text.spelling(hole.text.begin) == "not";
        const bool is_moved =
            is_not && left_out_ > 0 && hole.reference.begin - left_out_ <= kNegationReach;
        left_out_ = is_moved ? 0 : left_out_;
        return is_moved;
    }

  private:
    std::uint32_t left_out_ = 0; // words of the reference before its end
};

// Missing at the front or the back only.
bool is_end_hole(const Hole& hole, const Reference& reference) {
    return hole.text.size() == 0 &&
           (hole.reference.begin == 0 || hole.reference.end == reference.words);
}

struct Sums {
    std::uint32_t wording = 0;
    std::uint32_t terms = 0;
    std::uint32_t cut = 0; // required words beyond the ends
    std::uint32_t inside = 0;
    bool ignorable = false;
};

TextFit fit_of(const Sums& sums, const Reference& reference) {
    const double words = reference.words;
    if (sums.terms > 0 || sums.wording > kMostNoise * words) {
        return TextFit::Changed;
    }
    if (sums.cut > kPartialMissing * words) {
        return TextFit::Partial;
    }
    if (sums.wording > 0 || sums.cut > 0) {
        return TextFit::Near;
    }
    return sums.ignorable ? TextFit::Equivalent : TextFit::Exact;
}

} // namespace

Place place_of(const NormalText& text, WordRange range) {
    Place place;
    if (text.words.empty()) {
        return place;
    }
    if (range.size() == 0) {
        const bool at_end = range.begin >= text.words.size();
        place.begin = at_end ? text.words.back().end : text.words[range.begin].begin;
        place.end = place.begin;
    } else {
        place.begin = text.words[range.begin].begin;
        place.end = text.words[range.end - 1].end;
    }
    place.first_line = text.line_of(place.begin);
    place.last_line = text.line_of(place.end > place.begin ? place.end - 1 : place.end);
    return place;
}

bool is_alternative(const NormalText& text, WordRange range) {
    const std::uint32_t end = std::min(range.end, range.begin + 3);
    for (std::uint32_t at = range.begin; at < end; ++at) {
        if (text.spelling(at) == "alternatively" || text.spelling(at) == "alternative") {
            return !named_in_notice(text, range).empty();
        }
    }
    return false;
}

Judgement judge(const NormalText& text, const Reference& reference, const Alignment& alignment) {
    Judgement out;
    Sums sums;
    MovedNegation negation;
    for (const Hole& hole : holes_of(alignment, reference)) {
        Difference difference;
        difference.place = place_of(text, hole.text);
        difference.added_words = hole.text.size();
        difference.missing_words =
            required_words(reference, hole.reference.begin, hole.reference.end);
        difference.significance = negation.is_at(text, hole, difference.missing_words)
                                      ? Significance::Ignorable
                                      : significance_of(text, reference, hole);
        out.added_inside += difference.added_words;
        const std::uint32_t size = std::max(difference.added_words, difference.missing_words);
        if (is_end_hole(hole, reference)) {
            const bool counts = difference.significance != Significance::Ignorable;
            sums.cut += counts ? difference.missing_words : 0;
            sums.ignorable = sums.ignorable || !counts;
        } else {
            sums.inside += difference.missing_words;
            sums.wording += difference.significance == Significance::Wording ? size : 0;
            sums.terms += difference.significance == Significance::Terms ? size : 0;
            sums.ignorable = true;
        }
        out.differences.push_back(difference);
    }
    const double required = std::max(1U, required_words(reference, 0, reference.words));
    const double missing = sums.cut + sums.inside;
    const double inside = std::max(1.0, required - sums.cut);
    out.covered = std::max(0.0, (required - missing) / required);
    out.covered_inside = std::max(0.0, (inside - sums.inside) / inside);
    out.is_head = alignment.reference_begin() <= kLongestTitle;
    const double changed = std::max<double>(missing, sums.wording + sums.terms);
    out.score = std::max(0.0, 100.0 * (1.0 - changed / std::max(required, changed)));
    out.score = std::floor(out.score * 100) / 100;
    out.fit = fit_of(sums, reference);
    return out;
}

} // namespace railhub::license
