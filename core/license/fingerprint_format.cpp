// SPDX-License-Identifier: Apache-2.0
// The bytes of a fingerprint file: writing, and reading with every count checked.
#include "core/license/fingerprint.h"
#include "core/util/digest.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace railhub::license {

namespace {

using util::Code;
using util::fail;
using util::Result;

constexpr std::string_view kMagic = "railhub-fingerprints/1\n";
constexpr std::size_t kFingerprintVersionDigits = 12;
constexpr std::uint64_t kMaxTextLength = 4096;

void put_number(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
        value >>= 7U;
    }
    out.push_back(static_cast<char>(value));
}

void put_text(std::string& out, std::string_view text) {
    put_number(out, text.size());
    out += text;
}

void put_u32(std::string& out, std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<char>((value >> shift) & 0xFFU));
    }
}

// Triples of a text mostly follow each other in the dictionary, so runs (first, length) are short.
void put_runs(std::string& out, std::span<const GramId> grams) {
    std::vector<std::pair<GramId, std::uint64_t>> runs;
    for (const GramId gram : grams) {
        if (!runs.empty() && gram == runs.back().first + runs.back().second) {
            ++runs.back().second;
        } else {
            runs.emplace_back(gram, 1);
        }
    }
    put_number(out, runs.size());
    for (const auto& [first, length] : runs) {
        put_number(out, first);
        put_number(out, length);
    }
}

} // namespace

// Triples that a reader keeps: all, or those of some hashes. Kept ones are numbered anew.
class KeptGrams {
  public:
    explicit KeptGrams(std::span<const std::uint32_t> hashes) : hashes_(hashes) {
        for (const std::uint32_t hash : hashes_) {
            filter_[hash % kFilterBits] = true;
        }
    }

    [[nodiscard]] bool wants(std::uint32_t hash) const {
        return filter_[hash % kFilterBits] &&
               std::binary_search(hashes_.begin(), hashes_.end(), hash);
    }

    // Ascending.
    void keep(GramId number) { numbers_.push_back(number); }

    // New numbers of those in first..first+length; `visit` gets them with their place.
    template <class Visit>
    void for_each(GramId first, std::uint32_t length, const Visit& visit) const {
        const auto begin = numbers_.begin() + static_cast<std::ptrdiff_t>(pages_[first / kPage]);
        for (auto at =
                 std::find_if(begin, numbers_.end(), [first](GramId n) { return n >= first; });
             at != numbers_.end() && *at - first < length;
             ++at) {
            visit(static_cast<GramId>(at - numbers_.begin()), *at - first);
        }
    }

    // After the last keep, of a dictionary of this size.
    void finish(std::size_t dictionary) {
        for (std::size_t page = 0; page <= dictionary / kPage; ++page) {
            const auto first = std::lower_bound(
                numbers_.begin(), numbers_.end(), static_cast<GramId>(page * kPage)
            );
            pages_.push_back(static_cast<std::uint32_t>(first - numbers_.begin()));
        }
    }

  private:
    static constexpr std::size_t kFilterBits = 1U << 16U;
    static constexpr std::size_t kPage = 256;
    std::span<const std::uint32_t> hashes_;
    std::vector<bool> filter_ = std::vector<bool>(kFilterBits);
    std::vector<GramId> numbers_;      // in the file
    std::vector<std::uint32_t> pages_; // first of numbers_ from a multiple of kPage on
};

// Reads front to back; the first error sticks and makes everything after it zero. Triples of
// references are gone through twice, to count them and to fill in their places: a list of them all
// would be as large as the result.
class FingerprintReader {
  public:
    explicit FingerprintReader(std::string_view bytes, KeptGrams* kept = nullptr)
        : rest_(bytes), kept_(kept) {}

    Result<Fingerprints> read() {
        Fingerprints out;
        if (!rest_.starts_with(kMagic)) {
            return fail(Code::InvalidInput, "not a fingerprint file of this version");
        }
        rest_.remove_prefix(kMagic.size());
        read_dictionary(out);
        // Counted two places further on: filling moves each start to that of the next, and into
        // place.
        out.posting_start_.assign(out.dictionary_.size() + 2, 0);
        const std::uint64_t count = counted();
        ok_ = ok_ && count <= kMaxReferences;
        for (std::uint64_t i = 0; i < count && ok_; ++i) {
            read_reference(out);
        }
        read_clauses(out);
        if (!ok_ || !rest_.empty()) {
            return fail(Code::InvalidInput, "the fingerprint file is damaged");
        }
        out.index_dictionary();
        fill_postings(out);
        return out;
    }

  private:
    std::uint64_t number() {
        const char* at = rest_.data();
        const char* const end = at + rest_.size();
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63 && at != end; shift += 7) {
            const auto byte = static_cast<unsigned char>(*at++);
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if (byte < 0x80) {
                rest_ = std::string_view(at, static_cast<std::size_t>(end - at));
                return value;
            }
        }
        ok_ = false;
        return 0;
    }

    // A number of things that each take at least one byte.
    std::uint64_t counted() {
        const std::uint64_t value = number();
        ok_ = ok_ && value <= rest_.size();
        return ok_ ? value : 0;
    }

    std::uint32_t below(std::uint64_t limit) {
        const std::uint64_t value = number();
        ok_ = ok_ && value < limit;
        return ok_ ? static_cast<std::uint32_t>(value) : 0;
    }

    std::string text() {
        const std::uint64_t size = counted();
        ok_ = ok_ && size <= kMaxTextLength;
        if (!ok_) {
            return {};
        }
        std::string out(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return out;
    }

    void read_dictionary(Fingerprints& out) {
        size_ = counted();
        ok_ = ok_ && size_ * 4 <= rest_.size();
        size_ = ok_ ? size_ : 0;
        out.dictionary_.reserve(kept_ == nullptr ? size_ : 0);
        for (std::size_t i = 0; i < size_; ++i) {
            std::uint32_t value = 0;
            for (unsigned byte = 0; byte < 4; ++byte) {
                value |= static_cast<std::uint32_t>(static_cast<unsigned char>(rest_[i * 4 + byte]))
                         << (8 * byte);
            }
            if (kept_ == nullptr) {
                out.dictionary_.push_back(value);
            } else if (kept_->wants(value)) {
                kept_->keep(static_cast<GramId>(i));
                out.dictionary_.push_back(value);
            }
        }
        rest_.remove_prefix(size_ * 4);
        if (kept_ != nullptr) {
            kept_->finish(size_);
        }
    }

    void read_reference(Fingerprints& out) {
        Reference reference;
        reference.id = text();
        const std::uint64_t also = counted();
        for (std::uint64_t i = 0; i < also && ok_; ++i) {
            reference.also.push_back(text());
        }
        reference.name = text();
        reference.kind = static_cast<ReferenceKind>(below(3));
        const std::uint32_t flags = below(4);
        reference.is_deprecated = (flags & 1U) != 0;
        reference.is_spdx = (flags & 2U) != 0;
        const std::uint64_t grams = count_runs(out);
        ok_ = ok_ && grams > 0 && grams < kMaxReferenceWords - kGramWords;
        reference.words = ok_ ? static_cast<std::uint32_t>(grams + kGramWords - 1) : 0;
        const std::uint64_t spans = counted();
        std::uint32_t at = 0;
        for (std::uint64_t i = 0; i < spans && ok_; ++i) {
            const std::uint32_t begin = at + below(reference.words + 1U);
            at = begin + below(reference.words + 1U);
            ok_ = ok_ && at <= reference.words;
            reference.loose.push_back({begin, at});
        }
        out.references_.push_back(std::move(reference));
    }

    // The new number of each kept triple of a run, with its place in it.
    template <class Visit>
    void for_each_kept(GramId first, std::uint32_t length, const Visit& visit) const {
        if (kept_ != nullptr) {
            kept_->for_each(first, length, visit);
            return;
        }
        for (std::uint32_t j = 0; j < length; ++j) {
            visit(first + j, j);
        }
    }

    // How many triples the reference has; the runs are remembered.
    std::uint64_t count_runs(Fingerprints& out) {
        const std::string_view from = rest_;
        const std::uint64_t runs = counted();
        std::uint64_t grams = 0;
        for (std::uint64_t i = 0; i < runs && ok_; ++i) {
            const std::uint32_t first = below(size_);
            const std::uint32_t length = below(size_ + 1);
            ok_ = ok_ && length > 0 && std::uint64_t{first} + length <= size_ &&
                  all_ + length < kMaxSequence;
            if (ok_) {
                grams += length;
                all_ += length;
                for_each_kept(first, length, [&out](GramId gram, std::uint32_t) {
                    ++out.posting_start_[gram + 2];
                });
            }
        }
        runs_.push_back(from.substr(0, from.size() - rest_.size()));
        return grams;
    }

    // Of bytes that count_runs has seen, so that they need no checks.
    void fill_postings(Fingerprints& out) {
        auto& starts = out.posting_start_;
        std::partial_sum(starts.begin(), starts.end(), starts.begin());
        out.postings_.resize(starts.back());
        out.distinct_.assign(kept_ == nullptr ? out.references_.size() : 0, 0);
        constexpr auto kNowhere = std::numeric_limits<std::uint16_t>::max();
        static_assert(kMaxReferences < kNowhere);
        std::vector<std::uint16_t> last_in(out.dictionary_.size(), kNowhere); // by triple
        for (std::uint32_t reference = 0; reference < runs_.size(); ++reference) {
            rest_ = runs_[reference];
            std::uint32_t distinct = 0;
            std::uint32_t word = 0;
            for (std::uint64_t runs = number(); runs > 0; --runs) {
                const auto first = static_cast<GramId>(number());
                const auto length = static_cast<std::uint32_t>(number());
                for_each_kept(first, length, [&](GramId gram, std::uint32_t place) {
                    out.postings_[starts[gram + 1]++] = Posting(reference, word + place);
                    distinct += last_in[gram] != reference ? 1U : 0U;
                    last_in[gram] = static_cast<std::uint16_t>(reference);
                });
                word += length;
            }
            if (kept_ == nullptr) {
                out.distinct_[reference] = distinct;
            }
        }
        rest_ = {};
    }

    void read_clauses(Fingerprints& out) {
        const std::uint64_t count = counted();
        for (std::uint64_t i = 0; i < count && ok_; ++i) {
            ClauseSpan clause;
            clause.set = text();
            clause.section = text();
            clause.reference = below(out.references_.size());
            if (!ok_) {
                return;
            }
            const std::uint32_t words = out.references_[clause.reference].words;
            clause.begin = below(words);
            clause.end = clause.begin + below(words + 1U);
            ok_ = ok_ && clause.end <= words && clause.end > clause.begin;
            out.clauses_.push_back(std::move(clause));
        }
    }

    static constexpr std::uint64_t kMaxSequence = std::uint64_t{1} << 26U;
    std::string_view rest_;
    KeptGrams* kept_;                    // null: all
    std::size_t size_ = 0;               // of the dictionary in the file
    std::uint64_t all_ = 0;              // triples of all references so far
    std::vector<std::string_view> runs_; // of each reference, as they stand
    bool ok_ = true;
};

Result<Fingerprints> Fingerprints::parse(std::string_view bytes) {
    RAILHUB_TRY(Fingerprints out, FingerprintReader(bytes).read());
    util::Sha256Hasher hasher;
    hasher.update(util::as_bytes(bytes));
    out.version_ = hasher.finish().hex().substr(0, kFingerprintVersionDigits);
    return out;
}

Result<Fingerprints>
Fingerprints::parse_for(std::string_view bytes, std::span<const std::uint32_t> hashes) {
    KeptGrams kept(hashes);
    return FingerprintReader(bytes, &kept).read();
}

std::uint32_t FingerprintBuilder::add(Reference reference, const NormalText& text) {
    Entry entry{std::move(reference), {}};
    entry.reference.words = static_cast<std::uint32_t>(text.words.size());
    for (std::size_t at = 0; at + kGramWords <= text.words.size(); ++at) {
        const std::uint32_t hash = gram_hash(text.words, at);
        const auto [found, is_new] =
            ids_.try_emplace(hash, static_cast<GramId>(dictionary_.size()));
        if (is_new) {
            dictionary_.push_back(hash);
        }
        entry.grams.push_back(found->second);
    }
    RAILHUB_ASSERT(!entry.grams.empty() && text.words.size() < kMaxReferenceWords);
    RAILHUB_ASSERT(entries_.size() < kMaxReferences);
    entries_.push_back(std::move(entry));
    return static_cast<std::uint32_t>(entries_.size() - 1);
}

void FingerprintBuilder::add_clause(ClauseSpan clause) {
    clauses_.push_back(std::move(clause));
}

std::string FingerprintBuilder::bytes() const {
    std::string out(kMagic);
    put_number(out, dictionary_.size());
    for (const std::uint32_t hash : dictionary_) {
        put_u32(out, hash);
    }
    put_number(out, entries_.size());
    for (const auto& [reference, grams] : entries_) {
        put_text(out, reference.id);
        put_number(out, reference.also.size());
        for (const std::string& id : reference.also) {
            put_text(out, id);
        }
        put_text(out, reference.name);
        put_number(out, static_cast<std::uint64_t>(reference.kind));
        put_number(out, (reference.is_deprecated ? 1U : 0U) | (reference.is_spdx ? 2U : 0U));
        put_runs(out, grams);
        put_number(out, reference.loose.size());
        std::uint32_t at = 0;
        for (const LooseSpan& span : reference.loose) {
            put_number(out, span.begin - at);
            put_number(out, span.end - span.begin);
            at = span.end;
        }
    }
    put_number(out, clauses_.size());
    for (const ClauseSpan& clause : clauses_) {
        put_text(out, clause.set);
        put_text(out, clause.section);
        put_number(out, clause.reference);
        put_number(out, clause.begin);
        put_number(out, clause.end - clause.begin);
    }
    return out;
}

} // namespace railhub::license
