// SPDX-License-Identifier: Apache-2.0
// Takes the best alignment, judges it, sets its words aside, and goes on with the rest.
#include "core/license/detect.h"

#include "core/license/detect_parts.h"
#include "core/license/match.h"
#include "core/license/vocabulary.h"

#include <algorithm>
#include <array>

namespace railhub::license {

namespace {

constexpr std::size_t kMaxRounds = 48;
constexpr std::size_t kMaxRoundsOfLongText = 4;
constexpr std::size_t kCandidatesOfLongText = 8;
constexpr std::size_t kMostAttempts = 3;    // at a round
constexpr std::size_t kLongText = 100'000;  // words
constexpr std::uint32_t kLeastStretch = 60; // words
constexpr double kMostlyThere = 0.9;
constexpr std::uint32_t kTinyText = 8; // words; other texts have them by chance
constexpr double kNearlyAsGood = 0.9;
constexpr std::size_t kMostCompared = 8;
constexpr std::uint32_t kLongestPassage = 150; // words that licenses have in common
constexpr std::uint32_t kFewWords = 25;
constexpr std::uint32_t kSomeWords = 60;
constexpr std::uint32_t kLeastPart = 80;  // words of a partial match
constexpr std::uint32_t kLeastStart = 10; // words of a text that was cut off
constexpr std::uint32_t kCutOffWords = 3;
constexpr std::ptrdiff_t kLeastGrams = 3; // triples in which another license may be found
constexpr std::ptrdiff_t kSharedByChance = 2;
constexpr double kUndecidedPart = 0.9;
constexpr double kUndecided = 0.3;           // values this near each other do not decide
constexpr std::uint32_t kNeighbourhood = 80; // words around a match that may add terms
constexpr double kMostlyLicense = 0.3;
constexpr std::uint32_t kLongReference = 600; // words; a part of a shorter one says little
constexpr double kKnownWords = 0.7;
constexpr std::uint32_t kSureNotice = 40; // words of a notice that needs no name
constexpr double kSureScore = 90;
constexpr double kWholeScore = 97;
constexpr std::uint32_t kTermsBesideNames = 100; // words of terms that are more than a notice
constexpr double kMostlyTerms = 0.3;
constexpr std::uint32_t kLongestNaming = 40; // words of a sentence that names a license
constexpr std::uint32_t kTermsOfOwn = 80;    // words of terms amid other text
constexpr std::uint32_t kChoiceReach = 30;
constexpr std::uint32_t kOfferReach = 60;
constexpr double kResembles = 0.3;

constexpr std::array<std::string_view, 5> kGrants = {
    "permission", "permitted", "granted", "redistribution", "licensed"};

bool has_spelling(
    const NormalText& text, std::uint32_t begin, std::uint32_t end, std::string_view word
) {
    for (std::uint32_t at = begin; at < end; ++at) {
        if (text.spelling(at) == word) {
            return true;
        }
    }
    return false;
}

class Detector {
  public:
    Detector(const Fingerprints& fingerprints, const NormalText& text)
        : fingerprints_(fingerprints), text_(text), grams_(fingerprints.grams_of(text)),
          taken_(text.words.size(), false) {}

    void run(Detection& out) {
        const std::size_t rounds = is_long() ? kMaxRoundsOfLongText : kMaxRounds;
        for (std::size_t round = 0; round < rounds && take_round(out); ++round) {
            out.resembles.clear();
        }
    }

    std::vector<bool>& taken() { return taken_; }

  private:
    // No license is that long: work is bounded.
    [[nodiscard]] bool is_long() const { return text_.words.size() > kLongText; }

    // False when nothing was accepted.
    bool take_round(Detection& out) {
        const auto left = std::count_if(grams_.begin(), grams_.end(), [](GramId gram) {
            return gram != kNoGram;
        });
        if (left < kLeastGrams) {
            return false;
        }
        AlignOptions options;
        options.max_candidates = is_long() ? kCandidatesOfLongText : options.max_candidates;
        std::vector<std::uint32_t> except = rejected_;
        std::vector<Alignment> first;
        const std::size_t attempts = is_long() ? 1 : kMostAttempts;
        for (std::size_t attempt = 0; attempt < attempts; ++attempt) {
            options.except = except;
            std::vector<Alignment> found = align(fingerprints_, grams_, options);
            if (found.empty()) {
                break;
            }
            if (take_any(found, Stretch::Refused, out)) {
                return true;
            }
            for (const Alignment& alignment : found) {
                except.push_back(alignment.reference);
            }
            if (first.empty()) {
                first = std::move(found);
            }
        }
        if (!first.empty() && take_any(first, Stretch::Allowed, out)) {
            return true;
        }
        if (out.matches.empty()) {
            note_resemblances(first, out);
        }
        return false;
    }

    enum class Stretch : std::uint8_t { Refused, Allowed };

    // Long references of which the input has much may hide short ones that it has whole: one that
    // is stretched over several short texts comes last.
    bool take_any(std::vector<Alignment>& found, Stretch stretch, Detection& out) {
        if (is_cut_off(found[0])) {
            rank_as_cut_off(found);
        }
        bool accepted = false;
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (is_free(found[i]) && accept(found, i, stretch, out)) {
                accepted = true;
            } else if (stretch == Stretch::Refused && is_unfit(found[i])) {
                rejected_.push_back(found[i].reference);
            }
        }
        return accepted;
    }

    // Hardly anything of it is there: it need not be looked at again.
    [[nodiscard]] bool is_unfit(const Alignment& alignment) const {
        const Reference& reference = reference_of(alignment);
        return alignment.matched < kLeastPart &&
               2 * alignment.matched < required_words(reference, 0, reference.words);
    }

    // The input ends in the middle of the reference.
    [[nodiscard]] bool is_cut_off(const Alignment& alignment) const {
        const Reference& reference = reference_of(alignment);
        const std::uint32_t rest =
            required_words(reference, alignment.reference_end(), reference.words);
        return rest > kCutOffWords && alignment.text_end() + kCutOffWords >= text_.words.size();
    }

    // Where a text was cut off, how much of each reference is beyond the cut says nothing.
    void rank_as_cut_off(std::vector<Alignment>& found) const {
        std::stable_sort(
            found.begin(),
            found.end(),
            [this](const Alignment& a, const Alignment& b) { return value_of(a) > value_of(b); }
        );
    }

    [[nodiscard]] double value_of(const Alignment& alignment) const {
        return alignment_value(
            alignment, reference_of(alignment), is_cut_off(alignment) ? Tail::CutOff : Tail::Counts
        );
    }

    [[nodiscard]] const Reference& reference_of(const Alignment& alignment) const {
        return fingerprints_.references()[alignment.reference];
    }

    // No words of it were taken in this round; neighbours may share one or two by chance.
    [[nodiscard]] bool is_free(const Alignment& alignment) const {
        std::ptrdiff_t shared = 0;
        for (const Segment& segment : alignment.segments) {
            const auto begin = taken_.begin() + segment.text;
            shared += std::count(begin, begin + segment.length, true);
        }
        return shared <= kSharedByChance;
    }

    [[nodiscard]] static bool is_stretched(const Reference& reference, const Judgement& judgement) {
        return judgement.fit == TextFit::Changed &&
               (judgement.covered < kMostlyThere ||
                judgement.added_inside > std::max(kLeastStretch, reference.words / 4));
    }

    // Another reference of nearly the same value differs from the same words in nothing that
    // counts.
    [[nodiscard]] bool
    is_outdone(const std::vector<Alignment>& found, std::size_t index, TextFit fit) const {
        if (fit == TextFit::Exact || fit == TextFit::Equivalent) {
            return false;
        }
        const double least = value_of(found[index]) * kNearlyAsGood;
        for (std::size_t i = 0; i < found.size() && i < kMostCompared; ++i) {
            const bool is_same = found[i].text_begin() < found[index].text_end() &&
                                 found[index].text_begin() < found[i].text_end();
            if (i == index || !is_same || !is_free(found[i]) || value_of(found[i]) < least) {
                continue;
            }
            const TextFit other = judge(text_, reference_of(found[i]), found[i]).fit;
            if (other == TextFit::Exact || other == TextFit::Equivalent) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] bool grants_something(const Alignment& alignment) const {
        return std::any_of(
            alignment.segments.begin(),
            alignment.segments.end(),
            [&](const Segment& segment) {
                const std::uint32_t end = segment.text + segment.length;
                return std::any_of(kGrants.begin(), kGrants.end(), [&](std::string_view word) {
                    return has_spelling(text_, segment.text, end, word);
                });
            }
        );
    }

    // What looks like the beginning of one text stands further on in another: a disclaimer, say.
    [[nodiscard]] bool
    is_common_passage(const std::vector<Alignment>& found, std::size_t index) const {
        const Alignment& own = found[index];
        if (!is_cut_off(own) || own.matched > kLongestPassage || grants_something(own)) {
            return false;
        }
        return std::any_of(found.begin(), found.end(), [&](const Alignment& other) {
            return other.matched >= kMostlyThere * own.matched &&
                   other.text_begin() + kCutOffWords >= own.text_begin() &&
                   other.reference_begin() > own.reference_begin() + kSomeWords;
        });
    }

    bool accept(
        const std::vector<Alignment>& found, std::size_t index, Stretch stretch, Detection& out
    ) {
        const Alignment& alignment = found[index];
        const Reference& reference = reference_of(alignment);
        if (value_of(alignment) <= 0) {
            return false;
        }
        Judgement judgement = judge(text_, reference, alignment);
        if (!is_good(alignment, reference, judgement) ||
            (stretch == Stretch::Refused && is_stretched(reference, judgement)) ||
            is_outdone(found, index, judgement.fit) ||
            (judgement.covered < kMostlyThere && is_common_passage(found, index))) {
            return false;
        }
        if (reference.kind == ReferenceKind::Notice && !is_sure(alignment, reference, judgement)) {
            leave_to_names(alignment);
            return true;
        }
        LicenseMatch match = to_match(alignment, std::move(judgement));
        if (reference.kind != ReferenceKind::Notice || !names_own(alignment, reference)) {
            add_ties(found, index, match);
        }
        out.matches.push_back(std::move(match));
        take(alignment);
        return true;
    }

    // Terms that nothing is known of stand right before it: what looks like the beginning of a text
    // is the end of another one.
    [[nodiscard]] bool follows_unknown_terms(const Alignment& alignment) const {
        const std::uint32_t end = alignment.text_begin();
        std::uint32_t begin = end;
        while (begin > 0 && end - begin < kSomeWords && !taken_[begin - 1]) {
            --begin;
        }
        return states_terms(text_, {begin, end});
    }

    // Short texts must be there whole; long ones may lack something, or be a part.
    [[nodiscard]] bool is_good(
        const Alignment& alignment, const Reference& reference, const Judgement& judgement
    ) const {
        const double covered = judgement.covered;
        const bool is_whole = judgement.added_inside <= alignment.matched / 5; // nothing put in
        const bool at_end = alignment.text_end() + kCutOffWords >= text_.words.size();
        if (at_end && is_whole && judgement.is_head && !follows_unknown_terms(alignment) &&
            alignment.matched >= kLeastStart && judgement.covered_inside >= 0.92 &&
            covered >= 0.5) {
            return true;
        }
        if (reference.words < kTinyText) {
            return covered == 1 && text_.words.size() <= reference.words;
        }
        if (reference.words < kFewWords) {
            return covered >= 0.95 && judgement.added_inside <= 2 &&
                   4 * alignment.matched >= 3 * reference.words;
        }
        if (reference.words < kSomeWords) {
            return covered >= 0.85 && judgement.added_inside <= reference.words / 4;
        }
        if (covered >= 0.8) {
            return true;
        }
        return is_whole && alignment.matched >= kLeastPart && judgement.covered_inside >= 0.9 &&
               covered >= (reference.words >= kLongReference ? 0.15 : 0.35) && judgement.is_head &&
               !follows_unknown_terms(alignment) &&
               (is_cut_off(alignment) || reference.words >= kLongReference);
    }

    // A notice counts by the license it names: the rest of its words it shares with others.
    [[nodiscard]] bool is_sure(
        const Alignment& alignment, const Reference& reference, const Judgement& judgement
    ) const {
        if (judgement.fit == TextFit::Exact) {
            return true;
        }
        const std::vector<NameHit> names =
            named_in_notice(text_, {alignment.text_begin(), alignment.text_end()});
        const bool fits = judgement.fit == TextFit::Equivalent || judgement.fit == TextFit::Near ||
                          judgement.fit == TextFit::Partial;
        return fits &&
               (names.empty() ? reference.words >= kSureNotice && judgement.score >= kSureScore &&
                                    alignment.matched >= kMostlyThere * reference.words
                              : is_of(reference, names.front().id));
    }

    // The license that a notice names decides between notices of equal words.
    [[nodiscard]] bool names_own(const Alignment& alignment, const Reference& reference) const {
        const std::vector<NameHit> names =
            named_in_notice(text_, {alignment.text_begin(), alignment.text_end()});
        return !names.empty() && is_of(reference, names.front().id);
    }

    static bool is_of(const Reference& reference, const std::string& id) {
        return id == reference.id ||
               std::find(reference.also.begin(), reference.also.end(), id) != reference.also.end();
    }

    // Sets the words of a notice aside, but for the names in it.
    void leave_to_names(const Alignment& alignment) {
        take(alignment);
        const std::vector<NameHit> names =
            LicenseNames::built_in().within(text_, alignment.text_begin(), alignment.text_end());
        for (const NameHit& hit : names) {
            std::fill(taken_.begin() + hit.begin, taken_.begin() + hit.end, false);
        }
    }

    LicenseMatch to_match(const Alignment& alignment, Judgement judgement) const {
        const Reference& reference = reference_of(alignment);
        LicenseMatch match;
        match.kind = reference.kind == ReferenceKind::Notice ? MatchKind::Notice : MatchKind::Text;
        match.is_exception = reference.kind == ReferenceKind::Exception;
        match.fit = judgement.fit;
        match.id = reference.id;
        match.is_spdx = reference.is_spdx;
        match.also = reference.also;
        match.score = judgement.score;
        match.place = place_of(text_, {alignment.text_begin(), alignment.text_end()});
        match.differences = std::move(judgement.differences);
        return match;
    }

    // Others that explain the same words as well. A deprecated id stands for the same license.
    void
    add_ties(const std::vector<Alignment>& found, std::size_t index, LicenseMatch& match) const {
        const double value = value_of(found[index]);
        for (std::size_t i = index + 1; i < found.size(); ++i) {
            const Reference& other = reference_of(found[i]);
            const double undecided = match.fit == TextFit::Partial ? kUndecidedPart : kUndecided;
            if (value_of(found[i]) < value - undecided) {
                break;
            }
            // A text that is there whole is no beginning of a longer one.
            const bool is_longer =
                match.score >= kWholeScore && !is_cut_off(found[index]) && is_cut_off(found[i]);
            if (!is_free(found[i]) || other.id == match.id || match.fit == TextFit::Exact ||
                is_longer || found[i].text_begin() >= found[index].text_end() ||
                found[index].text_begin() >= found[i].text_end()) {
                continue;
            }
            (other.is_deprecated ? match.also : match.candidates).push_back(other.id);
        }
    }

    void take(const Alignment& alignment) {
        for (const Segment& segment : alignment.segments) {
            const std::uint32_t end = segment.text + segment.length;
            std::fill(taken_.begin() + segment.text, taken_.begin() + end, true);
            const std::size_t first = segment.text > 2 ? segment.text - 2 : 0;
            for (std::size_t i = first; i < std::min<std::size_t>(end, grams_.size()); ++i) {
                grams_[i] = kNoGram;
            }
        }
        // Gaps too short to hold anything belong to the match.
        for (std::size_t i = 1; i < alignment.segments.size(); ++i) {
            const std::uint32_t begin =
                alignment.segments[i - 1].text + alignment.segments[i - 1].length;
            const std::uint32_t end = alignment.segments[i].text;
            if (end - begin <= kNeighbourhood / 2 && !is_alternative(text_, {begin, end})) {
                std::fill(taken_.begin() + begin, taken_.begin() + end, true);
            }
        }
    }

    void note_resemblances(const std::vector<Alignment>& found, Detection& out) const {
        for (const Alignment& alignment : found) {
            const Reference& reference = reference_of(alignment);
            const double covered = judge(text_, reference, alignment).covered;
            if (covered >= kResembles && reference.words >= kSomeWords &&
                out.resembles.size() < 3) {
                out.resembles.push_back({reference.id, covered * 100});
            }
        }
    }

    const Fingerprints& fingerprints_;
    const NormalText& text_;
    std::vector<GramId> grams_;
    std::vector<bool> taken_;
    std::vector<std::uint32_t> rejected_; // references that fit nowhere
};

// "You may elect to redistribute this code under either of these licenses."
bool says_either_of(const NormalText& text, std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t at = begin; at + 2 < end; ++at) {
        const bool picks = text.spelling(at) == "either" || text.spelling(at) == "one";
        const std::string_view last = text.spelling(at + 2);
        const bool of_these = text.spelling(at + 1) == "of" && (last == "these" || last == "those");
        if (picks &&
            (of_these || (text.spelling(at) == "either" && text.spelling(at + 1) == "license"))) {
            return true;
        }
    }
    return false;
}

// Terms in words that no match took.
class AddedTerms {
  public:
    AddedTerms(
        const Fingerprints& fingerprints, const NormalText& text, const std::vector<bool>& taken
    )
        : fingerprints_(fingerprints), text_(text), taken_(taken) {}

    // Beside a license text any terms count; where licenses are only named, what is more than the
    // words around a name; where there is nothing else, what the file is mostly about, or much of
    // it.
    void find(Detection& out) const {
        const auto is_text = [](const LicenseMatch& match) {
            return match.kind == MatchKind::Text;
        };
        const bool has_text = std::any_of(out.matches.begin(), out.matches.end(), is_text);
        std::vector<WordRange> terms;
        const auto taken = static_cast<double>(std::count(taken_.begin(), taken_.end(), true));
        const auto size = static_cast<std::uint32_t>(taken_.size());
        const bool everywhere = !has_text || taken >= kMostlyLicense * static_cast<double>(size);
        for (std::uint32_t at = 0; at < size;) {
            const std::uint32_t begin = at;
            while (at < size && taken_[at] == taken_[begin]) {
                ++at;
            }
            if (!taken_[begin]) {
                add_terms_of({begin, at}, everywhere, terms);
            }
        }
        std::uint32_t sum = 0;
        for (const WordRange& range : terms) {
            sum += range.size();
        }
        const bool mostly = sum >= kMostlyTerms * static_cast<double>(size);
        const std::uint32_t least = has_text              ? 0
                                    : out.matches.empty() ? (mostly ? 0 : kTermsOfOwn)
                                                          : kTermsBesideNames;
        for (const WordRange& range : terms) {
            if (range.size() >= least && !is_naming(range, out)) {
                out.added_terms.push_back(place_of(text_, range));
            }
        }
    }

  private:
    // "You may use this under the terms of the MIT license as follows:"
    [[nodiscard]] bool is_naming(WordRange range, const Detection& out) const {
        const auto is_inside = [&](const LicenseMatch& match) {
            const WordRange words = words_between(text_, match.place.begin, match.place.end);
            return match.kind == MatchKind::Mention && words.begin >= range.begin &&
                   words.end <= range.end;
        };
        return range.size() <= kLongestNaming && !has_weighty_word(text_, range) &&
               (says_either_of(text_, range.begin, range.end) ||
                std::any_of(out.matches.begin(), out.matches.end(), is_inside));
    }

    void add_terms_of(WordRange run, bool everywhere, std::vector<WordRange>& found) const {
        std::vector<WordRange> parts = {run};
        if (!everywhere && run.size() > 2 * kNeighbourhood) {
            parts.clear();
            if (run.begin > 0) {
                parts.push_back({run.begin, run.begin + kNeighbourhood});
            }
            if (run.end < taken_.size()) {
                parts.push_back({run.end - kNeighbourhood, run.end});
            }
        }
        for (const WordRange& part : parts) {
            for (const WordRange& terms : terms_within(text_, part)) {
                if (!is_alternative(text_, part) && !is_of_gnu(terms)) {
                    found.push_back(terms);
                }
            }
        }
    }

    // The advice that the GNU licenses end with is part of some printings only.
    [[nodiscard]] bool is_of_gnu(WordRange range) const {
        std::uint32_t known = 0;
        std::uint32_t all = 0;
        for (std::uint32_t at = range.begin; at + kGramWords <= range.end; ++at) {
            ++all;
            for (const Posting& posting : fingerprints_.postings_at(text_, at)) {
                const std::string& id = fingerprints_.references()[posting.reference()].id;
                if (id.starts_with("GPL-") || id.starts_with("LGPL-") || id.starts_with("AGPL-")) {
                    ++known;
                    break;
                }
            }
        }
        return known >= kKnownWords * all;
    }

    const Fingerprints& fingerprints_;
    const NormalText& text_;
    const std::vector<bool>& taken_;
};

// "..., or under the following terms"
bool has_or_under(const NormalText& text, std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t at = begin; at + 1 < end; ++at) {
        if (text.spelling(at) == "or" && text.spelling(at + 1) == "under") {
            return true;
        }
    }
    return false;
}

// "may be optionally licensed under"
bool has_optionally(const NormalText& text, std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t at = begin; at + 1 < end; ++at) {
        if (text.spelling(at) == "optionally" && text.spelling(at + 1).starts_with("licens")) {
            return true;
        }
    }
    return false;
}

// "dual licensed", "under one of two licenses", "at your choice" before the first of several.
bool offers_several(const NormalText& text, std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t at = begin; at + 1 < end; ++at) {
        const std::string_view word = text.spelling(at);
        const std::string_view next = text.spelling(at + 1);
        const bool is_offer = (word == "dual" && next.starts_with("licens")) ||
                              (word == "two" && next == "licenses") ||
                              (word == "choice" && next == "of") ||
                              (word == "your" && next == "choice");
        if (is_offer || word == "duallicensed") {
            return true;
        }
    }
    return false;
}

// Matches that the text offers instead of those before them.
void note_choices(const NormalText& text, std::vector<LicenseMatch>& matches) {
    bool offered = false;
    std::uint32_t last_end = 0;
    for (std::size_t i = 0; i < matches.size(); ++i) {
        LicenseMatch& match = matches[i];
        const WordRange words = words_between(text, match.place.begin, match.place.end);
        const std::uint32_t from = std::max(
            std::min(last_end, words.begin),
            words.begin > kChoiceReach ? words.begin - kChoiceReach : 0
        );
        const bool instead =
            has_spelling(text, from, words.begin, "alternatively") ||
            has_spelling(text, from, words.begin, "alternative") ||
            has_or_under(text, from, words.begin) || has_optionally(text, from, words.begin) ||
            (words.begin - from <= 4 && has_spelling(text, from, words.begin, "or"));
        const bool is_within = words.begin < last_end;
        const std::uint32_t near = words.begin > kChoiceReach ? words.begin - kChoiceReach : 0;
        const bool instead_within = is_within && matches[0].kind != MatchKind::Mention &&
                                    match.kind == MatchKind::Mention &&
                                    has_spelling(text, near, words.begin, "alternatively");
        match.is_choice =
            i > 0 && match.kind != MatchKind::Tag &&
            (instead_within ||
             (!is_within && (instead || (offered && words.begin - last_end <= kOfferReach))));
        const std::uint32_t begin = words.begin > kOfferReach ? words.begin - kOfferReach : 0;
        offered =
            offers_several(text, std::max(begin, std::min(last_end, words.begin)), words.begin) ||
            (offered && match.is_choice);
        last_end = std::max(last_end, words.end);
    }
    const auto size = static_cast<std::uint32_t>(text.words.size());
    const bool either = says_either_of(text, last_end, std::min(size, last_end + kOfferReach));
    for (std::size_t i = 1; either && i < matches.size(); ++i) {
        matches[i].is_choice = matches[i].kind != MatchKind::Tag;
    }
}

} // namespace

std::string_view match_kind_word(MatchKind kind) {
    switch (kind) {
    case MatchKind::Text:
        return "text";
    case MatchKind::Notice:
        return "notice";
    case MatchKind::Tag:
        return "tag";
    case MatchKind::Mention:
        return "mention";
    }
    return "";
}

std::string_view fit_word(TextFit fit) {
    switch (fit) {
    case TextFit::Exact:
        return "exact";
    case TextFit::Equivalent:
        return "equivalent";
    case TextFit::Near:
        return "near";
    case TextFit::Partial:
        return "partial";
    case TextFit::Changed:
        return "changed";
    }
    return "";
}

Detection detect(const Fingerprints& fingerprints, std::string_view bytes) {
    const NormalText text = normalize(bytes);
    Detection out;
    out.words = static_cast<std::uint32_t>(text.words.size());
    out.is_binary = text.is_binary;
    out.is_cut = text.is_cut;
    Detector detector(fingerprints, text);
    detector.run(out);
    add_tags(text, bytes, detector.taken(), out);
    add_labels(text, bytes, detector.taken(), out);
    add_links(text, bytes, detector.taken(), out);
    add_mentions(text, bytes, detector.taken(), out);
    AddedTerms(fingerprints, text, detector.taken()).find(out);
    std::stable_sort(
        out.matches.begin(),
        out.matches.end(),
        [](const LicenseMatch& a, const LicenseMatch& b) { return a.place.begin < b.place.begin; }
    );
    note_choices(text, out.matches);
    return out;
}

} // namespace railhub::license
