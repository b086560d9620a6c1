// SPDX-License-Identifier: Apache-2.0
// Walks the parsed YAML for the few keys that name models.
#include "core/origin/recipe.h"

#include "core/card/front_matter.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace railhub::origin {

namespace {

using util::Json;

constexpr std::size_t kMaxDocuments = 64;
constexpr std::size_t kMaxModels = 1'000;
constexpr std::size_t kMaxBlocks = 8;
constexpr std::size_t kMaxBlockBytes = std::size_t{64} << 10;

constexpr std::array<std::string_view, 3> kModelKeys = {"model", "base_model", "source_model"};
// Lists and objects below which models are named.
constexpr std::array<std::string_view, 7> kInnerKeys = {
    "models", "slices", "sources", "experts", "shared_experts", "modules", "lora"};

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_recipe(const Json& document) {
    return document.find("merge_method") != nullptr || document.find("slices") != nullptr ||
           document.find("experts") != nullptr;
}

class Models {
  public:
    void add_text(std::string_view text, std::string_view revision = {}) {
        for (const std::string_view part : util::split(text, '+')) {
            auto reference = parse_reference(part, types::RepoKind::Model);
            if (!reference || list_.size() >= kMaxModels) {
                continue;
            }
            if (!revision.empty() && reference->revision.empty()) {
                reference->revision = shown_text(revision);
            }
            if (seen_.insert(*reference).second) {
                list_.push_back(std::move(*reference));
            }
        }
    }

    // A text, or {path, revision}, also one more level down.
    void add_value(const Json& value) {
        if (const std::string* text = value.as_string()) {
            add_text(*text);
            return;
        }
        if (const std::string path = value.text("path"); !path.empty()) {
            add_text(path, value.text("revision"));
        }
        walk(value);
    }

    // Depth is bounded by the parser.
    void walk(const Json& value) {
        if (const util::JsonArray* items = value.as_array()) {
            for (const Json& item : *items) {
                walk(item);
            }
        } else if (const util::JsonObject* members = value.as_object()) {
            for (const auto& [key, member] : *members) {
                if (is_one_of(kModelKeys, key)) {
                    add_value(member);
                } else if (is_one_of(kInnerKeys, key)) {
                    add_inner(key, member);
                }
            }
        }
    }

    // `made`: names of other documents of the same file.
    std::vector<Reference> take(const std::set<std::string>& made) {
        std::erase_if(list_, [&made](const Reference& reference) {
            return made.contains(reference.id);
        });
        return std::move(list_);
    }

  private:
    void add_inner(std::string_view key, const Json& member) {
        if (key == "lora") {
            add_value(member);
        } else {
            walk(member);
        }
    }

    std::vector<Reference> list_;
    std::set<Reference> seen_;
};

// Documents between lines of "---".
std::vector<std::string_view> documents_of(std::string_view yaml) {
    std::vector<std::string_view> documents;
    std::size_t begin = 0;
    std::size_t at = 0;
    while (at < yaml.size() && documents.size() < kMaxDocuments) {
        const std::size_t end = std::min(yaml.find('\n', at), yaml.size());
        if (util::trim(yaml.substr(at, end - at)) == "---") {
            documents.push_back(yaml.substr(begin, at - begin));
            begin = std::min(end + 1, yaml.size());
        }
        at = end + 1;
    }
    if (documents.size() < kMaxDocuments) {
        documents.push_back(yaml.substr(begin));
    }
    return documents;
}

} // namespace

util::Result<std::vector<Reference>> parse_recipe(std::string_view yaml) {
    Models models;
    std::set<std::string> made;
    for (const std::string_view text : documents_of(yaml)) {
        RAILHUB_TRY(const Json document, card::parse_yaml(text));
        if (!is_recipe(document)) {
            continue;
        }
        models.walk(document);
        if (const std::string name = document.text("name"); !name.empty()) {
            made.insert(name);
        }
    }
    return models.take(made);
}

std::vector<Reference> recipes_in_prose(std::string_view prose) {
    constexpr std::string_view kFence = "```";
    std::vector<Reference> all;
    std::size_t blocks = 0;
    std::size_t at = prose.find(kFence);
    while (at != std::string_view::npos && blocks < kMaxBlocks) {
        const std::size_t line = prose.find('\n', at);
        const std::size_t end = line == std::string_view::npos ? line : prose.find(kFence, line);
        if (end == std::string_view::npos) {
            break;
        }
        const std::string_view block = prose.substr(line + 1, end - line - 1);
        const bool named = block.find("merge_method") != std::string_view::npos ||
                           block.find("slices") != std::string_view::npos ||
                           block.find("experts") != std::string_view::npos;
        if (named && block.size() <= kMaxBlockBytes) {
            ++blocks;
            if (const auto found = parse_recipe(block); found.ok()) {
                all.insert(all.end(), found->begin(), found->end());
            }
        }
        at = prose.find(kFence, end + kFence.size());
    }
    return all;
}

} // namespace railhub::origin
