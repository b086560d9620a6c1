// SPDX-License-Identifier: Apache-2.0
// Facts out of cards and configs, whatever they hold.
#include "core/bom/card_facts.h"
#include "core/util/text.h"
#include "tests/support/catch.h"

namespace railhub::bom {

TEST_CASE("card and config give task, architecture, languages, metrics, parameters") {
    const auto card = card::parse(R"(---
pipeline_tag: text-generation
library_name: transformers
language: [en, de]
model-index:
- name: x
  results:
  - task: {type: text-generation}
    dataset: {name: Some Data, type: org/data}
    metrics:
    - {type: accuracy, value: 0.5}
    - {name: only a name, value: "12%"}
    - {type: without value}
---
)");
    REQUIRE_OK(card);
    const auto config = util::parse_json(
        R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
            "torch_dtype": "bfloat16", "vocab_size": [1], "quantization_config": {"quant_method": "gptq"}})"
    );
    REQUIRE_OK(config);
    const CardFacts facts = read_card_facts(*card, *config);
    CHECK(facts.task == "text-generation");
    CHECK(facts.library == "transformers");
    CHECK(facts.architecture == "LlamaForCausalLM");
    CHECK(facts.model_type == "llama");
    CHECK(facts.languages == std::vector<std::string>{"en", "de"});
    CHECK(
        facts.metrics ==
        std::vector<Metric>{
            {"accuracy", "0.5", "Some Data", "text-generation"},
            {"only a name", "12%", "Some Data", "text-generation"}}
    );
    CHECK(
        facts.parameters ==
        std::vector<NamedValue>{
            {"hidden_size", "4096"}, {"torch_dtype", "bfloat16"}, {"quant_method", "gptq"}}
    );
}

TEST_CASE("values of a wrong kind are passed over, long ones cut between characters") {
    const auto card =
        card::parse("---\nmodel-index: {a: 1}\ntask_categories: [1, text-ranking]\n---\n");
    REQUIRE_OK(card);
    for (const char* text :
         {"[]", "null", "{\"architectures\": \"x\"}", "{\"architectures\": [{}]}", "7"}) {
        const auto config = util::parse_json(text);
        REQUIRE_OK(config);
        const CardFacts facts = read_card_facts(*card, *config);
        CHECK(facts.architecture.empty());
        CHECK(facts.metrics.empty());
        CHECK(facts.categories == std::vector<std::string>{"text-ranking"});
    }
    std::string umlauts;
    for (int i = 0; i < 600; ++i) {
        umlauts += "\xC3\xA4";
    }
    for (const std::string& text : {umlauts, "x" + umlauts}) {
        const std::string cut = plain_text(text);
        CHECK(cut.size() <= 512);
        CHECK(cut.size() >= 510);
        CHECK(util::is_valid_utf8(cut));
    }
    CHECK(plain_text("a\nb\x7F") == "a b ");
}

} // namespace railhub::bom
