// SPDX-License-Identifier: Apache-2.0
// Use restrictions: the taxonomy of ids, how wide their variants are, the clause sets of licenses,
// and which of them another set leaves uncovered (licenses section 5).
#pragma once

#include "core/util/json.h"

#include <compare>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::license {

struct Restriction {
    std::string id;      // "medical.advice"
    std::string variant; // "substitute"; empty when the id has no variants

    auto operator<=>(const Restriction&) const = default;
};

struct Clause {
    std::string section; // "A.12"
    std::vector<Restriction> restrictions;
    std::string note;
};

struct RestrictionSet {
    std::string id; // "bloom-rail-A"
    std::string reading;
    std::vector<Clause> clauses;

    // All restrictions of all clauses, in order.
    [[nodiscard]] std::vector<Restriction> flat() const;
};

// Ids in a tree, each with a partial order of variants. Immutable once loaded.
class Taxonomy {
  public:
    // The content of licenses/restrictions/taxonomy.json.
    static util::Result<Taxonomy> parse(const util::Json& json);

    [[nodiscard]] bool contains(std::string_view id) const;
    // True when `id` has this variant; an empty variant suits exactly the ids that have none.
    [[nodiscard]] bool has_variant(std::string_view id, std::string_view variant) const;
    // What the id means, in our own words; empty when unknown.
    [[nodiscard]] std::string_view definition(std::string_view id) const;
    // Does `carried` forbid all that `required` forbids? Same id and the same or a wider variant,
    // the id without a variant, which is all that it means, or an ancestor of the id. Incomparable
    // variants do not cover.
    [[nodiscard]] bool covers(const Restriction& carried, const Restriction& required) const;
    // The same id or an ancestor of it, whatever the variant.
    [[nodiscard]] bool touches(const Restriction& carried, const Restriction& required) const;

  private:
    struct Entry {
        std::string parent;
        std::string definition;
        std::map<std::string, std::set<std::string, std::less<>>, std::less<>>
            variants; // wider -> covered
    };

    std::map<std::string, Entry, std::less<>> entries_;
};

util::Result<RestrictionSet>
parse_restriction_set(const util::Json& json, const Taxonomy& taxonomy);

// Strict: variants count. IdsOnly: any variant of the id will do.
enum class Cover : std::uint8_t { Strict, IdsOnly };

enum class Gap : std::uint8_t { Absent, Narrower };

struct Uncovered {
    std::string section; // clause of the required set
    Restriction restriction;
    Gap gap = Gap::Absent;
};

// What `required` asks for and `carried` does not give, in clause order.
std::vector<Uncovered> uncovered(
    const Taxonomy& taxonomy,
    const RestrictionSet& required,
    std::span<const Restriction> carried,
    Cover cover
);

} // namespace railhub::license
