// SPDX-License-Identifier: Apache-2.0
// Takes the best alignment, judges it, sets its words aside, and goes on with the rest.
#include "core/license/detect.h"

#include "core/license/detect_parts.h"
#include "core/license/match.h"
#include "core/license/vocabulary.h"

#include <algorithm>

namespace railhub::license {

namespace {

constexpr std::size_t kMaxRounds = 48;
constexpr std::size_t kMaxRoundsOfLongText = 4;
constexpr std::size_t kLongText = 100'000; // words
constexpr std::uint32_t kFewWords = 25;
constexpr std::uint32_t kSomeWords = 60;
constexpr std::uint32_t kLeastPart = 80;  // words of a partial match
constexpr std::uint32_t kLeastStart = 10; // words of a text that was cut off
constexpr std::uint32_t kCutOffWords = 3;
constexpr std::ptrdiff_t kSharedByChance = 2;
constexpr double kUndecidedPart = 0.9;
constexpr double kUndecided = 0.3;           // values this near each other do not decide
constexpr std::uint32_t kNeighbourhood = 80; // words around a match that may add terms
constexpr double kMostlyLicense = 0.3;
constexpr double kResembles = 0.3;

class Detector {
  public:
    Detector(const Fingerprints& fingerprints, const NormalText& text)
        : fingerprints_(fingerprints), text_(text), grams_(fingerprints.grams_of(text)),
          taken_(text.words.size(), false) {}

    void run(Detection& out) {
        const std::size_t rounds =
            text_.words.size() > kLongText ? kMaxRoundsOfLongText : kMaxRounds;
        for (std::size_t round = 0; round < rounds && take_round(out); ++round) {
        }
        find_added_terms(out);
    }

    [[nodiscard]] const std::vector<bool>& taken() const { return taken_; }

  private:
    // False when nothing was accepted.
    bool take_round(Detection& out) {
        std::vector<Alignment> found = align(fingerprints_, grams_, {});
        if (!found.empty() && is_cut_off(found[0])) {
            rank_as_cut_off(found);
        }
        bool accepted = false;
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (is_free(found[i]) && accept(found, i, out)) {
                accepted = true;
            }
        }
        if (!accepted && out.matches.empty()) {
            note_resemblances(found, out);
        }
        return accepted;
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

    bool accept(const std::vector<Alignment>& found, std::size_t index, Detection& out) {
        const Alignment& alignment = found[index];
        const Reference& reference = reference_of(alignment);
        if (value_of(alignment) <= 0) {
            return false;
        }
        Judgement judgement = judge(text_, reference, alignment);
        if (!is_good(alignment, reference, judgement)) {
            return false;
        }
        LicenseMatch match = to_match(alignment, std::move(judgement));
        add_ties(found, index, match);
        out.matches.push_back(std::move(match));
        take(alignment);
        return true;
    }

    // Short texts must be there whole; long ones may lack something, or be a part.
    [[nodiscard]] bool is_good(
        const Alignment& alignment, const Reference& reference, const Judgement& judgement
    ) const {
        const double covered = judgement.covered;
        const bool at_end = alignment.text_end() + kCutOffWords >= text_.words.size();
        if (at_end && judgement.is_head && alignment.matched >= kLeastStart &&
            judgement.covered_inside >= 0.92 && covered >= 0.5) {
            return true;
        }
        if (reference.words < kFewWords) {
            return covered >= 0.95 && judgement.added_inside <= 2;
        }
        if (reference.words < kSomeWords) {
            return covered >= 0.85 && judgement.added_inside <= reference.words / 4;
        }
        if (covered >= 0.8) {
            return true;
        }
        return alignment.matched >= kLeastPart && judgement.covered_inside >= 0.9 &&
               (judgement.is_head || is_cut_off(alignment)) && covered >= 0.15;
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
            if (!is_free(found[i]) || other.id == match.id || match.fit == TextFit::Exact ||
                found[i].text_begin() >= found[index].text_end() ||
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
            if (end - begin <= kNeighbourhood / 2) {
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

    // Terms in words that no match took: anywhere in a file that is mostly license or has none,
    // else only next to a match.
    void find_added_terms(Detection& out) const {
        const auto taken = static_cast<double>(std::count(taken_.begin(), taken_.end(), true));
        const bool everywhere =
            taken == 0 || taken >= kMostlyLicense * static_cast<double>(taken_.size());
        std::uint32_t at = 0;
        const auto size = static_cast<std::uint32_t>(taken_.size());
        while (at < size) {
            const std::uint32_t begin = at;
            while (at < size && taken_[at] == taken_[begin]) {
                ++at;
            }
            if (!taken_[begin]) {
                add_terms_of({begin, at}, everywhere, out);
            }
        }
    }

    void add_terms_of(WordRange run, bool everywhere, Detection& out) const {
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
                out.added_terms.push_back(place_of(text_, terms));
            }
        }
    }

    const Fingerprints& fingerprints_;
    const NormalText& text_;
    std::vector<GramId> grams_;
    std::vector<bool> taken_;
};

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
    add_tags(text, bytes, out);
    add_mentions(text, detector.taken(), out);
    std::stable_sort(
        out.matches.begin(),
        out.matches.end(),
        [](const LicenseMatch& a, const LicenseMatch& b) { return a.place.begin < b.place.begin; }
    );
    return out;
}

} // namespace railhub::license
