// SPDX-License-Identifier: Apache-2.0
// Small files that tools write beside weights.
#include "core/origin/read.h"
#include "core/origin/recipe.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::origin {

namespace {

using compliance::Activity;
using compliance::Basis;
using compliance::Role;
using types::RepoKind;

constexpr util::JsonLimits kConfigLimits = {
    .max_bytes = std::size_t{4} << 20, .max_depth = 32, .max_values = 200'000};
constexpr std::string_view kAdapterConfig = "adapter_config.json";
constexpr int kMaxConfigDepth = 4;

util::Result<util::Json> parse_config(std::string_view json) {
    RAILHUB_TRY(util::Json parsed, util::parse_json(json, kConfigLimits));
    return parsed.is_object() ? util::Result<util::Json>(std::move(parsed))
                              : util::fail(util::Code::InvalidInput, "it is not a JSON object");
}

void add_hints(Facts& facts, const util::Json& config, const std::string& where, int depth) {
    const util::JsonObject* members = config.as_object();
    if (members == nullptr || depth > kMaxConfigDepth) {
        return;
    }
    for (const auto& [key, value] : *members) {
        if (key == "_name_or_path") {
            const std::string* text = value.as_string();
            const auto to = parse_reference(text != nullptr ? *text : "", RepoKind::Model);
            if (to) {
                UpstreamFact fact;
                fact.to = *to;
                fact.said = {Basis::Inherited, where + ": _name_or_path"};
                fact.weight = UpstreamFact::Weight::Hint;
                add_upstream(facts, std::move(fact));
            }
        } else if (value.is_object()) {
            add_hints(facts, value, where + ": " + shown_text(key), depth + 1);
        }
    }
}

} // namespace

void read_adapter_config(Facts& facts, std::string_view json) {
    const auto config = parse_config(json);
    if (!config.ok()) {
        add_problem(facts, std::string(kAdapterConfig) + ": " + config.error().message);
        return;
    }
    const auto to = parse_reference(config->text("base_model_name_or_path"), RepoKind::Model);
    if (!to) {
        return;
    }
    UpstreamFact fact;
    fact.to = *to;
    if (fact.to.revision.empty()) {
        fact.to.revision = shown_text(config->text("revision"));
    }
    fact.role = Role::AdapterBase;
    fact.activity = Activity::Adapter;
    fact.said = {Basis::Inherited, std::string(kAdapterConfig)};
    add_upstream(facts, std::move(fact));
}

void read_config(Facts& facts, std::string_view json, std::string_view where) {
    const auto config = parse_config(json);
    if (config.ok()) {
        add_hints(facts, *config, std::string(where), 1);
    } else {
        add_note(facts, std::string(where) + ": " + config.error().message);
    }
}

void read_recipe(Facts& facts, std::string_view yaml, std::string_view where) {
    const auto models = parse_recipe(yaml);
    if (!models.ok()) {
        add_problem(facts, std::string(where) + ": " + models.error().message);
        return;
    }
    for (const Reference& model : *models) {
        UpstreamFact fact;
        fact.to = model;
        fact.role = Role::MergeSource;
        fact.activity = Activity::Merge;
        fact.said = {Basis::Inherited, std::string(where)};
        add_upstream(facts, std::move(fact));
    }
}

bool is_recipe_file(std::string_view path) {
    constexpr std::array<std::string_view, 4> kNames = {
        "mergekit_config.yml",
        "mergekit_config.yaml",
        "mergekit_moe_config.yml",
        "mergekit_moe_config.yaml"};
    return std::find(kNames.begin(), kNames.end(), path) != kNames.end();
}

} // namespace railhub::origin
