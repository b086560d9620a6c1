// SPDX-License-Identifier: Apache-2.0
// The embedded schemas, compiled, for tests.
#pragma once

#include "core/util/json_schema.h"
#include "schemas/data.h"
#include "tests/support/catch.h"

#include <string>
#include <string_view>

namespace railhub::tests {

inline util::Json parse_or_fail(std::string_view text) {
    auto json = util::parse_json(text);
    REQUIRE_OK(json);
    return std::move(json).value();
}

// `name` as in "model-card.v1".
inline util::JsonSchema compile_schema(std::string_view name) {
    for (const util::EmbeddedFile& file : schemas_data::files()) {
        if (file.path == std::string(name) + ".schema.json") {
            auto schema = util::JsonSchema::compile(parse_or_fail(file.text));
            REQUIRE_OK(schema);
            return std::move(schema).value();
        }
    }
    FAIL("no schema '" << name << "'");
    return std::move(util::JsonSchema::compile(util::Json::object())).value();
}

// Empty when the value matches; else one violation a line.
inline std::string violations(const util::JsonSchema& schema, const util::Json& value) {
    std::string text;
    for (const util::SchemaViolation& violation : schema.check(value)) {
        text += violation.pointer + ": " + violation.message + "\n";
    }
    return text;
}

} // namespace railhub::tests
