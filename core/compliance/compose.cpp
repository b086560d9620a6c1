// SPDX-License-Identifier: Apache-2.0
// One paragraph a duty; the list of restrictions is printed from the taxonomy.
#include "core/compliance/compose.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::compliance {

namespace {

using license::Catalogue;
using license::Restriction;
using util::Code;
using util::fail;

struct ScopeWord {
    char letter;
    std::string_view word;
};

constexpr std::array kScopeWords = {
    ScopeWord{'D', "the data"},
    ScopeWord{'A', "the application"},
    ScopeWord{'M', "the model (weights, parameters and what is needed to run them)"},
    ScopeWord{'S', "the source code"},
};

util::Result<std::string> scope_text(const std::string& scope) {
    std::vector<std::string> words;
    for (const ScopeWord& row : kScopeWords) {
        if (scope.find(row.letter) != std::string::npos) {
            words.emplace_back(row.word);
        }
    }
    if (words.empty() || words.size() != scope.size()) {
        return fail(
            Code::InvalidInput,
            "scope '" + scope + "' is not made of the letters D, A, M and S, each once at most"
        );
    }
    return util::join(words, " and ");
}

// Without those that another one covers; equal ones once.
std::vector<Restriction>
widest(const license::Taxonomy& taxonomy, const std::vector<Restriction>& all) {
    const std::set<Restriction> distinct(all.begin(), all.end());
    std::vector<Restriction> kept;
    for (const Restriction& one : distinct) {
        const bool covered =
            std::any_of(distinct.begin(), distinct.end(), [&](const Restriction& other) {
                return other != one && taxonomy.covers(other, one);
            });
        if (!covered) {
            kept.push_back(one);
        }
    }
    return kept;
}

std::vector<std::string> known_names(const Catalogue& catalogue) {
    std::vector<std::string> names = catalogue.restriction_set_ids();
    for (const std::string& id : catalogue.restriction_set_ids()) {
        for (const Restriction& restriction : catalogue.restriction_set(id)->flat()) {
            names.push_back(restriction.id);
        }
    }
    return names;
}

util::Result<Restriction> restriction_named(const Catalogue& catalogue, const std::string& name) {
    const std::size_t mark = name.find('#');
    Restriction restriction{
        name.substr(0, mark), mark == std::string::npos ? "" : name.substr(mark + 1)};
    const license::Taxonomy& taxonomy = catalogue.taxonomy();
    if (!taxonomy.contains(restriction.id)) {
        const std::string near = util::nearest(restriction.id, known_names(catalogue));
        return fail(
            Code::NotFound,
            "'" + name + "' is neither a restriction set nor a use restriction",
            near.empty() ? "'railhub license show' lists those of a license"
                         : "did you mean '" + near + "'?"
        );
    }
    if (!taxonomy.has_variant(restriction.id, restriction.variant)) {
        return fail(
            Code::InvalidInput,
            "use restriction '" + restriction.id + "' has no variant '" + restriction.variant + "'",
            "write it as '" + restriction.id + "#VARIANT'"
        );
    }
    return restriction;
}

constexpr std::string_view kBefore =
    "> Draft for counsel, put together from a taxonomy of use restrictions. It is no legal advice, "
    "and nobody has\n> reviewed it for any place.\n\n";

constexpr std::string_view kGrant =
    "## 2. What you may do\n\n"
    "You may use, copy, change, host and pass on the artifact and what you make from it, without "
    "charge and for\nany purpose that section 4 leaves open.\n\n"
    "## 3. What you do when you pass it on\n\n"
    "Passing on includes letting others use it over a network. You give a copy of this license, "
    "keep notices, say\nwhat you changed, and put section 4 into your own terms as conditions that "
    "can be enforced; beyond that, the\nterms of your own changes are yours. Whatever is made from "
    "the artifact so that it performs like it, from its\noutputs too, counts as made from it.\n\n"
    "## 4. What is excluded\n\n"
    "Neither you nor those who have it from you use the artifact, or what is made from it, "
    "for:\n\n";

constexpr std::string_view kAfter =
    "\n## 5. Outputs\n\n"
    "No rights are claimed in outputs. Section 4 holds for how they are used.\n\n"
    "## 6. The end\n\n"
    "The license ends for whoever breaks section 4 and does not stop within 30 days of being told. "
    "The artifact comes\nas it is, without warranty, as far as law allows.\n";

} // namespace

util::Result<std::vector<license::Restriction>>
restrictions_named(const license::Catalogue& catalogue, const std::vector<std::string>& names) {
    std::vector<Restriction> all;
    for (const std::string& name : names) {
        if (const license::RestrictionSet* set = catalogue.restriction_set(name)) {
            const std::vector<Restriction> flat = set->flat();
            all.insert(all.end(), flat.begin(), flat.end());
            continue;
        }
        RAILHUB_TRY(Restriction one, restriction_named(catalogue, name));
        all.push_back(std::move(one));
    }
    return all;
}

util::Result<std::string>
compose_license(const license::Catalogue& catalogue, const Composition& composition) {
    RAILHUB_TRY(const std::string scope, scope_text(composition.scope));
    const std::vector<Restriction> kept = widest(catalogue.taxonomy(), composition.restrictions);
    if (kept.empty()) {
        return fail(
            Code::InvalidInput,
            "a license without use restrictions needs no composing",
            "'railhub license suggest' lists licenses that fit"
        );
    }
    std::string text = "# " + composition.title + "\n\n" + std::string(kBefore) +
                       "## 1. What this covers\n\n\"The artifact\" is " + scope + ".\n\n" +
                       std::string(kGrant);
    std::size_t number = 0;
    for (const Restriction& restriction : kept) {
        text += std::to_string(++number) + ". " +
                std::string(catalogue.taxonomy().definition(restriction.id)) + " [`" +
                restriction.id + (restriction.variant.empty() ? "" : "#" + restriction.variant) +
                "`]\n";
    }
    return text + std::string(kAfter);
}

} // namespace railhub::compliance
