// SPDX-License-Identifier: Apache-2.0
// The four forms of a lineage: whole, escaped, bounded.
#include "core/app/lineage_view.h"
#include "tests/support/catch.h"
#include "tests/unit/app/known_artifacts.h"

#include <algorithm>

namespace railhub::app {

namespace {

using compliance::Activity;
using compliance::Basis;
using compliance::Edge;
using compliance::Lineage;
using compliance::Node;
using compliance::Resolution;
using compliance::Role;

Node node_named(const std::string& id, const std::string& license) {
    Node node;
    node.id = id;
    node.licenses = {license};
    node.claims = {{Basis::Declared, license, "README.md", "", true}};
    return node;
}

LineageView sample_view() {
    Lineage lineage;
    lineage.nodes = {node_named("./chat", "mit"), node_named("org/base", "llama2"), Node{}};
    lineage.nodes[1].revision = "1a2b3c4d5e6f7a8b9c0d";
    lineage.nodes[1].names = {"old/base"};
    lineage.nodes[1].claims.push_back({Basis::Detected, "mit", "LICENSE", "exact", true});
    lineage.nodes[2].id = "org/data";
    lineage.nodes[2].kind = compliance::ArtifactKind::Dataset;
    lineage.nodes[2].resolution = Resolution::Absent;
    const compliance::Statement card{Basis::Declared, "README.md: base_model"};
    const compliance::Statement tool{Basis::Inherited, "adapter_config.json"};
    lineage.edges = {
        {0, 1, Role::AdapterBase, Activity::Adapter, {}, {card, tool}},
        {1, 2, Role::Dataset, Activity::Train, {}, {card}},
        {1, 0, Role::BaseModel, Activity::Finetune, {}, {card}}};
    return view_of(std::move(lineage), "./chat", catalogue());
}

std::size_t count_of(const std::string& text, std::string_view what) {
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++count;
    }
    return count;
}

} // namespace

TEST_CASE("the tree says how, who, what is missing and what disagrees") {
    CHECK(
        tree_text(sample_view()) ==
        "./chat: mit\n"
        "`- adapter of org/base@1a2b3c4d5e6f: llama2 [README.md: base_model; adapter_config.json]\n"
        "      was 'old/base'\n"
        "   |- trained on org/data (dataset): not found\n"
        "   `- fine-tuned from ./chat: mit (see above)\n"
        "\n"
        "conflict (license) in org/base: README.md says 'llama2', LICENSE says 'mit' (exact)\n"
        "cycle: ./chat, org/base were made from each other\n"
        "gap: org/data not found\n"
    );
}

TEST_CASE("the same lineage gives the same JSON, whole") {
    const util::Json json = to_json(sample_view());
    CHECK(json.dump() == to_json(sample_view()).dump());
    CHECK(json.text("format") == "lineage/1");
    CHECK(json.find("artifacts")->as_array()->size() == 3);
    CHECK(json.find("edges")->as_array()->size() == 3);
    CHECK(json.find("conflicts")->as_array()->size() == 1);
    CHECK(json.find("gaps")->as_array()->size() == 1);
}

TEST_CASE("foreign names cannot break out of Mermaid or SVG") {
    LineageView view = sample_view();
    view.lineage.nodes[1].id = "a\"]; click x <script>alert('&')</script>\n";
    view.lineage.nodes[1].licenses = {"<b>\"&"};
    const std::string mermaid = mermaid_text(view);
    CHECK(mermaid.find("<script") == std::string::npos);
    CHECK(count_of(mermaid, "\"") == 6);
    CHECK(count_of(mermaid, "\n") == 7);
    CHECK_THAT(mermaid, ContainsSubstring("n0 -->|adapter| n1"));
    const std::string svg = svg_text(view);
    CHECK(svg.find("<script") == std::string::npos);
    CHECK(svg.find("<b>") == std::string::npos);
    CHECK(count_of(svg, "<g>") == 3);
    CHECK(count_of(svg, "<path ") == 3);
    CHECK_THAT(svg, StartsWith("<svg xmlns="));
}

TEST_CASE("pictures and trees of large graphs are bounded") {
    Lineage lineage;
    constexpr std::size_t kNodes = 5'000;
    for (std::size_t i = 0; i < kNodes; ++i) {
        lineage.nodes.push_back(node_named("o/m" + std::to_string(i), "mit"));
        if (i > 0) {
            lineage.edges.push_back({i - 1, i, Role::BaseModel, Activity::Finetune, {}, {}});
            lineage.edges.push_back({0, i, Role::MergeSource, Activity::Merge, {}, {}});
        }
    }
    LineageView view;
    view.lineage = lineage;
    CHECK(count_of(svg_text(view), "<g>") == kMaxDrawn);
    CHECK_THAT(svg_text(view), ContainsSubstring("4500 more artifacts"));
    CHECK_THAT(mermaid_text(view), ContainsSubstring("4500 more"));
    CHECK(count_of(tree_text(view), "\n") < 3'000);
    std::erase_if(view.lineage.edges, [](const Edge& edge) {
        return edge.activity == Activity::Merge;
    });
    CHECK_THAT(tree_text(view), ContainsSubstring("... more levels"));
    CHECK(tree_text(view).size() < 100'000);
}

} // namespace railhub::app
