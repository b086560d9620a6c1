// SPDX-License-Identifier: Apache-2.0
// Finds the nearest message in the schema for each violation and fills it in.
#include "core/card/schema_text.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <optional>

namespace railhub::card {

namespace {

using util::Json;

constexpr std::string_view kFollowUp = "Failed to validate";
constexpr std::string_view kMissing = "Missing required property '";

std::string unescaped(std::string_view part) {
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] == '~' && i + 1 < part.size()) {
            out += part[++i] == '1' ? '/' : '~';
        } else {
            out += part[i];
        }
    }
    return out;
}

std::vector<std::string> parts_of(std::string_view pointer) {
    std::vector<std::string> parts;
    if (pointer.empty()) {
        return parts;
    }
    for (const std::string_view part : util::split(pointer.substr(1), '/')) {
        parts.push_back(unescaped(part));
    }
    return parts;
}

// "/model-index/0/name" -> "model-index[0].name"
std::string field_name(std::string_view pointer) {
    std::string name;
    for (const std::string& part : parts_of(pointer)) {
        if (util::parse_decimal(part)) {
            name += "[" + part + "]";
        } else {
            name += (name.empty() ? "" : ".") + part;
        }
    }
    return name.empty() ? "metadata" : name;
}

const Json& resolved(const Json& schema, const Json& node) {
    const std::string reference = node.text("$ref");
    constexpr std::string_view kDefinitions = "#/definitions/";
    if (!reference.starts_with(kDefinitions)) {
        return node;
    }
    const Json* definitions = schema.find("definitions");
    const Json* found =
        definitions != nullptr
            ? definitions->find(std::string_view(reference).substr(kDefinitions.size()))
            : nullptr;
    return found != nullptr ? *found : node;
}

// The schema node that speaks of member or item `part` below `node`, also in one of its
// alternatives.
const Json* step(const Json& schema, const Json& unresolved, const std::string& part) {
    const Json& node = resolved(schema, unresolved);
    if (const Json* properties = node.find("properties")) {
        if (const Json* found = properties->find(part)) {
            return found;
        }
    }
    if (const Json* items = node.find("items"); items != nullptr && util::parse_decimal(part)) {
        return items;
    }
    if (const Json* alternatives = node.find("anyOf");
        alternatives != nullptr && alternatives->is_array()) {
        for (const Json& alternative : *alternatives->as_array()) {
            if (const Json* found = step(schema, alternative, part)) {
                return found;
            }
        }
    }
    return nullptr;
}

// What the schema says along the way to a value.
struct Guide {
    const Json* node = nullptr;  // of the value itself, if the schema speaks of it
    std::string message_pointer; // nearest field with an errorMessage
    std::string message;
    WordedViolation::Severity severity = WordedViolation::Severity::Error;
};

void note(const Json& node, const std::string& pointer, Guide& guide) {
    if (std::string text = node.text("errorMessage"); !text.empty()) {
        guide.message_pointer = pointer;
        guide.message = std::move(text);
    }
    if (node.text("x-severity") == "warning") {
        guide.severity = WordedViolation::Severity::Warning;
    }
}

Guide guide_to(const Json& schema, std::string_view pointer) {
    Guide guide;
    const Json* node = &schema;
    // The root's own message is for a root that is no mapping, not for each field below it.
    if (pointer.empty()) {
        note(schema, "", guide);
    }
    std::string walked;
    for (const std::string_view raw :
         pointer.empty() ? std::vector<std::string_view>() : util::split(pointer.substr(1), '/')) {
        node = step(schema, *node, unescaped(raw));
        if (node == nullptr) {
            return guide;
        }
        walked.append("/").append(raw);
        note(*node, walked, guide);
    }
    guide.node = &resolved(schema, *node);
    return guide;
}

std::string enum_words(const Json* values) {
    std::vector<std::string> words;
    if (values != nullptr && values->is_array()) {
        for (const Json& value : *values->as_array()) {
            words.push_back(value.is_string() ? *value.as_string() : value.dump());
        }
    }
    return util::join(words, ", ");
}

// {license_id} -> the enum of that definition.
std::string filled_in(const Json& schema, std::string message) {
    const std::size_t open = message.find('{');
    const std::size_t close = message.find('}', open);
    if (open == std::string::npos || close == std::string::npos) {
        return message;
    }
    const Json* definitions = schema.find("definitions");
    const Json* definition = definitions != nullptr
                                 ? definitions->find(message.substr(open + 1, close - open - 1))
                                 : nullptr;
    if (definition == nullptr) {
        return message;
    }
    return message.substr(0, open) + enum_words(definition->find("enum")) +
           message.substr(close + 1);
}

struct TypeWord {
    std::string_view type;
    std::string_view words;
};

constexpr std::array kTypeWords = {
    TypeWord{"string", "must be a string"},
    TypeWord{"array", "must be an array"},
    TypeWord{"object", "must be of type object"},
    TypeWord{"integer", "must be an integer"},
    TypeWord{"number", "must be a number"},
    TypeWord{"boolean", "must be a boolean"},
};

std::string from_node(const Json& node) {
    if (const Json* values = node.find("enum")) {
        return "must be one of [" + enum_words(values) + "]";
    }
    const std::string type = node.text("type");
    for (const TypeWord& word : kTypeWords) {
        if (word.type == type) {
            return std::string(word.words);
        }
    }
    return "is not valid";
}

std::string worded(const Json* node, const std::string& description) {
    if (node == nullptr) {
        return "is not valid";
    }
    if (description.starts_with("String should be no more than ")) {
        return "length must be less than or equal to " + std::to_string(node->number("maxLength")) +
               " characters long";
    }
    if (description.starts_with("String should be no fewer than ") ||
        description.starts_with("Array should contain no fewer than ")) {
        return "is not allowed to be empty";
    }
    if (description.starts_with("Failed to match regex")) {
        return "is not valid";
    }
    return from_node(*node);
}

std::optional<std::string> missing_member(std::string_view description) {
    if (!description.starts_with(kMissing)) {
        return std::nullopt;
    }
    const std::string_view rest = description.substr(kMissing.size());
    return std::string(rest.substr(0, rest.find('\'')));
}

WordedViolation word_one(const Json& schema, const util::SchemaViolation& violation) {
    const Guide guide = guide_to(schema, violation.pointer);
    if (!guide.message.empty()) {
        return {
            guide.message_pointer,
            "\"" + field_name(guide.message_pointer) + "\" " + filled_in(schema, guide.message),
            guide.severity,
        };
    }
    if (const std::optional<std::string> member = missing_member(violation.message)) {
        const std::string pointer = violation.pointer + "/" + *member;
        return {pointer, "\"" + field_name(pointer) + "\" is required", guide.severity};
    }
    return {
        violation.pointer,
        "\"" + field_name(violation.pointer) + "\" " + worded(guide.node, violation.message),
        guide.severity,
    };
}

void add_once(std::vector<WordedViolation>& list, WordedViolation violation) {
    const bool known = std::any_of(list.begin(), list.end(), [&](const WordedViolation& other) {
        return other.pointer == violation.pointer && other.message == violation.message;
    });
    if (!known) {
        list.push_back(std::move(violation));
    }
}

constexpr std::size_t kMaxWorded = 100;

} // namespace

std::vector<WordedViolation>
word_violations(const util::Json& schema, const std::vector<util::SchemaViolation>& violations) {
    std::vector<WordedViolation> list;
    for (const util::SchemaViolation& violation : violations) {
        if (list.size() >= kMaxWorded) {
            return list;
        }
        if (!violation.message.starts_with(kFollowUp)) {
            add_once(list, word_one(schema, violation));
        }
    }
    if (list.empty() && !violations.empty()) {
        add_once(list, word_one(schema, violations.front()));
    }
    return list;
}

} // namespace railhub::card
