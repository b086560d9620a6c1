// SPDX-License-Identifier: Apache-2.0
// Which reference texts an input resembles, and the alignment of its words with each of them. What
// the alignment means is for detect.h. Pure.
#pragma once

#include "core/license/fingerprint.h"

#include <cstdint>
#include <span>
#include <vector>

namespace railhub::license {

// Words text..text+length of the input are words reference..reference+length of the reference.
struct Segment {
    std::uint32_t text = 0;
    std::uint32_t reference = 0;
    std::uint32_t length = 0;
};

// Segments in order, without overlap on either side; not empty unless a function says so.
struct Alignment {
    std::uint32_t reference = 0; // index into Fingerprints::references()
    std::vector<Segment> segments;
    std::uint32_t matched = 0; // words

    [[nodiscard]] std::uint32_t text_begin() const { return segments.front().text; }

    [[nodiscard]] std::uint32_t text_end() const {
        return segments.back().text + segments.back().length;
    }

    [[nodiscard]] std::uint32_t reference_begin() const { return segments.front().reference; }

    [[nodiscard]] std::uint32_t reference_end() const {
        return segments.back().reference + segments.back().length;
    }
};

// How well an alignment explains the input: words it accounts for, less a part of what the
// reference has and the input lacks. Negative values explain nothing.
enum class Tail : std::uint8_t { Counts, CutOff }; // CutOff: the input ends before the reference

double
alignment_value(const Alignment& alignment, const Reference& reference, Tail tail = Tail::Counts);

// Words begin..end of the reference that are not in a loose span.
std::uint32_t required_words(const Reference& reference, std::uint32_t begin, std::uint32_t end);

// Best alignments of the triples with references, the most valuable first; at most one each.
// Triples that are kNoGram (words of no reference, or taken by an earlier match) match nothing.
struct AlignOptions {
    std::size_t max_candidates = 32;
    // References with a smaller share of their triples in the input are not looked at.
    double min_share = 0.2;
    // Other than these are not looked at; empty stands for all.
    std::span<const std::uint32_t> only = {};
    std::span<const std::uint32_t> except = {};
};

std::vector<Alignment>
align(const Fingerprints& fingerprints, std::span<const GramId> grams, const AlignOptions& options);

// One alignment for each of fingerprints.clauses(), within its words; without segments where none
// of them is there.
std::vector<Alignment> align_spans(const Fingerprints& fingerprints, std::span<const GramId> grams);

} // namespace railhub::license
