// SPDX-License-Identifier: Apache-2.0
// From a checked tree to the value. What did not fit its row was said by check_keys and reads as
// absent here; what remains are questions that one row cannot answer.
#include "core/project/read.h"

#include "core/compliance/context.h"
#include "core/license/expression.h"
#include "core/project/codes.h"
#include "core/project/keys.h"
#include "core/project/purposes.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace railhub::project {

namespace {

using Delivery = compliance::Use::Delivery;

const Value& no_value() {
    static const Value kNone;
    return kNone;
}

const Value& at_key(const Value& table, std::string_view key) {
    const Value* found = table.find(key);
    return found != nullptr ? *found : no_value();
}

Word word_at(const Value& table, std::string_view key) {
    const Value& value = at_key(table, key);
    return value.kind == Value::Kind::Text ? Word{std::string(util::trim(value.text)), value.at}
                                           : Word{};
}

// A list of texts, or one text.
std::vector<Word> words_at(const Value& table, std::string_view key) {
    const Value& value = at_key(table, key);
    std::vector<Word> words;
    if (value.kind == Value::Kind::Text) {
        words.push_back({std::string(util::trim(value.text)), value.at});
    }
    for (const Value& item : value.items) {
        if (item.kind == Value::Kind::Text) {
            words.push_back({std::string(util::trim(item.text)), item.at});
        }
    }
    return words;
}

std::optional<Date> date_at(const Value& table, std::string_view key) {
    const Value& value = at_key(table, key);
    return value.kind == Value::Kind::Date ? std::optional(value.date) : parse_date(value.text);
}

util::Json json_of(const Value& value) {
    switch (value.kind) {
    case Value::Kind::Text:
        return value.text;
    case Value::Kind::Flag:
        return value.flag;
    case Value::Kind::Number:
        return value.number < 0 ? util::Json(value.number)
                                : util::Json(static_cast<std::uint64_t>(value.number));
    case Value::Kind::Date:
    case Value::Kind::Array:
    case Value::Kind::Table:
    case Value::Kind::Other:
        break;
    }
    return {};
}

bool is_hex64(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char ch) {
               return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'f');
           });
}

bool is_territory(std::string_view text) {
    return text.size() == 2 &&
           std::all_of(text.begin(), text.end(), [](char ch) { return ch >= 'A' && ch <= 'Z'; });
}

class ProjectReader {
  public:
    ProjectReader(const Document& document, std::vector<Mistake>& mistakes)
        : root_(document.root), mistakes_(mistakes) {}

    Project run() {
        project_.is_stated = true;
        project_.extends = word_at(root_, "extends");
        const Value& own = at_key(root_, "project");
        project_.name = word_at(own, "name");
        project_.license = word_at(own, "license");
        check_expression(project_.license);
        read_use(at_key(root_, "use"));
        read_scan(at_key(root_, "scan"));
        read_artifacts();
        read_attestations();
        read_policy(at_key(root_, "policy"));
        read_waivers();
        return std::move(project_);
    }

  private:
    void bad(std::string message, std::string hint, const report::Location& at) {
        mistakes_.push_back({"project.bad-value", std::move(message), std::move(hint), at});
    }

    void missing(std::string message, std::string hint, const report::Location& at) {
        mistakes_.push_back({"project.missing-key", std::move(message), std::move(hint), at});
    }

    void check_expression(const Word& license) {
        if (license.empty()) {
            return;
        }
        const auto parsed =
            license::parse_expression(license.text, [](std::string_view) { return true; });
        if (!parsed.ok()) {
            bad("license '" + license.text.substr(0, 64) +
                    "' is no license expression: " + parsed.error().message,
                "write an id, or ids joined by AND, OR and WITH",
                license.at);
        }
    }

    static bool is_own_key(std::string_view section, std::string_view name) {
        const std::span<const Key> all = keys();
        return std::any_of(all.begin(), all.end(), [&](const Key& key) {
            return key.section == section && key.name == name;
        });
    }

    // Facts and switches: members that are no rows of the table of keys.
    std::vector<Setting> settings_of(const Value& table, std::string_view section) const {
        const std::vector<std::string> names = extra_names(section);
        std::vector<Setting> settings;
        for (const Member& member : table.members) {
            const bool is_extra = std::find(names.begin(), names.end(), member.key) != names.end();
            if (is_extra && !is_own_key(section, member.key)) {
                settings.push_back({member.key, json_of(member.value), member.value.at});
            }
        }
        return settings;
    }

    void read_use(const Value& table) {
        const std::string delivery = word_at(table, "delivery").text;
        if (delivery == "internal" || delivery == "hosted" || delivery == "shipped") {
            project_.use.delivery = delivery == "internal" ? Delivery::Internal
                                    : delivery == "hosted" ? Delivery::Serve
                                                           : Delivery::Distribute;
        }
        for (Setting& fact : settings_of(table, "use")) {
            compliance::Use scratch;
            const auto set = compliance::set_fact(scratch, fact.name, fact.value);
            if (set.ok()) {
                project_.use.facts.push_back(std::move(fact));
            } else {
                bad("'" + fact.name + "' has an unfit value", set.error().hint, fact.at);
            }
        }
        project_.use.territories = words_at(table, "territory");
        for (const Word& territory : project_.use.territories) {
            if (!is_territory(territory.text)) {
                bad("territory '" + territory.text.substr(0, 64) + "' is no territory",
                    "write an ISO 3166 code such as DE, or EU",
                    territory.at);
            }
        }
        project_.use.purposes = known_words(table, "purposes", Purpose::Kind::Purpose);
        project_.use.audience = known_words(table, "audience", Purpose::Kind::Audience);
    }

    std::vector<Word> known_words(const Value& table, std::string_view key, Purpose::Kind kind) {
        std::vector<Word> words = words_at(table, key);
        const Purposes& purposes = Purposes::built_in();
        for (const Word& word : words) {
            if (purposes.find(kind, word.text) == nullptr) {
                const std::string near = util::nearest(word.text, purposes.ids(kind));
                bad("'" + word.text.substr(0, 64) + "' is not in the table of " + std::string(key),
                    near.empty() ? "docs/project-file.md lists them"
                                 : "did you mean '" + near + "'?",
                    word.at);
            }
        }
        return words;
    }

    void read_scan(const Value& table) {
        project_.scan.exclude = words_at(table, "exclude");
        project_.scan.skip = words_at(table, "skip");
        project_.scan.ignore = words_at(table, "ignore");
    }

    void read_artifacts() {
        for (const Value& item : at_key(root_, "artifacts").items) {
            DeclaredArtifact artifact;
            artifact.id = word_at(item, "id");
            artifact.kind = kind_at(item);
            artifact.revision = word_at(item, "revision").text;
            artifact.role = word_at(item, "role");
            project_.artifacts.push_back(std::move(artifact));
        }
    }

    static std::string kind_at(const Value& table) {
        const std::string kind = word_at(table, "kind").text;
        return kind.empty() ? "model" : kind;
    }

    void read_attestations() {
        for (const Value& item : at_key(root_, "attestations").items) {
            Attestation attestation;
            attestation.at = item.at;
            attestation.passes_on = words_at(item, "passes-on");
            attestation.includes = words_at(item, "includes");
            attestation.carries = words_at(item, "carries");
            attestation.keeps = words_at(item, "keeps");
            attestation.file = word_at(item, "file");
            attestation.passage = word_at(item, "passage");
            attestation.signed_by = word_at(item, "signed-by").text;
            attestation.date = date_at(item, "date");
            check_attestation(attestation);
            project_.attestations.push_back(std::move(attestation));
        }
    }

    void check_attestation(const Attestation& attestation) {
        const bool says_something = !attestation.passes_on.empty() ||
                                    !attestation.includes.empty() || !attestation.carries.empty() ||
                                    !attestation.keeps.empty();
        if (!says_something) {
            missing(
                "[[attestations]] says nothing",
                "give one of 'passes-on', 'includes', 'carries' or 'keeps'",
                attestation.at
            );
        }
        const bool needs_file = !attestation.passes_on.empty() || !attestation.includes.empty() ||
                                !attestation.passage.empty();
        if (needs_file && attestation.file.empty()) {
            missing(
                "[[attestations]] has no 'file'",
                "name the file of the project that says so",
                attestation.at
            );
        }
        if (!attestation.keeps.empty() && (attestation.signed_by.empty() || !attestation.date)) {
            missing(
                "[[attestations]] with 'keeps' has no 'signed-by' and 'date'",
                "say who vouches for it, and when",
                attestation.at
            );
        }
        const std::string& file = attestation.file.text;
        if (file.starts_with('/') || file == ".." || file.starts_with("../") ||
            file.find("/../") != std::string::npos) {
            bad("file '" + file.substr(0, 64) + "' is outside the project",
                "name a file below the folder of railhub.toml",
                attestation.file.at);
        }
    }

    void read_policy(const Value& table) {
        PolicyRules& policy = project_.policy;
        for (Setting& row : settings_of(table, "policy")) {
            compliance::Policy scratch;
            const std::string* text = row.value.as_string();
            const auto set = compliance::set_switch(
                scratch, row.name, text != nullptr ? *text : row.value.dump()
            );
            if (set.ok()) {
                policy.switches.push_back(std::move(row));
            } else {
                bad(set.error().message, set.error().hint, row.at);
            }
        }
        policy.allow = words_at(table, "allow");
        policy.allow_terms = words_at(table, "allow-terms");
        policy.deny = words_at(table, "deny");
        read_severities(at_key(table, "severity"));
        for (const Value& item : at_key(table, "exceptions").items) {
            policy.exceptions.push_back(
                {word_at(item, "artifact"), words_at(item, "allow"), word_at(item, "reason").text}
            );
        }
        for (const Value& item : at_key(table, "clarifications").items) {
            Clarification clarification;
            clarification.artifact = word_at(item, "artifact");
            clarification.kind = kind_at(item);
            clarification.license = word_at(item, "license");
            clarification.file = word_at(item, "file");
            clarification.reason = word_at(item, "reason").text;
            const Word hash = word_at(item, "sha256");
            clarification.sha256 = hash.text;
            check_hash("sha256", hash, "");
            check_expression(clarification.license);
            policy.clarifications.push_back(std::move(clarification));
        }
    }

    void check_hash(std::string_view key, const Word& hash, std::string_view or_else) {
        if (hash.empty() || is_hex64(hash.text) || (!or_else.empty() && hash.text == or_else)) {
            return;
        }
        bad("'" + std::string(key) + "' is no SHA-256",
            "it is 64 lower-case hex digits, as 'sha256sum LICENSE' prints them",
            hash.at);
    }

    void read_severities(const Value& table) {
        constexpr std::array<std::pair<std::string_view, report::Severity>, 3> kWords = {{
            {"note", report::Severity::Note},
            {"warning", report::Severity::Warning},
            {"error", report::Severity::Error},
        }};
        for (const Member& member : table.members) {
            check_code(member.key, member.at);
            SeverityRow row{{member.key, member.value.at}, {}};
            const auto word = std::find_if(kWords.begin(), kWords.end(), [&](const auto& one) {
                return one.first == member.value.text;
            });
            if (word != kWords.end()) {
                row.severity = word->second;
            } else if (member.value.text != "off") {
                bad("severity of '" + member.key.substr(0, 64) + "' is none",
                    "it is one of: off, note, warning, error",
                    member.value.at);
                continue;
            }
            project_.policy.severities.push_back(std::move(row));
        }
    }

    void check_code(const std::string& name, const report::Location& at) {
        if (is_code(name)) {
            return;
        }
        const std::string near = util::nearest(name, code_ids());
        bad("'" + name.substr(0, 64) + "' is no code of a finding",
            near.empty() ? "docs/rules.md lists them" : "did you mean '" + near + "'?",
            at);
    }

    void read_waivers() {
        std::set<std::tuple<std::string, std::string, std::string>> seen;
        for (const Value& item : at_key(root_, "waivers").items) {
            Waiver waiver;
            waiver.at = item.at;
            const Word rule = word_at(item, "finding");
            const Word print = word_at(item, "fingerprint");
            waiver.rule = rule.text;
            waiver.fingerprint = print.text;
            waiver.artifact = word_at(item, "artifact");
            waiver.revision = word_at(item, "revision").text;
            const Word hash = word_at(item, "license-sha256");
            waiver.license_sha256 = hash.text;
            waiver.owner = word_at(item, "owner").text;
            waiver.reason = word_at(item, "reason").text;
            waiver.expires = date_at(item, "expires").value_or(Date{});
            if (!rule.empty()) {
                check_code(rule.text, rule.at);
            }
            check_hash("fingerprint", print, "");
            check_hash("license-sha256", hash, "none");
            check_waiver(waiver);
            const bool is_new =
                seen.insert({waiver.rule, waiver.fingerprint, waiver.artifact.text}).second;
            if (!is_new) {
                bad("the same finding is waived twice", "keep one of the two", waiver.at);
            }
            project_.waivers.push_back(std::move(waiver));
        }
    }

    void check_waiver(const Waiver& waiver) {
        if (waiver.rule.empty() && waiver.fingerprint.empty()) {
            missing(
                "[[waivers]] has neither 'finding' nor 'fingerprint'",
                "paste the stub that the report gives for the finding",
                waiver.at
            );
        }
        const bool is_about_project = waiver.artifact.text == ".";
        if (!waiver.artifact.empty() && !is_about_project &&
            (waiver.revision.empty() || waiver.license_sha256.empty())) {
            missing(
                "[[waivers]] of '" + waiver.artifact.text.substr(0, 64) +
                    "' is tied to no 'revision' and 'license-sha256'",
                "paste the stub that the report gives for the finding: a waiver holds for the text "
                "that was read, and for no other",
                waiver.at
            );
        }
    }

    const Value& root_;
    std::vector<Mistake>& mistakes_;
    Project project_;
};

bool mistake_before(const Mistake& a, const Mistake& b) {
    return std::tie(a.at.path, a.at.line, a.at.column) <
           std::tie(b.at.path, b.at.line, b.at.column);
}

} // namespace

Reading read_project(std::string_view text, const std::string& name) {
    Document document = parse_document(text, name);
    Reading reading;
    reading.mistakes = std::move(document.mistakes);
    if (reading.mistakes.empty()) {
        reading.mistakes = check_keys(document);
        reading.project = ProjectReader(document, reading.mistakes).run();
    }
    reading.project.file = name;
    std::stable_sort(reading.mistakes.begin(), reading.mistakes.end(), mistake_before);
    return reading;
}

std::string to_line(const Mistake& mistake) {
    std::string line = mistake.at.path;
    if (mistake.at.line > 0) {
        line += ":" + std::to_string(mistake.at.line) + ":" + std::to_string(mistake.at.column);
    }
    line += ": " + mistake.code + ": " + mistake.message;
    return mistake.hint.empty() ? line : line + "; " + mistake.hint;
}

util::Error to_error(const std::string& name, const std::vector<Mistake>& mistakes) {
    constexpr std::size_t kMostLines = 50;
    std::string message = "'" + name + "' has " + std::to_string(mistakes.size()) +
                          (mistakes.size() == 1 ? " mistake" : " mistakes");
    for (std::size_t i = 0; i < std::min(mistakes.size(), kMostLines); ++i) {
        message += "\n  " + to_line(mistakes[i]);
    }
    return util::fail(
        util::Code::InvalidInput,
        std::move(message),
        "docs/project-file.md lists the keys; 'railhub explain " + mistakes.front().code +
            "' says more"
    );
}

} // namespace railhub::project
