// SPDX-License-Identifier: Apache-2.0
// Tests of core/card/card.
#include "core/card/card.h"
#include "tests/support/catch.h"

namespace railhub::card {

namespace {

Card read_card(std::string_view readme) {
    auto card = parse(readme);
    REQUIRE_OK(card);
    return std::move(card).value();
}

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("a card has its fields, its metadata and its prose") {
    const Card card = read_card(R"(---
license: other
license_name: house
license_link: LICENSE
base_model:
- org/a
- org/b
base_model_relation: merge
datasets: squad
language: [en, de]
tags: [x]
pipeline_tag: text-generation
library_name: transformers
use_restrictions: bloom-rail-A
extra: 1
---
# Hello
)");
    CHECK(card.licenses == Texts{"other"});
    CHECK(card.license_name == "house");
    CHECK(card.license_link == "LICENSE");
    CHECK(card.base_models == Texts{"org/a", "org/b"});
    CHECK(card.base_model_relation == Relation::Merge);
    CHECK(card.datasets == Texts{"squad"});
    CHECK(card.languages == Texts{"en", "de"});
    CHECK(card.tags == Texts{"x"});
    CHECK(card.pipeline_tag == "text-generation");
    CHECK(card.library_name == "transformers");
    CHECK(card.use_restrictions == Texts{"bloom-rail-A"});
    CHECK(card.metadata.number("extra") == 1);
    CHECK(card.body == "# Hello\n");
    CHECK(card.position("license") == Position{2, 10});
    CHECK(card.position("absent") == Position{});
}

TEST_CASE("a README without front matter is a card without metadata") {
    const Card card = read_card("# Only prose\n");
    CHECK(card.metadata.is_null());
    CHECK(card.licenses.empty());
    CHECK(card.body == "# Only prose\n");
}

TEST_CASE("fields of a wrong kind stay empty") {
    const Card card =
        read_card("---\nlicense: {a: b}\ntags: [1, x, [y]]\nbase_model: 5\npipeline_tag: []\n---\n"
        );
    CHECK(card.licenses.empty());
    CHECK(card.tags == Texts{"x"});
    CHECK(card.base_models.empty());
    CHECK(card.pipeline_tag.empty());
}

TEST_CASE("the relation is stated, or inferred from files and the number of bases") {
    const auto relation = [](std::string_view fields, Texts files) {
        return relation_of(read_card("---\n" + std::string(fields) + "\n---\n"), files);
    };
    CHECK(relation("license: mit", {}) == std::nullopt);
    CHECK(relation("base_model: a/b", {"model.safetensors"}) == Relation::Finetune);
    CHECK(
        relation("base_model: a/b\nbase_model_relation: quantized", {"adapter_config.json"}) ==
        Relation::Quantized
    );
    CHECK(relation("base_model: a/b", {"adapter_config.json"}) == Relation::Adapter);
    CHECK(relation("base_model: [a/b, a/c]", {}) == Relation::Merge);
    CHECK(relation("base_model: a/b", {"x-Q4_K_M.gguf"}) == Relation::Quantized);
    CHECK(relation("base_model: a/b\ntags: [AWQ]", {}) == Relation::Quantized);
    CHECK(relation("base_model: a/b", {"hawqs.bin"}) == Relation::Finetune);
}

} // namespace railhub::card
