// SPDX-License-Identifier: Apache-2.0
// Facts as JSON: what is kept on disk and in the database. Another version is read as "not there".
#include "core/origin/facts.h"
#include "core/util/text.h"

namespace railhub::origin {

namespace {

using compliance::Basis;
using compliance::LicenseClaim;
using util::Json;

constexpr std::string_view kFormat = "artifact-facts/2";

Json location_json(const std::optional<report::Location>& at) {
    return at ? Json::object({{"path", at->path}, {"line", at->line}, {"column", at->column}})
              : Json();
}

std::optional<report::Location> location_at(const Json& json, std::string_view key) {
    const Json* at = json.find(key);
    if (at == nullptr || !at->is_object()) {
        return std::nullopt;
    }
    return report::Location{
        at->text("path"),
        static_cast<std::uint32_t>(at->number("line")),
        static_cast<std::uint32_t>(at->number("column"))};
}

Json upstream_json(const UpstreamFact& fact) {
    return Json::object(
        {{"place", static_cast<unsigned>(fact.to.place)},
         {"kind", types::kind_word(fact.to.kind)},
         {"id", fact.to.id},
         {"revision", fact.to.revision},
         {"role", compliance::role_word(fact.role)},
         {"activity", compliance::activity_word(fact.activity)},
         {"basis", compliance::basis_word(fact.said.basis)},
         {"where", fact.said.where},
         {"weight", static_cast<unsigned>(fact.weight)},
         {"location", location_json(fact.location)}}
    );
}

util::Error not_facts(std::string_view why) {
    return util::fail(util::Code::Corrupt, "not the facts of an artifact: " + std::string(why));
}

util::Result<UpstreamFact> parse_upstream(const Json& json) {
    const auto kind = types::parse_kind(json.text("kind"));
    const auto role = compliance::parse_role(json.text("role"));
    const auto activity = compliance::parse_activity(json.text("activity"));
    const auto basis = compliance::parse_basis(json.text("basis"));
    const std::uint64_t place = json.number("place");
    const std::uint64_t weight = json.number("weight");
    if (!kind.ok() || !role || !activity || !basis || place > 2 || weight > 2) {
        return not_facts("an upstream is malformed");
    }
    UpstreamFact fact;
    fact.to = {static_cast<Reference::Place>(place), *kind, json.text("id"), json.text("revision")};
    fact.role = *role;
    fact.activity = *activity;
    fact.said = {*basis, json.text("where")};
    fact.weight = static_cast<UpstreamFact::Weight>(weight);
    fact.location = location_at(json, "location");
    return fact;
}

util::Result<LicenseClaim> parse_claim(const Json& json) {
    const auto basis = compliance::parse_basis(json.text("basis"));
    if (!basis) {
        return not_facts("a claim is malformed");
    }
    LicenseClaim claim;
    claim.basis = *basis;
    claim.license = json.text("license");
    claim.where = json.text("where");
    claim.note = json.text("note");
    claim.is_whole = json.flag("whole");
    return claim;
}

std::vector<std::string> texts_of(const Json& json, std::string_view key) {
    std::vector<std::string> texts;
    const Json* found = json.find(key);
    const util::JsonArray* items = found != nullptr ? found->as_array() : nullptr;
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        if (const std::string* text = (*items)[i].as_string()) {
            texts.push_back(*text);
        }
    }
    return texts;
}

std::vector<TermsFile> terms_files_of(const Json& json) {
    std::vector<TermsFile> files;
    const Json* found = json.find("license_files");
    const util::JsonArray* items = found != nullptr ? found->as_array() : nullptr;
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        files.push_back({(*items)[i].text("path"), (*items)[i].text("sha256")});
    }
    return files;
}

} // namespace

Json to_json(const Facts& facts) {
    Json claims = Json::array();
    for (const LicenseClaim& claim : facts.claims) {
        claims.push_back(Json::object(
            {{"basis", compliance::basis_word(claim.basis)},
             {"license", claim.license},
             {"where", claim.where},
             {"note", claim.note},
             {"whole", claim.is_whole}}
        ));
    }
    Json upstreams = Json::array();
    for (const UpstreamFact& fact : facts.upstreams) {
        upstreams.push_back(upstream_json(fact));
    }
    Json license_files = Json::array();
    for (const TermsFile& file : facts.license_files) {
        license_files.push_back(Json::object({{"path", file.path}, {"sha256", file.sha256}}));
    }
    Json json = Json::object(
        {{"format", kFormat},
         {"claims", std::move(claims)},
         {"license_name", facts.license_name},
         {"license_link", facts.license_link},
         {"carries", Json::array_of(facts.carries)},
         {"upstreams", std::move(upstreams)},
         {"new_version", facts.new_version},
         {"problems", Json::array_of(facts.problems)},
         {"notes", Json::array_of(facts.notes)},
         {"card_problem", facts.card_problem},
         {"card_hint", facts.card_hint},
         {"license_at", location_json(facts.license_at)},
         {"restrictions_at", location_json(facts.restrictions_at)},
         {"license_files", std::move(license_files)},
         {"card_sha256", facts.card_sha256}}
    );
    if (!facts.task.empty()) {
        json.set("task", facts.task);
    }
    return json;
}

util::Result<Facts> parse_facts(const Json& json) {
    if (json.text("format") != kFormat) {
        return not_facts("it is of another version");
    }
    Facts facts;
    const Json* claims = json.find("claims");
    const Json* upstreams = json.find("upstreams");
    if (claims == nullptr || !claims->is_array() || upstreams == nullptr ||
        !upstreams->is_array()) {
        return not_facts("parts are missing");
    }
    for (const Json& item : *claims->as_array()) {
        RAILHUB_TRY(LicenseClaim claim, parse_claim(item));
        add_claim(facts, std::move(claim));
    }
    for (const Json& item : *upstreams->as_array()) {
        RAILHUB_TRY(UpstreamFact fact, parse_upstream(item));
        add_upstream(facts, std::move(fact));
    }
    facts.license_name = json.text("license_name");
    facts.license_link = json.text("license_link");
    facts.carries = texts_of(json, "carries");
    facts.new_version = json.text("new_version");
    facts.problems = texts_of(json, "problems");
    facts.notes = texts_of(json, "notes");
    facts.task = json.text("task");
    facts.card_problem = json.text("card_problem");
    facts.card_hint = json.text("card_hint");
    facts.license_at = location_at(json, "license_at");
    facts.restrictions_at = location_at(json, "restrictions_at");
    facts.license_files = terms_files_of(json);
    facts.card_sha256 = json.text("card_sha256");
    settle_licenses(facts);
    return facts;
}

} // namespace railhub::origin
