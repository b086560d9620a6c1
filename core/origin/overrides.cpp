// SPDX-License-Identifier: Apache-2.0
// Strict reading: a slip in a file of overrides must not pass for "nothing to change".
#include "core/origin/overrides.h"

#include "core/card/card.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::origin {

namespace {

using compliance::Activity;
using compliance::Basis;
using compliance::Role;
using util::Json;

constexpr std::string_view kOverridesFormat = "lineage-overrides/1";
constexpr std::size_t kMaxArtifacts = 1'000;
constexpr std::array<std::string_view, 7> kArtifactKeys = {
    "id", "kind", "license", "license_name", "upstreams", "without", "reason"};
constexpr std::array<std::string_view, 5> kUpstreamKeys = {
    "id", "kind", "role", "activity", "reason"};

util::Error not_overrides(const std::string& why, std::string hint = {}) {
    return util::fail(
        util::Code::InvalidInput, "the overrides are not valid: " + why, std::move(hint)
    );
}

util::Result<>
check_keys(const Json& json, std::span<const std::string_view> known, const std::string& where) {
    const util::JsonObject* members = json.as_object();
    if (members == nullptr) {
        return not_overrides(where + " is no mapping");
    }
    for (const auto& [key, value] : *members) {
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            return not_overrides(
                "unknown member '" + shown_text(key) + "' in " + where,
                "it has: " + util::join({known.begin(), known.end()}, ", ")
            );
        }
    }
    return {};
}

util::Result<types::RepoKind> kind_in(const Json& json, types::RepoKind fallback) {
    const std::string word = json.text("kind");
    return word.empty() ? util::Result<types::RepoKind>(fallback) : types::parse_kind(word);
}

Activity usual_activity(Role role) {
    switch (role) {
    case Role::BaseModel:
        return Activity::Finetune;
    case Role::AdapterBase:
        return Activity::Adapter;
    case Role::MergeSource:
        return Activity::Merge;
    case Role::Teacher:
        return Activity::Distil;
    case Role::Dataset:
        return Activity::Train;
    case Role::Code:
    case Role::Component:
        return Activity::Embed;
    }
    return Activity::Finetune;
}

util::Result<UpstreamFact> parse_upstream(const Json& json, const std::string& where) {
    RAILHUB_TRY(check_keys(json, kUpstreamKeys, where));
    const std::string role_word = json.text("role", "base-model");
    const auto role = compliance::parse_role(role_word);
    if (!role) {
        return not_overrides("unknown role '" + shown_text(role_word) + "' in " + where);
    }
    const bool is_data = *role == Role::Dataset;
    RAILHUB_TRY(
        const types::RepoKind kind,
        kind_in(json, is_data ? types::RepoKind::Dataset : types::RepoKind::Model)
    );
    const std::string word = json.text("activity");
    const auto activity =
        word.empty() ? std::optional(usual_activity(*role)) : compliance::parse_activity(word);
    const auto to = parse_reference(json.text("id"), kind);
    if (!activity || !to) {
        return not_overrides(
            activity ? where + " has no id"
                     : "unknown activity '" + shown_text(word) + "' in " + where
        );
    }
    UpstreamFact fact;
    fact.to = *to;
    fact.role = *role;
    fact.activity = *activity;
    fact.said = {Basis::Override, "override"};
    return fact;
}

util::Result<ArtifactOverride> parse_artifact(const Json& json, const std::string& where) {
    RAILHUB_TRY(check_keys(json, kArtifactKeys, where));
    ArtifactOverride artifact;
    artifact.id = json.text("id");
    if (artifact.id.empty()) {
        return not_overrides(where + " has no id", "it is 'owner/name', or '.' for the subject");
    }
    RAILHUB_TRY(artifact.kind, kind_in(json, types::RepoKind::Model));
    artifact.licenses = card::text_list(json, "license");
    artifact.license_name = json.text("license_name");
    artifact.without = card::text_list(json, "without");
    const Json* upstreams = json.find("upstreams");
    const util::JsonArray* items = upstreams != nullptr ? upstreams->as_array() : nullptr;
    if (upstreams != nullptr && items == nullptr) {
        return not_overrides("'upstreams' of " + where + " is no list");
    }
    for (std::size_t i = 0; items != nullptr && i < std::min(items->size(), kMaxUpstreams); ++i) {
        RAILHUB_TRY(
            UpstreamFact fact,
            parse_upstream((*items)[i], "upstream " + std::to_string(i + 1) + " of " + where)
        );
        artifact.upstreams.push_back(std::move(fact));
    }
    return artifact;
}

bool is_about(const ArtifactOverride& artifact, types::RepoKind kind, std::string_view id) {
    return artifact.kind == kind && util::equal_ignore_case(artifact.id, id);
}

} // namespace

util::Result<Overrides> parse_overrides(std::string_view text) {
    RAILHUB_TRY(const Json json, card::parse_yaml(text));
    if (json.text("format") != kOverridesFormat) {
        return not_overrides("the format is not '" + std::string(kOverridesFormat) + "'");
    }
    const Json* list = json.find("artifacts");
    const util::JsonArray* items = list != nullptr ? list->as_array() : nullptr;
    if (items == nullptr || items->size() > kMaxArtifacts) {
        return not_overrides("'artifacts' is no list of at most 1,000 entries");
    }
    Overrides overrides;
    for (std::size_t i = 0; i < items->size(); ++i) {
        RAILHUB_TRY(
            ArtifactOverride artifact,
            parse_artifact((*items)[i], "artifact " + std::to_string(i + 1))
        );
        overrides.artifacts.push_back(std::move(artifact));
    }
    return overrides;
}

std::vector<std::string> apply_overrides(
    Facts& facts, const Overrides& overrides, types::RepoKind kind, std::string_view id
) {
    std::vector<std::string> notes;
    for (const ArtifactOverride& artifact : overrides.artifacts) {
        if (!is_about(artifact, kind, id)) {
            continue;
        }
        for (const std::string& label : artifact.licenses) {
            add_claim(facts, {Basis::Override, shown_text(label), "override", "", true});
        }
        if (!artifact.license_name.empty()) {
            facts.license_name = shown_text(artifact.license_name);
        }
        for (const std::string& name : artifact.without) {
            const auto named = [&name](const UpstreamFact& fact) {
                return util::equal_ignore_case(fact.to.id, name);
            };
            for (const UpstreamFact& fact : facts.upstreams) {
                if (named(fact)) {
                    notes.push_back(
                        "'" + describe(fact.to) + "', named by " + fact.said.where +
                        ", is left out by an override"
                    );
                }
            }
            std::erase_if(facts.upstreams, named);
        }
        for (const UpstreamFact& fact : artifact.upstreams) {
            add_upstream(facts, fact);
        }
    }
    settle_licenses(facts);
    return notes;
}

} // namespace railhub::origin
