// SPDX-License-Identifier: Apache-2.0
// Tests of core/card/tags.
#include "core/card/tags.h"
#include "tests/support/catch.h"

namespace railhub::card {

namespace {

using Texts = std::vector<std::string>;

Derived derive_from(
    std::string_view readme,
    const Texts& files,
    types::RepoKind kind = types::RepoKind::Model,
    std::string_view model_type = {}
) {
    auto card = parse(readme);
    REQUIRE_OK(card);
    return derive({kind, *card, files, model_type});
}

} // namespace

TEST_CASE("tags of a model") {
    const Derived derived = derive_from(
        "---\nlicense: mit\nbase_model: org/x\ndatasets: [a]\nlanguage: en\ntags: [mine, mine]\n"
        "pipeline_tag: text-classification\n---\nhttps://arxiv.org/abs/2301.00001 "
        "https://doi.org/10.1234/x\n",
        {"config.json", "model.safetensors", "onnx/model.onnx", "runs/events.out.tfevents.1"},
        types::RepoKind::Model,
        "bert"
    );
    CHECK(derived.library_name == "transformers");
    CHECK(derived.pipeline_tag == "text-classification");
    CHECK(
        derived.tags ==
        Texts{
            "transformers",
            "safetensors",
            "onnx",
            "tensorboard",
            "bert",
            "text-classification",
            "mine",
            "en",
            "dataset:a",
            "arxiv:2301.00001",
            "base_model:org/x",
            "base_model:finetune:org/x",
            "license:mit",
            "doi:10.1234/x",
            "region:us"}
    );
}

TEST_CASE("the library is declared or inferred") {
    CHECK(
        derive_from("---\nlibrary_name: mine\n---\n", {"model_index.json"}).library_name == "mine"
    );
    CHECK(derive_from("", {"model_index.json"}).library_name == "diffusers");
    CHECK(
        derive_from("", {"adapter_config.json", "adapter_model.safetensors"}).library_name == "peft"
    );
    CHECK(derive_from("", {"config.json"}).library_name.empty());
    CHECK(derive_from("", {"config.json", "pytorch_model.bin"}).library_name == "transformers");
    CHECK(
        derive_from("", {"modules.json", "config.json", "model.safetensors"}).library_name ==
        "sentence-transformers"
    );
}

TEST_CASE("tags of a dataset") {
    const Derived derived = derive_from(
        "---\nlicense: cc-by-4.0\nlanguage: [en, de]\ntask_categories:\n- text-classification\n"
        "size_categories: n<1K\ntags: [x]\n---\n",
        {"data/train.csv", "README.md"},
        types::RepoKind::Dataset
    );
    CHECK(
        derived.tags ==
        Texts{
            "size_categories:n<1K",
            "task_categories:text-classification",
            "language:en",
            "language:de",
            "license:cc-by-4.0",
            "format:csv",
            "library:datasets",
            "x",
            "region:us"}
    );
    CHECK(derived.library_name.empty());
}

} // namespace railhub::card
