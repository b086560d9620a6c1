// SPDX-License-Identifier: Apache-2.0
// Bills of materials in every format, whole.
#include "core/app/make_bom.h"
#include "core/bom/formats.h"
#include "tests/support/golden.h"
#include "tests/support/test_context.h"
#include "tests/unit/app/known_artifacts.h"

namespace railhub::app {

namespace {

// Versions change with every release and are not what these tests are about.
bom::Bom with_fixed_versions(bom::Bom made) {
    made.knowledge = "license data 000000000000";
    made.tool_version = "0.0.0";
    return made;
}

MapResolver hub() {
    MapResolver resolver;
    resolver.cards["org/base"] = {
        "1111111111111111111111111111111111111111",
        card_text("license: creativeml-openrail-m\ndatasets: [org/pictures]")};
    resolver.cards["org/pictures"] = {
        "2222222222222222222222222222222222222222", card_text("license: cc-by-4.0")};
    return resolver;
}

void check_formats(const std::string& name, const bom::Bom& made) {
    for (const bom::Format& format : bom::formats()) {
        tests::golden(
            "bom/" + name + "." + std::string(format.name) + ".json",
            format.render(with_fixed_versions(made)).dump_pretty()
        );
    }
}

} // namespace

TEST_CASE("bills of a model and of a data set", "[golden]") {
    tests::TestContext host;
    MapSource model(
        {{"README.md",
          card_text("license: mit\nbase_model: org/base\nbase_model_relation: finetune\n"
                    "datasets: [ada/secret]\npipeline_tag: text-to-image\nlibrary_name: diffusers\n"
                    "language: en\nmodel-index:\n- name: x\n  results:\n  - task: {type: "
                    "text-to-image}\n    dataset: {name: COCO}\n    metrics:\n    - {type: fid, "
                    "value: 12.5}")},
         {"model_index.json", R"({"_class_name": "StableDiffusionPipeline"})"},
         {"config.json", R"({"architectures": ["UNet"], "hidden_size": 320})"},
         {"weights.bin", "weights"}}
    );
    MapResolver resolver = hub();
    BomOptions options;
    options.check.id = "ada/painter";
    options.check.revision = "3333333333333333333333333333333333333333";
    options.endpoint = "https://hub.example";
    options.created = bom::parse_timestamp("2026-11-22");
    const auto made = make_bom(host.context(), model, resolver, catalogue(), options);
    REQUIRE_OK(made);
    check_formats("model", *made);

    MapSource data(
        {{"README.md",
          card_text("license: [cc-by-4.0, odbl]\ntask_categories: [text-classification]\n"
                    "size_categories: 1K<n<10K\nlanguage: [en, de]")},
         {"data/train.csv", "a,b\n"}}
    );
    BomOptions folder;
    folder.check.kind = types::RepoKind::Dataset;
    folder.name = "corpus";
    const auto corpus = make_bom(host.context(), data, resolver, catalogue(), folder);
    REQUIRE_OK(corpus);
    check_formats("dataset", *corpus);
}

} // namespace railhub::app
