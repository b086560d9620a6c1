// SPDX-License-Identifier: Apache-2.0
// Reads fields in the several shapes that cards use for them.
#include "core/card/card.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::card {

namespace {

using util::Json;

struct RelationName {
    Relation relation;
    std::string_view word;
};

constexpr std::array kRelations = {
    RelationName{Relation::Finetune, "finetune"},
    RelationName{Relation::Adapter, "adapter"},
    RelationName{Relation::Merge, "merge"},
    RelationName{Relation::Quantized, "quantized"},
};

// Words in file names and tags that speak of a quantized copy.
constexpr std::array<std::string_view, 8> kQuantizedMarks = {
    "gguf", "gptq", "awq", "exl2", "ggml", "bitsandbytes", "int4", "int8"};

bool speaks_of_quantization(std::string_view text) {
    const std::string small = util::lower(text);
    return std::any_of(
        kQuantizedMarks.begin(),
        kQuantizedMarks.end(),
        [&small](std::string_view mark) {
            const std::size_t at = small.find(mark);
            if (at == std::string::npos) {
                return false;
            }
            // A word of its own: "model.Q4.gguf", "x-awq", not "hawqs".
            const auto is_letter = [](char ch) { return ch >= 'a' && ch <= 'z'; };
            const std::size_t end = at + mark.size();
            return (at == 0 || !is_letter(small[at - 1])) &&
                   (end == small.size() || !is_letter(small[end]));
        }
    );
}

} // namespace

std::string_view relation_word(Relation relation) {
    return kRelations.at(static_cast<std::size_t>(relation)).word;
}

std::optional<Relation> parse_relation(std::string_view word) {
    for (const RelationName& name : kRelations) {
        if (name.word == word) {
            return name.relation;
        }
    }
    return std::nullopt;
}

Position Card::position(std::string_view field) const {
    const auto found = positions.find("/" + std::string(field));
    return found == positions.end() ? Position{} : found->second;
}

std::vector<std::string> text_list(const util::Json& metadata, std::string_view field) {
    std::vector<std::string> list;
    const Json* value = metadata.find(field);
    if (value == nullptr) {
        return list;
    }
    if (value->is_string()) {
        list.push_back(*value->as_string());
    } else if (value->is_array()) {
        for (const Json& item : *value->as_array()) {
            if (item.is_string()) {
                list.push_back(*item.as_string());
            }
        }
    }
    return list;
}

util::Result<Card> parse(std::string_view readme) {
    RAILHUB_TRY(FrontMatter front, parse_front_matter(readme));
    Card card;
    card.body = std::string(readme.substr(front.body_offset));
    card.metadata = std::move(front.data);
    card.positions = std::move(front.positions);
    card.licenses = text_list(card.metadata, "license");
    card.license_name = card.metadata.text("license_name");
    card.license_link = card.metadata.text("license_link");
    card.base_models = text_list(card.metadata, "base_model");
    card.base_model_relation = parse_relation(card.metadata.text("base_model_relation"));
    card.datasets = text_list(card.metadata, "datasets");
    card.tags = text_list(card.metadata, "tags");
    card.languages = text_list(card.metadata, "language");
    card.pipeline_tag = card.metadata.text("pipeline_tag");
    card.library_name = card.metadata.text("library_name");
    card.use_restrictions = text_list(card.metadata, "use_restrictions");
    return card;
}

std::optional<Relation> relation_of(const Card& card, std::span<const std::string> files) {
    if (card.base_models.empty()) {
        return std::nullopt;
    }
    if (card.base_model_relation) {
        return card.base_model_relation;
    }
    if (std::find(files.begin(), files.end(), "adapter_config.json") != files.end()) {
        return Relation::Adapter;
    }
    if (card.base_models.size() > 1) {
        return Relation::Merge;
    }
    const bool quantized = std::any_of(files.begin(), files.end(), speaks_of_quantization) ||
                           std::any_of(card.tags.begin(), card.tags.end(), speaks_of_quantization);
    return quantized ? Relation::Quantized : Relation::Finetune;
}

} // namespace railhub::card
