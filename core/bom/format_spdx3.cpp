// SPDX-License-Identifier: Apache-2.0
// SPDX 3.0.1 as JSON-LD: AI and dataset packages, files, license expressions, and relationships for
// lineage. The profiles "ai" and "dataset" are not claimed: they ask for dates of release that
// nobody states.
#include "core/bom/formats.h"
#include "core/bom/properties.h"
#include "core/license/expression.h"

#include <array>
#include <map>
#include <set>

namespace railhub::bom {

namespace {

using compliance::Activity;
using compliance::Resolution;
using compliance::Role;
using util::Json;

constexpr std::string_view kContext = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";
constexpr std::string_view kCreation = "_:creation";
constexpr std::string_view kNoneLicense = "expandedlicensing_NoneLicense";
constexpr std::string_view kNoAssertion = "expandedlicensing_NoAssertionLicense";
constexpr std::string_view kUndated =
    "no date was given: the date is the earliest there is, so that equal content gives equal bytes";

// First part of a task ("image-classification") -> kind of data.
struct DataWord {
    std::string_view begin;
    std::string_view type;
};

constexpr std::array kDataWords = {
    DataWord{"audio", "audio"},
    DataWord{"automatic-speech", "audio"},
    DataWord{"depth-", "image"},
    DataWord{"feature-extraction", "text"},
    DataWord{"fill-mask", "text"},
    DataWord{"graph-", "graph"},
    DataWord{"image-", "image"},
    DataWord{"multiple-choice", "text"},
    DataWord{"object-detection", "image"},
    DataWord{"question-answering", "text"},
    DataWord{"sentence-", "text"},
    DataWord{"summarization", "text"},
    DataWord{"table-", "structured"},
    DataWord{"tabular-", "structured"},
    DataWord{"text-", "text"},
    DataWord{"text2text", "text"},
    DataWord{"time-series", "timeseries"},
    DataWord{"token-classification", "text"},
    DataWord{"translation", "text"},
    DataWord{"unconditional-image", "image"},
    DataWord{"video-", "video"},
    DataWord{"zero-shot-image", "image"},
};

Json one(std::string_view text) {
    return Json::array_of(std::vector<std::string>{std::string(text)});
}

Json entry(std::string_view key, std::string_view value) {
    return Json::object({{"type", "DictionaryEntry"}, {"key", key}, {"value", value}});
}

std::string_view package_type(Kind kind) {
    switch (kind) {
    case Kind::Model:
        return "ai_AIPackage";
    case Kind::Dataset:
        return "dataset_DatasetPackage";
    case Kind::Project:
    case Kind::Code:
    case Kind::Service:
        return "software_Package";
    }
    return "software_Package";
}

std::string_view purpose_of(Kind kind) {
    switch (kind) {
    case Kind::Model:
        return "model";
    case Kind::Dataset:
        return "data";
    case Kind::Code:
        return "source";
    case Kind::Project:
    case Kind::Service:
        return "application";
    }
    return "other";
}

// "fine-tuned from": descendantOf. A teacher has no word of its own.
std::string_view relationship_type(const Bom& bom, const Relation& relation) {
    switch (relation.role) {
    case Role::BaseModel:
    case Role::AdapterBase:
    case Role::MergeSource:
        return "descendantOf";
    case Role::Dataset:
        return bom.components[relation.from].kind == Kind::Model ? "trainedOn" : "descendantOf";
    case Role::Teacher:
        return relation.activity == Activity::Generate ? "generates" : "other";
    case Role::Component:
        return relation.activity == Activity::Serve ? "dependsOn" : "contains";
    case Role::Code:
        return "dependsOn";
    }
    return "other";
}

class Spdx3 {
  public:
    Spdx3(const Bom& bom, const std::string& uuid) : bom_(bom), base_("urn:uuid:" + uuid + "#") {}

    Json run() {
        add_packages();
        add_relations();
        Json graph = Json::array();
        graph.push_back(creation());
        Json element = Json::array();
        for (const Json& item : elements_) {
            element.push_back(item.text("spdxId"));
        }
        Json sbom = this->element("software_Sbom", "sbom");
        sbom.set("name", "bill of materials of " + bom_.components.front().id);
        sbom.set("software_sbomType", one("analyzed"));
        sbom.set("rootElement", one(package_id(0)));
        sbom.set("element", std::move(element));
        graph.push_back(document());
        graph.push_back(std::move(sbom));
        for (Json& item : elements_) {
            graph.push_back(std::move(item));
        }
        return Json::object({{"@context", kContext}, {"@graph", std::move(graph)}});
    }

  private:
    std::string id(const std::string& name) const { return base_ + name; }

    std::string package_id(std::size_t index) const {
        return id("package-" + std::to_string(index));
    }

    Json element(std::string_view type, const std::string& name) const {
        return Json::object({{"spdxId", id(name)}, {"type", type}, {"creationInfo", kCreation}});
    }

    Json creation() const {
        Json json = Json::object(
            {{"@id", kCreation},
             {"type", "CreationInfo"},
             {"specVersion", "3.0.1"},
             {"created", timestamp_text(bom_.created.value_or(0))},
             {"createdBy", one(id("railhub"))},
             {"createdUsing", one(id("tool"))}}
        );
        if (!bom_.created) {
            json.set("comment", kUndated);
        }
        return json;
    }

    Json document() const {
        Json json = element("SpdxDocument", "document");
        json.set("name", bom_.components.front().id);
        json.set("comment", "made with " + bom_.knowledge);
        json.set("dataLicense", license_ids_.at("CC0-1.0"));
        json.set("rootElement", one(id("sbom")));
        json.set(
            "profileConformance",
            Json::array_of(std::vector<std::string>{"core", "software", "simpleLicensing"})
        );
        return json;
    }

    // --- packages ---

    void add_packages() {
        Json agent = element("SoftwareAgent", "railhub");
        agent.set("name", "railhub " + bom_.tool_version);
        elements_.push_back(std::move(agent));
        Json tool = element("Tool", "tool");
        tool.set("name", "railhub " + bom_.tool_version);
        elements_.push_back(std::move(tool));
        license("CC0-1.0");
        for (std::size_t i = 0; i < bom_.components.size(); ++i) {
            const std::string supplier = supplier_of(bom_.components[i]);
            elements_.push_back(package(i, supplier));
            add_files(i);
            add_licenses(i);
        }
    }

    // The account that a repository of a hub belongs to.
    std::string supplier_of(const Component& one) {
        const std::size_t slash = one.id.find('/');
        if (one.url.empty() || slash == std::string::npos) {
            return {};
        }
        const std::string owner = one.id.substr(0, slash);
        const auto [at, is_new] =
            agents_.try_emplace(owner, id("agent-" + std::to_string(agents_.size())));
        if (is_new) {
            elements_.push_back(Json::object(
                {{"spdxId", at->second},
                 {"type", "Agent"},
                 {"creationInfo", kCreation},
                 {"name", owner}}
            ));
        }
        return at->second;
    }

    Json package(std::size_t index, const std::string& supplier) const {
        const Component& one = bom_.components[index];
        Json json = element(package_type(one.kind), "package-" + std::to_string(index));
        const auto set = [&json](std::string_view key, const std::string& value) {
            if (!value.empty()) {
                json.set(key, value);
            }
        };
        json.set("name", one.id);
        set("software_packageVersion", one.revision);
        set("software_downloadLocation", one.url);
        set("software_packageUrl", package_url(one, bom_.endpoint));
        json.set("software_primaryPurpose", purpose_of(one.kind));
        set("suppliedBy", supplier);
        if (one.resolution != Resolution::Resolved) {
            json.set(
                "comment",
                "could not be read: " + std::string(compliance::resolution_word(one.resolution))
            );
        }
        if (one.kind == Kind::Model) {
            add_ai(one, json);
        } else if (one.kind == Kind::Dataset) {
            add_dataset(one, json);
        }
        json.set("extension", extension(one));
        return json;
    }

    static std::string limitation(const Component& one) {
        std::string text;
        std::set<std::string> said;
        for (const Restriction& restriction : one.restrictions) {
            if (said.insert(restriction_text(restriction)).second) {
                text += (text.empty() ? "uses that the terms forbid: " : "; ") +
                        restriction.meaning + " [" + restriction_text(restriction) + "]";
            }
        }
        return text;
    }

    static void add_ai(const Component& one, Json& json) {
        Json types = Json::array();
        for (const std::string* type : {&one.card.model_type, &one.card.architecture}) {
            if (!type->empty()) {
                types.push_back(*type);
            }
        }
        Json parameters = Json::array();
        for (const NamedValue& value : one.card.parameters) {
            parameters.push_back(entry(value.name, value.value));
        }
        Json metrics = Json::array();
        for (const Metric& metric : one.card.metrics) {
            const std::string on = metric.dataset.empty() ? "" : " on " + metric.dataset;
            metrics.push_back(entry(metric.name + on, metric.value));
        }
        const std::string limits = limitation(one);
        if (!one.card.task.empty()) {
            json.set("ai_domain", Json::array_of(std::vector<std::string>{one.card.task}));
        }
        if (!one.card.library.empty()) {
            json.set("ai_informationAboutApplication", "library: " + one.card.library);
        }
        if (!limits.empty()) {
            json.set("ai_limitation", limits);
        }
        for (auto& [key, list] : std::array<std::pair<std::string_view, Json*>, 3>{
                 {{"ai_typeOfModel", &types},
                  {"ai_hyperparameter", &parameters},
                  {"ai_metric", &metrics}}}) {
            if (list->as_array() != nullptr && !list->as_array()->empty()) {
                json.set(key, std::move(*list));
            }
        }
    }

    static void add_dataset(const Component& one, Json& json) {
        std::set<std::string> types;
        for (const std::string& category : one.card.categories) {
            for (const DataWord& word : kDataWords) {
                if (category.starts_with(word.begin)) {
                    types.insert(std::string(word.type));
                }
            }
        }
        if (types.empty()) {
            types.insert("noAssertion");
        }
        json.set("dataset_datasetType", Json::array_of(types));
        if (!one.files.empty() && one.files_left_out == 0) {
            std::uint64_t bytes = 0;
            for (const File& file : one.files) {
                bytes += file.size;
            }
            json.set("dataset_datasetSize", bytes);
        }
        std::string uses;
        for (const std::string& category : one.card.categories) {
            uses += (uses.empty() ? "" : ", ") + category;
        }
        if (!uses.empty()) {
            json.set("dataset_intendedUse", uses);
        }
    }

    static Json extension(const Component& one) {
        Json properties = Json::array();
        for (const NamedValue& value : properties_of(one)) {
            properties.push_back(Json::object(
                {{"type", "extension_CdxPropertyEntry"},
                 {"extension_cdxPropName", value.name},
                 {"extension_cdxPropValue", value.value}}
            ));
        }
        Json list = Json::array();
        list.push_back(Json::object(
            {{"type", "extension_CdxPropertiesExtension"},
             {"extension_cdxProperty", std::move(properties)}}
        ));
        return list;
    }

    // --- files ---

    void add_files(std::size_t index) {
        Json ids = Json::array();
        for (const File& file : bom_.components[index].files) {
            Json json = element("software_File", "file-" + std::to_string(files_++));
            ids.push_back(json.text("spdxId"));
            json.set("name", file.path);
            if (file.sha256) {
                json.set(
                    "verifiedUsing",
                    Json::array_of(std::vector{Json::object(
                        {{"type", "Hash"},
                         {"algorithm", "sha256"},
                         {"hashValue", file.sha256->hex()}}
                    )})
                );
            }
            if (!file.git_oid.empty()) {
                json.set(
                    "software_contentIdentifier",
                    Json::array_of(std::vector{Json::object(
                        {{"type", "software_ContentIdentifier"},
                         {"software_contentIdentifierType", "gitoid"},
                         {"software_contentIdentifierValue", "gitoid:blob:sha1:" + file.git_oid}}
                    )})
                );
            }
            elements_.push_back(std::move(json));
        }
        if (!ids.as_array()->empty()) {
            relate("contains", package_id(index), std::move(ids), {});
        }
    }

    // --- licenses ---

    // The element of an expression; made at its first use.
    std::string license(const std::string& expression) {
        const auto [at, is_new] = license_ids_.try_emplace(
            expression, id("license-" + std::to_string(license_ids_.size()))
        );
        if (!is_new) {
            return at->second;
        }
        Json json = Json::object(
            {{"spdxId", at->second},
             {"type", "simplelicensing_LicenseExpression"},
             {"creationInfo", kCreation},
             {"simplelicensing_licenseExpression", expression}}
        );
        Json refs = Json::array();
        if (const auto parsed = license::parse_expression(expression); parsed.ok()) {
            std::set<std::string> names;
            collect_refs(*parsed, names);
            for (const std::string& name : names) {
                refs.push_back(entry(name, custom_text(name)));
            }
        }
        if (!refs.as_array()->empty()) {
            json.set("simplelicensing_customIdToUri", std::move(refs));
        }
        elements_.push_back(std::move(json));
        return at->second;
    }

    static void collect_refs(const license::Expression& expression, std::set<std::string>& names) {
        if (expression.license.id.starts_with("LicenseRef-")) {
            names.insert(expression.license.id);
        }
        for (const license::Expression& operand : expression.operands) {
            collect_refs(operand, names);
        }
    }

    // The element that stands for a license of its own. Its words are not ours to repeat.
    std::string custom_text(const std::string& ref) {
        const auto [at, is_new] =
            custom_ids_.try_emplace(ref, id("text-" + std::to_string(custom_ids_.size())));
        if (!is_new) {
            return at->second;
        }
        const CustomLicense* custom = find_custom(bom_, ref);
        const std::string name = custom != nullptr ? custom->name : ref;
        const std::string link = custom != nullptr ? custom->link : "";
        Json json = Json::object(
            {{"spdxId", at->second},
             {"type", "simplelicensing_SimpleLicensingText"},
             {"creationInfo", kCreation},
             {"name", name},
             {"simplelicensing_licenseText",
              link.empty()
                  ? "the text is among the files of the artifact that is under '" + name + "'"
                  : "the text is at " + link}}
        );
        if (!link.empty()) {
            json.set(
                "externalRef",
                Json::array_of(std::vector{Json::object(
                    {{"type", "ExternalRef"},
                     {"externalRefType", "license"},
                     {"locator", one(link)}}
                )})
            );
        }
        elements_.push_back(std::move(json));
        return at->second;
    }

    void add_licenses(std::size_t index) {
        const Component& component = bom_.components[index];
        const bool is_read = component.resolution == Resolution::Resolved;
        const std::string declared = !component.declared.empty()
                                         ? license(component.declared)
                                         : std::string(is_read ? kNoneLicense : kNoAssertion);
        relate("hasDeclaredLicense", package_id(index), one(declared), {});
        for (const FoundLicense& found : component.found) {
            if (found.expression != component.declared) {
                relate(
                    "hasDeclaredLicense",
                    package_id(index),
                    one(license(found.expression)),
                    "found in " + found.where
                );
            }
        }
        const std::string concluded =
            !component.concluded.empty() ? license(component.concluded) : std::string(kNoAssertion);
        relate("hasConcludedLicense", package_id(index), one(concluded), component.undecided);
    }

    // --- relationships ---

    void
    relate(std::string_view type, const std::string& from, Json to, const std::string& comment) {
        Json json = element("Relationship", "relationship-" + std::to_string(relations_++));
        json.set("relationshipType", type);
        json.set("from", from);
        json.set("to", std::move(to));
        if (!comment.empty()) {
            json.set("comment", comment);
        }
        elements_.push_back(std::move(json));
    }

    void add_relations() {
        for (const Relation& relation : bom_.relations) {
            const std::string_view type = relationship_type(bom_, relation);
            // The generator stands first.
            const bool is_turned = type == "generates";
            relate(
                type,
                package_id(is_turned ? relation.to : relation.from),
                one(package_id(is_turned ? relation.from : relation.to)),
                relation_text(bom_, relation)
            );
        }
    }

    const Bom& bom_;
    std::string base_;
    std::vector<Json> elements_; // in the order they were first needed
    std::map<std::string, std::string> agents_;
    std::map<std::string, std::string> license_ids_;
    std::map<std::string, std::string> custom_ids_;
    std::size_t files_ = 0;
    std::size_t relations_ = 0;
};

} // namespace

Json to_spdx3(const Bom& bom) {
    // The name of the document depends on all it says.
    const std::string content = Spdx3(bom, "").run().dump_canonical();
    return Spdx3(bom, uuid_of(content)).run();
}

} // namespace railhub::bom
