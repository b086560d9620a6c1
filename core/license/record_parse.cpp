// SPDX-License-Identifier: Apache-2.0
// Strict reading: an unknown word is an error, because a term nobody understands must not be
// skipped.
#include "core/license/record_parse.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace railhub::license {

namespace {

using util::Code;
using util::fail;
using util::Json;
using util::Result;

constexpr std::string_view kRecordFormat = "license-record/1";

constexpr std::array kGrants = {Grant::Yes, Grant::No, Grant::Conditional, Grant::Silent};

constexpr std::array kReadings = {
    Reading::FullText,
    Reading::WellKnownText,
    Reading::PartOfText,
    Reading::SecondarySources,
    Reading::NotALicense,
};

struct ReachWord {
    std::string_view word;
    Reach reach;
};

constexpr std::array kReaches = {
    ReachWord{"named", Reach::Named},
    ReachWord{"covered", Reach::Covered},
    ReachWord{"copyright", Reach::Copyright},
    ReachWord{"no", Reach::No},
    ReachWord{"apart", Reach::Apart},
};

struct HostingWord {
    std::string_view word;
    Hosting hosting;
};

constexpr std::array kHostings = {
    HostingWord{"distribution", Hosting::Distribution},
    HostingWord{"product", Hosting::Product},
    HostingWord{"source", Hosting::Source},
    HostingWord{"barred", Hosting::Barred},
};

constexpr std::array<std::string_view, 4> kFlowDownDetails = {
    "verbatim-minimum", "same-purpose", "contractual", "by-same-license"};

Result<> check_members(
    const Json& json, std::string_view where, std::initializer_list<std::string_view> known
) {
    if (!json.is_object()) {
        return fail(Code::InvalidInput, "'" + std::string(where) + "' is not an object");
    }
    for (const util::JsonMember& member : *json.as_object()) {
        if (std::find(known.begin(), known.end(), member.first) == known.end()) {
            const std::vector<std::string> names(known.begin(), known.end());
            const std::string near = util::nearest(member.first, names);
            return fail(
                Code::InvalidInput,
                "unknown member '" + member.first + "' in '" + std::string(where) + "'",
                near.empty() ? "" : "did you mean '" + near + "'?"
            );
        }
    }
    return {};
}

Result<std::string> required_text(const Json& json, std::string_view key) {
    std::string text = json.text(key);
    if (text.empty()) {
        return fail(Code::InvalidInput, "'" + std::string(key) + "' is missing or not a text");
    }
    return text;
}

Result<std::vector<std::string>> text_list(const Json& json, std::string_view key) {
    std::vector<std::string> list;
    const Json* found = json.find(key);
    if (found == nullptr) {
        return list;
    }
    if (!found->is_array()) {
        return fail(Code::InvalidInput, "'" + std::string(key) + "' is not a list");
    }
    for (const Json& item : *found->as_array()) {
        if (!item.is_string()) {
            return fail(
                Code::InvalidInput, "'" + std::string(key) + "' holds something that is not a text"
            );
        }
        list.push_back(*item.as_string());
    }
    return list;
}

template <class Value, std::size_t N>
Result<Value> word_value(
    std::string_view what,
    const std::string& word,
    const std::array<Value, N>& values,
    std::string_view (*word_of)(Value)
) {
    std::vector<std::string> words;
    for (const Value value : values) {
        if (word_of(value) == word) {
            return value;
        }
        words.emplace_back(word_of(value));
    }
    return fail(
        Code::InvalidInput,
        "'" + std::string(what) + "' has the unknown value '" + word + "'",
        "use one of: " + util::join(words, ", ")
    );
}

Result<Permission> parse_permission(const Json& json) {
    RAILHUB_TRY(check_members(json, "permissions", {"term", "value", "section", "detail", "note"}));
    Permission permission;
    RAILHUB_TRY(permission.term, required_text(json, "term"));
    RAILHUB_TRY(const std::string word, required_text(json, "value"));
    RAILHUB_TRY(permission.value, word_value(permission.term, word, kGrants, &grant_word));
    permission.section = json.text("section");
    permission.detail = json.text("detail");
    permission.note = json.text("note");
    return permission;
}

Result<Term> parse_term(const Json& json) {
    RAILHUB_TRY(check_members(
        json,
        "terms",
        {"term", "section", "detail", "note", "accepts", "also_when", "only_when", "exempts"}
    ));
    Term term;
    RAILHUB_TRY(term.term, required_text(json, "term"));
    term.section = json.text("section");
    term.detail = json.text("detail");
    term.note = json.text("note");
    RAILHUB_TRY(term.accepts, text_list(json, "accepts"));
    RAILHUB_TRY(term.also_when, text_list(json, "also_when"));
    RAILHUB_TRY(term.only_when, text_list(json, "only_when"));
    RAILHUB_TRY(term.exempts, text_list(json, "exempts"));
    const bool is_flow_down = term.term == "flow-down-use-restrictions";
    if (is_flow_down && std::find(kFlowDownDetails.begin(), kFlowDownDetails.end(), term.detail) ==
                            kFlowDownDetails.end()) {
        return fail(
            Code::InvalidInput,
            "'flow-down-use-restrictions' has the unknown detail '" + term.detail + "'"
        );
    }
    return term;
}

Result<Reach> parse_reach(const Json& json, std::string_view key) {
    const std::string word = json.text(key);
    if (word.empty()) {
        return Reach::Unstated;
    }
    for (const ReachWord& row : kReaches) {
        if (row.word == word) {
            return row.reach;
        }
    }
    return fail(
        Code::InvalidInput, "'" + std::string(key) + "' has the unknown value '" + word + "'"
    );
}

Result<Derivatives> parse_derivatives(const Json& json) {
    RAILHUB_TRY(check_members(
        json,
        "derivatives",
        {"fine_tune",
         "adapter",
         "activations",
         "outputs",
         "conversion",
         "merge",
         "similar_performance",
         "trained_model",
         "section"}
    ));
    Derivatives derivatives;
    RAILHUB_TRY(derivatives.fine_tune, parse_reach(json, "fine_tune"));
    RAILHUB_TRY(derivatives.adapter, parse_reach(json, "adapter"));
    RAILHUB_TRY(derivatives.activations, parse_reach(json, "activations"));
    RAILHUB_TRY(derivatives.outputs, parse_reach(json, "outputs"));
    RAILHUB_TRY(derivatives.conversion, parse_reach(json, "conversion"));
    RAILHUB_TRY(derivatives.merge, parse_reach(json, "merge"));
    const Json* similar = json.find("similar_performance");
    derivatives.asks_similar_performance = similar != nullptr && similar->as_bool().value_or(false);
    derivatives.trained_model = json.text("trained_model");
    derivatives.section = json.text("section");
    return derivatives;
}

Result<> parse_hosting(const Json& json, Record& record) {
    RAILHUB_TRY(check_members(json, "hosting", {"effect", "section"}));
    record.hosting_section = json.text("section");
    for (const HostingWord& row : kHostings) {
        if (row.word == json.text("effect")) {
            record.hosting = row.hosting;
            return {};
        }
    }
    return fail(
        Code::InvalidInput, "'hosting' has the unknown effect '" + json.text("effect") + "'"
    );
}

template <class Item>
Result<std::vector<Item>>
parse_list(const Json& json, std::string_view key, Result<Item> (*parse)(const Json&)) {
    std::vector<Item> items;
    const Json* found = json.find(key);
    if (found == nullptr || !found->is_array()) {
        return fail(Code::InvalidInput, "'" + std::string(key) + "' is missing or not a list");
    }
    for (const Json& entry : *found->as_array()) {
        RAILHUB_TRY(Item item, parse(entry));
        items.push_back(std::move(item));
    }
    return items;
}

Result<> parse_names(const Json& json, Record& record) {
    RAILHUB_TRY(record.id, required_text(json, "id"));
    RAILHUB_TRY(record.name, required_text(json, "name"));
    RAILHUB_TRY(record.family, required_text(json, "family"));
    record.summary = json.text("summary");
    if (const Json* keys = json.find("keys")) {
        RAILHUB_TRY(check_members(*keys, "keys", {"spdx", "hub", "scancode"}));
        record.spdx = keys->text("spdx");
        record.hub_key = keys->text("hub");
        record.scancode = keys->text("scancode");
    }
    if (const Json* rail = json.find("rail")) {
        RAILHUB_TRY(check_members(*rail, "rail", {"open", "scope"}));
        record.rail_scope = rail->text("scope");
    }
    RAILHUB_TRY(record.aliases, text_list(json, "aliases"));
    RAILHUB_TRY(record.applies_to, text_list(json, "applies_to"));
    RAILHUB_TRY(record.versions, text_list(json, "versions"));
    record.modality = json.text("modality");
    if (!record.modality.empty() && record.modality != "text" && record.modality != "multimodal") {
        return fail(
            Code::InvalidInput,
            "'modality' is '" + record.modality + "'",
            "use 'text' or 'multimodal', or leave it out"
        );
    }
    return {};
}

} // namespace

util::Result<Record> parse_record(const util::Json& json) {
    RAILHUB_TRY(check_members(
        json,
        "license record",
        {"$schema",         "format",      "id",          "name",
         "family",          "summary",     "keys",        "aliases",
         "applies_to",      "rail",        "versions",    "modality",
         "restriction_set", "reading",     "permissions", "obligations",
         "limits",          "derivatives", "hosting",     "derivative_definition",
         "uncertain"}
    ));
    if (json.text("format") != kRecordFormat) {
        return fail(
            Code::InvalidInput,
            "'format' is '" + json.text("format") + "'",
            "this version reads '" + std::string(kRecordFormat) + "'"
        );
    }
    Record record;
    RAILHUB_TRY(parse_names(json, record));
    RAILHUB_TRY(const std::string reading, required_text(json, "reading"));
    RAILHUB_TRY(record.reading, word_value("reading", reading, kReadings, &reading_word));
    record.restriction_set = json.text("restriction_set");
    RAILHUB_TRY(record.permissions, parse_list(json, "permissions", &parse_permission));
    RAILHUB_TRY(record.obligations, parse_list(json, "obligations", &parse_term));
    RAILHUB_TRY(record.limits, parse_list(json, "limits", &parse_term));
    if (const Json* derivatives = json.find("derivatives")) {
        RAILHUB_TRY(record.derivatives, parse_derivatives(*derivatives));
    }
    if (const Json* hosting = json.find("hosting")) {
        RAILHUB_TRY(parse_hosting(*hosting, record));
    }
    record.derivative_definition = json.text("derivative_definition");
    RAILHUB_TRY(record.uncertain, text_list(json, "uncertain"));
    return record;
}

} // namespace railhub::license
