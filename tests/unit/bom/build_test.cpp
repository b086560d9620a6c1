// SPDX-License-Identifier: Apache-2.0
// What a bill concludes from a lineage.
#include "core/bom/build.h"
#include "tests/unit/bom/sample.h"

#include <algorithm>

namespace railhub::bom {

using compliance::Activity;
using compliance::Lineage;
using compliance::Role;

TEST_CASE("a label in between takes no terms away") {
    const Bom bom = build(chat_lineage(), licenses(), on_hub());
    REQUIRE(bom.components.size() == 4);
    const Component& chat = bom.components.front();
    CHECK(chat.ref == "model:ada/chat@1a2b3c");
    CHECK(chat.url == "https://hub.example/ada/chat/tree/1a2b3c");
    CHECK(chat.declared == "MIT");
    CHECK(chat.concluded == "LicenseRef-scancode-llama-2-license-2023 AND MIT");
    CHECK(bom.components[1].concluded == "LicenseRef-scancode-llama-2-license-2023");
    // Data that a model was trained on is a part of the bill, not of what binds the model.
    CHECK(bom.components[2].concluded.empty());
    CHECK_THAT(bom.components[2].undecided, ContainsSubstring("absent"));
    CHECK(bom.components[2].url.empty());
    CHECK(bom.components[3].url == "https://hub.example/datasets/org/more/tree/1a2b3c");
    REQUIRE(bom.relations.size() == 3);
    CHECK(bom.relations[0].passes_work);
    CHECK_FALSE(bom.relations[2].passes_work);
    CHECK(bom.relations[0].said == std::vector<std::string>{"README.md: base_model"});
    REQUIRE(bom.licenses.size() == 1);
    // The subject inherits what its base forbids, clause by clause.
    REQUIRE_FALSE(chat.restrictions.empty());
    CHECK(chat.restrictions == bom.components[1].restrictions);
    CHECK(std::all_of(
        chat.restrictions.begin(),
        chat.restrictions.end(),
        [](const Restriction& one) {
            return one.license == "llama2" && !one.meaning.empty() && !one.section.empty();
        }
    ));
    CHECK(bom.components[3].restrictions.empty());
}

TEST_CASE("nothing is concluded where somebody upstream is silent, absent, open or contradictory") {
    const auto concluded = [](const auto& change) {
        Lineage lineage = chat_lineage();
        change(lineage.nodes[1]);
        const Bom bom = build(lineage, licenses(), on_hub());
        CHECK(bom.components.front().concluded.empty());
        CHECK(bom.components.front().declared == "MIT");
        return bom.components.front().undecided;
    };
    CHECK(concluded([](compliance::Node& node) {
              node.licenses.clear();
          }) == "'org/base' states no license");
    CHECK_THAT(
        concluded([](compliance::Node& node) {
            node.resolution = compliance::Resolution::Unreachable;
        }),
        ContainsSubstring("unreachable")
    );
    CHECK_THAT(
        concluded([](compliance::Node& node) { node.licenses = {"openrail"}; }),
        ContainsSubstring("leaves open")
    );
    CHECK_THAT(
        concluded([](compliance::Node& node) { node.prose_license = "apache-2.0"; }),
        ContainsSubstring("apache-2.0")
    );
}

TEST_CASE("cycles end, names stay apart, texts that were found are named") {
    Lineage lineage;
    lineage.nodes = {
        artifact("a/x", {"mit"}), artifact("a/y", {"apache-2.0"}), artifact("a/z", {})};
    lineage.nodes.push_back(lineage.nodes[2]);
    for (std::size_t i = 2; i < 4; ++i) {
        lineage.nodes[i].revision.clear();
        lineage.nodes[i].resolution = compliance::Resolution::Absent;
    }
    link(lineage, 0, 1, Role::BaseModel, Activity::Finetune);
    link(lineage, 1, 0, Role::BaseModel, Activity::Finetune);
    lineage.nodes[0].claims = {
        {compliance::Basis::Declared, "mit", "README.md", "", true},
        {compliance::Basis::Detected, "apache-2.0", "LICENSE", "", true},
        {compliance::Basis::Detected, "gpl-3.0", "NOTICE", "", false}};
    lineage.nodes[0].carries = {
        "use-restriction:medical.advice#any", "use-restriction:no.such.thing", "license-text:mit"};
    BuildOptions options;
    options.subject = Kind::Project;
    options.name = "product";
    const Bom bom = build(lineage, licenses(), options);
    CHECK(bom.components[0].ref == "project:product@1a2b3c");
    CHECK(bom.components[0].concluded == "Apache-2.0 AND MIT");
    CHECK(bom.components[0].found == std::vector<FoundLicense>{{"Apache-2.0", "LICENSE"}});
    REQUIRE(bom.components[0].restrictions.size() == 1);
    CHECK(bom.components[0].restrictions[0].id == "medical.advice");
    CHECK(bom.components[0].restrictions[0].variant == "any");
    CHECK(bom.components[2].ref == "model:a/z");
    CHECK(bom.components[3].ref == "model:a/z#2");
}

} // namespace railhub::bom
