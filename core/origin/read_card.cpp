// SPDX-License-Identifier: Apache-2.0
// Cards: fields with their places in the README.
#include "core/origin/read.h"
#include "core/origin/recipe.h"

#include <algorithm>

namespace railhub::origin {

namespace {

using card::Card;
using compliance::Activity;
using compliance::Basis;
using compliance::Role;
using types::RepoKind;

constexpr std::string_view kReadme = "README.md";

struct How {
    Role role;
    Activity activity;
};

How how_made(card::Relation relation) {
    switch (relation) {
    case card::Relation::Finetune:
        return {Role::BaseModel, Activity::Finetune};
    case card::Relation::Adapter:
        return {Role::AdapterBase, Activity::Adapter};
    case card::Relation::Merge:
        return {Role::MergeSource, Activity::Merge};
    case card::Relation::Quantized:
        return {Role::BaseModel, Activity::Quantize};
    }
    return {Role::BaseModel, Activity::Finetune};
}

report::Location location_in(const Card& card, std::string_view pointer) {
    const card::Position at = card::position_of(card.positions, pointer);
    return {std::string(kReadme), at.line, at.column};
}

void add_listed(
    Facts& facts,
    const Card& card,
    std::string_view field,
    const std::vector<std::string>& names,
    RepoKind kind,
    UpstreamFact fact
) {
    fact.said = {Basis::Declared, std::string(kReadme) + ": " + std::string(field)};
    for (std::size_t i = 0; i < std::min(names.size(), kMaxUpstreams); ++i) {
        const auto reference = parse_reference(names[i], kind);
        fact.to = reference.value_or(Reference{Reference::Place::Elsewhere, kind, "", ""});
        fact.location = location_in(card, "/" + std::string(field) + "/" + std::to_string(i));
        add_upstream(facts, fact);
    }
}

// "original", "extended|org/name", "org/name": the data that a dataset was made from. Short names
// are old habit and may stand for anything: they are hints.
void add_source_datasets(Facts& facts, const Card& card, UpstreamFact fact) {
    constexpr std::string_view kField = "source_datasets";
    constexpr std::string_view kExtended = "extended|";
    const std::vector<std::string> names = card::text_list(card.metadata, kField);
    fact.said = {Basis::Declared, std::string(kReadme) + ": " + std::string(kField)};
    for (std::size_t i = 0; i < std::min(names.size(), kMaxUpstreams); ++i) {
        std::string_view name = names[i];
        name.remove_prefix(name.starts_with(kExtended) ? kExtended.size() : 0);
        const bool is_named = name.find('/') != std::string_view::npos;
        const auto reference = parse_reference(name, RepoKind::Dataset);
        if (!reference || name == "original" || name.starts_with("other")) {
            continue;
        }
        fact.to = *reference;
        fact.weight = is_named ? UpstreamFact::Weight::Stated : UpstreamFact::Weight::Hint;
        fact.location = location_in(card, "/" + std::string(kField) + "/" + std::to_string(i));
        add_upstream(facts, fact);
    }
}

void add_labels(Facts& facts, const Card& card, const license::Catalogue& catalogue) {
    for (std::size_t i = 0; i < std::min(card.licenses.size(), kMaxLabels); ++i) {
        add_claim(
            facts,
            {Basis::Declared,
             shown_text(card.licenses[i]),
             std::string(kReadme),
             card.license_name.empty() ? "" : shown_text(card.license_name),
             true}
        );
    }
    facts.license_name = shown_text(card.license_name);
    facts.license_link = shown_text(card.license_link);
    facts.task = shown_text(card.pipeline_tag);
    for (std::size_t i = 0; i < std::min(card.use_restrictions.size(), kMaxRestrictions); ++i) {
        const std::string name = shown_text(card.use_restrictions[i]);
        const bool is_set = catalogue.restriction_set(name) != nullptr;
        facts.carries.push_back((is_set ? "use-restrictions:" : "use-restriction:") + name);
    }
    const bool labelled = card.position("license") != card::Position{};
    facts.restrictions_at = location_in(card, "/use_restrictions");
    facts.license_at =
        labelled ? location_in(card, "/license") : report::Location{std::string(kReadme), 0, 0};
}

} // namespace

void read_card(
    Facts& facts,
    const Card& card,
    std::span<const std::string> files,
    const license::Catalogue& catalogue
) {
    add_labels(facts, card, catalogue);
    if (const std::optional<card::Relation> relation = card::relation_of(card, files)) {
        const How how = how_made(*relation);
        UpstreamFact fact;
        fact.role = how.role;
        fact.activity = how.activity;
        fact.weight = card.base_model_relation ? UpstreamFact::Weight::Stated
                                               : UpstreamFact::Weight::Surmised;
        add_listed(facts, card, "base_model", card.base_models, RepoKind::Model, fact);
    }
    UpstreamFact trained;
    trained.role = Role::Dataset;
    trained.activity = Activity::Train;
    add_listed(facts, card, "datasets", card.datasets, RepoKind::Dataset, trained);
    add_source_datasets(facts, card, trained);
    if (const std::string next = card.metadata.text("new_version"); !next.empty()) {
        facts.new_version = shown_text(next);
    }
    for (const Reference& source : recipes_in_prose(card.body)) {
        UpstreamFact merged;
        merged.to = source;
        merged.role = Role::MergeSource;
        merged.activity = Activity::Merge;
        merged.said = {Basis::Inherited, std::string(kReadme) + ": merge recipe"};
        add_upstream(facts, std::move(merged));
    }
}

} // namespace railhub::origin
