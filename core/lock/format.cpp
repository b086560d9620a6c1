// SPDX-License-Identifier: Apache-2.0
// The form of schemas/railhub-lock.v1, both ways.
#include "core/lock/lock.h"
#include "core/util/digest.h"
#include "core/util/text.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace railhub::lock {

namespace {

using util::Json;

constexpr std::string_view kFormat = "railhub-lock/1";
constexpr std::string_view kHint = "run 'railhub lock' to write it anew";

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

// What people look at; the facts below say the same at length.
struct Summary {
    std::string license;
    std::string license_sha256;
    std::string card_sha256;

    explicit Summary(const origin::Facts& facts)
        : license(license_text(facts)), license_sha256(facts.license_sha256()),
          card_sha256(facts.card_sha256) {}
};

Json artifact_json(const Artifact& artifact) {
    const Summary summary(artifact.facts);
    Json asked = Json::array();
    for (const Name& name : artifact.asked) {
        asked.push_back(Json::object({{"id", name.id}, {"revision", text_or_null(name.revision)}}));
    }
    return Json::object(
        {{"kind", types::kind_word(artifact.kind)},
         {"id", artifact.id},
         {"revision", text_or_null(artifact.revision)},
         {"state", artifact.is_absent ? "absent" : "resolved"},
         {"license", text_or_null(summary.license)},
         {"license_sha256", text_or_null(summary.license_sha256)},
         {"card_sha256", text_or_null(summary.card_sha256)},
         {"knowledge", artifact.knowledge},
         {"asked", std::move(asked)},
         {"facts", artifact.is_absent ? Json() : origin::to_json(artifact.facts)}}
    );
}

util::Error malformed(const std::string& what) {
    return util::fail(util::Code::InvalidInput, what, std::string(kHint));
}

util::Result<std::vector<Name>> parse_asked(const Json& json, const std::string& where) {
    const Json* asked = json.find("asked");
    const util::JsonArray* items = asked != nullptr ? asked->as_array() : nullptr;
    if (items == nullptr || items->empty()) {
        return malformed(where + " has no list 'asked'");
    }
    std::vector<Name> names;
    for (const Json& item : *items) {
        if (item.text("id").empty()) {
            return malformed(where + " has a name without 'id'");
        }
        names.push_back({item.text("id"), item.text("revision")});
    }
    return names;
}

util::Result<> check_summary(const Json& json, const Artifact& artifact, const std::string& where) {
    const Summary summary(artifact.facts);

    struct Row {
        std::string_view member;
        const std::string& value;
    };

    for (const Row& row :
         {Row{"license", summary.license},
          Row{"license_sha256", summary.license_sha256},
          Row{"card_sha256", summary.card_sha256}}) {
        const std::string said = json.text(row.member);
        if (said != row.value) {
            return malformed(
                where + " contradicts itself: " + std::string(row.member) + " is '" + said +
                "', and its facts say '" + row.value + "'"
            );
        }
    }
    return {};
}

util::Result<Artifact> parse_artifact(const Json& json, std::size_t number) {
    Artifact artifact;
    artifact.id = json.text("id");
    const std::string where =
        artifact.id.empty() ? "artifact " + std::to_string(number) : "'" + artifact.id + "'";
    auto kind = types::parse_kind(json.text("kind"));
    if (artifact.id.empty() || !kind.ok()) {
        return malformed(where + " has no id, or no kind that is known");
    }
    artifact.kind = *kind;
    artifact.revision = json.text("revision");
    artifact.knowledge = json.text("knowledge");
    const std::string state = json.text("state");
    if (state != "resolved" && state != "absent") {
        return malformed(where + " has the unknown state '" + state + "'");
    }
    artifact.is_absent = state == "absent";
    RAILHUB_TRY(artifact.asked, parse_asked(json, where));
    const Json* facts = json.find("facts");
    const bool has_facts = facts != nullptr && !facts->is_null();
    if (has_facts == artifact.is_absent) {
        return malformed(
            where + " contradicts itself: it is " + state + " and has " +
            (has_facts ? "facts" : "none")
        );
    }
    if (has_facts) {
        auto read = origin::parse_facts(*facts);
        if (!read.ok()) {
            return malformed(where + ": " + read.error().message);
        }
        artifact.facts = std::move(read).value();
    }
    RAILHUB_TRY(check_summary(json, artifact, where));
    return artifact;
}

// "<<<<<<< ours" where two branches both changed the lock.
std::size_t conflict_line(std::string_view text) {
    std::size_t line = 1;
    for (const std::string_view row : util::split(text, '\n')) {
        if (row.starts_with("<<<<<<< ") || row.starts_with(">>>>>>> ")) {
            return line;
        }
        ++line;
    }
    return 0;
}

// No name may stand for two artifacts, and no artifact stand twice.
util::Result<> check_unique(const Lock& lock) {
    std::set<std::tuple<types::RepoKind, std::string, std::string>> artifacts;
    std::set<std::pair<types::RepoKind, Name>> names;
    for (const Artifact& artifact : lock.artifacts) {
        if (!artifacts.emplace(artifact.kind, artifact.id, artifact.revision).second) {
            return malformed(
                "the lock contradicts itself: '" + artifact.id + "' is there twice" +
                (artifact.revision.empty() ? "" : " at " + artifact.revision)
            );
        }
        for (const Name& name : artifact.asked) {
            if (!names.emplace(artifact.kind, name).second) {
                return malformed(
                    "the lock contradicts itself: '" + to_text(name) +
                    "' stands for two artifacts, one of them '" + artifact.id + "'" +
                    (artifact.revision.empty() ? "" : " at " + artifact.revision)
                );
            }
        }
    }
    return {};
}

} // namespace

std::string write_lock(const Lock& lock) {
    Lock sorted = lock;
    sort(sorted);
    Json artifacts = Json::array();
    for (const Artifact& artifact : sorted.artifacts) {
        artifacts.push_back(artifact_json(artifact));
    }
    return Json::object({{"format", kFormat},
                         {"written_by", "railhub lock"},
                         {"endpoint", lock.endpoint},
                         {"artifacts", std::move(artifacts)}}
    ).dump_pretty();
}

util::Result<Lock> parse_lock(std::string_view text) {
    if (const std::size_t line = conflict_line(text); line > 0) {
        return malformed(
            "a merge left its marks in the lock, the first in line " + std::to_string(line)
        );
    }
    auto json = util::parse_json(text, {.max_bytes = kMaxLockBytes, .max_depth = 16});
    if (!json.ok()) {
        util::Error error = std::move(json).error();
        error.hint = std::string(kHint);
        return error;
    }
    if (json->text("format") != kFormat) {
        return util::fail(
            util::Code::InvalidInput,
            "not a lock of version 1: format is '" + json->text("format") + "'",
            "a newer railhub wrote it, or it is no railhub.lock"
        );
    }
    const Json* artifacts = json->find("artifacts");
    const util::JsonArray* items = artifacts != nullptr ? artifacts->as_array() : nullptr;
    if (items == nullptr) {
        return malformed("the lock has no list 'artifacts'");
    }
    if (items->size() > kMaxArtifacts) {
        return util::fail(
            util::Code::TooLarge,
            "the lock has more than " + std::to_string(kMaxArtifacts) + " artifacts"
        );
    }
    Lock lock;
    lock.endpoint = json->text("endpoint");
    for (const Json& item : *items) {
        RAILHUB_TRY(Artifact artifact, parse_artifact(item, lock.artifacts.size() + 1));
        lock.artifacts.push_back(std::move(artifact));
    }
    RAILHUB_TRY(check_unique(lock));
    sort(lock);
    return lock;
}

} // namespace railhub::lock
