// SPDX-License-Identifier: Apache-2.0
// Word lists and the judgement over passages.
#include "core/license/vocabulary.h"

#include <algorithm>
#include <unordered_set>

namespace railhub::license {

namespace {

using WordSet = std::unordered_set<std::string_view>;

constexpr std::uint32_t kTermsWindow = 40;
constexpr std::uint32_t kLeastTerms = 8;
constexpr std::uint32_t kLongestStatement = 40;

// What someone must, may or may not.
const WordSet& modals() {
    static const WordSet kWords = {
        "shall",      "must",     "may",       "cannot",     "not",       "only",
        "prohibited", "prohibit", "forbidden", "restricted", "permitted", "allowed",
        "required",   "agree",    "agrees",    "except",     "unless",    "subject",
        "granted",    "grants",   "solely",    "without",    "disclaims", "hereby"};
    return kWords;
}

// What the terms of a license are about.
const WordSet& subjects() {
    static const WordSet kWords = {
        "license",      "licensed",      "licenses",       "licensee",        "licensor",
        "sublicense",   "software",      "model",          "models",          "materials",
        "dataset",      "weights",       "derivative",     "derivatives",     "use",
        "used",         "uses",          "using",          "distribute",      "distributed",
        "distribution", "redistribute",  "redistribution", "redistributions", "copy",
        "copies",       "modify",        "modified",       "modification",    "modifications",
        "commercial",   "noncommercial", "purpose",        "purposes",        "you",
        "your",         "product",       "products",       "service",         "services",
        "attribution",  "display",       "rights",         "right",           "terms",
        "conditions",   "agreement",     "notice",         "permission",      "warranty",
        "liability",    "liable",        "work",           "works",           "output",
        "outputs",      "restrictions",  "provisions"};
    return kWords;
}

const WordSet& weighty_words() {
    static const WordSet kWords = {
        "not",          "no",       "never",      "non",         "noncommercial", "commercial",
        "commercially", "only",     "solely",     "except",      "unless",        "must",
        "shall",        "cannot",   "prohibited", "forbidden",   "restricted",    "restriction",
        "restrictions", "research", "academic",   "educational", "personal",      "evaluation",
        "military",     "fee",      "fees",       "royalty",     "royalties",     "payment",
        "pay",          "approval", "terminate",  "revoke",      "evil",          "without",
        "with",         "internal", "nuclear",    "medical",     "competing",     "training",
        "train"};
    return kWords;
}

bool is_year_word(std::string_view word) {
    return word.size() == 4 && (word.starts_with("19") || word.starts_with("20")) &&
           word[2] >= '0' && word[2] <= '9' && word[3] >= '0' && word[3] <= '9';
}

template <class Fn>
std::uint32_t count_words(const NormalText& text, WordRange range, Fn fits) {
    std::uint32_t count = 0;
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
        count += fits(text.spelling(i)) ? 1U : 0U;
    }
    return count;
}

std::uint32_t count_in(const NormalText& text, WordRange range, const WordSet& set) {
    return count_words(text, range, [&](std::string_view word) { return set.contains(word); });
}

// Scored over a window of bounded size.
bool window_states_terms(const NormalText& text, WordRange range) {
    const std::uint32_t modal = count_in(text, range, modals());
    const std::uint32_t subject = count_in(text, range, subjects());
    const double share = static_cast<double>(modal + subject) / std::max(1U, range.size());
    return modal >= 1 && subject >= 3 && modal + subject >= 5 && share >= 0.14;
}

} // namespace

bool has_weighty_word(const NormalText& text, WordRange range, Weight weight) {
    return count_words(text, range, [weight](std::string_view word) {
               const bool is_negation = word == "not" || word == "without";
               return weighty_words().contains(word) && (weight == Weight::Any || !is_negation);
           }) > 0;
}

bool states_holder(const NormalText& text, WordRange range) {
    if (range.size() > kLongestStatement) {
        return false;
    }
    const auto marks = count_words(text, range, [](std::string_view word) {
        return word == "copyright" || word == "copr" || is_year_word(word) || word == "author" ||
               word == "authors" || word == "owners" || word == "contributors";
    });
    const auto bars = count_words(text, range, [](std::string_view word) {
        return modals().contains(word) || word == "commercial" || word == "noncommercial";
    });
    return marks > 0 && bars == 0;
}

bool states_terms(const NormalText& text, WordRange range) {
    return !terms_within(text, range).empty();
}

std::vector<WordRange> terms_within(const NormalText& text, WordRange range) {
    std::vector<WordRange> found;
    if (range.size() < kLeastTerms) {
        return found;
    }
    const std::uint32_t step = kTermsWindow / 2;
    for (std::uint32_t at = range.begin; at < range.end; at += step) {
        const WordRange window{at, std::min(range.end, at + kTermsWindow)};
        if (window.size() >= kLeastTerms && window_states_terms(text, window)) {
            if (!found.empty() && found.back().end >= window.begin) {
                found.back().end = window.end;
            } else {
                found.push_back(window);
            }
        }
        if (window.end == range.end) {
            break;
        }
    }
    return found;
}

} // namespace railhub::license
