// SPDX-License-Identifier: Apache-2.0
// The graph: every source of origin, renames, pins, gaps, cycles, folders, limits.
#include "core/app/build_lineage.h"
#include "core/app/lineage_conflicts.h"
#include "tests/support/data.h"
#include "tests/support/fault_fs.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"
#include "tests/unit/app/known_artifacts.h"

#include <algorithm>

namespace railhub::app {

namespace {

using compliance::Basis;
using compliance::Lineage;
using compliance::Resolution;
using Files = std::map<std::string, std::string>;
using Texts = std::vector<std::string>;

struct Built {
    tests::TestContext context;
    MapResolver resolver;
    CheckOptions options;

    Lineage run(const Files& files) {
        MapSource source(files);
        return tests::value(lineage_of(context.context(), source, resolver, catalogue(), options));
    }

    void know(const std::string& id, const std::string& fields, const Files& files = {}) {
        resolver.cards[id] = {
            "c0ffee" + std::to_string(resolver.cards.size()), card_text(fields), files};
    }
};

// "0 finetune org/base [README.md: base_model; adapter_config.json]"
Texts edges_of(const Lineage& lineage) {
    Texts lines;
    for (const compliance::Edge& edge : lineage.edges) {
        std::string line = std::to_string(edge.from) + " " +
                           std::string(compliance::activity_word(edge.activity)) + " " +
                           lineage.nodes[edge.to].id;
        for (const compliance::Statement& said : edge.said) {
            line += " [" + said.where + "]";
        }
        lines.push_back(line);
    }
    return lines;
}

Texts messages(const std::vector<LineageConflict>& conflicts) {
    Texts lines;
    for (const LineageConflict& conflict : conflicts) {
        lines.push_back(std::string(about_word(conflict.about)) + ": " + conflict.message);
    }
    return lines;
}

// A GGUF file with texts only.
std::string gguf_file(const std::map<std::string, std::string>& entries) {
    const auto number = [](std::uint64_t value, int bytes) {
        std::string out;
        for (int i = 0; i < bytes; ++i) {
            out += static_cast<char>((value >> (8 * i)) & 0xFFU);
        }
        return out;
    };
    std::string file = "GGUF" + number(3, 4) + number(0, 8) + number(entries.size(), 8);
    for (const auto& [key, value] : entries) {
        file += number(key.size(), 8) + key + number(8, 4) + number(value.size(), 8) + value;
    }
    return file;
}

} // namespace

TEST_CASE("one upstream that several sources name is one edge with all of them") {
    Built built;
    built.know("org/base", "license: apache-2.0");
    const Lineage lineage = built.run(
        {{"README.md", card_text("license: mit\nbase_model: org/base")},
         {"adapter_config.json", R"({"base_model_name_or_path": "org/base"})"},
         {"config.json", R"({"_name_or_path": "org/base"})"}}
    );
    CHECK(
        edges_of(lineage) ==
        Texts{"0 adapter org/base [README.md: base_model] [adapter_config.json] [config.json: "
              "_name_or_path]"}
    );
    CHECK(built.resolver.asked.size() == 1);
    CHECK(conflicts_of(lineage, catalogue()).empty());
}

TEST_CASE("a guess gives way to what is stated, two statements stand side by side") {
    Built built;
    built.know("org/base", "license: apache-2.0");
    const std::string recipe = "merge_method: slerp\nmodels: [{model: org/base}]";
    CHECK(
        edges_of(built.run(
            {{"README.md", card_text("base_model: org/base")}, {"mergekit_config.yml", recipe}}
        )) == Texts{"0 merge org/base [README.md: base_model] [mergekit_config.yml]"}
    );
    const Lineage both = built.run(
        {{"README.md", card_text("base_model: org/base\nbase_model_relation: quantized")},
         {"mergekit_config.yml", recipe}}
    );
    CHECK(both.edges.size() == 2);
    CHECK(
        messages(conflicts_of(both, catalogue())) ==
        Texts{"relation: how it was made from 'org/base': README.md: base_model says 'quantize', "
              "mergekit_config.yml says 'merge'"}
    );
}

TEST_CASE("metadata that name another origin than the card are kept and shown") {
    Built built;
    built.know("org/free", "license: mit\nbase_model: org/root");
    built.know("org/root", "license: mit");
    built.know("org/bound", "license: bigscience-bloom-rail-1.0");
    Files files = {
        {"README.md", card_text("license: mit\nbase_model: org/free")},
        {"adapter_config.json", R"({"base_model_name_or_path": "org/bound"})"}};
    const Lineage lineage = built.run(files);
    CHECK(lineage.edges.size() == 3);
    CHECK(
        messages(conflicts_of(lineage, catalogue())) ==
        Texts{"upstream: adapter_config.json names 'org/bound', which the card does not, nor what "
              "the card names"}
    );
    // The terms of the base that the card keeps quiet about are judged all the same.
    MapSource source(files);
    const auto report = tests::value(
        check(built.context.context(), source, built.resolver, catalogue(), built.options)
    );
    CHECK(report.verdict() == report::Verdict::Conflict);
    // What the card's own base was made from is no contradiction.
    files["adapter_config.json"] = R"({"base_model_name_or_path": "org/root"})";
    CHECK(conflicts_of(built.run(files), catalogue()).empty());
}

TEST_CASE("names left over in configs count where nothing better is there") {
    Built built;
    built.know("org/base", "license: gemma");
    CHECK(
        edges_of(built.run({{"config.json", R"({"_name_or_path": "org/base"})"}})) ==
        Texts{"0 finetune org/base [config.json: _name_or_path]"}
    );
    const Lineage folder =
        built.run({{"config.json", R"({"_name_or_path": "./run/checkpoint-9"})"}});
    CHECK(folder.edges.empty());
    CHECK(
        folder.nodes[0].notes ==
        Texts{"config.json: _name_or_path names './run/checkpoint-9', which is a folder of another "
              "machine"}
    );
    const Lineage gone = built.run(
        {{"README.md", card_text("base_model: org/base")},
         {"config.json", R"({"_name_or_path": "old/lost"})"}}
    );
    CHECK(gone.nodes.size() == 2);
    CHECK(gone.nodes[0].notes.size() == 1);
    const Lineage only = built.run({{"config.json", R"({"_name_or_path": "old/lost"})"}});
    CHECK(only.nodes.at(1).resolution == Resolution::Absent);
    built.options.id = "acme/me";
    CHECK(built.run({{"config.json", R"({"_name_or_path": "Acme/Me"})"}}).nodes.size() == 1);
}

TEST_CASE("an adapter whose base is a folder of another machine has a gap") {
    Built built;
    const Lineage lineage = built.run(
        {{"README.md", card_text("license: mit")},
         {"adapter_config.json", R"({"base_model_name_or_path": "/models/secret"})"}}
    );
    REQUIRE(lineage.nodes.size() == 2);
    CHECK(lineage.nodes[1].resolution == Resolution::Absent);
    CHECK(lineage.nodes[1].id == "/models/secret");
}

TEST_CASE("renamed repos are one artifact under the new name, and cycles through them end") {
    Built built;
    built.options.id = "acme/chat";
    built.know("new/base", "license: mit\nbase_model: old/chat");
    built.know("acme/chat", "license: mit");
    built.resolver.renamed = {{"old/base", "new/base"}, {"old/chat", "acme/chat"}};
    const Lineage lineage =
        built.run({{"README.md", card_text("base_model: [old/base, new/base]")}});
    REQUIRE(lineage.nodes.size() == 2);
    CHECK(lineage.nodes[1].id == "new/base");
    CHECK(lineage.nodes[1].names == Texts{"old/base"});
    CHECK(lineage.nodes[0].names == Texts{"old/chat"});
    CHECK(cycles_of(lineage) == std::vector<std::vector<std::size_t>>{{0, 1}});
}

TEST_CASE("pinned revisions are artifacts of their own, the same commit is one") {
    Built built;
    built.resolver.cards["org/base"] = {"head", card_text("license: mit"), {}};
    built.resolver.cards["org/base@v1"] = {"old", card_text("license: llama2"), {}};
    built.resolver.cards["org/base@main"] = {"head", card_text("license: mit"), {}};
    const Lineage lineage = built.run(
        {{"README.md",
          card_text("base_model: [org/base, org/base@v1, org/base@main, org/base@no]")}}
    );
    REQUIRE(lineage.nodes.size() == 4);
    CHECK(lineage.nodes[1].revision == "head");
    CHECK(lineage.nodes[2].revision == "old");
    CHECK(lineage.nodes[2].licenses == Texts{"llama2"});
    CHECK(lineage.nodes[3].resolution == Resolution::Absent);
}

TEST_CASE("claims of several sources are kept; one that contradicts goes to a person") {
    Built built;
    built.know(
        "org/quant",
        "license: mit",
        {{"m.gguf", gguf_file({{"general.license", "llama2"}, {"general.name", "x"}})}}
    );
    const Files files = {{"README.md", card_text("license: mit\nbase_model: org/quant")}};
    const Lineage lineage = built.run(files);
    REQUIRE(lineage.nodes[1].claims.size() == 2);
    CHECK(lineage.nodes[1].claims[1].basis == Basis::Inherited);
    CHECK(lineage.nodes[1].prose_license == "llama2");
    CHECK(
        messages(conflicts_of(lineage, catalogue())) ==
        Texts{"license: README.md says 'mit', m.gguf: general.license says 'llama2'"}
    );
    MapSource source(files);
    const auto report = tests::value(
        check(built.context.context(), source, built.resolver, catalogue(), built.options)
    );
    CHECK(report.verdict() == report::Verdict::NeedsHuman);
    CHECK_THAT(
        report.findings.front().message,
        ContainsSubstring("'m.gguf: general.license' says 'llama2'")
    );
    // The same license by another name, and a card that says nothing.
    built.know("org/quant", "license: MIT", {{"m.gguf", gguf_file({{"general.license", "mit"}})}});
    CHECK(conflicts_of(built.run(files), catalogue()).empty());
    built.know("org/quant", "tags: [x]", {{"m.gguf", gguf_file({{"general.license", "mit"}})}});
    CHECK(built.run(files).nodes[1].licenses == Texts{"mit"});
}

TEST_CASE("the text of a LICENSE file settles an open label and travels along") {
    const auto any = tests::shared_path("data/license-texts/spdx/MIT.txt");
    if (!any) {
        RAILHUB_SKIP("no shared license texts");
    }
    Built built;
    const Lineage open =
        built.run({{"README.md", card_text("license: other")}, {"LICENSE", tests::read_data(*any)}}
        );
    CHECK(open.nodes[0].license_name == "MIT");
    CHECK(open.nodes[0].carries == Texts{"license-text:mit"});
    CHECK(open.nodes[0].prose_license.empty());
    const Lineage wrong = built.run(
        {{"README.md", card_text("license: apache-2.0")}, {"LICENSE", tests::read_data(*any)}}
    );
    CHECK(wrong.nodes[0].prose_license == "MIT");
    CHECK(wrong.nodes[0].prose_where == "LICENSE");
}

TEST_CASE("overrides win over files, and the files' word is kept") {
    Built built;
    built.know("org/base", "license: llama2");
    built.know("org/teacher", "license: mit");
    const auto overrides = tests::value(origin::parse_overrides(
        "format: lineage-overrides/1\nartifacts:\n- id: .\n  upstreams: [{id: org/teacher, role: "
        "teacher}]\n  without: [org/wrong]\n- id: org/base\n  license: mit\n"
    ));
    built.options.overrides = &overrides;
    const Lineage lineage =
        built.run({{"README.md", card_text("base_model: [org/base, org/wrong]")}});
    CHECK(
        edges_of(lineage) ==
        Texts{"0 merge org/base [README.md: base_model]", "0 distil org/teacher [override]"}
    );
    CHECK(lineage.nodes[0].notes.size() == 1);
    CHECK(lineage.nodes[1].licenses == Texts{"mit"});
    CHECK(lineage.nodes[1].claims.size() == 2);
    CHECK(lineage.nodes[1].prose_license.empty());
    CHECK(conflicts_of(lineage, catalogue()).size() == 1);
}

TEST_CASE("folders that a folder names are followed on this machine, never from elsewhere") {
    Built built;
    tests::FaultFs fs;
    const auto put = [&fs](const std::string& path, const std::string& text) {
        REQUIRE_OK(fs.make_dirs(util::parent_path(path)));
        REQUIRE_OK(util::write_atomic(fs, path, util::as_bytes(std::string_view(text))));
    };
    put("/w/lora/adapter_config.json", R"({"base_model_name_or_path": "../base"})");
    put("/w/base/README.md", card_text("license: llama2\nbase_model: org/far"));
    put("/w/base/config.json", R"({"_name_or_path": "/w/lora"})");
    built.know("org/far", "license: mit", {{"config.json", R"({"_name_or_path": "/w/base"})"}});
    built.options.disk = &fs;
    built.options.folder = "/w/lora";
    const auto source = make_folder_source(fs, "/w/lora");
    const Lineage lineage = tests::value(
        lineage_of(built.context.context(), *source, built.resolver, catalogue(), built.options)
    );
    REQUIRE(lineage.nodes.size() == 3);
    CHECK(lineage.nodes[1].id == "/w/base");
    CHECK(lineage.nodes[1].licenses == Texts{"llama2"});
    CHECK(cycles_of(lineage).size() == 1);
    const auto far =
        std::find_if(lineage.nodes.begin(), lineage.nodes.end(), [](const compliance::Node& node) {
            return node.id == "org/far";
        });
    REQUIRE(far != lineage.nodes.end());
    CHECK(far->notes.size() == 1);
}

TEST_CASE("files that hide an origin are findings; a card that cannot be read is an error") {
    Built built;
    const Files files = {
        {"README.md", card_text("license: mit")},
        {"adapter_config.json", "{"},
        {"mergekit_config.yml", "merge_method: [ "},
        {"config.json", "NaN"},
        {"m.gguf", "no"},
        {"m.safetensors", "no"}};
    MapSource source(files);
    const auto report = tests::value(
        check(built.context.context(), source, built.resolver, catalogue(), built.options)
    );
    CHECK(report.verdict() == report::Verdict::NeedsHuman);
    CHECK(report.count(report::Severity::Warning) == 2);
    CHECK(report.findings.front().rule == "lineage.source");
    CHECK(built.run(files).nodes[0].notes.size() == 3);
    MapSource broken({{"README.md", card_text("license: [mit")}});
    REQUIRE_ERROR(
        lineage_of(built.context.context(), broken, built.resolver, catalogue(), built.options),
        util::Code::InvalidInput
    );
}

TEST_CASE("a chain of 10,000 ends, in order, with its cycle") {
    Built built;
    constexpr int kLength = 10'000;
    for (int i = 0; i < kLength; ++i) {
        built.know(
            "o/m" + std::to_string(i),
            "license: mit\nbase_model: o/m" + std::to_string((i + 1) % kLength)
        );
    }
    built.options.max_ancestors = 20'000;
    built.options.max_depth = 20'000;
    const Lineage lineage = built.run({{"README.md", card_text("base_model: o/m0")}});
    CHECK(lineage.nodes.size() == kLength + 1);
    CHECK(lineage.nodes.back().id == "o/m9999");
    const auto cycles = cycles_of(lineage);
    REQUIRE(cycles.size() == 1);
    CHECK(cycles[0].size() == kLength);
    CHECK(conflicts_of(lineage, catalogue()).empty());
    CHECK(compliance::ancestors(lineage).size() == kLength);
}

} // namespace railhub::app
