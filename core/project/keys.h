// SPDX-License-Identifier: Apache-2.0
// THE TABLE of what may stand in railhub.toml. The reader checks against it, hints come from it,
// docs/project-file.md prints it, and a test compares it with schemas/project.v1.schema.json.
#pragma once

#include "core/project/document.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::project {

enum class Shape : std::uint8_t { Text, Texts, TextOrTexts, Date, Number, Flag, Table, Tables };

enum class Need : std::uint8_t { Optional, Required };

struct Key {
    std::string_view section; // "" for the root; "policy.exceptions" for [[policy.exceptions]]
    std::string_view name;
    Shape shape = Shape::Text;
    Need need = Need::Optional;
    std::string_view meaning;
    std::string_view choices = {}; // separated by '|'; empty: any text
};

std::span<const Key> keys();

// Names that the facts and switches of core/compliance add to [use] and [policy].
std::vector<std::string> extra_names(std::string_view section);

// Mistakes of a document against the table: unknown keys, wrong kinds, missing and empty ones.
std::vector<Mistake> check_keys(const Document& document);

// The part of docs/project-file.md that lists the keys.
std::string keys_page();

} // namespace railhub::project
