// SPDX-License-Identifier: Apache-2.0
// From the files of an artifact to facts. Each function adds what one kind of file says; none of
// them fails: what cannot be read is a problem of the artifact.
#pragma once

#include "core/card/card.h"
#include "core/license/catalogue.h"
#include "core/license/detect.h"
#include "core/origin/facts.h"
#include "core/origin/gguf.h"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace railhub::origin {

// `license`, `base_model` with relation, `datasets`, `source_datasets`, `new_version`,
// `use_restrictions`, and merge recipes in the prose.
void read_card(
    Facts& facts,
    const card::Card& card,
    std::span<const std::string> files,
    const license::Catalogue& catalogue
);

// adapter_config.json: the model an adapter belongs to.
void read_adapter_config(Facts& facts, std::string_view json);
// config.json, model_index.json: where the weights were loaded from, also those of parts.
void read_config(Facts& facts, std::string_view json, std::string_view where);
// mergekit_config.yml and the like.
void read_recipe(Facts& facts, std::string_view yaml, std::string_view where);
void read_gguf_facts(Facts& facts, const GgufMetadata& metadata, std::string_view where);
// The texts of a safetensors header.
void read_safetensors_facts(
    Facts& facts, const std::map<std::string, std::string>& texts, std::string_view where
);
// A file that holds license texts. The main one ("LICENSE") speaks for the artifact; others travel
// with it.
void read_license_text(
    Facts& facts,
    const license::Detection& detection,
    const license::Catalogue& catalogue,
    std::string_view where
);

// Which files of the root to read, by name.
bool is_recipe_file(std::string_view path);
bool is_license_file(std::string_view path);
bool is_main_license_file(std::string_view path);

} // namespace railhub::origin
