// SPDX-License-Identifier: Apache-2.0
// The bytes of a fingerprint file: writing, and reading with every count checked.
#include "core/license/fingerprint.h"
#include "core/util/digest.h"

#include <algorithm>

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

// Reads front to back; the first error sticks and makes everything after it zero.
class FingerprintReader {
  public:
    explicit FingerprintReader(std::string_view bytes) : rest_(bytes) {}

    Result<Fingerprints> read() {
        Fingerprints out;
        if (!rest_.starts_with(kMagic)) {
            return fail(Code::InvalidInput, "not a fingerprint file of this version");
        }
        rest_.remove_prefix(kMagic.size());
        read_dictionary(out);
        // Pages of what is not filled are never touched; growing would copy all of it.
        sequences_.reserve(std::min(rest_.size(), kMaxSequence));
        const std::uint64_t count = counted();
        ok_ = ok_ && count <= kMaxReferences;
        for (std::uint64_t i = 0; i < count && ok_; ++i) {
            read_reference(out);
        }
        read_clauses(out);
        if (!ok_ || !rest_.empty()) {
            return fail(Code::InvalidInput, "the fingerprint file is damaged");
        }
        out.index(sequences_);
        return out;
    }

  private:
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63 && !rest_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if (byte < 0x80) {
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
        const std::uint64_t count = counted();
        ok_ = ok_ && count * 4 <= rest_.size();
        out.dictionary_.reserve(ok_ ? count : 0);
        for (std::uint64_t i = 0; i < count && ok_; ++i) {
            std::uint32_t value = 0;
            for (unsigned byte = 0; byte < 4; ++byte) {
                value |= static_cast<std::uint32_t>(static_cast<unsigned char>(rest_[i * 4 + byte]))
                         << (8 * byte);
            }
            out.dictionary_.push_back(value);
        }
        rest_.remove_prefix(ok_ ? count * 4 : 0);
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
        const std::size_t first = sequences_.size();
        read_runs(out.dictionary_.size());
        ok_ = ok_ && sequences_.size() > first &&
              sequences_.size() - first < kMaxReferenceWords - kGramWords;
        reference.words =
            ok_ ? static_cast<std::uint32_t>(sequences_.size() - first + kGramWords - 1) : 0;
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

    void read_runs(std::size_t dictionary) {
        const std::uint64_t runs = counted();
        for (std::uint64_t i = 0; i < runs && ok_; ++i) {
            const std::uint32_t first = below(dictionary);
            const std::uint32_t length = below(dictionary + 1);
            ok_ = ok_ && length > 0 && std::uint64_t{first} + length <= dictionary &&
                  sequences_.size() + length < kMaxSequence;
            for (std::uint32_t j = 0; j < length && ok_; ++j) {
                sequences_.push_back(first + j);
            }
        }
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

    static constexpr std::size_t kMaxSequence = std::size_t{1} << 26;
    std::string_view rest_;
    std::vector<GramId> sequences_; // all references, one after the other
    bool ok_ = true;
};

Result<Fingerprints> Fingerprints::parse(std::string_view bytes) {
    RAILHUB_TRY(Fingerprints out, FingerprintReader(bytes).read());
    util::Sha256Hasher hasher;
    hasher.update(util::as_bytes(bytes));
    out.version_ = hasher.finish().hex().substr(0, kFingerprintVersionDigits);
    return out;
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
