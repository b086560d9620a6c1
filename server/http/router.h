// SPDX-License-Identifier: Apache-2.0
// Routing on raw path segments. Patterns: literals, {name} for one decoded segment, {name*} for the
// rest (at least one segment, decoded, joined by '/'), {name**} also for an empty rest. A segment may
// mix: "{name}.git".
#pragma once

#include "server/http/request.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace railhub::http {

// Chooses a route by index into a table of patterns. Literals win over {name}, {name} over {name*};
// among equals the first row wins. HEAD falls back to GET. Immutable, safe from any thread.
class Router {
  public:
    struct Row {
        Method method;
        std::string_view pattern; // "/api/{kind}/{owner}/{name}/tree/{rev}/{path**}"
    };

    explicit Router(std::vector<Row> rows);

    struct Match {
        int row = -1;            // -1: none
        bool path_known = false; // another method exists for this path: 405
    };

    // Fills request.params on a match.
    [[nodiscard]] Match match(Request& request) const;

  private:
    std::vector<Row> rows_;
    std::vector<std::vector<std::string_view>> patterns_;
};

} // namespace railhub::http
