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
        return static_cast<report::Verdict>(verdict_[artifact]);
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
    struct Link {
        Index from;
        Index to;
        std::uint8_t course;
    };

    // Edges by one of their ends.
    struct Adjacency {
        std::vector<std::size_t> starts;
        std::vector<Index> ends;
        std::vector<std::uint8_t> courses;

        void build(const std::vector<Link>& links, std::size_t artifacts, bool by_origin);
    };

    [[nodiscard]] bool is_cyclic(Index artifact) const {
        return rank_[artifact] >= first_cyclic_ && rank_[artifact] < end_cyclic_;
    }

    void order();
    void rank_downwards(std::vector<std::uint32_t>& open, std::vector<Index> ready);
    [[nodiscard]] std::vector<Index> reached_from(Index artifact);
    void renew(const std::vector<Index>& in_order, Change& change);
    [[nodiscard]] DescentId descent_from_parents(Index artifact);
    void renew_cycles(const std::vector<Index>& cyclic);
    [[nodiscard]] DescentId walk(Index artifact);
    void take_verdict(Index artifact, DescentId descent, Change& change);

    Profiles profiles_;
    Descents descents_;
    VerdictTable table_;
    std::vector<ProfileId> profile_; // by artifact, as all below
    std::vector<DescentId> descent_; // as what was made of it sees it
    std::vector<std::uint8_t> verdict_;
    std::vector<std::uint32_t> rank_;  // parents before children
    std::vector<std::uint32_t> order_; // artifacts by rank
    std::uint32_t first_cyclic_ = 0;   // ranks of artifacts on cycles and between them
    std::uint32_t end_cyclic_ = 0;
    std::vector<std::uint32_t> reached_; // in which round last
    std::uint32_t round_ = 0;
    std::vector<Link> links_; // until they are settled
    Adjacency parents_;
    Adjacency children_;
};

} // namespace railhub::compliance
