// SPDX-License-Identifier: Apache-2.0
// Facts: what the files of one artifact say of its license and of what it was made from, source by
// source. A plain value that can be kept; the graph is built from facts alone.
#pragma once

#include "core/compliance/lineage.h"
#include "core/origin/reference.h"
#include "core/util/json.h"

#include <optional>
#include <string>
#include <vector>

namespace railhub::origin {

// "This was made from that", said once.
struct UpstreamFact {
    Reference to;
    compliance::Role role = compliance::Role::BaseModel;
    compliance::Activity activity = compliance::Activity::Finetune;
    compliance::Statement said;
    // Surmised: the activity is a guess, another source may know better. Hint: the name may be left
    // over from the machine it was saved on.
    enum class Weight : std::uint8_t { Stated, Surmised, Hint } weight = Weight::Stated;
    std::optional<report::Location> location = {};

    bool operator==(const UpstreamFact&) const = default;
};

// A file that terms rest on, by its content.
struct TermsFile {
    std::string path;
    std::string sha256; // lower-case hex

    bool operator==(const TermsFile&) const = default;
};

struct Facts {
    std::vector<compliance::LicenseClaim> claims; // by strength: the first kind decides
    std::vector<std::string> licenses;            // labels in force, from the strongest claim
    std::string license_name;                     // with `other`
    std::string license_link;
    std::vector<std::string> carries; // compliance::Carried
    std::vector<UpstreamFact> upstreams;
    std::string new_version;           // the artifact that replaces this one, as it is named
    std::vector<std::string> problems; // files that hide something: "adapter_config.json: ..."
    std::vector<std::string> notes;    // files of lesser weight that could not be read
    std::string task;                  // of the card: "text-generation"
    std::string card_problem;          // why the card cannot be read; then nothing else holds
    std::string card_hint;
    std::optional<report::Location> license_at;
    std::optional<report::Location> restrictions_at;
    std::vector<TermsFile> license_files = {}; // the main one first
    std::string card_sha256 = {};              // of README.md; empty when there is none

    // Of the license text that speaks for the artifact; empty when there is none.
    [[nodiscard]] std::string license_sha256() const {
        return license_files.empty() ? std::string() : license_files.front().sha256;
    }

    bool operator==(const Facts&) const = default;
};

// How many entries of one kind are looked at: bounds work and reports.
inline constexpr std::size_t kMaxLabels = 16;
inline constexpr std::size_t kMaxRestrictions = 256;
inline constexpr std::size_t kMaxUpstreams = 2'000;
inline constexpr std::size_t kMaxProblems = 32;

// Adds unless the artifact has too many, or says the same already.
void add_upstream(Facts& facts, UpstreamFact fact);
void add_claim(Facts& facts, compliance::LicenseClaim claim);
void add_problem(Facts& facts, std::string_view problem);
void add_note(Facts& facts, std::string_view note);

// Chooses the labels in force: overrides, else what is declared, else detected, else inherited.
void settle_licenses(Facts& facts);

// The form in which facts are kept. Corrupt when it is none, or of another version.
util::Json to_json(const Facts& facts);
util::Result<Facts> parse_facts(const util::Json& json);

} // namespace railhub::origin
