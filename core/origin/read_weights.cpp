// SPDX-License-Identifier: Apache-2.0
// Metadata in the headers of weights.
#include "core/origin/read.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::origin {

namespace {

using compliance::Activity;
using compliance::Basis;
using compliance::Role;
using types::RepoKind;

constexpr std::uint64_t kMaxListed = 64;

class GgufFacts {
  public:
    GgufFacts(Facts& facts, const GgufMetadata& metadata, std::string_view where)
        : facts_(facts), metadata_(metadata), where_(where) {}

    void read() {
        add_license();
        add_sources();
        add_bases();
        add_datasets();
    }

  private:
    [[nodiscard]] std::string text(const std::string& key) const {
        const auto found = metadata_.texts.find(key);
        return found == metadata_.texts.end() ? std::string() : found->second;
    }

    [[nodiscard]] std::uint64_t listed(const std::string& key) const {
        const auto found = metadata_.numbers.find(key);
        return found == metadata_.numbers.end() ? 0 : std::min(found->second, kMaxListed);
    }

    void add_license() {
        const std::string name = text("general.license.name");
        std::string license = text("general.license");
        if ((license.empty() || util::equal_ignore_case(license, "other")) && !name.empty()) {
            license = name;
        }
        if (!license.empty()) {
            add_claim(
                facts_,
                {Basis::Inherited,
                 shown_text(license),
                 where_ + ": general.license",
                 shown_text(name),
                 true}
            );
        }
    }

    void
    add(const std::string& key,
        const std::string& value,
        RepoKind kind,
        Role role,
        Activity activity) {
        const auto to = parse_reference(value, kind);
        if (!to) {
            return;
        }
        UpstreamFact fact;
        fact.to = *to;
        fact.role = role;
        fact.activity = activity;
        fact.said = {Basis::Inherited, where_ + ": " + key};
        fact.weight = UpstreamFact::Weight::Surmised;
        add_upstream(facts_, std::move(fact));
    }

    // The model that these weights were converted from.
    void add_sources() {
        for (const char* key :
             {"general.source.repo_url", "general.source.huggingface.repository"}) {
            add(key, text(key), RepoKind::Model, Role::BaseModel, Activity::Quantize);
        }
    }

    void add_bases() {
        const std::uint64_t count = listed("general.base_model.count");
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::string key = "general.base_model." + std::to_string(i);
            const bool has_address = !text(key + ".repo_url").empty();
            const std::string field = key + (has_address ? ".repo_url" : ".name");
            add(field,
                text(field),
                RepoKind::Model,
                count > 1 ? Role::MergeSource : Role::BaseModel,
                count > 1 ? Activity::Merge : Activity::Finetune);
        }
    }

    void add_datasets() {
        const std::uint64_t count = listed("general.dataset.count");
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::string field = "general.dataset." + std::to_string(i) + ".repo_url";
            add(field, text(field), RepoKind::Dataset, Role::Dataset, Activity::Train);
        }
        const auto names = metadata_.lists.find("general.datasets");
        for (std::size_t i = 0; names != metadata_.lists.end() && i < names->second.size(); ++i) {
            add(names->first, names->second[i], RepoKind::Dataset, Role::Dataset, Activity::Train);
        }
    }

    Facts& facts_;
    const GgufMetadata& metadata_;
    std::string where_;
};

struct TextKey {
    std::string_view key;
    bool is_license;
};

// What trainers and converters write into safetensors files.
constexpr std::array kTextKeys = {
    TextKey{"modelspec.license", true},
    TextKey{"license", true},
    TextKey{"base_model", false},
    TextKey{"base_model_name_or_path", false},
    TextKey{"ss_sd_model_name", false},
    TextKey{"modelspec.merged_from", false},
};

} // namespace

void read_gguf_facts(Facts& facts, const GgufMetadata& metadata, std::string_view where) {
    GgufFacts(facts, metadata, where).read();
}

void read_safetensors_facts(
    Facts& facts, const std::map<std::string, std::string>& texts, std::string_view where
) {
    for (const TextKey& row : kTextKeys) {
        const auto found = texts.find(std::string(row.key));
        if (found == texts.end() || util::trim(found->second).empty()) {
            continue;
        }
        const std::string source = std::string(where) + ": " + std::string(row.key);
        if (row.is_license) {
            add_claim(facts, {Basis::Inherited, shown_text(found->second), source, "", true});
            continue;
        }
        const bool is_merge = row.key == "modelspec.merged_from";
        for (const std::string_view part : util::split(found->second, is_merge ? ',' : '\0')) {
            const auto to = parse_reference(part, RepoKind::Model);
            if (!to) {
                continue;
            }
            UpstreamFact fact;
            fact.to = *to;
            fact.role = is_merge ? Role::MergeSource : Role::BaseModel;
            fact.activity = is_merge ? Activity::Merge : Activity::Finetune;
            fact.said = {Basis::Inherited, source};
            fact.weight = UpstreamFact::Weight::Hint;
            add_upstream(facts, std::move(fact));
        }
    }
}

} // namespace railhub::origin
