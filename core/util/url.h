// SPDX-License-Identifier: Apache-2.0
// URLs: parse, print, redact for messages; percent-encoding; query strings (RFC 3986).
#pragma once

#include "core/util/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace railhub::util {

struct Url {
    std::string scheme; // lower case: http, https
    std::string user_info;
    std::string host;       // without brackets
    std::uint16_t port = 0; // 0 = default of the scheme
    std::string path;       // raw, begins with '/' or empty
    std::string query;      // raw, without '?'

    // http and https only.
    static Result<Url> parse(std::string_view text);
    [[nodiscard]] std::string print() const;
    // "scheme://host[:port]".
    [[nodiscard]] std::string origin() const;
    // Without credentials and without values of query parameters: for messages and logs.
    [[nodiscard]] std::string redacted() const;
};

// Keeps [A-Za-z0-9-._~] and `keep`.
std::string percent_encode(std::string_view text, std::string_view keep = {});
// InvalidInput on a broken escape. '+' stays '+'.
Result<std::string> percent_decode(std::string_view text);

using QueryPairs = std::vector<std::pair<std::string, std::string>>;
// application/x-www-form-urlencoded: splits at the first '=', '+' is a blank. Broken escapes are
// kept literally. At most max_pairs pairs, TooLarge past that.
Result<QueryPairs> parse_query(std::string_view raw, std::size_t max_pairs = 10'000);

} // namespace railhub::util
