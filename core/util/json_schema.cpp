// SPDX-License-Identifier: Apache-2.0
// valijson behind JsonSchema. Its adapter reads the JSON library's own type, so this file is the
// second and last one, after json.cpp, that sees that library.
#include "core/util/json_schema.h"

#include "core/util/text.h"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <exception>

namespace railhub::util {

namespace {

constexpr std::size_t kMaxCheckedString = 1024;
constexpr std::size_t kMaxSchemaDepth = 64;

std::string cut_for_check(const std::string& text) {
    if (text.size() <= kMaxCheckedString) {
        return text;
    }
    std::size_t end = kMaxCheckedString;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end; // not inside a UTF-8 sequence
    }
    return text.substr(0, end);
}

// False when `value` is deeper than the limit; `out` is then incomplete.
bool to_foreign(const Json& value, std::size_t depth, nlohmann::json& out) {
    if (depth > kMaxSchemaDepth) {
        return false;
    }
    switch (value.kind()) {
    case JsonKind::Null:
        out = nullptr;
        return true;
    case JsonKind::Bool:
        out = value.as_bool().value_or(false);
        return true;
    case JsonKind::Int:
        out = value.as_int().value_or(0);
        return true;
    case JsonKind::Uint:
        out = value.as_uint().value_or(0);
        return true;
    case JsonKind::Double:
        out = value.as_double().value_or(0.0);
        return true;
    case JsonKind::String:
        out = cut_for_check(*value.as_string());
        return true;
    case JsonKind::Array:
        out = nlohmann::json::array();
        for (const Json& item : *value.as_array()) {
            nlohmann::json child;
            if (!to_foreign(item, depth + 1, child)) {
                return false;
            }
            out.push_back(std::move(child));
        }
        return true;
    case JsonKind::Object:
        out = nlohmann::json::object();
        for (const JsonMember& member : *value.as_object()) {
            if (!to_foreign(member.second, depth + 1, out[member.first])) {
                return false;
            }
        }
        return true;
    }
    return false;
}

// The library names the way to a value as "<root>", "[key]", "[0]".
std::string pointer_of(const std::vector<std::string>& context) {
    std::string pointer;
    for (std::size_t i = 1; i < context.size(); ++i) {
        const std::string& part = context[i];
        pointer += '/';
        for (std::size_t k = 1; k + 1 < part.size(); ++k) {
            if (part[k] == '~') {
                pointer += "~0";
            } else if (part[k] == '/') {
                pointer += "~1";
            } else {
                pointer += part[k];
            }
        }
    }
    return pointer;
}

} // namespace

struct JsonSchema::Compiled {
    valijson::Schema schema;
};

JsonSchema::JsonSchema(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}

JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;
JsonSchema::~JsonSchema() = default;

Result<JsonSchema> JsonSchema::compile(const Json& schema) {
    nlohmann::json document;
    if (!to_foreign(schema, 0, document)) {
        return fail(Code::InvalidInput, "JSON Schema is nested too deeply");
    }
    auto compiled = std::make_unique<Compiled>();
    try {
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        valijson::adapters::NlohmannJsonAdapter adapter(document);
        parser.populateSchema(adapter, compiled->schema);
    } catch (const std::exception& error) {
        return fail(Code::InvalidInput, std::string("not a JSON Schema: ") + error.what());
    }
    return JsonSchema(std::move(compiled));
}

std::vector<SchemaViolation> JsonSchema::check(const Json& value) const {
    nlohmann::json document;
    if (!to_foreign(value, 0, document)) {
        return {{"", "nested too deeply"}};
    }
    std::vector<SchemaViolation> violations;
    try {
        // A validator keeps a cache of regular expressions, so each check has its own.
        valijson::Validator validator;
        valijson::ValidationResults results;
        valijson::adapters::NlohmannJsonAdapter adapter(document);
        if (!validator.validate(compiled_->schema, adapter, &results)) {
            for (const auto& error : results) {
                violations.push_back({pointer_of(error.context), error.description});
            }
            if (violations.empty()) {
                violations.push_back({"", "does not match the schema"});
            }
        }
    } catch (const std::exception& error) {
        violations.push_back({"", std::string("cannot be checked: ") + error.what()});
    }
    return violations;
}

} // namespace railhub::util
