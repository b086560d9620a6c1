// SPDX-License-Identifier: Apache-2.0
// Transcripts: requests as clients send them and the replies they need (README.md beside this).
#pragma once

#include "core/util/json.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace railhub::tests {

struct Exchange {
    std::size_t line = 0; // of the request line
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string status;
    std::vector<std::pair<std::string, std::string>> wanted_headers;
    std::vector<std::string> unwanted_headers;
    std::string wanted_json;
    std::optional<std::string> wanted_text;
};

// Fails the running test on a line that it does not understand.
std::vector<Exchange> parse_transcript(const std::string& text);

using Variables = std::map<std::string, std::string>;

// $NAME and $PATH(NAME) replaced; fails the running test on an unknown one.
std::string with_variables(std::string text, const Variables& variables);

// "*" stands for anything; "@name" binds. Both only as documented.
bool text_matches(const std::string& wanted, const std::string& actual, Variables& variables);
// Empty, or where and why it does not match.
std::string json_mismatch(const util::Json& wanted, const util::Json& actual, Variables& variables);

} // namespace railhub::tests
