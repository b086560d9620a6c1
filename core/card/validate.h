// SPDX-License-Identifier: Apache-2.0
// Is a card's metadata well-formed? The JSON Schemas in schemas/ decide; their messages are the
// ones that hubs give (hub-api 12.1).
#pragma once

#include "core/card/front_matter.h"
#include "core/types/repo_id.h"

#include <string>
#include <string_view>
#include <vector>

namespace railhub::card {

struct Problem {
    std::string field;   // JSON pointer, "" for the block itself
    std::string message; // "\"license\" must be one of [...]"
    Position position;   // in the README
};

struct Validation {
    std::vector<Problem> errors; // in the order of the README
    std::vector<Problem> warnings;

    [[nodiscard]] bool ok() const { return errors.empty(); }
};

// Never fails: YAML that cannot be read is an error in the result. Pure.
Validation validate(std::string_view readme, types::RepoKind kind);

// The license ids that cards may name (hub-api 12.3), in the order of the list.
const std::vector<std::string>& license_ids();

// The body of POST /api/validate-yaml: {"errors":[{"message"}],"warnings":[{"message"}]} and, with
// errors, "error".
util::Json validation_reply(const Validation& validation);
// The same for `Accept: text/plain`: "- Error: ..." a line.
std::string validation_text(const Validation& validation);

} // namespace railhub::card
