// SPDX-License-Identifier: Apache-2.0
// Picks members out of foreign values; whatever is not as expected is passed over.
#include "core/bom/card_facts.h"

#include <algorithm>
#include <array>

namespace railhub::bom {

namespace {

using util::Json;

constexpr std::size_t kMaxText = 512;
constexpr std::size_t kMaxItems = 64;

// Of config.json, as transformers, diffusers and sentence-transformers write it.
constexpr std::array<std::string_view, 10> kParameters = {
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "intermediate_size",
    "max_position_embeddings",
    "num_labels",
    "torch_dtype",
    "dtype",
    "vocab_size"};

std::string value_text(const Json& value) {
    if (const std::string* text = value.as_string()) {
        return plain_text(*text);
    }
    const bool is_plain =
        value.kind() == util::JsonKind::Bool || value.kind() == util::JsonKind::Int ||
        value.kind() == util::JsonKind::Uint || value.kind() == util::JsonKind::Double;
    return is_plain ? value.dump() : std::string();
}

std::vector<std::string> plain_list(std::vector<std::string> texts) {
    texts.resize(std::min(texts.size(), kMaxItems));
    for (std::string& text : texts) {
        text = plain_text(text);
    }
    return texts;
}

const util::JsonArray& items_of(const Json* value) {
    static const util::JsonArray kNone;
    const util::JsonArray* items = value != nullptr ? value->as_array() : nullptr;
    return items != nullptr ? *items : kNone;
}

// "model-index": results by task and data set.
void read_metrics(CardFacts& facts, const Json& metadata) {
    for (const Json& model : items_of(metadata.find("model-index"))) {
        for (const Json& result : items_of(model.find("results"))) {
            const Json* task = result.find("task");
            const Json* dataset = result.find("dataset");
            for (const Json& metric : items_of(result.find("metrics"))) {
                const Json* value = metric.find("value");
                const std::string type = metric.text("type");
                const std::string name = type.empty() ? metric.text("name") : type;
                if (value == nullptr || name.empty() || facts.metrics.size() >= kMaxItems) {
                    continue;
                }
                facts.metrics.push_back(
                    {plain_text(name),
                     value_text(*value),
                     dataset != nullptr ? plain_text(dataset->text("name")) : std::string(),
                     task != nullptr ? plain_text(task->text("type")) : std::string()}
                );
            }
        }
    }
}

void read_config(CardFacts& facts, const Json& config) {
    const util::JsonArray& architectures = items_of(config.find("architectures"));
    if (!architectures.empty()) {
        facts.architecture = value_text(architectures.front());
    }
    if (facts.architecture.empty()) {
        facts.architecture = plain_text(config.text("_class_name")); // diffusers
    }
    facts.model_type = plain_text(config.text("model_type"));
    for (const std::string_view name : kParameters) {
        const Json* value = config.find(name);
        std::string text = value != nullptr ? value_text(*value) : std::string();
        if (!text.empty()) {
            facts.parameters.push_back({std::string(name), std::move(text)});
        }
    }
    if (const Json* quantization = config.find("quantization_config")) {
        const std::string method = plain_text(quantization->text("quant_method"));
        if (!method.empty()) {
            facts.parameters.push_back({"quant_method", method});
        }
    }
}

} // namespace

std::string plain_text(std::string_view text) {
    std::string plain;
    for (const char ch : text.substr(0, kMaxText)) {
        const auto byte = static_cast<unsigned char>(ch);
        plain += byte < 0x20 || byte == 0x7F ? ' ' : ch;
    }
    if (text.size() > kMaxText) {
        // Not in the middle of a character.
        while (!plain.empty() && (static_cast<unsigned char>(plain.back()) & 0xC0U) == 0x80U) {
            plain.pop_back();
        }
        if (!plain.empty() && static_cast<unsigned char>(plain.back()) >= 0x80U) {
            plain.pop_back();
        }
    }
    return plain;
}

CardFacts read_card_facts(const card::Card& card, const Json& config) {
    CardFacts facts;
    facts.task = plain_text(card.pipeline_tag);
    facts.library = plain_text(card.library_name);
    facts.languages = plain_list(card.languages);
    facts.categories = plain_list(card::text_list(card.metadata, "task_categories"));
    facts.sizes = plain_list(card::text_list(card.metadata, "size_categories"));
    read_metrics(facts, card.metadata);
    read_config(facts, config);
    return facts;
}

} // namespace railhub::bom
