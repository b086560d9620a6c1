// SPDX-License-Identifier: Apache-2.0
// Tests of core/compliance/context.
#include "core/compliance/context.h"
#include "core/compliance/places.h"
#include "tests/support/catch.h"

#include <set>

namespace railhub::compliance {

TEST_CASE("facts are set by name, from JSON and from the command line") {
    Use use;
    REQUIRE_OK(set_fact(use, "mau-now", std::string_view("2000000")));
    REQUIRE_OK(set_fact(use, "multimodal", std::string_view("yes")));
    REQUIRE_OK(set_fact(use, "licensee_territory", std::string_view("FR")));
    REQUIRE_OK(set_fact(use, "commercial", util::Json(false)));
    REQUIRE_OK(set_fact(use, "purpose", std::string_view("end-use")));
    CHECK(use.mau_now == 2000000U);
    CHECK(use.is_multimodal == true);
    CHECK(use.licensee_territory == "FR");
    CHECK(use.purpose == Use::Purpose::NonCommercial);
    CHECK(use.output_purpose == Use::OutputPurpose::EndUse);
    REQUIRE_ERROR(set_fact(use, "mau_now", std::string_view("many")), util::Code::InvalidInput);
    REQUIRE_ERROR(set_fact(use, "role", std::string_view("king")), util::Code::InvalidInput);
    REQUIRE_ERROR(
        set_fact(use, "licensee_territory", util::Json(std::string(300, 'x'))),
        util::Code::InvalidInput
    );
    REQUIRE_ERROR(
        set_fact(use, "use_territory", std::string_view("somewhere")), util::Code::InvalidInput
    );
    CHECK(use.licensee_territory == "FR");
    const auto unknown = set_fact(use, "mau_nov", std::string_view("1"));
    REQUIRE_FALSE(unknown.ok());
    CHECK_THAT(unknown.error().hint, ContainsSubstring("mau_now"));
}

TEST_CASE("facts are taken in the forms that people and programs write") {
    Use use;
    REQUIRE_OK(set_fact(use, "revenue_usd", util::Json(3e6)));
    REQUIRE_OK(set_fact(use, "mau_now", util::Json("2000000")));
    REQUIRE_OK(set_fact(use, "commercial", util::Json("true")));
    REQUIRE_OK(set_fact(use, "monthly-visits", util::Json(5)));
    CHECK(use.revenue_usd == 3000000U);
    CHECK(use.mau_now == 2000000U);
    CHECK(use.purpose == Use::Purpose::Commercial);
    CHECK(use.visits_monthly == 5U);
    REQUIRE_ERROR(set_fact(use, "revenue_usd", util::Json(-1.5)), util::Code::InvalidInput);
    REQUIRE_ERROR(set_fact(use, "revenue_usd", util::Json(1e30)), util::Code::InvalidInput);
    CHECK(use.revenue_usd == 3000000U);
}

TEST_CASE("places are codes or names; what is neither is refused") {
    CHECK(parse_place("fr") == "FR");
    CHECK(parse_place("DEU") == "DE");
    CHECK(parse_place("Germany") == "DE");
    CHECK(parse_place("KR-11") == "KR");
    CHECK(parse_place("UK") == "GB");
    CHECK(parse_place("ca") == "CA");
    CHECK_FALSE(parse_place("").has_value());
    CHECK_FALSE(parse_place("Atlantis").has_value());
    CHECK_FALSE(parse_place("F1").has_value());
    CHECK(is_in_union("EL"));
    CHECK(is_in_union("EU"));
    CHECK(is_in_union("SK"));
    CHECK_FALSE(is_in_union("GB"));
    CHECK_FALSE(is_in_union("NO"));
}

TEST_CASE("each switch has its documented default first, and all its values can be set") {
    std::set<std::string_view> names;
    for (const Switch& row : switches()) {
        CHECK(names.insert(row.name).second);
        CHECK_FALSE(row.meaning.empty());
        Policy policy;
        for (const std::string_view value : row.values) {
            INFO(row.name << " " << value);
            REQUIRE_OK(set_switch(policy, row.name, value));
        }
    }
    Policy policy;
    for (const Switch& row : switches()) {
        REQUIRE_OK(set_switch(policy, row.name, row.values.front()));
    }
    const Policy defaults;
    CHECK(policy.nc_data == defaults.nc_data);
    CHECK(policy.service_terms == defaults.service_terms);
    CHECK(policy.restriction_cover == defaults.restriction_cover);
    CHECK(policy.derivative_default == defaults.derivative_default);
    CHECK(policy.adapter_default == defaults.adapter_default);
    CHECK(policy.unread_record == defaults.unread_record);
    CHECK(policy.unknown_threshold == defaults.unknown_threshold);
    CHECK(policy.unresolved_upstream == defaults.unresolved_upstream);
    CHECK(policy.compatibility == defaults.compatibility);
    CHECK(policy.fail_on == defaults.fail_on);
    REQUIRE_ERROR(set_switch(policy, "fail-on", "ok"), util::Code::InvalidInput);
    REQUIRE_ERROR(set_switch(policy, "no-such", "x"), util::Code::InvalidInput);
}

} // namespace railhub::compliance
