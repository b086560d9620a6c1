// SPDX-License-Identifier: Apache-2.0
// Merge recipes: the shapes mergekit writes, and what is none.
#include "core/origin/recipe.h"
#include "tests/support/catch.h"
#include "tests/support/value.h"

namespace railhub::origin {

namespace {

std::vector<std::string> names(std::string_view yaml) {
    std::vector<std::string> all;
    for (const Reference& reference : tests::value(parse_recipe(yaml))) {
        all.push_back(describe(reference));
    }
    return all;
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("models, slices, experts, adapters and revisions") {
    CHECK(
        names("merge_method: ties\nbase_model: org/base\nmodels:\n  - model: a/x\n    parameters: "
              "{weight: 0.5}\n  - model: b/y@v2+c/lora\n  - model: a/x\n"
        ) == Names{"org/base", "a/x", "b/y@v2", "c/lora"}
    );
    CHECK(
        names(
            "slices:\n- sources:\n  - model: a/x\n    layer_range: [0, 8]\n- sources:\n  - model: "
            "{model: {path: b/y, revision: abc}, lora: {path: c/l}}\n"
        ) == Names{"a/x", "b/y@abc", "c/l"}
    );
    CHECK(
        names("base_model: o/base\ngate_mode: hidden\nexperts:\n - source_model: e/one\n   "
              "positive_prompts: [x]\n - source_model: ./mine\n"
        ) == Names{"o/base", "e/one", "./mine"}
    );
}

TEST_CASE("several documents name what the others make") {
    CHECK(
        names("name: first\nmerge_method: slerp\nmodels: [{model: a/x}, {model: b/y}]\n---\nname: "
              "second\nmerge_method: ties\nmodels: [{model: first}, {model: c/z}]\n"
        ) == Names{"a/x", "b/y", "c/z"}
    );
}

TEST_CASE("what is no recipe, and hostile YAML") {
    CHECK(names("model: a/x\n").empty());
    CHECK(names("").empty());
    CHECK(names("just text").empty());
    REQUIRE_ERROR(parse_recipe("merge_method: [ties"), util::Code::InvalidInput);
    REQUIRE_ERROR(parse_recipe(std::string(2 << 20, 'x')), util::Code::TooLarge);
    std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
    for (char name = 'b'; name < 'k'; ++name) {
        const char before = static_cast<char>(name - 1);
        bomb += std::string(1, name) + ": &" + name + " [";
        for (int i = 0; i < 9; ++i) {
            bomb += std::string(i == 0 ? "*" : ",*") + before;
        }
        bomb += "]\n";
    }
    CHECK_FALSE(parse_recipe(bomb).ok());
    std::string many = "merge_method: x\nmodels:\n";
    for (int i = 0; i < 5'000; ++i) {
        many += "- model: o/m" + std::to_string(i) + "\n";
    }
    CHECK(names(many).size() == 1'000);
}

TEST_CASE("recipes in the prose of a card") {
    const auto found = recipes_in_prose(
        "# Merge\n```yaml\nmerge_method: slerp\nmodels:\n  - model: a/x\n  - model: b/y\n```\n"
        "```python\nmodel: c/z\n```\n```yaml\nslices: [broken\n```\n```"
    );
    REQUIRE(found.size() == 2);
    CHECK(found[0].id == "a/x");
    CHECK(found[1].id == "b/y");
    CHECK(recipes_in_prose(std::string(100'000, '`')).empty());
}

} // namespace railhub::origin
