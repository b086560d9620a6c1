// SPDX-License-Identifier: Apache-2.0
// Routing on raw path segments. Patterns: literals, {name} for one decoded segment, {name*} for the
// rest (at least one segment, decoded, joined by '/'), {name**} also for an empty rest. A segment
// may mix: "{name}.git", "{base}..{head}".
#pragma once

#include "server/http/request.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::http {

// Chooses a route by index into a table of patterns. Segments are compared from the left: literals
// win over mixed ones, those over {name}, {name} over {name*}; among equals the first row wins.
// HEAD falls back to GET. One slash at the end of a path is ignored. Immutable, safe from any
// thread.
class Router {
  public:
    struct Row {
        Method method;
        std::string_view
            pattern; // "/api/{kind}/{owner}/{name}/tree/{rev}/{path**}"; outlives the router
    };

    explicit Router(std::vector<Row> rows);

    struct Match {
        int row = -1;            // -1: none
        bool path_known = false; // another method exists for this path: 405
    };

    // Fills request.params on a match.
    [[nodiscard]] Match match(Request& request) const;

  private:
    // One piece of a segment: text that must be there, or a name to fill.
    struct Piece {
        std::string_view word;
        bool is_name = false;
    };

    enum class Kind : std::uint8_t { Literal, Mixed, Name, Rest, RestOrEmpty };

    struct Segment {
        Kind kind = Kind::Literal;
        std::vector<Piece> pieces;
    };

    struct Pattern {
        Method method = Method::Get;
        int row = -1;
        std::vector<Segment> segments;
    };

    using Params = std::vector<std::pair<std::string, std::string>>;

    static Segment parse_segment(std::string_view text);
    static bool is_more_specific(const Pattern& a, const Pattern& b);
    static bool
    matches(const Pattern& pattern, const std::vector<std::string>& path, Params& params);
    static bool matches(const Segment& segment, std::string_view text, Params& params);

    std::vector<Pattern> patterns_; // most specific first
};

} // namespace railhub::http
