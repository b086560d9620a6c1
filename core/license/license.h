// SPDX-License-Identifier: Apache-2.0
// Record: what one license permits, asks and forbids, with the section that says so
// (docs/license-record.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::license {

// Silent also stands for a term the record does not have: the text says nothing, which is not a
// yes.
enum class Grant : std::uint8_t { Yes, No, Conditional, Silent };

// How the facts were gathered.
enum class Reading : std::uint8_t {
    FullText,
    WellKnownText,
    PartOfText,
    SecondarySources,
    NotALicense
};

std::string_view grant_word(Grant grant);       // "yes", "no", "cond", "silent"
std::string_view reading_word(Reading reading); // "full-text", ...

struct Permission {
    std::string term; // vocabulary id: "commercial-use"
    Grant value = Grant::Silent;
    std::string section;
    std::string detail;
    std::string note;
};

// An obligation or a limit.
struct Term {
    std::string term; // vocabulary id: "include-license", "non-commercial"
    std::string section;
    std::string detail; // parameter, by term: "verbatim-minimum", "bloom-rail-A"
    std::string note;
    std::vector<std::string> accepts; // same-license: ids that are as good as the same
};

// How use restrictions must travel (licenses 4.4).
enum class FlowDown : std::uint8_t {
    None,
    VerbatimMinimum,
    SamePurpose,
    Contractual,
    BySameLicense
};

// Immutable once loaded.
struct Record {
    std::string id;
    std::string name;
    std::string family;  // vocabulary id: "openrail"
    std::string summary; // one sentence of ours
    std::string spdx;    // SPDX id or empty
    std::string hub_key; // value of `license:` on hubs, or empty
    std::string scancode;
    std::vector<std::string> aliases;
    std::vector<std::string> applies_to; // "model", "code", "data", ...
    std::string rail_scope;              // "M"; empty when not of the RAIL family
    std::vector<std::string> versions;   // dates of the texts behind the key, oldest first
    std::string restriction_set;         // id or empty
    Reading reading = Reading::SecondarySources;
    std::vector<Permission> permissions;
    std::vector<Term> obligations;
    std::vector<Term> limits;
    std::string derivative_definition;
    std::vector<std::string> uncertain;

    [[nodiscard]] const Permission* permission(std::string_view term) const;
    [[nodiscard]] const Term* obligation(std::string_view term) const;
    [[nodiscard]] const Term* limit(std::string_view term) const;

    // Silent when the record has no such permission.
    [[nodiscard]] Grant grant(std::string_view term) const;
    [[nodiscard]] FlowDown flow_down() const;

    // A family key, "other", "unknown" or "no license": a label that grants nothing by itself.
    [[nodiscard]] bool is_license() const { return reading != Reading::NotALicense; }
};

} // namespace railhub::license
