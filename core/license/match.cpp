// SPDX-License-Identifier: Apache-2.0
// Candidates by shared triples, then runs of equal triples chained in order.
#include "core/license/match.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace railhub::license {

namespace {

// A triple in more places than this says little; it still counts in an alignment.
constexpr std::size_t kCommonGram = 500;
constexpr std::size_t kMaxRuns = 20'000;   // per reference
constexpr std::size_t kManyRuns = 600;     // from here on runs of a single triple are left out
constexpr std::uint32_t kSureRun = 4;      // triples
constexpr std::size_t kChainLookBack = 24; // runs before one that it may follow
constexpr std::size_t kLongLookBack = 48;  // long runs before it, beyond those
constexpr std::uint32_t kLongRun = 8;      // words
constexpr double kTextGapCost = 0.06;      // a word of the input between two runs
constexpr double kReferenceGapCost = 0.03;
constexpr double kRunCost = 0.5;
constexpr double kNearBest = 0.6;
constexpr double kBelowBest = 20; // triples
constexpr std::int64_t kAnyGap = std::numeric_limits<std::int64_t>::max();
// A passage with more words put in is no longer that clause; it may be two others.
constexpr std::int64_t kClauseGap = 16;
constexpr double kMissingInside = 0.5;
constexpr double kMissingAtEnds = 0.3;
// Decide between references that are otherwise as good.
constexpr double kLooseMissing = 0.02;
constexpr double kAddedInside = 0.02;
constexpr double kMostForAdded = 2;

struct Candidate {
    std::uint32_t reference = 0;
    std::uint32_t hits = 0;
    double rank = 0;
};

// Triples of the input found in each reference. What the input says several times counts once:
// several short licenses would else look like one long one.
std::vector<std::uint32_t>
count_hits(const Fingerprints& fingerprints, std::span<const GramId> grams) {
    std::vector<std::uint32_t> hits(fingerprints.references().size(), 0);
    std::vector<bool> counted(fingerprints.dictionary_size(), false);
    for (const GramId gram : grams) {
        if (gram == kNoGram || counted[gram]) {
            continue;
        }
        counted[gram] = true;
        const std::span<const Posting> postings = fingerprints.postings(gram);
        if (postings.size() > kCommonGram) {
            continue;
        }
        std::uint32_t last = kNoGram;
        for (const Posting& posting : postings) { // by reference
            hits[posting.reference()] += posting.reference() != last ? 1U : 0U;
            last = posting.reference();
        }
    }
    return hits;
}

std::vector<Candidate> candidates_of(
    const Fingerprints& fingerprints, std::span<const GramId> grams, const AlignOptions& options
) {
    std::vector<Candidate> found;
    const std::vector<std::uint32_t> hits = count_hits(fingerprints, grams);
    const auto is_in = [](std::span<const std::uint32_t> list, std::uint32_t reference) {
        return std::find(list.begin(), list.end(), reference) != list.end();
    };
    for (std::uint32_t i = 0; i < hits.size(); ++i) {
        if (hits[i] == 0 || (!options.only.empty() && !is_in(options.only, i)) ||
            is_in(options.except, i)) {
            continue;
        }
        const double size = fingerprints.gram_count(i);
        const double share = hits[i] / static_cast<double>(fingerprints.distinct_grams(i));
        if (share >= options.min_share || hits[i] >= 150) {
            found.push_back({i, hits[i], size * share - 0.3 * size * (1 - share)});
        }
    }
    std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
        return a.rank != b.rank ? a.rank > b.rank : a.reference < b.reference;
    });
    // Far below the best, a reference can only win in another part of the text: in a later round.
    const double least = found.empty() ? 0 : kNearBest * found[0].rank - kBelowBest;
    while (found.size() > options.max_candidates || (!found.empty() && found.back().rank < least)) {
        found.pop_back();
    }
    return found;
}

// Runs of consecutive triples that input and reference have in common, by start in the input.
class RunCollector {
  public:
    // Calls come by place in the input.
    void add(std::uint32_t text, std::uint32_t word) {
        if (text != current_) {
            start_runs();
            retire(text);
        }
        for (const std::uint32_t index : open_) {
            Segment& run = runs_[index];
            if (run.text + run.length == text && run.reference + run.length == word) {
                ++run.length;
                is_followed_ = is_followed_ || run.length >= kSureRun;
                return;
            }
        }
        fresh_.push_back({text, word, 1});
    }

    // Runs in words instead of triples.
    std::vector<Segment> take() {
        start_runs();
        const bool many = runs_.size() > kManyRuns;
        std::vector<Segment> out;
        for (Segment run : runs_) {
            if (!many || run.length > 1) {
                run.length += kGramWords - 1;
                out.push_back(run);
            }
        }
        return out;
    }

  private:
    // Where a run of some length goes on, others that begin are chance.
    void start_runs() {
        for (const Segment& run : fresh_) {
            if (!is_followed_ && runs_.size() < kMaxRuns) {
                runs_.push_back(run);
                open_.push_back(static_cast<std::uint32_t>(runs_.size() - 1));
            }
        }
        fresh_.clear();
        is_followed_ = false;
    }

    void retire(std::uint32_t text) {
        current_ = text;
        const auto is_over = [&](std::uint32_t index) {
            return runs_[index].text + runs_[index].length < text;
        };
        open_.erase(std::remove_if(open_.begin(), open_.end(), is_over), open_.end());
    }

    std::vector<Segment> runs_;
    std::vector<std::uint32_t> open_;
    std::vector<Segment> fresh_; // of the current place
    std::uint32_t current_ = 0;
    bool is_followed_ = false;
};

struct Link {
    double score = 0;
    std::uint32_t previous = kNoGram;
};

// What the chain that ends with `before` gains by `run`; the overlap counts once.
// Less than nothing when more words of the text lie between than may.
double gain_of(const Segment& before, const Segment& run, std::int64_t most_between) {
    const std::int64_t text_gap = std::int64_t{run.text} - before.text - before.length;
    const std::int64_t gap = std::int64_t{run.reference} - before.reference - before.length;
    const std::int64_t overlap = std::max<std::int64_t>({0, -text_gap, -gap});
    if (run.text <= before.text || run.reference <= before.reference || overlap >= run.length ||
        text_gap > most_between) {
        return -1;
    }
    return static_cast<double>(run.length - overlap) - kRunCost -
           kTextGapCost * static_cast<double>(std::max<std::int64_t>(0, text_gap)) -
           kReferenceGapCost * static_cast<double>(std::max<std::int64_t>(0, gap));
}

class Chainer {
  public:
    Chainer(const std::vector<Segment>& runs, std::int64_t most_between)
        : runs_(runs), links_(runs.size()), most_between_(most_between) {}

    std::vector<Segment> best() {
        for (std::uint32_t i = 0; i < runs_.size(); ++i) {
            links_[i].score = runs_[i].length;
            link(i);
            best_ = links_[i].score > links_[best_].score ? i : best_;
            if (runs_[i].length >= kLongRun) {
                long_.push_back(i);
            }
        }
        std::vector<Segment> chain;
        for (std::uint32_t at = best_; at != kNoGram; at = links_[at].previous) {
            chain.push_back(runs_[at]);
        }
        std::reverse(chain.begin(), chain.end());
        return chain;
    }

  private:
    // Chance runs of three words are many: beside the nearest, only long ones are looked at.
    void link(std::uint32_t i) {
        const auto first = i > kChainLookBack ? i - static_cast<std::uint32_t>(kChainLookBack) : 0U;
        for (std::uint32_t j = first; j < i; ++j) {
            consider(j, i);
        }
        const std::size_t from = long_.size() > kLongLookBack ? long_.size() - kLongLookBack : 0;
        for (std::size_t k = from; k < long_.size() && long_[k] < first; ++k) {
            consider(long_[k], i);
        }
    }

    void consider(std::uint32_t before, std::uint32_t i) {
        const double gain = gain_of(runs_[before], runs_[i], most_between_);
        if (gain > 0 && links_[before].score + gain > links_[i].score) {
            links_[i] = {links_[before].score + gain, before};
        }
    }

    const std::vector<Segment>& runs_;
    std::vector<Link> links_;
    std::int64_t most_between_;
    std::vector<std::uint32_t> long_;
    std::uint32_t best_ = 0;
};

// Cuts the front of each segment that overlaps the one before.
Alignment to_alignment(std::uint32_t reference, const std::vector<Segment>& chain) {
    Alignment out{reference, {}, 0};
    for (Segment segment : chain) {
        if (!out.segments.empty()) {
            const Segment& before = out.segments.back();
            const std::uint32_t text_end = before.text + before.length;
            const std::uint32_t end = before.reference + before.length;
            const std::uint32_t cut = std::max(
                text_end > segment.text ? text_end - segment.text : 0,
                end > segment.reference ? end - segment.reference : 0
            );
            segment.text += cut;
            segment.reference += cut;
            segment.length -= cut;
        }
        out.matched += segment.length;
        out.segments.push_back(segment);
    }
    return out;
}

} // namespace

std::uint32_t required_words(const Reference& reference, std::uint32_t begin, std::uint32_t end) {
    std::uint32_t required = end - begin;
    for (const LooseSpan& span : reference.loose) {
        const std::uint32_t from = std::max(begin, span.begin);
        const std::uint32_t to = std::min(end, span.end);
        required -= to > from ? to - from : 0;
    }
    return required;
}

double alignment_value(const Alignment& alignment, const Reference& reference, Tail tail) {
    std::uint32_t inside = 0;
    for (std::size_t i = 1; i < alignment.segments.size(); ++i) {
        const Segment& before = alignment.segments[i - 1];
        inside += required_words(
            reference, before.reference + before.length, alignment.segments[i].reference
        );
    }
    const std::uint32_t front = required_words(reference, 0, alignment.reference_begin());
    const std::uint32_t back =
        required_words(reference, alignment.reference_end(), reference.words);
    // What is beyond a cut tells no reference from another, however long it is.
    const bool counts = tail == Tail::Counts;
    const double words = counts ? reference.words : alignment.reference_end();
    const double missing_back = counts ? back : 0;
    const double loose = words - alignment.matched - inside - front - missing_back;
    const double added = alignment.text_end() - alignment.text_begin() - alignment.matched;
    return alignment.matched - kMissingInside * inside - kMissingAtEnds * (front + missing_back) -
           kLooseMissing * std::max(0.0, loose) - std::min(kMostForAdded, kAddedInside * added);
}

std::vector<Alignment> align(
    const Fingerprints& fingerprints, std::span<const GramId> grams, const AlignOptions& options
) {
    const std::vector<Candidate> candidates = candidates_of(fingerprints, grams, options);
    std::vector<std::uint32_t> slot(fingerprints.references().size(), kNoGram);
    for (std::uint32_t i = 0; i < candidates.size(); ++i) {
        slot[candidates[i].reference] = i;
    }
    std::vector<RunCollector> collectors(candidates.size());
    for (std::uint32_t at = 0; at < grams.size() && !candidates.empty(); ++at) {
        if (grams[at] == kNoGram) {
            continue;
        }
        for (const Posting& posting : fingerprints.postings(grams[at])) {
            if (slot[posting.reference()] != kNoGram) {
                collectors[slot[posting.reference()]].add(at, posting.word());
            }
        }
    }
    std::vector<std::pair<double, Alignment>> found;
    for (std::uint32_t i = 0; i < candidates.size(); ++i) {
        if (const std::vector<Segment> runs = collectors[i].take(); !runs.empty()) {
            const std::uint32_t reference = candidates[i].reference;
            Alignment alignment = to_alignment(reference, Chainer(runs, kAnyGap).best());
            const double value = alignment_value(alignment, fingerprints.references()[reference]);
            found.emplace_back(value, std::move(alignment));
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a.first > b.first;
    });
    std::vector<Alignment> best;
    best.reserve(found.size());
    for (auto& [value, alignment] : found) {
        best.push_back(std::move(alignment));
    }
    return best;
}

std::vector<Alignment>
align_spans(const Fingerprints& fingerprints, std::span<const GramId> grams) {
    const std::vector<ClauseSpan>& clauses = fingerprints.clauses();
    std::vector<std::vector<std::uint32_t>> by_reference(fingerprints.references().size());
    for (std::uint32_t i = 0; i < clauses.size(); ++i) {
        by_reference[clauses[i].reference].push_back(i);
    }
    std::vector<RunCollector> collectors(clauses.size());
    for (std::uint32_t at = 0; at < grams.size(); ++at) {
        if (grams[at] == kNoGram) {
            continue;
        }
        for (const Posting& posting : fingerprints.postings(grams[at])) {
            for (const std::uint32_t clause : by_reference[posting.reference()]) {
                if (posting.word() >= clauses[clause].begin &&
                    posting.word() + kGramWords <= clauses[clause].end) {
                    collectors[clause].add(at, posting.word());
                }
            }
        }
    }
    std::vector<Alignment> found;
    for (std::uint32_t i = 0; i < clauses.size(); ++i) {
        const std::vector<Segment> runs = collectors[i].take();
        found.push_back(
            runs.empty() ? Alignment{clauses[i].reference, {}, 0}
                         : to_alignment(clauses[i].reference, Chainer(runs, kClauseGap).best())
        );
    }
    return found;
}

} // namespace railhub::license
