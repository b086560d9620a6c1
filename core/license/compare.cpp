// SPDX-License-Identifier: Apache-2.0
// Permissions are ordered by how much they give; a duty or limit less is more freedom.
#include "core/license/compare.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::license {

namespace {

constexpr std::array<std::string_view, 4> kFreerWords = {"same", "first", "second", "differs"};
constexpr std::array<std::string_view, 6> kWidthWords = {
    "equal", "first wider", "second wider", "only first", "only second", "incomparable"};

std::string filled(const std::string& text, std::string_view fallback) {
    return text.empty() ? std::string(fallback) : text;
}

// How much a permission gives; silence is less than a condition, a refusal the least.
int generosity(Grant grant) {
    switch (grant) {
    case Grant::Yes:
        return 3;
    case Grant::Conditional:
        return 2;
    case Grant::Silent:
        return 1;
    case Grant::No:
        return 0;
    }
    return 0;
}

template <class Item>
std::set<std::string> names_in(const std::vector<Item>& a, const std::vector<Item>& b) {
    std::set<std::string> names;
    for (const std::vector<Item>* list : {&a, &b}) {
        for (const Item& item : *list) {
            names.insert(item.term);
        }
    }
    return names;
}

void compare_permissions(const Record& a, const Record& b, std::vector<TermRow>& rows) {
    for (const std::string& name : names_in(a.permissions, b.permissions)) {
        const Permission* first = a.permission(name);
        const Permission* second = b.permission(name);
        const int more = generosity(a.grant(name)) - generosity(b.grant(name));
        rows.push_back({
            "permission",
            name,
            first != nullptr ? std::string(grant_word(first->value)) : "-",
            second != nullptr ? std::string(grant_word(second->value)) : "-",
            first != nullptr ? first->section : "",
            second != nullptr ? second->section : "",
            more == 0  ? Freer::Same
            : more > 0 ? Freer::First
                       : Freer::Second,
        });
    }
}

Freer freer_of(const Term* first, const Term* second) {
    if (first == nullptr || second == nullptr) {
        return first == nullptr ? Freer::First : Freer::Second;
    }
    const bool same = first->detail == second->detail && first->accepts == second->accepts &&
                      first->only_when == second->only_when &&
                      first->also_when == second->also_when && first->exempts == second->exempts;
    return same ? Freer::Same : Freer::Differs;
}

void compare_terms(
    std::string_view group,
    const std::vector<Term>& a,
    const std::vector<Term>& b,
    std::vector<TermRow>& rows
) {
    const auto find = [](const std::vector<Term>& list, const std::string& name) {
        const auto found = std::find_if(list.begin(), list.end(), [&name](const Term& term) {
            return term.term == name;
        });
        return found == list.end() ? nullptr : &*found;
    };
    for (const std::string& name : names_in(a, b)) {
        const Term* first = find(a, name);
        const Term* second = find(b, name);
        rows.push_back({
            std::string(group),
            name,
            first != nullptr ? filled(first->detail, "yes") : "-",
            second != nullptr ? filled(second->detail, "yes") : "-",
            first != nullptr ? first->section : "",
            second != nullptr ? second->section : "",
            freer_of(first, second),
        });
    }
}

struct Found {
    const Clause* clause = nullptr;
    const Restriction* restriction = nullptr;
};

// The clause of a set with this id; of several, the one that covers the others.
Found find_id(const Taxonomy& taxonomy, const RestrictionSet* set, const std::string& id) {
    Found best;
    if (set == nullptr) {
        return best;
    }
    for (const Clause& clause : set->clauses) {
        for (const Restriction& restriction : clause.restrictions) {
            const bool wider =
                best.restriction == nullptr || taxonomy.covers(restriction, *best.restriction);
            if (restriction.id == id && wider) {
                best = {&clause, &restriction};
            }
        }
    }
    return best;
}

Width width_of(const Taxonomy& taxonomy, const Found& a, const Found& b) {
    if (a.restriction == nullptr || b.restriction == nullptr) {
        return a.restriction == nullptr ? Width::OnlySecond : Width::OnlyFirst;
    }
    const bool there = taxonomy.covers(*a.restriction, *b.restriction);
    const bool back = taxonomy.covers(*b.restriction, *a.restriction);
    if (there && back) {
        return Width::Equal;
    }
    return there ? Width::FirstWider : back ? Width::SecondWider : Width::Incomparable;
}

std::string shown_variant(const Found& found) {
    return found.restriction == nullptr ? "-" : filled(found.restriction->variant, "yes");
}

std::string
sets_text(const Catalogue& catalogue, const RestrictionSet* a, const RestrictionSet* b) {
    if (a == nullptr && b == nullptr) {
        return "";
    }
    if (a == nullptr || b == nullptr) {
        return a == nullptr ? "only second restricts use" : "only first restricts use";
    }
    const bool there = coverage_of(catalogue.taxonomy(), *b, *a).uncovered == 0;
    const bool back = coverage_of(catalogue.taxonomy(), *a, *b).uncovered == 0;
    if (there && back) {
        return "equal";
    }
    return there  ? "first covers second"
           : back ? "second covers first"
                  : "neither covers the other";
}

void compare_clauses(
    const Catalogue& catalogue, const Record& a, const Record& b, Comparison& comparison
) {
    const RestrictionSet* first = catalogue.restriction_set(a.restriction_set);
    const RestrictionSet* second = catalogue.restriction_set(b.restriction_set);
    std::set<std::string> ids;
    for (const RestrictionSet* set : {first, second}) {
        for (const Restriction& restriction :
             set != nullptr ? set->flat() : std::vector<Restriction>()) {
            ids.insert(restriction.id);
        }
    }
    for (const std::string& id : ids) {
        const Found in_a = find_id(catalogue.taxonomy(), first, id);
        const Found in_b = find_id(catalogue.taxonomy(), second, id);
        comparison.clauses.push_back({
            id,
            shown_variant(in_a),
            shown_variant(in_b),
            in_a.clause != nullptr ? in_a.clause->section : "",
            in_b.clause != nullptr ? in_b.clause->section : "",
            width_of(catalogue.taxonomy(), in_a, in_b),
        });
    }
    comparison.sets = sets_text(catalogue, first, second);
}

} // namespace

std::string_view freer_word(Freer freer) {
    return kFreerWords.at(static_cast<std::size_t>(freer));
}

std::string_view width_word(Width width) {
    return kWidthWords.at(static_cast<std::size_t>(width));
}

Comparison compare(const Catalogue& catalogue, const Record& first, const Record& second) {
    Comparison comparison;
    compare_permissions(first, second, comparison.terms);
    compare_terms("obligation", first.obligations, second.obligations, comparison.terms);
    compare_terms("limit", first.limits, second.limits, comparison.terms);
    compare_clauses(catalogue, first, second, comparison);
    return comparison;
}

Coverage coverage_of(
    const Taxonomy& taxonomy, const RestrictionSet& upstream, const RestrictionSet& downstream
) {
    const std::vector<Restriction> carried = downstream.flat();
    std::set<std::string> all;
    std::set<std::string> present;
    for (const Uncovered& gap : uncovered(taxonomy, upstream, carried, Cover::Strict)) {
        all.insert(gap.restriction.id);
        if (gap.gap == Gap::Narrower) {
            present.insert(gap.restriction.id);
        }
    }
    return {all.size(), all.size() - present.size()};
}

} // namespace railhub::license
