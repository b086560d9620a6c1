// SPDX-License-Identifier: Apache-2.0
// Lineage: what an artifact was made from, as a graph. Every ancestor counts: a label in the middle
// of a chain that dropped terms does not remove them (design 5, licenses 6.2).
#pragma once

#include "core/report/report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::compliance {

enum class ArtifactKind : std::uint8_t { Model, Dataset, Code, Service };

enum class Role : std::uint8_t {
    BaseModel,
    AdapterBase,
    MergeSource,
    Teacher,
    Dataset,
    Code,
    Component
};

enum class Activity : std::uint8_t {
    Finetune,
    Adapter,
    Quantize,
    Merge,
    Distil,
    Train,
    Embed,
    Serve,
    Convert,
    Copy,
    Generate // outputs of a model, collected
};

std::string_view kind_word(ArtifactKind kind);
std::string_view role_word(Role role);             // "base-model"
std::string_view activity_word(Activity activity); // "finetune"
std::optional<Role> parse_role(std::string_view word);
std::optional<Activity> parse_activity(std::string_view word);

// Who says something of an artifact, strongest first. Override: the person who asks. Declared: its
// card. Detected: the text of a license in it. Inherited: metadata that tools wrote along.
enum class Basis : std::uint8_t { Override, Declared, Detected, Inherited };

std::string_view basis_word(Basis basis); // "declared"
std::optional<Basis> parse_basis(std::string_view word);

struct Statement {
    Basis basis = Basis::Declared;
    std::string where; // "README.md: base_model", "adapter_config.json"

    auto operator<=>(const Statement&) const = default;
};

// One source's word on the license of an artifact. All are kept, also those that disagree.
struct LicenseClaim {
    Basis basis = Basis::Declared;
    std::string license;  // label or SPDX expression as it stands
    std::string where;    // "README.md", "LICENSE", "model.gguf: general.license"
    std::string note;     // "changed: 40 words added"; may be empty
    bool is_whole = true; // false: a part of a text, which contradicts nothing

    bool operator==(const LicenseClaim&) const = default;
};

// Resolved: the artifact was found; without card or label it states no license. Absent: the source
// was asked and has no such artifact. Unreachable: nobody could be asked (offline, network).
// Unreadable: its card cannot be parsed. TooDeep: the graph reached its limit here.
enum class Resolution : std::uint8_t { Resolved, Absent, Unreachable, Unreadable, TooDeep };

std::string_view resolution_word(Resolution resolution); // "resolved", ..., "too-deep"

// What travels with an artifact besides its label (licenses 7.1): "license-text:<id>",
// "use-restrictions:<set>", "use-restriction:<taxonomy id>", "notice-of-restrictions", ...
using Carried = std::string;

struct Node {
    std::string id; // "org/name", or how the subject is called
    ArtifactKind kind = ArtifactKind::Model;
    std::string revision; // commit, or empty
    Resolution resolution = Resolution::Resolved;
    std::vector<std::string> licenses; // labels as declared; empty: none stated
    std::string license_name;          // with `other`
    std::string license_link;
    std::string prose_license; // another license the prose names, or empty
    std::string prose_where;   // what names it: "LICENSE"; empty: the prose
    std::string expression;    // the SPDX expression that `licenses` was chosen from, or empty
    enum class Modality : std::uint8_t {
        Unstated,
        Text,
        Multimodal,
        Other
    } modality = Modality::Unstated;
    std::vector<Carried> carries;
    std::optional<report::Location> location; // of the declaration
    std::vector<LicenseClaim> claims;         // every source's word, strongest first
    std::vector<std::string> names;           // other names it was asked for by: it was renamed
    std::string new_version;                  // the artifact that its card says replaces it
    std::vector<std::string> problems;        // files of it that could not be read
    std::vector<std::string> notes;           // what was left out of the graph, and why
};

// "text", "multimodal", a kind of input ("vision"), or a task of hubs ("image-text-to-text"). Unset
// for words that do not say what a model takes and gives.
std::optional<Node::Modality> parse_modality(std::string_view word);

struct Edge {
    std::size_t from = 0; // the derived artifact
    std::size_t to = 0;   // what it was made from
    Role role = Role::BaseModel;
    Activity activity = Activity::Finetune;
    std::optional<report::Location> location = {}; // where the subject's card names `to`
    std::vector<Statement> said = {};              // who says so, strongest first
};

// Plain value. Node 0 is the subject. Edges may form cycles (cards can lie); walks end all the
// same.
struct Lineage {
    std::vector<Node> nodes;
    std::vector<Edge> edges;
};

// Does this edge pass the work, or something made of it, on? Base, adapter base, merge source,
// embedded components and code do; a dataset does where it goes into a dataset. A teacher does not,
// nor does the data a model was trained on (licenses 6.2: rules R9 to R11 and R14).
bool passes_work(const Lineage& lineage, const Edge& edge);

// How an artifact upstream reached the subject. Work: every edge of the path passes the work on.
// Taught: its outputs taught a model (or are the data). Trained: it is data a model was trained on.
// Remote: what a teacher was trained on; only its being resolved matters.
enum class Way : std::uint8_t { Work, Taught, Trained, Remote };

// What became of the work on the way, the most thorough step of the path. Adapter: only changes
// travel, without the weights they change.
enum class Treatment : std::uint8_t { Copy, Convert, Adapter, Modify };

// One: it is the work itself. Linked: code in one program with it. Beside: a part of its own.
enum class Part : std::uint8_t { One, Linked, Beside };

struct Trace {
    Way way = Way::Work;
    Treatment treatment = Treatment::Copy;
    Part part = Part::One;
    // Of the first step, that of the subject itself: it merges sources, it embeds parts.
    bool is_merged = false;
    bool in_product = false;

    auto operator<=>(const Trace&) const = default;
};

// An artifact upstream and one way it reached the subject. An artifact that came in several ways
// stands once for each, with the shortest path of that kind.
struct Ancestor {
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    std::size_t node = 0;
    Trace trace;
    std::size_t edge = 0;       // last edge of the path, index into Lineage::edges
    std::size_t before = kNone; // ancestor before it on the path, or none
    std::size_t first_edge = 0; // first edge of the path, that of the subject
    std::size_t length = 1;     // edges of the path
};

// How what one edge of the subject's leads to reached it.
Trace first_trace(const Lineage& lineage, const Edge& edge);

// Breadth first; equal lengths by artifact and trace, so that the order of edges does not show.
// Linear in nodes and edges, cycles or not. The subject is not among them.
std::vector<Ancestor> ancestors(const Lineage& lineage);

// Edges from the subject to the ancestor, nearest to the subject first.
std::vector<std::size_t> path_of(const std::vector<Ancestor>& all, const Ancestor& ancestor);

// Subject first: the artifacts and labels along a path, for Finding::chain. Of a path longer than
// 64 the middle is one link that says how many are left out.
std::vector<report::ChainLink>
chain_of(const Lineage& lineage, const std::vector<Ancestor>& all, const Ancestor& ancestor);

// What a card declares: labels, or the expression they were chosen from.
std::string declared_text(const Node& node);

// A picture of the graph for the report, subject first, breadth first.
std::vector<report::Artifact> artifacts_of(const Lineage& lineage);

} // namespace railhub::compliance
