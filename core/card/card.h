// SPDX-License-Identifier: Apache-2.0
// Card: what the README of a model or dataset says about itself, as fields.
#pragma once

#include "core/card/front_matter.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::card {

enum class Relation : std::uint8_t { Finetune, Adapter, Merge, Quantized };

std::string_view relation_word(Relation relation); // "finetune", "adapter", "merge", "quantized"
std::optional<Relation> parse_relation(std::string_view word);

// Fields that are absent or of a wrong kind stay empty; validate.h says what is wrong with a card.
struct Card {
    util::Json metadata; // the whole front matter (cardData); null when there is none
    Positions positions; // into the README

    std::vector<std::string> licenses; // `license:`, one or a list
    std::string license_name;
    std::string license_link;
    std::vector<std::string> base_models;
    std::optional<Relation> base_model_relation;
    std::vector<std::string> datasets;
    std::vector<std::string> tags;
    std::vector<std::string> languages;
    std::string pipeline_tag;
    std::string library_name;
    // Ours: restriction sets ("bloom-rail-A") and taxonomy ids that the artifact's own terms
    // repeat.
    std::vector<std::string> use_restrictions;
    std::string body; // the prose after the front matter

    // Where a field stands in the README; the zero position when it is absent.
    [[nodiscard]] Position position(std::string_view field) const;
};

// README bytes -> Card. Errors as parse_front_matter; a front matter that is not a mapping is
// InvalidInput too.
util::Result<Card> parse(std::string_view readme);

// A field that is a text or a list of texts, as a list; what is of another kind is left out.
std::vector<std::string> text_list(const util::Json& metadata, std::string_view field);

// The relation the card states, else what the files and the number of bases suggest (hub-api 12.2).
// Empty without base model.
std::optional<Relation> relation_of(const Card& card, std::span<const std::string> files);

} // namespace railhub::card
