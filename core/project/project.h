// SPDX-License-Identifier: Apache-2.0
// Project: what a team declares in railhub.toml. A plain value; every part keeps the place where it
// was written, so that findings can point at it.
#pragma once

#include "core/compliance/policy.h"
#include "core/report/finding.h"
#include "core/util/json.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::project {

// A day of the Gregorian calendar, UTC.
struct Date {
    int year = 0;
    unsigned month = 0; // 1 to 12
    unsigned day = 0;   // 1 to 31

    auto operator<=>(const Date&) const = default;
};

std::string to_text(const Date& date);                 // "2027-01-31"
std::optional<Date> parse_date(std::string_view text); // that form only, and days that exist
Date date_of(std::int64_t millis);                     // since 1970
Date plus_days(const Date& date, int days);
std::int64_t days_between(const Date& from, const Date& to); // negative when `to` is earlier

// A text and where it stands.
struct Word {
    std::string text;
    report::Location at = {};

    [[nodiscard]] bool empty() const { return text.empty(); }

    bool operator==(const Word&) const = default;
};

// A fact or a policy switch by name, checked against its table.
struct Setting {
    std::string name;
    util::Json value;
    report::Location at = {};
};

// [use]
struct DeclaredUse {
    std::optional<compliance::Use::Delivery> delivery = {};
    std::vector<Setting> facts = {};    // core/compliance/context.h
    std::vector<Word> territories = {}; // where it is used: each is judged
    std::vector<Word> purposes = {};    // rows of core/project/data/purposes.json
    std::vector<Word> audience = {};    // the same table
};

// [scan]
struct ScanRules {
    std::vector<Word> exclude = {}; // globs of paths
    std::vector<Word> skip = {};    // "tests", "examples", "docs"
    std::vector<Word> ignore = {};  // ids that are no artifacts, or are not ours to judge
};

// [[artifacts]]: what discovery cannot see, or sees in the wrong role.
struct DeclaredArtifact {
    Word id;
    std::string kind = "model"; // "model", "dataset"
    std::string revision;
    Word role; // as `railhub scan` names roles; empty: as found, else runtime
};

// [[attestations]]: what the project's own terms and files carry, and what somebody signs for.
struct Attestation {
    report::Location at;
    std::vector<Word> passes_on; // restriction sets that `file` repeats as terms
    std::vector<Word> includes;  // licenses whose text `file` is
    std::vector<Word> carries;   // anything else: "notice-file:llama2", "display:Built with Llama"
    std::vector<Word> keeps;     // restrictions (taxonomy ids) that are kept, by statement
    Word file;
    Word passage; // has to stand in `file`
    std::string signed_by;
    std::optional<Date> date = {};
};

// [[policy.exceptions]]
struct Exception {
    Word artifact;
    std::vector<Word> allow;
    std::string reason;
};

// [[policy.clarifications]]: the license of an artifact as a person read it, for one text.
struct Clarification {
    Word artifact;
    std::string kind = "model";
    Word license;
    std::string sha256; // of the license text it was read from
    Word file;          // that text, kept in the project; empty: the artifact's own
    std::string reason;
};

struct SeverityRow {
    Word rule;
    std::optional<report::Severity> severity = {}; // nullopt: off
};

// [policy]
struct PolicyRules {
    std::vector<Setting> switches = {};
    std::vector<Word> allow =
        {}; // licenses and "family:NAME"; with `allow_terms` empty: everything
    std::vector<Word> allow_terms = {}; // licenses with no other duties and limits are allowed
    std::vector<Word> deny = {};        // licenses, "family:NAME", "term:NAME"
    std::vector<SeverityRow> severities = {};
    std::vector<Exception> exceptions = {};
    std::vector<Clarification> clarifications = {};
};

// [[waivers]]
struct Waiver {
    report::Location at;
    std::string rule;           // id of the finding, or empty
    std::string fingerprint;    // of the finding, or empty
    Word artifact;              // the one whose terms are at stake; "." for the project itself
    std::string revision;       // commit it holds for; "unknown" where it has none
    std::string license_sha256; // of its license text; "none" where it has none
    std::string owner;
    std::string reason;
    Date expires; // the last day
};

struct Project {
    bool is_stated = false; // a railhub.toml was read
    std::string file;       // its path, for findings about it
    Word name;              // how findings call the project
    Word license;           // label or SPDX expression
    Word extends;           // as written
    DeclaredUse use;
    ScanRules scan;
    PolicyRules policy;
    std::vector<DeclaredArtifact> artifacts;
    std::vector<Attestation> attestations;
    std::vector<Waiver> waivers;
    std::vector<std::string> extended; // files this one rests on, nearest first
};

} // namespace railhub::project
