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
    Copy
};

std::string_view kind_word(ArtifactKind kind);
std::string_view role_word(Role role);             // "base-model"
std::string_view activity_word(Activity activity); // "finetune"

// Resolved: the artifact was found; without card or label it states no license. Absent: the source
// was asked and has no such artifact. Unreachable: nobody could be asked (offline, network).
// Unreadable: its card cannot be parsed. TooDeep: the graph reached its limit here.
enum class Resolution : std::uint8_t { Resolved, Absent, Unreachable, Unreadable, TooDeep };

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
    std::vector<Carried> carries;
    std::optional<report::Location> location; // of the declaration
};

struct Edge {
    std::size_t from = 0; // the derived artifact
    std::size_t to = 0;   // what it was made from
    Role role = Role::BaseModel;
    Activity activity = Activity::Finetune;
    std::optional<report::Location> location = {}; // where the subject's card names `to`
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

// Work: every edge of the path passes the work on. Other: some edge does not.
enum class Way : std::uint8_t { Work, Other };

// An artifact upstream and the shortest path to it; a Work path wins over a shorter Other one.
struct Ancestor {
    std::size_t node = 0;
    Way way = Way::Work;
    std::vector<std::size_t> path; // indices into Lineage::edges, nearest to the subject first
};

// Every node that can be reached, once, breadth first. The subject is not among them, cycle or not.
std::vector<Ancestor> ancestors(const Lineage& lineage);

// Subject first: the artifacts and labels along a path, for Finding::chain.
std::vector<report::ChainLink> chain_of(const Lineage& lineage, const Ancestor& ancestor);

// A picture of the graph for the report, subject first, breadth first.
std::vector<report::Artifact> artifacts_of(const Lineage& lineage);

} // namespace railhub::compliance
