// SPDX-License-Identifier: Apache-2.0
// CycloneDX 1.6 (ECMA-424): components with licenses, model cards and files; lineage as pedigree
// and dependencies. Members and their order are fixed, so that two bills can be compared as text.
#include "core/bom/formats.h"
#include "core/bom/properties.h"
#include "core/license/expression.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace railhub::bom {

namespace {

using compliance::Resolution;
using compliance::Role;
using license::Expression;
using license::SimpleLicense;
using util::Json;

// Ids of the SPDX list that came after the enumeration of this version of CycloneDX.
constexpr std::array<std::string_view, 8> kLaterIds = {
    "Brian-Gladman-3-Clause-no-conversion",
    "Bugroff",
    "CC-BY-NC-3.0-IGO",
    "Google-Patent-WebM",
    "Informatica",
    "MVT-1.1",
    "WXwindows",
    "atc-game"};

std::string_view component_type(Kind kind) {
    switch (kind) {
    case Kind::Project:
    case Kind::Service:
        return "application";
    case Kind::Model:
        return "machine-learning-model";
    case Kind::Dataset:
        return "data";
    case Kind::Code:
        return "library";
    }
    return "application";
}

void set_text(Json& object, std::string_view key, const std::string& value) {
    if (!value.empty()) {
        object.set(key, value);
    }
}

void set_list(Json& object, std::string_view key, Json list) {
    if (const util::JsonArray* items = list.as_array(); items != nullptr && !items->empty()) {
        object.set(key, std::move(list));
    }
}

void set_object(Json& object, std::string_view key, Json value) {
    if (const util::JsonObject* members = value.as_object();
        members != nullptr && !members->empty()) {
        object.set(key, std::move(value));
    }
}

Json property(std::string_view name, std::string_view value) {
    return Json::object({{"name", name}, {"value", value}});
}

// The licenses of "A AND B", none of them with '+' or an exception; empty for anything else.
std::vector<std::string> plain_ids(const std::string& text) {
    const auto parsed = license::parse_expression(text);
    if (text.empty() || !parsed.ok()) {
        return {};
    }
    std::vector<std::string> ids;
    const auto add = [&ids](const Expression& one) {
        const bool is_plain = one.kind == Expression::Kind::License && !one.license.or_later &&
                              one.license.exception.empty();
        if (is_plain) {
            ids.push_back(one.license.id);
        }
        return is_plain;
    };
    if (parsed->kind == Expression::Kind::And) {
        const bool all = std::all_of(parsed->operands.begin(), parsed->operands.end(), add);
        return all ? ids : std::vector<std::string>{};
    }
    return add(*parsed) ? ids : std::vector<std::string>{};
}

class CycloneDx {
  public:
    explicit CycloneDx(const Bom& bom) : bom_(bom), by_origin_(bom.components.size()) {
        for (std::size_t i = 0; i < bom.relations.size(); ++i) {
            by_origin_[bom.relations[i].from].push_back(i);
        }
    }

    Json run() const {
        Json json = Json::object(
            {{"$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"},
             {"bomFormat", "CycloneDX"},
             {"specVersion", "1.6"},
             {"serialNumber", ""},
             {"version", 1},
             {"metadata", metadata()}}
        );
        Json components = Json::array();
        for (std::size_t i = 1; i < bom_.components.size(); ++i) {
            components.push_back(component(i));
        }
        json.set("components", std::move(components));
        json.set("dependencies", dependencies());
        set_list(json, "compositions", compositions());
        json.set("serialNumber", "urn:uuid:" + uuid_of(json.dump_canonical()));
        return json;
    }

  private:
    Json metadata() const {
        Json made = Json::object();
        if (bom_.created) {
            made.set("timestamp", timestamp_text(*bom_.created));
        }
        const Json tool = Json::object(
            {{"type", "application"}, {"name", "railhub"}, {"version", bom_.tool_version}}
        );
        made.set("tools", Json::object({{"components", Json::array_of(std::vector{tool})}}));
        made.set("component", component(0));
        made.set(
            "properties", Json::array_of(std::vector{property("railhub:knowledge", bom_.knowledge)})
        );
        return made;
    }

    // --- one component ---

    // What names it, without ref: as it stands among the ancestors of another.
    Json named(const Component& component) const {
        Json json = Json::object({{"type", component_type(component.kind)}});
        const std::size_t slash = component.id.find('/');
        const bool has_owner = slash != std::string::npos && !component.url.empty();
        if (has_owner) {
            json.set("group", component.id.substr(0, slash));
        }
        json.set("name", has_owner ? component.id.substr(slash + 1) : component.id);
        set_text(json, "version", component.revision);
        set_text(json, "purl", package_url(component, bom_.endpoint));
        return json;
    }

    Json component(std::size_t index) const {
        const Component& one = bom_.components[index];
        Json json = named(one);
        json.set("bom-ref", one.ref);
        if (const std::string* owner =
                json.find("group") != nullptr ? json.find("group")->as_string() : nullptr) {
            json.set("supplier", Json::object({{"name", *owner}}));
        }
        set_list(json, "licenses", licenses(one));
        set_object(json, "pedigree", pedigree(index));
        if (!one.url.empty()) {
            json.set(
                "externalReferences",
                Json::array_of(std::vector{
                    Json::object({{"type", "distribution"}, {"url", one.url}})})
            );
        }
        if (one.kind == Kind::Model) {
            set_object(json, "modelCard", model_card(index));
        }
        if (one.kind == Kind::Dataset) {
            json.set(
                "data",
                Json::array_of(std::vector{Json::object({{"type", "dataset"}, {"name", one.id}})})
            );
        }
        set_object(json, "evidence", evidence(one));
        set_list(json, "components", files(one));
        Json properties = Json::array();
        for (const NamedValue& value : properties_of(one)) {
            properties.push_back(property(value.name, value.value));
        }
        json.set("properties", std::move(properties));
        return json;
    }

    Json license_json(const std::string& id) const {
        const CustomLicense* custom = find_custom(bom_, id);
        if (custom == nullptr) {
            const bool is_later =
                std::find(kLaterIds.begin(), kLaterIds.end(), id) != kLaterIds.end();
            return Json::object({{is_later || id.starts_with("LicenseRef-") ? "name" : "id", id}});
        }
        Json json = Json::object({{"name", custom->name}});
        set_text(json, "url", custom->link);
        json.set(
            "licensing",
            Json::object({{"altIds", Json::array_of(std::vector<std::string>{custom->ref})}})
        );
        return json;
    }

    void add_licenses(const std::vector<std::string>& ids, std::string_view how, Json& into) const {
        for (const std::string& id : ids) {
            Json json = license_json(id);
            json.set("acknowledgement", how);
            into.push_back(Json::object({{"license", std::move(json)}}));
        }
    }

    // A list where every license stands by itself; the standard has room for one expression only,
    // so that a choice stands as declared, and what was concluded among the properties.
    Json licenses(const Component& one) const {
        Json list = Json::array();
        const std::vector<std::string> declared = plain_ids(one.declared);
        const std::vector<std::string> concluded = plain_ids(one.concluded);
        const bool is_plain = (one.declared.empty() || !declared.empty()) &&
                              (one.concluded.empty() || !concluded.empty());
        if (is_plain) {
            add_licenses(declared, "declared", list);
            add_licenses(concluded, "concluded", list);
            return list;
        }
        const bool is_declared = !one.declared.empty();
        list.push_back(Json::object(
            {{"expression", is_declared ? one.declared : one.concluded},
             {"acknowledgement", is_declared ? "declared" : "concluded"}}
        ));
        return list;
    }

    Json evidence(const Component& one) const {
        Json list = Json::array();
        std::set<std::string> said;
        for (const FoundLicense& found : one.found) {
            const std::vector<std::string> ids = plain_ids(found.expression);
            for (const std::string& id : ids.empty() ? std::vector{found.expression} : ids) {
                if (said.insert(id).second) {
                    list.push_back(Json::object(
                        {{"license", ids.empty() ? Json::object({{"name", id}}) : license_json(id)}}
                    ));
                }
            }
        }
        Json json = Json::object();
        set_list(json, "licenses", std::move(list));
        return json;
    }

    static bool is_ancestry(const Relation& relation) {
        return relation.passes_work && relation.role != Role::Component &&
               relation.role != Role::Code;
    }

    Json pedigree(std::size_t index) const {
        Json ancestors = Json::array();
        std::string notes;
        for (const std::size_t at : by_origin_[index]) {
            const Relation& relation = bom_.relations[at];
            if (is_ancestry(relation)) {
                ancestors.push_back(named(bom_.components[relation.to]));
            }
            notes += (notes.empty() ? "" : "\n") + relation_text(bom_, relation);
        }
        Json json = Json::object();
        set_list(json, "ancestors", std::move(ancestors));
        set_text(json, "notes", notes);
        return json;
    }

    Json model_card(std::size_t index) const {
        const Component& one = bom_.components[index];
        Json parameters = Json::object();
        set_text(parameters, "task", one.card.task);
        set_text(parameters, "architectureFamily", one.card.model_type);
        set_text(parameters, "modelArchitecture", one.card.architecture);
        set_list(parameters, "datasets", datasets(index));
        Json metrics = Json::array();
        for (const Metric& metric : one.card.metrics) {
            Json json = Json::object({{"type", metric.name}, {"value", metric.value}});
            set_text(json, "slice", metric.dataset);
            metrics.push_back(std::move(json));
        }
        Json quantities = Json::object();
        set_list(quantities, "performanceMetrics", std::move(metrics));
        Json properties = Json::array();
        for (const NamedValue& value : one.card.parameters) {
            properties.push_back(property("railhub:config:" + value.name, value.value));
        }
        Json card = Json::object();
        set_object(card, "modelParameters", std::move(parameters));
        set_object(card, "quantitativeAnalysis", std::move(quantities));
        set_object(card, "considerations", considerations(one));
        set_list(card, "properties", std::move(properties));
        return card;
    }

    Json datasets(std::size_t index) const {
        Json list = Json::array();
        std::set<std::size_t> said;
        for (const std::size_t at : by_origin_[index]) {
            const Relation& relation = bom_.relations[at];
            if (relation.role == Role::Dataset && said.insert(relation.to).second) {
                list.push_back(Json::object({{"ref", bom_.components[relation.to].ref}}));
            }
        }
        return list;
    }

    static Json considerations(const Component& one) {
        Json json = Json::object();
        if (!one.card.task.empty()) {
            json.set("useCases", Json::array_of(std::vector<std::string>{one.card.task}));
        }
        Json risks = Json::array();
        std::map<std::string, std::size_t> known; // one entry a restriction, all sources in it
        for (const Restriction& restriction : one.restrictions) {
            const auto [at, is_new] =
                known.try_emplace(restriction_text(restriction), known.size());
            if (is_new) {
                risks.push_back(Json::object(
                    {{"name",
                      "forbidden use " + restriction_text(restriction) + ": " +
                          restriction.meaning},
                     {"mitigationStrategy", restriction_source(restriction)}}
                ));
                continue;
            }
            Json& risk = (*risks.as_array())[at->second];
            risk.set(
                "mitigationStrategy",
                risk.text("mitigationStrategy") + "; " + restriction_source(restriction)
            );
        }
        set_list(json, "ethicalConsiderations", std::move(risks));
        return json;
    }

    static Json files(const Component& one) {
        Json list = Json::array();
        for (const File& file : one.files) {
            Json json = Json::object({{"type", "file"}, {"name", file.path}});
            if (file.sha256) {
                json.set(
                    "hashes",
                    Json::array_of(std::vector{
                        Json::object({{"alg", "SHA-256"}, {"content", file.sha256->hex()}})})
                );
            }
            if (!file.git_oid.empty()) {
                json.set(
                    "swhid", Json::array_of(std::vector<std::string>{"swh:1:cnt:" + file.git_oid})
                );
            }
            json.set(
                "properties",
                Json::array_of(std::vector{property("railhub:size", std::to_string(file.size))})
            );
            list.push_back(std::move(json));
        }
        return list;
    }

    // --- between components ---

    Json dependencies() const {
        Json list = Json::array();
        for (std::size_t i = 0; i < bom_.components.size(); ++i) {
            std::set<std::string> refs;
            for (const std::size_t at : by_origin_[i]) {
                refs.insert(bom_.components[bom_.relations[at].to].ref);
            }
            Json json = Json::object({{"ref", bom_.components[i].ref}});
            set_list(json, "dependsOn", Json::array_of(refs));
            list.push_back(std::move(json));
        }
        return list;
    }

    // Of what could not be read, nobody knows what it was made from.
    Json compositions() const {
        std::vector<std::string> refs;
        for (const Component& one : bom_.components) {
            if (one.resolution != Resolution::Resolved) {
                refs.push_back(one.ref);
            }
        }
        Json list = Json::array();
        if (!refs.empty()) {
            list.push_back(
                Json::object({{"aggregate", "unknown"}, {"dependencies", Json::array_of(refs)}})
            );
        }
        return list;
    }

    const Bom& bom_;
    std::vector<std::vector<std::size_t>> by_origin_; // relations by component
};

} // namespace

Json to_cyclonedx(const Bom& bom) {
    return CycloneDx(bom).run();
}

} // namespace railhub::bom
