// SPDX-License-Identifier: Apache-2.0
// What each kind of file says of license and origin.
#include "core/origin/read.h"
#include "tests/support/value.h"

namespace railhub::origin {

namespace {

using compliance::Activity;
using compliance::Basis;
using compliance::Role;
using Place = Reference::Place;
using Texts = std::vector<std::string>;

const license::Catalogue& catalogue() {
    static const license::Catalogue kCatalogue = tests::value(license::Catalogue::built_in());
    return kCatalogue;
}

Facts of_card(const std::string& fields, const std::string& prose = "", const Texts& files = {}) {
    Facts facts;
    const auto card = tests::value(card::parse("---\n" + fields + "\n---\n" + prose));
    read_card(facts, card, files, catalogue());
    settle_licenses(facts);
    return facts;
}

Texts names_of(const Facts& facts) {
    Texts names;
    for (const UpstreamFact& fact : facts.upstreams) {
        names.push_back(
            std::string(compliance::activity_word(fact.activity)) + " " + describe(fact.to)
        );
    }
    return names;
}

} // namespace

TEST_CASE("a card names license, bases, data and its successor") {
    const Facts facts = of_card(
        "license: other\nlicense_name: house\nbase_model: [a/x, b/y@v1]\nbase_model_relation: "
        "quantized\ndatasets: squad\nnew_version: a/z\nuse_restrictions: [bloom-rail-A, "
        "medical.advice]\npipeline_tag: text-generation",
        "```yaml\nmerge_method: ties\nmodels:\n- model: m/one\n```\n"
    );
    CHECK(facts.licenses == Texts{"other"});
    CHECK(facts.license_name == "house");
    CHECK(facts.task == "text-generation");
    CHECK(facts.new_version == "a/z");
    CHECK(
        facts.carries == Texts{"use-restrictions:bloom-rail-A", "use-restriction:medical.advice"}
    );
    CHECK(
        names_of(facts) == Texts{"quantize a/x", "quantize b/y@v1", "train squad", "merge m/one"}
    );
    CHECK(facts.upstreams[0].weight == UpstreamFact::Weight::Stated);
    CHECK(facts.upstreams[0].location == report::Location{"README.md", 4, 14});
    CHECK(facts.upstreams[2].to.kind == types::RepoKind::Dataset);
    CHECK(facts.upstreams[3].said.basis == Basis::Inherited);
    CHECK(of_card("base_model: a/x").upstreams[0].weight == UpstreamFact::Weight::Surmised);
}

TEST_CASE("a dataset names the data it was made from") {
    const Facts facts =
        of_card("source_datasets: [original, extended|squad, extended|org/one, other-web, org/two]"
        );
    CHECK(names_of(facts) == Texts{"train squad", "train org/one", "train org/two"});
    CHECK(facts.upstreams[0].weight == UpstreamFact::Weight::Hint);
    CHECK(facts.upstreams[1].weight == UpstreamFact::Weight::Stated);
    CHECK(facts.upstreams[1].said.where == "README.md: source_datasets");
    CHECK(of_card("source_datasets:\n- original").upstreams.empty());
}

TEST_CASE("adapter and model configs") {
    Facts facts;
    read_adapter_config(
        facts, R"({"base_model_name_or_path": "org/base", "revision": "abc", "peft_type": "LORA"})"
    );
    read_adapter_config(facts, R"({"base_model_name_or_path": null})");
    read_config(
        facts,
        R"({"_name_or_path": "./run", "text_config": {"_name_or_path": "org/text"}, "x": [1]})",
        "config.json"
    );
    CHECK(names_of(facts) == Texts{"adapter org/base@abc", "finetune ./run", "finetune org/text"});
    CHECK(facts.upstreams[0].role == Role::AdapterBase);
    CHECK(facts.upstreams[1].to.place == Place::Folder);
    CHECK(facts.upstreams[2].weight == UpstreamFact::Weight::Hint);
    CHECK(facts.upstreams[2].said.where == "config.json: text_config: _name_or_path");
    CHECK(facts.problems.empty());

    read_adapter_config(facts, "{");
    read_adapter_config(facts, "[]");
    read_config(facts, "{\"a\": NaN}", "config.json");
    CHECK(facts.problems.size() == 2);
    CHECK(facts.notes.size() == 1);
    read_recipe(facts, "merge_method: [", "mergekit_config.yml");
    CHECK(facts.problems.size() == 3);
    Facts deep;
    std::string nested(100'000, '[');
    read_adapter_config(deep, nested);
    CHECK(deep.problems.size() == 1);
}

TEST_CASE("headers of weights") {
    Facts facts;
    GgufMetadata metadata;
    metadata.texts = {
        {"general.license", "other"},
        {"general.license.name", "llama3.1"},
        {"general.source.repo_url", "https://huggingface.co/org/full"},
        {"general.base_model.0.repo_url", "https://huggingface.co/org/a"},
        {"general.base_model.1.name", "Some Model"},
        {"general.dataset.0.repo_url", "https://huggingface.co/datasets/org/d"}};
    metadata.numbers = {{"general.base_model.count", 2}, {"general.dataset.count", 1}};
    read_gguf_facts(facts, metadata, "m.gguf");
    CHECK(
        names_of(facts) ==
        Texts{"quantize org/full", "merge org/a", "merge Some Model", "train org/d"}
    );
    CHECK(facts.upstreams[2].to.place == Place::Elsewhere);
    REQUIRE(facts.claims.size() == 1);
    CHECK(facts.claims[0].license == "llama3.1");
    CHECK(facts.claims[0].where == "m.gguf: general.license");
    metadata.numbers["general.base_model.count"] = ~std::uint64_t{0};
    read_gguf_facts(facts, metadata, "m.gguf");

    Facts tensors;
    read_safetensors_facts(
        tensors,
        {{"modelspec.license", "CreativeML Open RAIL-M"},
         {"ss_sd_model_name", "v1-5-pruned.safetensors"},
         {"modelspec.merged_from", "a/x, b/y"},
         {"format", "pt"}},
        "lora.safetensors"
    );
    CHECK(names_of(tensors) == Texts{"finetune v1-5-pruned.safetensors", "merge a/x", "merge b/y"});
    CHECK(tensors.claims.size() == 1);
}

TEST_CASE("license texts: what the main one says, what others carry") {
    const auto match = [](std::string id, license::MatchKind kind = license::MatchKind::Text) {
        license::LicenseMatch found;
        found.id = std::move(id);
        found.kind = kind;
        return found;
    };
    license::Detection main;
    main.matches = {match("MIT"), match("Apache-2.0", license::MatchKind::Mention)};
    license::Detection side;
    side.matches = {match("llama2")};
    Facts facts;
    read_license_text(facts, main, catalogue(), "LICENSE");
    read_license_text(facts, side, catalogue(), "LICENSE-llama.txt");
    settle_licenses(facts);
    REQUIRE(facts.claims.size() == 2);
    CHECK(facts.claims[0].basis == Basis::Detected);
    CHECK(facts.claims[0].is_whole);
    CHECK_FALSE(facts.claims[1].is_whole);
    CHECK(facts.licenses == Texts{"MIT"});
    CHECK(facts.carries == Texts{"license-text:mit", "license-text:llama2"});

    for (const char* name : {"LICENSE", "license.md", "COPYING", "Licence.txt"}) {
        CHECK(is_main_license_file(name));
        CHECK(is_license_file(name));
    }
    CHECK(is_license_file("LICENSE-APACHE-2.0.txt"));
    CHECK_FALSE(is_main_license_file("LICENSE-MIT"));
    for (const char* name : {"license.json", "src/LICENSE", "README.md", "licenses.py"}) {
        CHECK_FALSE(is_license_file(name));
    }
}

} // namespace railhub::origin
