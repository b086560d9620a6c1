// SPDX-License-Identifier: Apache-2.0
// Weighs the evidence for each clause.
#include "core/license/clauses.h"

#include "core/license/clause_evidence.h"
#include "core/license/detect_parts.h"

#include <algorithm>
#include <array>

namespace railhub::license {

namespace {

constexpr double kVerbatim = 0.97;
constexpr double kAlike = 0.85;
constexpr double kSomething = 0.55;
constexpr double kOtherTextConfidence = 0.9;

using Spans = std::vector<SpanMatch>;

double confidence_of(const SpanMatch& match) {
    return match.covered >= kVerbatim ? 0.99 : match.covered * 0.95;
}

const Clause* clause_of(const Catalogue& catalogue, const ClauseSpan& span) {
    const RestrictionSet* set = catalogue.restriction_set(span.set);
    if (set == nullptr) {
        return nullptr;
    }
    const auto found = std::find_if(set->clauses.begin(), set->clauses.end(), [&](const Clause& c) {
        return c.section == span.section;
    });
    return found == set->clauses.end() ? nullptr : &*found;
}

class ClauseFinder {
  public:
    ClauseFinder(const Catalogue& catalogue, const NormalText& text, Spans spans)
        : catalogue_(catalogue), text_(text), spans_(std::move(spans)) {
        for (const SpanMatch& match : spans_) {
            if (match.covered >= kVerbatim) {
                taken_.push_back(match.words);
            }
        }
    }

    ClauseFinding find(
        const std::string& set, const Clause& clause, std::span<const RestrictionWording> wording
    ) const {
        ClauseFinding out;
        out.section = clause.section;
        out.restrictions = clause.restrictions;
        const SpanMatch* own = best_of(set, clause.section);
        if (own != nullptr && own->covered < kAlike && is_taken(own->words)) {
            own = nullptr; // the half that it has in common with a clause that is there
        }
        if (own != nullptr && own->covered >= kSomething) {
            judge_own(*own, out);
        }
        if (own == nullptr || own->covered < kVerbatim || out.status != ClauseStatus::Carried) {
            consider_others(set, clause, own, out);
        }
        if (out.status == ClauseStatus::Absent) {
            consider_words(clause, wording, out);
        }
        return out;
    }

  private:
    [[nodiscard]] bool is_taken(WordRange words) const {
        return std::any_of(taken_.begin(), taken_.end(), [words](WordRange range) {
            return range.begin <= words.begin && words.end <= range.end;
        });
    }

    [[nodiscard]] const SpanMatch*
    best_of(const std::string& set, const std::string& section) const {
        const SpanMatch* best = nullptr;
        for (const SpanMatch& match : spans_) {
            const bool fits = match.span->set == set && match.span->section == section;
            if (fits && (best == nullptr || match.covered > best->covered)) {
                best = &match;
            }
        }
        return best;
    }

    void judge_own(const SpanMatch& own, ClauseFinding& out) const {
        out.evidence = own.covered >= kVerbatim ? ClauseEvidence::Verbatim : ClauseEvidence::Alike;
        out.confidence = confidence_of(own);
        out.place = place_of(text_, own.words);
        out.qualifiers = own.qualifiers;
        if (!own.qualifiers.empty()) {
            out.status = ClauseStatus::Narrower;
        } else {
            out.status = own.covered >= kAlike ? ClauseStatus::Carried : ClauseStatus::Unclear;
        }
        doubt_lifted(own, out);
    }

    // The words are there, and something before them says that they bind nobody.
    static void doubt_lifted(const SpanMatch& match, ClauseFinding& out) {
        if (match.lifted.empty()) {
            return;
        }
        out.status = ClauseStatus::Unclear;
        if (std::find(out.qualifiers.begin(), out.qualifiers.end(), match.lifted) ==
            out.qualifiers.end()) {
            out.qualifiers.push_back(match.lifted);
        }
    }

    // The wording of another license may fit the passage better, or be all there is.
    void consider_others(
        const std::string& set, const Clause& clause, const SpanMatch* own, ClauseFinding& out
    ) const {
        for (const SpanMatch& match : spans_) {
            const Clause* other = clause_of(catalogue_, *match.span);
            if (match.span->set == set || other == nullptr || match.covered < kVerbatim ||
                !match.qualifiers.empty() || (own != nullptr && match.covered <= own->covered)) {
                continue;
            }
            const ClauseStatus status = compare(clause, *other);
            const bool better =
                status == ClauseStatus::Carried ||
                (status == ClauseStatus::Narrower && out.evidence != ClauseEvidence::OtherText);
            if (status == ClauseStatus::Absent || !better) {
                continue;
            }
            out.status = status;
            out.evidence = ClauseEvidence::OtherText;
            out.confidence = kOtherTextConfidence;
            out.place = place_of(text_, match.words);
            out.via = match.span->set + " " + match.span->section;
            doubt_lifted(match, out);
            if (status == ClauseStatus::Carried) {
                return;
            }
        }
    }

    // Does the other clause forbid what this one does?
    [[nodiscard]] ClauseStatus compare(const Clause& clause, const Clause& other) const {
        const Taxonomy& taxonomy = catalogue_.taxonomy();
        bool touches = false;
        bool covers = true;
        for (const Restriction& wanted : clause.restrictions) {
            const auto any = [&](auto fits) {
                return std::any_of(other.restrictions.begin(), other.restrictions.end(), fits);
            };
            covers =
                covers && any([&](const Restriction& r) { return taxonomy.covers(r, wanted); });
            touches =
                touches || any([&](const Restriction& r) { return taxonomy.touches(r, wanted); });
        }
        return covers    ? ClauseStatus::Carried
               : touches ? ClauseStatus::Narrower
                         : ClauseStatus::Absent;
    }

    void consider_words(
        const Clause& clause, std::span<const RestrictionWording> wording, ClauseFinding& out
    ) const {
        double total = 0;
        for (const Restriction& restriction : clause.restrictions) {
            const WordingMatch match = find_wording(text_, wording, restriction.id, taken_);
            total += match.confidence;
            if (match.confidence > 0 && out.status == ClauseStatus::Absent) {
                out.status = ClauseStatus::Unclear;
                out.evidence = ClauseEvidence::Words;
                out.place = place_of(text_, match.words);
            }
        }
        out.confidence = clause.restrictions.empty()
                             ? 0
                             : total / static_cast<double>(clause.restrictions.size());
    }

    const Catalogue& catalogue_;
    const NormalText& text_;
    Spans spans_;
    std::vector<WordRange> taken_; // words that are a known clause speak of nothing else
};

} // namespace

std::string_view clause_status_word(ClauseStatus status) {
    switch (status) {
    case ClauseStatus::Carried:
        return "carried";
    case ClauseStatus::Narrower:
        return "narrower";
    case ClauseStatus::Unclear:
        return "unclear";
    case ClauseStatus::Absent:
        return "absent";
    }
    return "";
}

std::string_view clause_evidence_word(ClauseEvidence evidence) {
    switch (evidence) {
    case ClauseEvidence::None:
        return "none";
    case ClauseEvidence::Words:
        return "words";
    case ClauseEvidence::Alike:
        return "alike";
    case ClauseEvidence::Verbatim:
        return "verbatim";
    case ClauseEvidence::OtherText:
        return "other-text";
    }
    return "";
}

bool CarriedClauses::all_carried() const {
    return std::all_of(clauses.begin(), clauses.end(), [](const ClauseFinding& finding) {
        return finding.status == ClauseStatus::Carried;
    });
}

namespace {

std::vector<CarriedClauses> find_in(
    const NormalText& text,
    Spans spans,
    const Catalogue& catalogue,
    std::span<const RestrictionWording> wording,
    std::span<const RestrictionSet* const> required
) {
    const ClauseFinder finder(catalogue, text, std::move(spans));
    std::vector<CarriedClauses> all;
    for (const RestrictionSet* set : required) {
        CarriedClauses& out = all.emplace_back();
        for (const Clause& clause : set->clauses) {
            out.clauses.push_back(finder.find(set->id, clause, wording));
        }
    }
    return all;
}

} // namespace

std::vector<CarriedClauses> find_all_carried(
    const Fingerprints& fingerprints,
    const Catalogue& catalogue,
    std::span<const RestrictionWording> wording,
    std::span<const RestrictionSet* const> required,
    std::string_view bytes
) {
    const NormalText text = normalize(bytes);
    return find_in(text, match_spans(fingerprints, text, bytes), catalogue, wording, required);
}

std::vector<CarriedClauses> find_all_carried(
    const Catalogue& catalogue,
    std::span<const RestrictionSet* const> required,
    std::string_view bytes
) {
    if (Fingerprints::is_built_in_read()) {
        return find_all_carried(
            Fingerprints::built_in(), catalogue, built_in_wording(), required, bytes
        );
    }
    const NormalText text = normalize(bytes);
    const Fingerprints some = Fingerprints::built_in_for(text);
    return find_in(text, match_spans(some, text, bytes), catalogue, built_in_wording(), required);
}

CarriedClauses find_carried(
    const Fingerprints& fingerprints,
    const Catalogue& catalogue,
    std::span<const RestrictionWording> wording,
    const RestrictionSet& required,
    std::string_view bytes
) {
    const std::array<const RestrictionSet*, 1> sets = {&required};
    CarriedClauses found =
        std::move(find_all_carried(fingerprints, catalogue, wording, sets, bytes).front());
    const NormalText text = normalize(bytes);
    Detection labels;
    const std::vector<bool> taken(text.words.size(), false);
    add_tags(text, bytes, taken, labels);
    add_mentions(text, bytes, taken, labels);
    found.names_license = !labels.matches.empty();
    return found;
}

} // namespace railhub::license
