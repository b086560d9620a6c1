// SPDX-License-Identifier: Apache-2.0
// Parses the taxonomy and sets, and finds what another set leaves uncovered.
#include "core/license/restrictions.h"

#include <algorithm>

namespace railhub::license {

namespace {

using util::Code;
using util::fail;
using util::Json;
using util::Result;

const util::JsonArray& list_of(const Json& json, std::string_view key) {
    static const util::JsonArray kEmpty;
    const Json* found = json.find(key);
    return found != nullptr && found->is_array() ? *found->as_array() : kEmpty;
}

Result<Restriction> parse_restriction(const Json& json, const Taxonomy& taxonomy) {
    Restriction restriction{json.text("id"), json.text("variant")};
    if (!taxonomy.contains(restriction.id)) {
        return fail(Code::InvalidInput, "unknown use restriction '" + restriction.id + "'");
    }
    if (!taxonomy.has_variant(restriction.id, restriction.variant)) {
        return fail(
            Code::InvalidInput,
            "use restriction '" + restriction.id + "' has no variant '" + restriction.variant + "'"
        );
    }
    return restriction;
}

} // namespace

std::vector<Restriction> RestrictionSet::flat() const {
    std::vector<Restriction> all;
    for (const Clause& clause : clauses) {
        all.insert(all.end(), clause.restrictions.begin(), clause.restrictions.end());
    }
    return all;
}

util::Result<Taxonomy> Taxonomy::parse(const util::Json& json) {
    if (json.text("format") != "use-restrictions/1") {
        return fail(
            Code::InvalidInput,
            "'format' is '" + json.text("format") + "'",
            "use 'use-restrictions/1'"
        );
    }
    Taxonomy taxonomy;
    for (const Json& item : list_of(json, "restrictions")) {
        Entry entry;
        entry.parent = item.text("parent");
        entry.definition = item.text("definition");
        for (const Json& variant : list_of(item, "variants")) {
            std::set<std::string, std::less<>>& covered = entry.variants[variant.text("id")];
            for (const Json& name : list_of(variant, "covers")) {
                covered.insert(name.is_string() ? *name.as_string() : std::string());
            }
        }
        const std::string id = item.text("id");
        if (id.empty() || !taxonomy.entries_.emplace(id, std::move(entry)).second) {
            return fail(
                Code::InvalidInput, "use restriction '" + id + "' is empty or stands twice"
            );
        }
    }
    for (const auto& [id, entry] : taxonomy.entries_) {
        // A parent is a prefix of its child ("law" of "law.violation"), so there can be no cycle.
        if (!entry.parent.empty() &&
            (!taxonomy.contains(entry.parent) || !id.starts_with(entry.parent + "."))) {
            return fail(
                Code::InvalidInput,
                "use restriction '" + id + "' has the unfit parent '" + entry.parent + "'"
            );
        }
        for (const auto& [variant, covered] : entry.variants) {
            for (const std::string& name : covered) {
                if (!entry.variants.contains(name)) {
                    return fail(
                        Code::InvalidInput,
                        "variant '" + variant + "' of '" + id + "' covers the unknown variant '" +
                            name + "'"
                    );
                }
            }
        }
    }
    return taxonomy;
}

bool Taxonomy::contains(std::string_view id) const {
    return entries_.find(id) != entries_.end();
}

bool Taxonomy::has_variant(std::string_view id, std::string_view variant) const {
    const auto found = entries_.find(id);
    if (found == entries_.end()) {
        return false;
    }
    const auto& variants = found->second.variants;
    return variant.empty() ? variants.empty() : variants.find(variant) != variants.end();
}

std::string_view Taxonomy::definition(std::string_view id) const {
    const auto found = entries_.find(id);
    return found == entries_.end() ? std::string_view() : found->second.definition;
}

bool Taxonomy::touches(const Restriction& carried, const Restriction& required) const {
    if (carried.id == required.id) {
        return true;
    }
    return required.id.size() > carried.id.size() && required.id.starts_with(carried.id) &&
           required.id[carried.id.size()] == '.' && contains(required.id);
}

bool Taxonomy::covers(const Restriction& carried, const Restriction& required) const {
    if (carried.id != required.id) {
        return touches(carried, required);
    }
    if (carried.variant.empty() || carried.variant == required.variant) {
        return true;
    }
    const auto entry = entries_.find(carried.id);
    if (entry == entries_.end()) {
        return false;
    }
    const auto variant = entry->second.variants.find(carried.variant);
    return variant != entry->second.variants.end() && variant->second.contains(required.variant);
}

util::Result<RestrictionSet>
parse_restriction_set(const util::Json& json, const Taxonomy& taxonomy) {
    if (json.text("format") != "restriction-set/1") {
        return fail(
            Code::InvalidInput,
            "'format' is '" + json.text("format") + "'",
            "use 'restriction-set/1'"
        );
    }
    RestrictionSet set;
    set.id = json.text("id");
    set.reading = json.text("reading");
    for (const Json& item : list_of(json, "clauses")) {
        Clause clause{item.text("clause"), {}, item.text("note")};
        for (const Json& entry : list_of(item, "restrictions")) {
            RAILHUB_TRY(Restriction restriction, parse_restriction(entry, taxonomy));
            clause.restrictions.push_back(std::move(restriction));
        }
        set.clauses.push_back(std::move(clause));
    }
    if (set.id.empty() || set.clauses.empty()) {
        return fail(Code::InvalidInput, "restriction set '" + set.id + "' has no id or no clauses");
    }
    return set;
}

std::vector<Uncovered> uncovered(
    const Taxonomy& taxonomy,
    const RestrictionSet& required,
    std::span<const Restriction> carried,
    Cover cover
) {
    std::vector<Uncovered> gaps;
    for (const Clause& clause : required.clauses) {
        for (const Restriction& wanted : clause.restrictions) {
            const auto gives = [&](const Restriction& c) {
                return cover == Cover::Strict ? taxonomy.covers(c, wanted)
                                              : taxonomy.touches(c, wanted);
            };
            if (std::any_of(carried.begin(), carried.end(), gives)) {
                continue;
            }
            const bool narrower =
                std::any_of(carried.begin(), carried.end(), [&](const Restriction& c) {
                    return taxonomy.touches(c, wanted);
                });
            gaps.push_back({clause.section, wanted, narrower ? Gap::Narrower : Gap::Absent});
        }
    }
    return gaps;
}

} // namespace railhub::license
