// SPDX-License-Identifier: Apache-2.0
// Tests of core/compliance/compose.
#include "core/compliance/compose.h"
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"

namespace railhub::compliance {

namespace {

std::string draft(const std::vector<std::string>& names, const std::string& scope = "M") {
    Composition composition;
    composition.scope = scope;
    auto named = restrictions_named(tests::built_in_catalogue(), names);
    REQUIRE_OK(named);
    composition.restrictions = std::move(named).value();
    auto text = compose_license(tests::built_in_catalogue(), composition);
    REQUIRE_OK(text);
    return std::move(text).value();
}

} // namespace

TEST_CASE("a draft lists what is chosen, in our words, and says that it is a draft") {
    const std::string text = draft({"security.malware", "medical.advice#any"}, "DM");
    CHECK_THAT(text, ContainsSubstring("Draft for counsel"));
    CHECK_THAT(text, ContainsSubstring("the data and the model"));
    CHECK_THAT(text, ContainsSubstring("1. Giving medical advice. [`medical.advice#any`]"));
    CHECK_THAT(text, ContainsSubstring("2. Making or spreading malicious code"));
}

TEST_CASE("a draft from a set covers the set; narrower doubles are left out") {
    const std::string text = draft({"bigcode-A", "bloom-rail-A"});
    CHECK_THAT(text, ContainsSubstring("`medical.advice#any`"));
    CHECK_THAT(text, !ContainsSubstring("`medical.advice#substitute`"));
    CHECK_THAT(draft({"medical", "medical.advice#any"}), !ContainsSubstring("medical.advice"));
}

TEST_CASE("what cannot be drafted is refused") {
    const license::Catalogue& catalogue = tests::built_in_catalogue();
    REQUIRE_ERROR(restrictions_named(catalogue, {"no-such"}), util::Code::NotFound);
    REQUIRE_ERROR(restrictions_named(catalogue, {"medical.advice"}), util::Code::InvalidInput);
    Composition nothing;
    REQUIRE_ERROR(compose_license(catalogue, nothing), util::Code::InvalidInput);
    nothing.restrictions = {{"minors.harm", ""}};
    nothing.scope = "X";
    REQUIRE_ERROR(compose_license(catalogue, nothing), util::Code::InvalidInput);
}

} // namespace railhub::compliance
