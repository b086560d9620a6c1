// SPDX-License-Identifier: Apache-2.0
// Fingerprints of license texts: for each text the sequence of its word triples as hashes, from
// which an input can be aligned with the text although the text itself is nowhere. Format:
// docs/license-record.md, "Fingerprints".
#pragma once

#include "core/license/normalize.h"
#include "core/util/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace railhub::license {

// Words that one hash stands for. Three, so that no dictionary of words reverses it.
inline constexpr std::size_t kGramWords = 3;

// Number of a triple in the dictionary of a Fingerprints.
using GramId = std::uint32_t;
inline constexpr GramId kNoGram = 0xFFFFFFFFU;

enum class ReferenceKind : std::uint8_t {
    License,
    Exception, // only together with a license
    Notice,    // the short text that puts a file under a license
};

// Words begin..end of a reference that may differ: placeholders, titles, alternatives. Empty where
// something may be put in.
struct LooseSpan {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

struct Reference {
    std::string id;
    std::vector<std::string> also; // ids whose text is the same, word for word
    std::string name;
    ReferenceKind kind = ReferenceKind::License;
    bool is_deprecated = false;
    bool is_spdx = false; // `id` and `also` are ids of the SPDX list
    std::uint32_t words = 0;
    std::vector<LooseSpan> loose; // ordered, disjoint
};

// A clause of a restriction set as words begin..end of a reference.
struct ClauseSpan {
    std::string set;
    std::string section;
    std::uint32_t reference = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

// So many references and words of one are room for in a Posting.
inline constexpr std::uint32_t kPostingWordBits = 20;
inline constexpr std::uint32_t kMaxReferences = std::uint32_t{1} << (32 - kPostingWordBits);
inline constexpr std::uint32_t kMaxReferenceWords = std::uint32_t{1} << kPostingWordBits;

// A place where a triple occurs. There are hundreds of thousands, looked at all the time.
class Posting {
  public:
    Posting() = default;

    Posting(std::uint32_t reference, std::uint32_t word)
        : packed_((reference << kPostingWordBits) | word) {}

    [[nodiscard]] std::uint32_t reference() const { return packed_ >> kPostingWordBits; }

    [[nodiscard]] std::uint32_t word() const { return packed_ & (kMaxReferenceWords - 1); }

  private:
    std::uint32_t packed_ = 0;
};

// Hash of the triple that starts at words[at].
std::uint32_t gram_hash(std::span<const Word> words, std::size_t at);

// Immutable once parsed; safe from any thread.
class Fingerprints {
  public:
    // InvalidInput when the bytes are none or contradict themselves.
    static util::Result<Fingerprints> parse(std::string_view bytes);
    // Those of the binary, read at the first call (about 10 ms).
    static const Fingerprints& built_in();
    // The same with nothing but the triples of one text: for a program that has little to look at,
    // a fraction of the work. Good for places of triples; what counts all triples of a reference
    // (distinct_grams) is unknown.
    static Fingerprints built_in_for(const NormalText& text);
    // built_in has been called, so that built_in_for would be the dearer way.
    static bool is_built_in_read();

    [[nodiscard]] const std::vector<Reference>& references() const { return references_; }

    [[nodiscard]] const std::vector<ClauseSpan>& clauses() const { return clauses_; }

    // The triples of a text, one for each word that has two after it.
    [[nodiscard]] std::vector<GramId> grams_of(const NormalText& text) const;

    // Numbers of triples are below this.
    [[nodiscard]] std::size_t dictionary_size() const { return dictionary_.size(); }

    // How many triples a reference has.
    [[nodiscard]] std::uint32_t gram_count(std::size_t reference) const {
        return references_[reference].words - static_cast<std::uint32_t>(kGramWords - 1);
    }

    // How many different triples a reference has.
    [[nodiscard]] std::uint32_t distinct_grams(std::size_t reference) const {
        return distinct_[reference];
    }

    // By reference, then by place.
    [[nodiscard]] std::span<const Posting> postings(GramId gram) const;
    // Of the triple that begins at a word.
    [[nodiscard]] std::span<const Posting>
    postings_at(const NormalText& text, std::uint32_t word) const;

    // Of the file format, the hash of its bytes: names the data in reports.
    [[nodiscard]] const std::string& version() const { return version_; }

  private:
    friend class FingerprintReader;
    // With the triples of these hashes only (ascending).
    static util::Result<Fingerprints>
    parse_for(std::string_view bytes, std::span<const std::uint32_t> hashes);
    // Fills slots_ from dictionary_.
    void index_dictionary();

    [[nodiscard]] GramId find(std::uint32_t hash) const;

    std::vector<Reference> references_;
    std::vector<ClauseSpan> clauses_;
    std::vector<std::uint32_t> dictionary_;    // GramId -> hash
    std::vector<std::uint32_t> distinct_;      // by reference
    std::vector<GramId> slots_;                // open addressing over dictionary_
    std::vector<std::uint32_t> posting_start_; // GramId -> index into postings_
    std::vector<Posting> postings_;
    std::string version_;
};

// Collects references and writes the bytes that Fingerprints::parse reads. One thread.
class FingerprintBuilder {
  public:
    // Number of the reference. Texts of equal words must be merged by the caller (`also`).
    std::uint32_t add(Reference reference, const NormalText& text);
    void add_clause(ClauseSpan clause);
    [[nodiscard]] std::string bytes() const;

  private:
    struct Entry {
        Reference reference;
        std::vector<GramId> grams;
    };

    std::vector<Entry> entries_;
    std::vector<ClauseSpan> clauses_;
    std::vector<std::uint32_t> dictionary_;
    std::unordered_map<std::uint32_t, GramId> ids_;
};

} // namespace railhub::license
