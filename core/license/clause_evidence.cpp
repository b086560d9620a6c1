// SPDX-License-Identifier: Apache-2.0
// Alignment with clause fingerprints, narrowing words beside them, and words about a subject.
#include "core/license/clause_evidence.h"

#include "core/license/match.h"
#include "core/util/text.h"
#include "licenses/fingerprints/data.h"

#include <algorithm>
#include <array>

namespace railhub::license {

namespace {

constexpr std::string_view kWordingFile = "wording.tsv";
constexpr double kLeastCovered = 0.5;
constexpr double kWholeClause = 0.95;
constexpr std::uint32_t kQualifierReach = 6; // words beside a clause
constexpr std::uint32_t kWordingWindow = 30; // words in which all groups must stand
constexpr std::uint32_t kBanReach = 400;     // words before them in which something is forbidden
constexpr double kWordsConfidence = 0.5;

constexpr std::array<std::string_view, 30> kQualifiers = {
    "intentionally", "intentional",  "knowingly",     "deliberately", "willfully", "maliciously",
    "unlawfully",    "unlawful",     "illegally",     "illegal",      "unless",    "except",
    "without",       "solely",       "only",          "primarily",    "publicly",  "public",
    "commercially",  "commercial",   "substitute",    "professional", "where",     "provided",
    "excluding",     "unauthorized", "nonconsensual", "severe",       "material",  "if"};

constexpr std::array<std::string_view, 13> kBans = {
    "not",
    "prohibited",
    "prohibit",
    "prohibits",
    "restricted",
    "restriction",
    "restrictions",
    "forbidden",
    "forbid",
    "refrain",
    "disallowed",
    "never",
    "banned"};

template <std::size_t N>
bool listed(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// A sentence or list item ends between two words: punctuation, numbering or a bullet stands there.
bool ends_between(const NormalText& text, std::string_view bytes, std::uint32_t before) {
    const std::string_view gap =
        bytes.substr(text.words[before].end, text.words[before + 1].begin - text.words[before].end);
    const bool numbered = std::any_of(gap.begin(), gap.end(), [](char ch) {
        return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
    });
    const bool bulleted = gap.find('\n') != std::string_view::npos &&
                          gap.find_first_of("-*\xE2") != std::string_view::npos;
    return numbered || bulleted || gap.find_first_of(";.:") != std::string_view::npos ||
           gap.find("\n\n") != std::string_view::npos;
}

double share_of(const ClauseSpan& span, const Alignment& alignment) {
    return alignment.matched / static_cast<double>(span.end - span.begin);
}

// Clauses that are there as good as whole, as words of the text.
std::vector<WordRange>
whole_clauses(const Fingerprints& fingerprints, const std::vector<Alignment>& alignments) {
    std::vector<WordRange> out;
    for (std::size_t i = 0; i < alignments.size(); ++i) {
        if (!alignments[i].segments.empty() &&
            share_of(fingerprints.clauses()[i], alignments[i]) >= kWholeClause) {
            out.push_back({alignments[i].text_begin(), alignments[i].text_end()});
        }
    }
    return out;
}

// In a clause that lies beside this one and nowhere in it: its words narrow nothing but itself.
bool is_of_neighbour(const std::vector<WordRange>& whole, WordRange clause, std::uint32_t word) {
    bool is_claimed = false;
    for (const WordRange& other : whole) {
        const bool holds = other.begin <= word && word < other.end;
        const bool overlaps = other.begin < clause.end && clause.begin < other.end;
        if (holds && overlaps) {
            return false;
        }
        is_claimed = is_claimed || holds;
    }
    return is_claimed;
}

void note_qualifiers(const NormalText& text, WordRange range, std::vector<std::string>& found) {
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
        if (listed(kQualifiers, text.spelling(i))) {
            found.emplace_back(text.spelling(i));
        }
    }
}

// What the text has inside the clause, and beside it up to the end of its sentence.
std::vector<std::string> qualifiers_of(
    const NormalText& text,
    std::string_view bytes,
    const std::vector<WordRange>& whole,
    const Alignment& alignment
) {
    std::vector<std::string> found;
    for (std::size_t i = 1; i < alignment.segments.size(); ++i) {
        const Segment& before = alignment.segments[i - 1];
        note_qualifiers(text, {before.text + before.length, alignment.segments[i].text}, found);
    }
    const WordRange clause{alignment.text_begin(), alignment.text_end()};
    const auto goes_on = [&](std::uint32_t before, std::uint32_t word) {
        return !ends_between(text, bytes, before) && !is_of_neighbour(whole, clause, word);
    };
    std::uint32_t begin = clause.begin;
    while (begin > 0 && clause.begin - begin < kQualifierReach && goes_on(begin - 1, begin - 1)) {
        --begin;
    }
    note_qualifiers(text, {begin, clause.begin}, found);
    const auto size = static_cast<std::uint32_t>(text.words.size());
    std::uint32_t end = clause.end;
    while (end < size && end - clause.end < kQualifierReach && goes_on(end - 1, end)) {
        ++end;
    }
    note_qualifiers(text, {clause.end, end}, found);
    return found;
}

bool word_fits(std::string_view word, std::string_view pattern) {
    return pattern.ends_with('*') ? word.starts_with(pattern.substr(0, pattern.size() - 1))
                                  : word == pattern;
}

// What a list begins with when its items bind nobody.
constexpr std::array<std::array<std::string_view, 2>, 14> kLifts = {{
    {"not", "applicable"},
    {"not", "apply"},
    {"not", "binding"},
    {"not", "bound"},
    {"not", "enforce*"},
    {"no", "longer"},
    {"free", "to"},
    {"ignor*", ""},
    {"disregard*", ""},
    {"waive*", ""},
    {"lifted", ""},
    {"optional", ""},
    {"voluntar*", ""},
    {"without", "effect"},
}};
// The same where nothing in it forbids.
constexpr std::array<std::array<std::string_view, 2>, 6> kLeaves = {{
    {"may", "use"},
    {"may", "be"},
    {"can", "use"},
    {"can", "be"},
    {"allowed", "to"},
    {"permitted", "to"},
}};
constexpr std::uint32_t kListGap = 40; // words between clauses of one list
constexpr std::uint32_t kLeadWords = 40;

// The sentence that the list with this clause begins with: "You must not use the model:".
WordRange lead_of(
    const NormalText& text,
    std::string_view bytes,
    const std::vector<WordRange>& whole,
    std::uint32_t clause
) {
    std::uint32_t first = clause;
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (const WordRange& other : whole) {
            if (other.begin < first && other.end <= first && first - other.end <= kListGap) {
                first = other.begin;
                goes_on = true;
            }
        }
    }
    std::uint32_t begin = first;
    while (begin > 0 && first - begin < kLeadWords) {
        const std::string_view gap = bytes.substr(
            text.words[begin - 1].end, text.words[begin].begin - text.words[begin - 1].end
        );
        if (begin != first && (gap.find_first_of(".;") != std::string_view::npos ||
                               gap.find("\n\n") != std::string_view::npos)) {
            break;
        }
        --begin;
    }
    return {begin, first};
}

std::string lifted_in(const NormalText& text, WordRange lead) {
    bool bans = false;
    std::string leaves;
    for (std::uint32_t i = lead.begin; i < lead.end; ++i) {
        const std::string_view word = text.spelling(i);
        const std::string_view next = i + 1 < lead.end ? text.spelling(i + 1) : "";
        for (const auto& [one, two] : kLifts) {
            if (word_fits(word, one) && (two.empty() || word_fits(next, two))) {
                return std::string(word) + (two.empty() ? "" : " " + std::string(next));
            }
        }
        bans = bans || listed(kBans, word);
        for (const auto& [one, two] : kLeaves) {
            leaves =
                word == one && next == two ? std::string(word) + " " + std::string(next) : leaves;
        }
    }
    return bans ? std::string() : leaves;
}

bool group_in(const NormalText& text, WordRange range, const std::vector<std::string>& group) {
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
        for (const std::string& pattern : group) {
            if (word_fits(text.spelling(i), pattern)) {
                return true;
            }
        }
    }
    return false;
}

bool forbids_before(const NormalText& text, std::uint32_t at, std::uint32_t end) {
    const std::uint32_t begin = at > kBanReach ? at - kBanReach : 0;
    for (std::uint32_t i = begin; i < end; ++i) {
        if (listed(kBans, text.spelling(i))) {
            return true;
        }
    }
    return false;
}

} // namespace

std::vector<SpanMatch>
match_spans(const Fingerprints& fingerprints, const NormalText& text, std::string_view bytes) {
    std::vector<SpanMatch> found;
    const std::vector<GramId> grams = fingerprints.grams_of(text);
    const std::vector<Alignment> alignments = align_spans(fingerprints, grams);
    const std::vector<WordRange> whole = whole_clauses(fingerprints, alignments);
    for (std::size_t i = 0; i < alignments.size(); ++i) {
        const ClauseSpan& span = fingerprints.clauses()[i];
        const double covered = share_of(span, alignments[i]);
        if (alignments[i].segments.empty() || covered < kLeastCovered) {
            continue;
        }
        found.push_back(
            {&span,
             std::min(1.0, covered),
             {alignments[i].text_begin(), alignments[i].text_end()},
             qualifiers_of(text, bytes, whole, alignments[i]),
             lifted_in(text, lead_of(text, bytes, whole, alignments[i].text_begin()))}
        );
    }
    return found;
}

WordingMatch find_wording(
    const NormalText& text,
    std::span<const RestrictionWording> wording,
    std::string_view id,
    std::span<const WordRange> taken
) {
    const auto size = static_cast<std::uint32_t>(text.words.size());
    for (const RestrictionWording& row : wording) {
        if (row.id != id) {
            continue;
        }
        for (std::uint32_t at = 0; at < size; ++at) {
            const WordRange window{at, std::min(size, at + kWordingWindow)};
            const bool starts = group_in(text, {at, at + 1}, row.groups.front()) &&
                                std::none_of(taken.begin(), taken.end(), [at](WordRange range) {
                                    return range.begin <= at && at < range.end;
                                });
            const bool all =
                starts && std::all_of(row.groups.begin(), row.groups.end(), [&](const auto& group) {
                    return group_in(text, window, group);
                });
            if (all && forbids_before(text, at, window.end)) {
                return {kWordsConfidence, window};
            }
        }
    }
    return {};
}

std::vector<RestrictionWording> parse_wording(std::string_view rows) {
    std::vector<RestrictionWording> out;
    for (const std::string_view row : util::split(rows, '\n')) {
        const std::size_t tab = row.find('\t');
        if (tab == std::string_view::npos || row[0] == '#') {
            continue;
        }
        RestrictionWording entry{std::string(row.substr(0, tab)), {}};
        for (const std::string_view group : util::split(row.substr(tab + 1), '+')) {
            std::vector<std::string>& words = entry.groups.emplace_back();
            for (const std::string_view word : util::split(group, '|')) {
                words.emplace_back(util::trim(word));
            }
        }
        out.push_back(std::move(entry));
    }
    return out;
}

const std::vector<RestrictionWording>& built_in_wording() {
    static const std::vector<RestrictionWording> kBuiltIn = [] {
        for (const util::EmbeddedFile& file : licenses_fingerprints::files()) {
            if (file.path.ends_with(kWordingFile)) {
                return parse_wording(file.text);
            }
        }
        return std::vector<RestrictionWording>();
    }();
    return kBuiltIn;
}

} // namespace railhub::license
