// SPDX-License-Identifier: Apache-2.0
// Report: what a check found, in one fixed order, with the verdict that follows from it.
#pragma once

#include "core/report/finding.h"

#include <string>
#include <string_view>
#include <vector>

namespace railhub::report {

// Worst wins; the order of the enumerators is the order of badness.
enum class Verdict : std::uint8_t { Ok, OkWithObligations, NeedsHuman, Conflict };

std::string_view verdict_word(Verdict verdict
); // "ok", "ok-with-obligations", "needs-human", "conflict"
std::optional<Verdict> parse_verdict(std::string_view word);

// Something that is owed, and to whose terms.
struct Obligation {
    std::string id;       // vocabulary id: "include-license"
    std::string license;  // license record that asks for it
    std::string section;  // where it asks
    std::string artifact; // the ancestor it comes from
    std::string note;     // condition in our own words, or empty

    auto operator<=>(const Obligation&) const = default;
};

// An artifact of the lineage, as the report shows it.
struct Artifact {
    std::string id;
    std::string kind;                   // "model", "dataset"
    std::string revision;               // empty when unknown
    std::string license;                // declared; empty when none
    std::string relation;               // to the artifact that names it; empty for the subject
    std::vector<Location> used_at = {}; // places of a code base that name it

    bool operator==(const Artifact&) const = default;
};

// A finding that somebody accepted for a while; it does not count for the verdict.
struct Waived {
    Finding finding;
    std::string owner;
    std::string reason;
    std::string until; // last day, "2027-01-31"

    bool operator==(const Waived&) const = default;
};

// What a rule is about, for formats that bring the help along.
struct RuleText {
    std::string id;    // as in Finding::rule
    std::string name;  // "flow-down-verbatim"; the id where a rule has no other name
    std::string title; // one sentence: what is checked
    std::string help;  // how it decides and what to do, in plain paragraphs

    bool operator==(const RuleText&) const = default;
};

// A line of a file that a finding points at.
struct SourceLine {
    std::string path;
    std::uint32_t line = 0;
    std::string text; // as it stands there, without the line end; foreign bytes

    bool operator==(const SourceLine&) const = default;
};

// Plain value; same content, same bytes in every format.
struct Report {
    std::string subject;                // what was checked: "org/name at 1a2b3c"
    std::string knowledge;              // version of the license data, "license-data 1a2b3c4d5e6f"
    std::vector<Artifact> lineage = {}; // the subject first, then breadth first
    std::vector<Finding> findings = {};
    std::vector<Obligation> obligations = {};
    std::vector<Waived> waived = {};
    std::size_t known = 0;     // findings left out because a baseline has them
    std::size_t unchanged = 0; // and because the file they stand in did not change
    // For showing only; absent ones make a report poorer, not different.
    std::vector<RuleText> rules = {};
    std::vector<SourceLine> sources = {};

    // Findings worst first, then by rule, subject, place and message; obligations by id, artifact,
    // license; doubles removed. Call it once after filling.
    void finish();

    // Conflict if any Error, NeedsHuman if any Warning, OkWithObligations if something is owed.
    [[nodiscard]] Verdict verdict() const;
    [[nodiscard]] std::size_t count(Severity severity) const;

    bool operator==(const Report&) const = default;
};

} // namespace railhub::report
