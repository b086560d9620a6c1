// SPDX-License-Identifier: Apache-2.0
// Bom: a bill of materials as a plain value, before it has a format: what an artifact or a project
// is made of, under which licenses, with which limits of use, and which bytes.
#pragma once

#include "core/compliance/lineage.h"
#include "core/util/digest.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::bom {

enum class Kind : std::uint8_t { Project, Model, Dataset, Code, Service };

std::string_view kind_word(Kind kind); // "project", "model", ...

// A file of a component. A hash that nobody worked out is absent.
struct File {
    std::string path;
    std::uint64_t size = 0;
    std::optional<util::Sha256> sha256 = {};
    std::string git_oid = {}; // 40 hex: the blob's SHA-1 as git names it, or empty

    bool operator==(const File&) const = default;
};

// One use that terms forbid, with the clause that says so.
struct Restriction {
    std::string id;      // of the taxonomy: "medical.advice"
    std::string variant; // how wide; may be empty
    std::string meaning; // in our own words
    std::string license; // the record that forbids it; empty: the artifact's own terms repeat it
    std::string section;

    auto operator<=>(const Restriction&) const = default;
};

// Another license than the declared one that a file of the artifact names.
struct FoundLicense {
    std::string expression;
    std::string where; // "LICENSE"

    bool operator==(const FoundLicense&) const = default;
};

// A license that the SPDX list does not have.
struct CustomLicense {
    std::string ref;  // "LicenseRef-scancode-llama-2-license-2023"
    std::string name; // for people
    std::string link; // where its text is, or empty

    bool operator==(const CustomLicense&) const = default;
};

struct Metric {
    std::string name;
    std::string value;
    std::string dataset;
    std::string task;

    bool operator==(const Metric&) const = default;
};

struct NamedValue {
    std::string name;
    std::string value;

    bool operator==(const NamedValue&) const = default;
};

// What the card and config.json say of the artifact, beside license and origin.
struct CardFacts {
    std::string task;         // "text-generation"
    std::string library;      // "transformers"
    std::string architecture; // "LlamaForCausalLM"
    std::string model_type;   // "llama"
    std::vector<std::string> languages;
    std::vector<std::string> categories; // of a dataset: its tasks
    std::vector<std::string> sizes;      // of a dataset: "10K<n<100K"
    std::vector<Metric> metrics;
    std::vector<NamedValue> parameters; // "hidden_size": "4096"

    bool operator==(const CardFacts&) const = default;
};

struct Component {
    Kind kind = Kind::Model;
    std::string ref;      // names it within this bill: "model:owner/name@1a2b3c"
    std::string id;       // "owner/name", or how the subject is called
    std::string revision; // commit; empty: unknown
    std::string url;      // where a reader finds it, or empty
    compliance::Resolution resolution = compliance::Resolution::Resolved;
    std::string declared;  // SPDX expression; empty: none is stated
    std::string concluded; // declared, and what the work it was made from adds; empty: undecided
    std::string undecided; // why nothing could be concluded
    std::vector<FoundLicense> found;
    std::vector<Restriction> restrictions; // its own and those of the work it was made from
    std::vector<NamedValue> notes;         // "used-in": "app.py:12"
    CardFacts card;
    std::vector<File> files;
    std::size_t files_left_out = 0; // beyond the limit
};

// `from` was made from, or uses, `to`.
struct Relation {
    std::size_t from = 0;
    std::size_t to = 0;
    compliance::Role role = compliance::Role::BaseModel;
    compliance::Activity activity = compliance::Activity::Finetune;
    bool passes_work = false;      // a derivative of it, or it is part of it
    std::vector<std::string> said; // who says so: "README.md: base_model"
};

// Component 0 is the subject. Relations may form cycles, as cards can lie.
struct Bom {
    std::vector<Component> components;
    std::vector<Relation> relations;
    std::vector<CustomLicense> licenses; // by ref
    std::string knowledge;               // version of the license data
    std::string tool_version;
    std::string endpoint;                     // the hub that artifacts are on, without credentials
    std::optional<std::int64_t> created = {}; // seconds since 1970; absent: not stated
};

// "2026-11-22T21:35:00Z"
std::string timestamp_text(std::int64_t seconds);
// "2026-11-22", "2026-11-22T21:35:00Z" or seconds since 1970 (SOURCE_DATE_EPOCH), of the years 1970
// to 9999.
std::optional<std::int64_t> parse_timestamp(std::string_view text);
// UUID version 5 over the content: same content, same id.
std::string uuid_of(std::string_view content);
// "model:owner/name@1a2b3c" -> "pkg:huggingface/owner/name@1a2b3c"; empty for what is no model of a
// hub. Other hubs than huggingface.co are named by `repository_url`.
std::string package_url(const Component& component, const std::string& endpoint);

} // namespace railhub::bom
