// SPDX-License-Identifier: Apache-2.0
// Tests of core/card/validate.
#include "core/card/validate.h"
#include "tests/support/catch.h"

namespace railhub::card {

namespace {

using types::RepoKind;

Validation check_fields(std::string_view fields, RepoKind kind = RepoKind::Model) {
    return validate("---\n" + std::string(fields) + "\n---\n", kind);
}

std::vector<std::string> errors_of(std::string_view fields, RepoKind kind = RepoKind::Model) {
    std::vector<std::string> messages;
    for (const Problem& problem : check_fields(fields, kind).errors) {
        messages.push_back(problem.message);
    }
    return messages;
}

using Messages = std::vector<std::string>;

} // namespace

TEST_CASE("a good card has neither errors nor warnings") {
    const Validation validation = check_fields(
        "license: mit\nlanguage: [en, code]\nbase_model: org/x\ndatasets: [squad, org/y]\ntags: "
        "[a]\n"
        "pipeline_tag: text-generation\nlibrary_name: transformers\nextra_gated_prompt: hello"
    );
    CHECK(validation.ok());
    CHECK(validation.warnings.empty());
    CHECK(validation_reply(validation).dump() == R"({"errors":[],"warnings":[]})");
    CHECK(validation_text(validation).empty());
}

TEST_CASE("an unknown license is answered with the list") {
    const Validation validation = check_fields("tags: [x]\nlicense: my-license");
    REQUIRE(validation.errors.size() == 1);
    const Problem& problem = validation.errors.front();
    CHECK_THAT(
        problem.message, StartsWith("\"license\" must be one of [apache-2.0, mit, openrail, ")
    );
    CHECK_THAT(problem.message, EndsWith(", gemma, unknown, other]"));
    CHECK(problem.field == "/license");
    CHECK(problem.position == Position{3, 10});
    const util::Json reply = validation_reply(validation);
    CHECK(reply.text("error") == "Invalid metadata in README.md");
    CHECK(reply.find("errors")->as_array()->front().text("message") == problem.message);
    CHECK(validation_text(validation) == "- Error: " + problem.message + "\n");
    CHECK(license_ids().size() == 83);
}

TEST_CASE("licenses may be a list") {
    CHECK(errors_of("license: [mit, apache-2.0]").empty());
    CHECK(errors_of("license: [mit, nope]").size() == 1);
    CHECK(errors_of("license: 5").size() == 1);
    CHECK(errors_of("license: []").size() == 1);
}

TEST_CASE("messages name the field") {
    CHECK(errors_of("tags: x") == Messages{"\"tags\" must be a list of strings"});
    CHECK(errors_of("tags: [1]") == Messages{"\"tags\" must be a list of strings"});
    CHECK(errors_of("library_name: [x]") == Messages{"\"library_name\" must be a string"});
    CHECK(
        errors_of("base_model_relation: parent") ==
        Messages{"\"base_model_relation\" must be one of [finetune, adapter, merge, quantized]"}
    );
    CHECK_THAT(
        errors_of("language: English").at(0), StartsWith("\"language\" must be an ISO 639 code")
    );
    CHECK_THAT(
        errors_of("base_model: ../../etc/passwd").at(0),
        StartsWith("\"base_model\" must be the id of a model")
    );
    CHECK_THAT(
        errors_of("datasets: [a/b, \"c d\"]").at(0),
        StartsWith("\"datasets\" must be the id of a dataset")
    );
    CHECK(errors_of("tags:\ndatasets:\nbase_model:\nlanguage:").empty());
}

TEST_CASE("evaluation results must have their structure") {
    CHECK(errors_of("model-index: x") == Messages{"\"model-index\" must be an array"});
    CHECK(
        errors_of("model-index:\n- results: []") == Messages{"\"model-index[0].name\" is required"}
    );
    CHECK(
        errors_of(
            "model-index:\n- name: a\n  results:\n  - task: {type: t}\n    dataset: {type: d}\n"
            "    metrics:\n    - {type: acc}"
        ) ==
        Messages{
            "\"model-index[0].results[0].dataset.name\" is required",
            "\"model-index[0].results[0].metrics[0].value\" is required"}
    );
    CHECK(errors_of("model-index:\n- name: a\n  results:\n  - task: {type: t}\n    dataset: {type: "
                    "d, name: n}\n"
                    "    metrics:\n    - {type: acc, value: 0.5}\n    - {type: f1, value: null}")
              .empty());
}

TEST_CASE("some things only warn") {
    const Validation task = check_fields("pipeline_tag: mind-reading");
    CHECK(task.ok());
    REQUIRE(task.warnings.size() == 1);
    CHECK(task.warnings[0].message == "\"pipeline_tag\" is not a known task");
    const Validation other = check_fields("license: other");
    CHECK(other.ok());
    CHECK(other.warnings.size() == 2);
    CHECK(check_fields("license: other\nlicense_name: x\nlicense_link: LICENSE").warnings.empty());
}

TEST_CASE("no metadata is a warning, unreadable metadata an error") {
    for (const char* readme : {"", "# x\n", "---\n---\n", "---\n{}\n---\n"}) {
        const Validation validation = validate(readme, RepoKind::Model);
        CHECK(validation.ok());
        REQUIRE(validation.warnings.size() == 1);
        CHECK(validation.warnings[0].message == "empty or missing yaml metadata in repo card");
    }
    const Validation broken = check_fields("a: 1\na: 2");
    REQUIRE(broken.errors.size() == 1);
    CHECK(broken.errors[0].position == Position{3, 1});
    CHECK_THAT(broken.errors[0].message, ContainsSubstring("duplicate key 'a'"));
}

TEST_CASE("datasets and spaces have schemas of their own") {
    CHECK(errors_of("base_model: [1]", RepoKind::Dataset).empty());
    CHECK(
        errors_of("configs:\n- data_files: x.csv", RepoKind::Dataset) ==
        Messages{"\"configs[0].config_name\" is required"}
    );
    CHECK(errors_of("task_categories: [text-classification]", RepoKind::Dataset).empty());
    CHECK(
        errors_of("colorFrom: black\nsdk: gradio", RepoKind::Space) ==
        Messages{
            "\"colorFrom\" must be one of [red, yellow, green, blue, indigo, purple, pink, gray]"}
    );
    CHECK(
        errors_of("short_description: " + std::string(61, 'x'), RepoKind::Space) ==
        Messages{"\"short_description\" length must be less than or equal to 60 characters long"}
    );
}

TEST_CASE("long texts do not end the stack and many errors stay bounded") {
    CHECK(errors_of("base_model: " + std::string(600'000, 'a')).size() == 1);
    std::string many = "tags: [";
    for (int i = 0; i < 40'000; ++i) {
        many += "1,";
    }
    CHECK(errors_of(many + "1]").size() == 1);
}

} // namespace railhub::card
