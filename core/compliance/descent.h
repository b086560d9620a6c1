// SPDX-License-Identifier: Apache-2.0
// Descent: what an artifact is and what is upstream of it, as far as verdicts depend on it. Equal
// descents are one and have one id, so that a hub of millions of models has comparatively few.
#pragma once

#include "core/compliance/course.h"
#include "core/compliance/id_map.h"
#include "core/license/catalogue.h"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace railhub::compliance {

using ProfileId = std::uint32_t;
using SetId = std::uint32_t;
using DescentId = std::uint32_t;

// What a verdict may depend on of an artifact: all but its name, of which only the words count that
// some license speaks of.
class Profiles {
  public:
    explicit Profiles(const license::Catalogue& knowledge);

    ProfileId intern(const Node& node, const std::string& declared_name);
    // The same artifact with other labels.
    ProfileId relabelled(ProfileId id, std::vector<std::string> licenses);

    [[nodiscard]] const Node& node(ProfileId id) const { return profiles_[id].node; }

    // Begins with what the real name begins with, as far as licenses ask for beginnings.
    [[nodiscard]] const std::string& declared_name(ProfileId id) const {
        return profiles_[id].declared_name;
    }

    [[nodiscard]] std::size_t size() const { return profiles_.size(); }

  private:
    struct Profile {
        Node node;
        std::string declared_name;
    };

    ProfileId intern_kept(Profile profile);

    std::vector<Profile> profiles_;
    std::unordered_map<std::string, ProfileId> ids_;
    std::vector<std::string> words_;    // lower case: names of models that terms speak of
    std::vector<std::string> prefixes_; // that names have to begin with, the longest first
};

// An artifact upstream: what it is, and the course from it to the one below.
struct Forebear {
    ProfileId profile = 0;
    std::uint8_t course = 0; // packed

    [[nodiscard]] std::uint64_t key() const { return (std::uint64_t{profile} << 8U) | course; }

    static Forebear from(std::uint64_t key) {
        return {static_cast<ProfileId>(key >> 8U), static_cast<std::uint8_t>(key & 0xFFU)};
    }

    auto operator<=>(const Forebear&) const = default;
};

// Interned sets of forebears and interned pairs of a profile and such a set. Ids count up from 0.
class Descents {
  public:
    static constexpr SetId kNobody = 0; // the empty set

    Descents();

    SetId intern(std::vector<Forebear> forebears);
    // The forebears that come in by an edge to an artifact of this descent.
    SetId through(DescentId parent, std::uint8_t edge);
    SetId unite(SetId a, SetId b);
    // Valid until the next set is interned.
    [[nodiscard]] std::span<const std::uint64_t> forebears(SetId set) const;

    DescentId descent(ProfileId profile, SetId set);

    [[nodiscard]] ProfileId profile_of(DescentId id) const { return pairs_[id].profile; }

    [[nodiscard]] SetId set_of(DescentId id) const { return pairs_[id].set; }

    [[nodiscard]] std::size_t size() const { return pairs_.size(); }

    [[nodiscard]] std::size_t sets() const { return starts_.size() - 1; }

  private:
    struct Pair {
        ProfileId profile;
        SetId set;
    };

    SetId intern_sorted(const std::vector<std::uint64_t>& keys);

    std::vector<std::uint64_t> arena_;
    std::vector<std::size_t> starts_; // into the arena; one more than there are sets
    IdMap set_ids_;                   // by hash
    std::vector<Pair> pairs_;
    IdMap pair_ids_;
    IdMap through_; // (descent, edge) -> set
    IdMap united_;  // (set, set) -> set
};

} // namespace railhub::compliance
