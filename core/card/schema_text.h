// SPDX-License-Identifier: Apache-2.0
// Words for schema violations. A schema may carry `errorMessage` ("must be one of [{license_id}]",
// where {x} is the enum of definition x) and `x-severity: warning`; both count for all below.
#pragma once

#include "core/util/json_schema.h"

#include <string>
#include <vector>

namespace railhub::card {

struct WordedViolation {
    std::string pointer; // of the field that the message names
    std::string message; // "\"model-index[0].name\" is required"
    enum class Severity : std::uint8_t { Error, Warning } severity = Severity::Error;
};

// Doubles and the library's own follow-up lines ("failed to validate item") are left out, unless
// nothing else remains. Pure.
std::vector<WordedViolation>
word_violations(const util::Json& schema, const std::vector<util::SchemaViolation>& violations);

} // namespace railhub::card
