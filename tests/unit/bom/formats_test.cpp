// SPDX-License-Identifier: Apache-2.0
// Both standards: what stands where, and that nothing depends on chance. tests/clients validates
// them with validators of others.
#include "core/bom/formats.h"
#include "core/util/json_schema.h"
#include "tests/support/data.h"
#include "tests/unit/bom/sample.h"

#include <algorithm>
#include <set>

namespace railhub::bom {

namespace {

using util::Json;

Bom sample() {
    Bom bom = build(chat_lineage(), licenses(), on_hub());
    Component& chat = bom.components.front();
    chat.files = {
        {"README.md", 5, util::sha256(util::as_bytes("hello")), "1f" + std::string(38, '0')},
        {"model.bin", 1'000'000, {}, {}}};
    chat.card.task = "text-generation";
    chat.card.architecture = "LlamaForCausalLM";
    chat.card.metrics = {{"accuracy", "0.5", "Some Data", "text-generation"}};
    chat.card.parameters = {{"hidden_size", "4096"}};
    chat.found = {{"MIT OR Apache-2.0", "LICENSE"}};
    return bom;
}

const Json& at(const Json& json, std::initializer_list<std::string_view> path) {
    const Json* here = &json;
    for (const std::string_view key : path) {
        const bool is_index = !key.empty() && key[0] >= '0' && key[0] <= '9';
        const auto* items = here->as_array();
        const Json* next = nullptr;
        if (is_index && items != nullptr &&
            static_cast<std::size_t>(key[0] - '0') < items->size()) {
            next = &(*items)[static_cast<std::size_t>(key[0] - '0')];
        } else {
            next = here->find(key);
        }
        INFO(key);
        REQUIRE(next != nullptr);
        here = next;
    }
    return *here;
}

std::string string_at(const Json& json, std::initializer_list<std::string_view> path) {
    const std::string* text = at(json, path).as_string();
    REQUIRE(text != nullptr);
    return *text;
}

std::vector<Json> of_type(const Json& spdx, std::string_view type) {
    std::vector<Json> found;
    for (const Json& item : *at(spdx, {"@graph"}).as_array()) {
        if (item.text("type") == type) {
            found.push_back(item);
        }
    }
    return found;
}

// References to the other files of the standard, replaced by what they mean for us.
void inline_references(Json& json, const Json& spdx_ids) {
    if (const std::string* ref =
            json.find("$ref") != nullptr ? json.find("$ref")->as_string() : nullptr) {
        if (*ref == "spdx.schema.json") {
            json = spdx_ids;
        } else if (!ref->starts_with("#")) {
            json = Json::object();
        }
    }
    if (const auto* members = json.as_object()) {
        for (const util::JsonMember& member : *members) {
            inline_references(*json.find(member.first), spdx_ids);
        }
    } else if (util::JsonArray* items = json.as_array()) {
        for (Json& item : *items) {
            inline_references(item, spdx_ids);
        }
    }
}

Json parsed_file(const std::string& path) {
    auto json = util::parse_json(tests::read_data(path));
    REQUIRE_OK(json);
    return std::move(json).value();
}

} // namespace

TEST_CASE("the table names both formats") {
    CHECK(format_names() == std::vector<std::string>{"cyclonedx", "spdx3"});
    CHECK(find_format("cyclonedx") != nullptr);
    CHECK(find_format("xml") == nullptr);
}

TEST_CASE("the same bill gives the same bytes, another one another serial number") {
    Bom other = sample();
    other.components.front().files.front().path = "CARD.md";
    for (const Format& format : formats()) {
        const std::string text = format.render(sample()).dump_pretty();
        CHECK(text == format.render(sample()).dump_pretty());
        CHECK(text != format.render(other).dump_pretty());
    }
    CHECK(
        string_at(to_cyclonedx(sample()), {"serialNumber"}) !=
        string_at(to_cyclonedx(other), {"serialNumber"})
    );
}

TEST_CASE("CycloneDX: licenses declared and concluded, pedigree, model card, files") {
    const Json json = to_cyclonedx(sample());
    CHECK(string_at(json, {"bomFormat"}) == "CycloneDX");
    CHECK(at(json, {"metadata"}).find("timestamp") == nullptr);
    const Json& chat = at(json, {"metadata", "component"});
    CHECK(string_at(chat, {"type"}) == "machine-learning-model");
    CHECK(string_at(chat, {"group"}) == "ada");
    CHECK(string_at(chat, {"version"}) == "1a2b3c");
    CHECK(string_at(chat, {"licenses", "0", "license", "id"}) == "MIT");
    CHECK(string_at(chat, {"licenses", "0", "license", "acknowledgement"}) == "declared");
    CHECK(string_at(chat, {"licenses", "1", "license", "name"}) == "Llama 2 Community License");
    CHECK(string_at(chat, {"licenses", "1", "license", "acknowledgement"}) == "concluded");
    CHECK(string_at(chat, {"pedigree", "ancestors", "0", "name"}) == "base");
    CHECK_THAT(string_at(chat, {"pedigree", "notes"}), ContainsSubstring("fine-tune of org/base"));
    CHECK(
        string_at(chat, {"modelCard", "modelParameters", "datasets", "0", "ref"}) ==
        "dataset:org/more@1a2b3c"
    );
    CHECK_THAT(
        string_at(chat, {"modelCard", "considerations", "ethicalConsiderations", "0", "name"}),
        StartsWith("forbidden use ")
    );
    CHECK(string_at(chat, {"components", "0", "hashes", "0", "alg"}) == "SHA-256");
    CHECK(at(chat, {"components", "1"}).find("hashes") == nullptr);
    CHECK(string_at(chat, {"evidence", "licenses", "0", "license", "name"}) == "MIT OR Apache-2.0");
    CHECK(string_at(json, {"dependencies", "0", "dependsOn", "0"}) == "dataset:org/more@1a2b3c");
    CHECK(string_at(json, {"compositions", "0", "dependencies", "0"}) == "dataset:org/data");
    Bom dated = sample();
    dated.created = 0;
    dated.components.front().declared = "Apache-2.0 OR MIT";
    const Json choice = to_cyclonedx(dated);
    CHECK(string_at(choice, {"metadata", "timestamp"}) == "1970-01-01T00:00:00Z");
    CHECK(
        string_at(choice, {"metadata", "component", "licenses", "0", "expression"}) ==
        "Apache-2.0 OR MIT"
    );
}

TEST_CASE("SPDX 3: packages by kind, relationships, expressions with their references") {
    const Json json = to_spdx3(sample());
    std::set<std::string> ids;
    for (const Json& item : *at(json, {"@graph"}).as_array()) {
        if (const std::string id = item.text("spdxId"); !id.empty()) {
            CHECK(ids.insert(id).second);
        }
    }
    CHECK(of_type(json, "ai_AIPackage").size() == 2);
    CHECK(of_type(json, "dataset_DatasetPackage").size() == 2);
    CHECK(of_type(json, "software_File").size() == 2);
    CHECK(of_type(json, "simplelicensing_SimpleLicensingText").size() == 1);
    std::multiset<std::string> types;
    for (const Json& relation : of_type(json, "Relationship")) {
        types.insert(relation.text("relationshipType"));
        CHECK(ids.contains(relation.text("from")));
        for (const Json& to : *at(relation, {"to"}).as_array()) {
            const std::string id = *to.as_string();
            CHECK((ids.contains(id) || id.starts_with("expandedlicensing_No")));
        }
    }
    CHECK(types.count("descendantOf") == 1);
    CHECK(types.count("trainedOn") == 2);
    CHECK(types.count("contains") == 1);
    CHECK(types.count("hasConcludedLicense") == 4);
    CHECK(types.count("hasDeclaredLicense") == 5); // one was found in a text
    const Json created = of_type(json, "CreationInfo").front();
    CHECK(created.text("created") == "1970-01-01T00:00:00Z");
    CHECK_THAT(created.text("comment"), ContainsSubstring("no date was given"));
    const Json package = of_type(json, "ai_AIPackage").front();
    CHECK_THAT(package.text("ai_limitation"), ContainsSubstring("uses that the terms forbid"));
    CHECK(string_at(package, {"ai_metric", "0", "key"}) == "accuracy on Some Data");
}

TEST_CASE("CycloneDX follows its schema, with every license there is") {
    const auto folder = tests::shared_path("data/standards/cyclonedx");
    if (!folder) {
        RAILHUB_SKIP("no shared data: the schema of CycloneDX 1.6 is not there");
    }
    Json schema = parsed_file(*folder + "/bom-1.6.schema.json");
    inline_references(schema, parsed_file(*folder + "/spdx.schema.json"));
    const auto compiled = util::JsonSchema::compile(schema);
    REQUIRE_OK(compiled);
    const auto check = [&compiled](const Bom& bom) {
        for (const util::SchemaViolation& violation : compiled->check(to_cyclonedx(bom))) {
            INFO(violation.pointer);
            CHECK(violation.message.empty());
        }
    };
    check(sample());
    compliance::Lineage all;
    all.nodes.push_back(artifact("a/all", {"mit"}));
    for (const license::Record& record : licenses().records()) {
        all.nodes.push_back(artifact("a/" + record.id, {record.id}));
    }
    check(build(all, licenses(), on_hub()));
}

} // namespace railhub::bom
