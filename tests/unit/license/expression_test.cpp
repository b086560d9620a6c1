// SPDX-License-Identifier: Apache-2.0
// Tests of core/license/expression, with the tables of two projects that answer the same questions.
#include "core/license/expression.h"
#include "core/util/json.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"

#include <algorithm>

namespace railhub::license {

namespace {

using Texts = std::vector<std::string>;

std::string normal(const std::string& text) {
    const auto parsed = parse_expression(text);
    REQUIRE_OK(parsed);
    return to_text(normalised(*parsed));
}

bool satisfied(const std::string& text, const Texts& accepted) {
    const auto parsed = parse_expression(text);
    if (!parsed.ok()) {
        return false;
    }
    const auto answer = satisfies(*parsed, accepted);
    return answer.ok() && *answer;
}

Texts texts_of(const util::Json& list) {
    Texts texts;
    for (const util::Json& item : *list.as_array()) {
        texts.push_back(*item.as_string());
    }
    return texts;
}

// Some choice has exactly the licenses of the list.
bool exactly(const std::string& text, Texts wanted) {
    const auto parsed = parse_expression(text);
    if (!parsed.ok()) {
        return false;
    }
    std::sort(wanted.begin(), wanted.end());
    const auto ways = alternatives(*parsed);
    REQUIRE_OK(ways);
    return std::any_of(ways->begin(), ways->end(), [&wanted](const auto& way) {
        Texts names;
        for (const SimpleLicense& license : way) {
            names.push_back(to_text(license));
        }
        return names == wanted;
    });
}

// One license of the list is enough by itself.
bool by_one_of(const std::string& text, const Texts& accepted) {
    return std::any_of(accepted.begin(), accepted.end(), [&text](const std::string& one) {
        return satisfied(text, {one});
    });
}

// The tables call a license that is known to nobody OTHER and accept it under this name.
std::string with_other_named(std::string text) {
    const std::size_t at = text.find("OTHER");
    const bool bare = at != std::string::npos && (at == 0 || text[at - 1] == ' ');
    return bare ? text.replace(at, 5, "LicenseRef-clearlydefined-OTHER") : text;
}

} // namespace

TEST_CASE("operators bind as they should and print with the fewest parentheses") {
    for (const char* text :
         {"MIT",
          "MIT OR Apache-2.0",
          "MIT AND (ISC OR Zlib)",
          "MIT AND ISC OR Zlib",
          "GPL-2.0-or-later WITH Classpath-exception-2.0 OR MIT",
          "LicenseRef-own",
          "DocumentRef-spdx:LicenseRef-own AND MIT",
          "Apache-2.0+ AND MIT",
          "MIT WITH AdditionRef-own"}) {
        const auto parsed = parse_expression(text);
        REQUIRE_OK(parsed);
        CHECK(to_text(*parsed) == text);
    }
    CHECK(to_text(*parse_expression(" ( MIT and ISC )or(Zlib) ")) == "MIT AND ISC OR Zlib");
}

TEST_CASE("one spelling for equal meaning") {
    CHECK(normal("GPL-2.0+") == "GPL-2.0-or-later");
    CHECK(normal("GPL-2.0") == "GPL-2.0-only");
    CHECK(normal("LGPL-2.1-or-later") == "LGPL-2.1-or-later");
    CHECK(normal("Apache-1.0+") == "Apache-1.0+");
    CHECK(normal("MIT OR (Apache-2.0 OR MIT)") == "Apache-2.0 OR MIT");
    CHECK(normal("Zlib AND (MIT AND ISC)") == "ISC AND MIT AND Zlib");
    CHECK(normal("(MIT)") == "MIT");
    CHECK(normal("MIT AND MIT") == "MIT");
}

TEST_CASE("what is no expression is refused with a place") {
    for (const char* text :
         {"",
          " ",
          "MIT OR",
          "OR MIT",
          "MIT AND (ISC",
          "MIT)",
          "MIT ISC",
          "MIT WITH",
          "MIT WITH OR",
          "(MIT) WITH x",
          "MIT Or ISC",
          "M!T",
          "LicenseRef-",
          "DocumentRef-x",
          "DocumentRef-x:MIT",
          "LicenseRef-a+",
          "+",
          "()"}) {
        INFO(text);
        REQUIRE_ERROR(parse_expression(text), util::Code::InvalidInput);
    }
    CHECK_THAT(
        parse_expression("MIT ISC").error().message, ContainsSubstring("'ISC' at character 5")
    );
}

TEST_CASE("expressions are bounded") {
    REQUIRE_ERROR(parse_expression(std::string(5000, 'a')), util::Code::TooLarge);
    REQUIRE_ERROR(parse_expression(std::string(500, '(') + "MIT"), util::Code::TooLarge);
    std::string many = "A OR B";
    for (int i = 0; i < 12; ++i) {
        many = "(" + many + ") AND (A" + std::to_string(i) + " OR B" + std::to_string(i) + ")";
    }
    const auto parsed = parse_expression(many);
    REQUIRE_OK(parsed);
    REQUIRE_ERROR(alternatives(*parsed), util::Code::TooLarge);
}

TEST_CASE("ids with signs of their own are taken whole when they are known") {
    const auto known = [](std::string_view id) { return id == "openrail++"; };
    REQUIRE_ERROR(parse_expression("openrail++ AND MIT"), util::Code::InvalidInput);
    const auto parsed = parse_expression("openrail++ AND MIT", known);
    REQUIRE_OK(parsed);
    CHECK(parsed->operands.at(0).license.id == "openrail++");
}

TEST_CASE("the tables of spdx-satisfies") {
    const auto path = tests::shared_path("data/expressions/examples.json");
    if (!path) {
        RAILHUB_SKIP("no shared reference data");
    }
    const auto json = util::parse_json(tests::read_data(*path));
    REQUIRE_OK(json);
    for (const std::string_view group : {"returnTrue", "returnFalse"}) {
        for (const util::Json& row : *json->find(group)->as_array()) {
            const std::string& text = *row.as_array()->at(0).as_string();
            INFO(text);
            CHECK(satisfied(text, texts_of(row.as_array()->at(1))) == (group == "returnTrue"));
        }
    }
    for (const util::Json& row : *json->find("throwErrors")->as_array()) {
        const auto parsed = parse_expression(*row.as_array()->at(0).as_string());
        REQUIRE_OK(parsed);
        REQUIRE_ERROR(
            satisfies(*parsed, texts_of(row.as_array()->at(1))), util::Code::InvalidInput
        );
    }
}

TEST_CASE("the tables of dependency-review-action") {
    const auto path = tests::shared_path("data/expressions/dependency-review-cases.json");
    if (!path) {
        RAILHUB_SKIP("no shared reference data");
    }
    const auto json = util::parse_json(tests::read_data(*path));
    REQUIRE_OK(json);
    for (const util::Json& row : *json->as_array()) {
        const std::string text = with_other_named(row.text("candidate"));
        const Texts accepted = texts_of(*row.find("licenses"));
        INFO(row.text("function") << " " << text);
        const bool answer = row.text("function") == "satisfiesAny" ? by_one_of(text, accepted)
                                                                   : exactly(text, accepted);
        CHECK(answer == row.flag("expected"));
    }
}

} // namespace railhub::license
