// SPDX-License-Identifier: Apache-2.0
// Verdicts of all artifacts of a hub at once, kept up to date when one of them changes its license.
// The same verdicts as evaluate() one by one, in a fraction of the time.
#pragma once

#include "core/compliance/verdict_table.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace railhub::compliance {

// Add all artifacts, link them, settle() once; then ask and relabel. Borrows the catalogue. One
// thread at a time.
class VerdictIndex {
  public:
    using Index = std::uint32_t; // in the order of add()

    VerdictIndex(const license::Catalogue& knowledge, const Use& use, const Policy& policy);

    void reserve(std::size_t artifacts, std::size_t edges);

    // `declared_name` as Use::declared_name of a check of this artifact; empty: none stated.
    Index add(const Node& node, const std::string& declared_name = {});
    void link(Index from, Index to, Role role, Activity activity);
    // Works out all verdicts.
    void settle();

    [[nodiscard]] std::size_t size() const { return profile_.size(); }

    [[nodiscard]] report::Verdict verdict(Index artifact) const {
        return static_cast<report::Verdict>(verdict_[rank_[artifact]]);
    }

    struct Change {
        std::size_t reached = 0;    // artifacts that were looked at again
        std::vector<Index> changed; // those whose verdict is another now
    };

    // The artifact has these labels from now on.
    Change relabel(Index artifact, std::vector<std::string> licenses);

    struct Figures {
        std::size_t profiles = 0;
        std::size_t sets = 0;
        std::size_t descents = 0;
        std::size_t judged = 0; // times the rules were asked
    };

    [[nodiscard]] Figures figures() const;

  private:
    // Place of an artifact in the order: parents before children. What was made of one artifact
    // lies together there, so that a change goes through memory front to back.
    using Rank = std::uint32_t;

    struct Link {
        std::uint32_t from;
        std::uint32_t to;
        std::uint8_t course;
    };

    // Edges by one of their ends.
    struct Adjacency {
        std::vector<std::size_t> starts;
        std::vector<std::uint32_t> ends;
        std::vector<std::uint8_t> courses;

        void build(const std::vector<Link>& links, std::size_t artifacts, bool by_origin);
    };

    // Artifacts to be looked at; taken out from low ranks to high ones.
    class Marks {
      public:
        void resize(std::size_t ranks) { bits_.assign(ranks / 64 + 1, 0); }

        // True when it was not marked before.
        bool set(Rank rank);
        // The lowest mark from `from` on below `limit`, no longer marked; `limit` when there is
        // none.
        Rank take(Rank from, Rank limit);

      private:
        std::vector<std::uint64_t> bits_;
        std::size_t count_ = 0;
    };

    // What came out for an artifact with one parent, by all that it depends on.
    struct Step {
        std::uint64_t key = ~std::uint64_t{0};
        DescentId descent = 0;
        std::uint8_t verdict = 0;
    };

    [[nodiscard]] bool is_cyclic(Rank rank) const {
        return rank >= first_cyclic_ && rank < end_cyclic_;
    }

    void order(const Adjacency& parents, const Adjacency& children);
    void rank_downwards(
        const Adjacency& children, std::vector<std::uint32_t>& open, std::vector<Index> ready
    );
    void lay_out_by_rank();
    // Looks at what is marked, and at what that changes.
    void renew_marked(Change& change);
    void renew_simple(Rank begin, Rank end, Change& change);
    void renew_cyclic(Change& change);
    [[nodiscard]] std::vector<Rank> take_cyclic();
    void mark_children(Rank rank);
    [[nodiscard]] Step step_of(Rank rank);
    [[nodiscard]] DescentId descent_from_parents(Rank rank);
    void grow_cycles(const std::vector<Rank>& cyclic);
    [[nodiscard]] DescentId walk(Rank rank);
    void take_verdict(Rank rank, std::uint8_t verdict, Change& change);

    Profiles profiles_;
    Descents descents_;
    VerdictTable table_;
    std::vector<ProfileId> profile_; // by artifact until settled, then by rank, as all below
    std::vector<DescentId> descent_; // as what was made of it sees it
    std::vector<std::uint8_t> verdict_;
    std::vector<Rank> rank_;   // by artifact
    std::vector<Index> order_; // artifacts by rank
    Rank first_cyclic_ = 0;    // artifacts on cycles and between them
    Rank end_cyclic_ = 0;
    std::vector<Link> links_; // between artifacts, until they are settled
    Adjacency parents_;       // between ranks
    Adjacency children_;
    Marks marks_;
    std::vector<Step> steps_; // by hash of the key; the latest wins
    bool is_settled_ = false;
};

} // namespace railhub::compliance
