// SPDX-License-Identifier: Apache-2.0
// Pages printed from tables, and the tables themselves.
#include "server/config.h"
#include "server/routes.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"

#include <set>

namespace railhub::server {

TEST_CASE("docs/http-api.md is printed from the routes") {
    tests::golden_page("docs/http-api.md", routes_page());
}

TEST_CASE("docs/config.md is printed from the settings") {
    tests::golden_page("docs/config.md", config_page());
}

TEST_CASE("routes have one name each and a sentence") {
    std::set<std::string_view> names;
    for (const Route& route : routes()) {
        INFO(route.name);
        CHECK(names.insert(route.name).second);
        CHECK_FALSE(route.sentence.empty());
        CHECK(route.handler != nullptr);
        CHECK(route.pattern.starts_with('/'));
    }
}

} // namespace railhub::server
