// SPDX-License-Identifier: Apache-2.0
// Lookup in fingerprints; the hash of a triple.
#include "core/license/fingerprint.h"

#include "core/util/assert.h"
#include "licenses/fingerprints/data.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace railhub::license {

namespace {

constexpr std::string_view kTextsFile = "texts.rhfp";

} // namespace

std::uint32_t gram_hash(std::span<const Word> words, std::size_t at) {
    std::uint64_t hash = words[at].hash;
    for (std::size_t i = 1; i < kGramWords; ++i) {
        hash = (hash ^ (hash >> 29U)) * 0xBF58476D1CE4E5B9U + words[at + i].hash;
    }
    hash = (hash ^ (hash >> 31U)) * 0x94D049BB133111EBU;
    return static_cast<std::uint32_t>(hash >> 32U);
}

const Fingerprints& Fingerprints::built_in() {
    static const Fingerprints kBuiltIn = [] {
        for (const util::EmbeddedFile& file : licenses_fingerprints::files()) {
            if (file.path.ends_with(kTextsFile)) {
                auto parsed = parse(file.text);
                RAILHUB_ASSERT(parsed.ok());
                return std::move(*parsed);
            }
        }
        return Fingerprints();
    }();
    return kBuiltIn;
}

void Fingerprints::index(std::span<const GramId> sequences) {
    std::size_t capacity = 16;
    while (capacity < dictionary_.size() * 2) {
        capacity *= 2;
    }
    slots_.assign(capacity, kNoGram);
    for (GramId id = 0; id < dictionary_.size(); ++id) {
        std::size_t slot = dictionary_[id] & (capacity - 1);
        while (slots_[slot] != kNoGram) {
            slot = (slot + 1) & (capacity - 1);
        }
        slots_[slot] = id;
    }
    // Counted two places further on: filling moves each start to that of the next, and into place.
    posting_start_.assign(dictionary_.size() + 2, 0);
    for (const GramId id : sequences) {
        ++posting_start_[id + 2];
    }
    std::partial_sum(posting_start_.begin(), posting_start_.end(), posting_start_.begin());
    postings_.resize(sequences.size());
    distinct_.assign(references_.size(), 0);
    constexpr auto kNowhere = std::numeric_limits<std::uint16_t>::max();
    static_assert(kMaxReferences < kNowhere);
    std::vector<std::uint16_t> last_in(dictionary_.size(), kNowhere); // reference, by triple
    std::size_t at = 0;
    for (std::uint32_t reference = 0; reference < references_.size(); ++reference) {
        const std::uint32_t count = gram_count(reference);
        for (std::uint32_t word = 0; word < count; ++word, ++at) {
            const GramId gram = sequences[at];
            postings_[posting_start_[gram + 1]++] = Posting(reference, word);
            distinct_[reference] += last_in[gram] != reference ? 1U : 0U;
            last_in[gram] = static_cast<std::uint16_t>(reference);
        }
    }
}

GramId Fingerprints::find(std::uint32_t hash) const {
    if (slots_.empty()) {
        return kNoGram;
    }
    std::size_t slot = hash & (slots_.size() - 1);
    while (slots_[slot] != kNoGram && dictionary_[slots_[slot]] != hash) {
        slot = (slot + 1) & (slots_.size() - 1);
    }
    return slots_[slot];
}

std::vector<GramId> Fingerprints::grams_of(const NormalText& text) const {
    std::vector<GramId> grams;
    if (text.words.size() < kGramWords) {
        return grams;
    }
    grams.reserve(text.words.size() - kGramWords + 1);
    for (std::size_t at = 0; at + kGramWords <= text.words.size(); ++at) {
        grams.push_back(find(gram_hash(text.words, at)));
    }
    return grams;
}

std::span<const Posting> Fingerprints::postings(GramId gram) const {
    const std::uint32_t begin = posting_start_[gram];
    return std::span(postings_).subspan(begin, posting_start_[gram + 1] - begin);
}

std::span<const Posting>
Fingerprints::postings_at(const NormalText& text, std::uint32_t word) const {
    const GramId gram = find(gram_hash(text.words, word));
    return gram == kNoGram ? std::span<const Posting>() : postings(gram);
}

} // namespace railhub::license
