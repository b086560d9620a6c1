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
    // What else makes the term due, and what has to hold besides: `conditions` of the vocabulary.
    std::vector<std::string> also_when; // "outputs"
    std::vector<std::string> only_when; // "commercial", "above-threshold"
    std::vector<std::string> exempts;   // roles that a limit spares: "end-user-of-product"

    [[nodiscard]] bool is_also_when(std::string_view condition) const;
    [[nodiscard]] bool is_only_when(std::string_view condition) const;
    [[nodiscard]] bool spares(std::string_view role) const;
};

// How plainly a text counts something as a derivative (licenses 4.1). Named: plainly. Covered: by
// general words. Copyright: only if copyright law does. No: expressly not. Apart: a category of its
// own. Unstated: the record has no answer, which is taken as Copyright.
enum class Reach : std::uint8_t { Unstated, Named, Covered, Copyright, No, Apart };

struct Derivatives {
    Reach fine_tune = Reach::Unstated;
    Reach adapter = Reach::Unstated;
    Reach activations = Reach::Unstated; // imitation from inner states
    Reach outputs = Reach::Unstated;     // models trained on outputs
    Reach conversion = Reach::Unstated;
    Reach merge = Reach::Unstated;
    bool asks_similar_performance = false; // imitation counts only if it performs similarly
    std::string trained_model;             // of data: "free", "notice", "open"; empty: unstated
    std::string section;
};

// What offering the work over a network does (licenses 4.3).
enum class Hosting : std::uint8_t { Unstated, Distribution, Product, Source, Barred };

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
    std::string modality;                // "text", "multimodal" when all its models are; or empty
    std::string restriction_set;         // id or empty
    Reading reading = Reading::SecondarySources;
    std::vector<Permission> permissions;
    std::vector<Term> obligations;
    std::vector<Term> limits;
    Derivatives derivatives;
    Hosting hosting = Hosting::Unstated;
    std::string hosting_section;
    std::string derivative_definition;
    std::vector<std::string> uncertain;

    [[nodiscard]] const Permission* permission(std::string_view term) const;
    [[nodiscard]] const Term* obligation(std::string_view term) const;
    [[nodiscard]] const Term* limit(std::string_view term) const;

    // Silent when the record has no such permission.
    [[nodiscard]] Grant grant(std::string_view term) const;
    [[nodiscard]] FlowDown flow_down() const;

    // Withholds commercial use of the work; the limit that says so, or null.
    [[nodiscard]] const Term* withholds_commerce() const;

    // A family key, "other", "unknown" or "no license": a label that grants nothing by itself.
    [[nodiscard]] bool is_license() const { return reading != Reading::NotALicense; }
};

} // namespace railhub::license
