// SPDX-License-Identifier: Apache-2.0
// Lookup in fingerprints; the hash of a triple.
#include "core/license/fingerprint.h"

#include "core/util/assert.h"
#include "licenses/fingerprints/data.h"

#include <algorithm>
#include <atomic>

namespace railhub::license {

namespace {

constexpr std::string_view kTextsFile = "texts.rhfp";

std::atomic<bool> g_is_built_in_read = false;

std::string_view built_in_bytes() {
    for (const util::EmbeddedFile& file : licenses_fingerprints::files()) {
        if (file.path.ends_with(kTextsFile)) {
            return file.text;
        }
    }
    return {};
}

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
        auto parsed = parse(built_in_bytes());
        RAILHUB_ASSERT(parsed.ok());
        g_is_built_in_read.store(true, std::memory_order_relaxed);
        return std::move(*parsed);
    }();
    return kBuiltIn;
}

bool Fingerprints::is_built_in_read() {
    return g_is_built_in_read.load(std::memory_order_relaxed);
}

Fingerprints Fingerprints::built_in_for(const NormalText& text) {
    std::vector<std::uint32_t> hashes;
    for (std::size_t at = 0; at + kGramWords <= text.words.size(); ++at) {
        hashes.push_back(gram_hash(text.words, at));
    }
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    auto parsed = parse_for(built_in_bytes(), hashes);
    RAILHUB_ASSERT(parsed.ok());
    return std::move(*parsed);
}

void Fingerprints::index_dictionary() {
    std::size_t capacity = 16;
    // At most three quarters full.
    while (capacity * 3 < dictionary_.size() * 4) {
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
