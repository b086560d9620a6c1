// SPDX-License-Identifier: Apache-2.0
// JSON Schema (draft 7): compile a schema once, check values against it. The only includer of
// valijson.
#pragma once

#include "core/util/json.h"

#include <memory>
#include <string>
#include <vector>

namespace railhub::util {

struct SchemaViolation {
    std::string pointer; // JSON pointer of the value, "" for the root
    std::string message; // as the library words it
};

// Immutable after compile; check() is safe from any thread.
// Strings longer than 1 KiB are cut to 1 KiB before they are checked: std::regex recurses once per
// character, so a long string would end the stack. A schema therefore bounds what it gives a
// pattern to (maxLength below 1,024).
class JsonSchema {
  public:
    // InvalidInput when the schema is not one. References to other documents are not followed.
    static Result<JsonSchema> compile(const Json& schema);

    JsonSchema(JsonSchema&&) noexcept;
    JsonSchema& operator=(JsonSchema&&) noexcept;
    ~JsonSchema();

    // Every violation, in the order the library meets them; a value deeper than 64 is one
    // violation.
    [[nodiscard]] std::vector<SchemaViolation> check(const Json& value) const;

  private:
    struct Compiled;
    explicit JsonSchema(std::unique_ptr<Compiled> compiled);

    std::unique_ptr<Compiled> compiled_;
};

} // namespace railhub::util
