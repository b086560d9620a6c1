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

// Resolved: its card was read. Absent: the source was asked and has no such artifact, or no card.
// Unreachable: nobody could be asked (offline, network). TooDeep: the graph reached its limit.
enum class Resolution : std::uint8_t { Resolved, Absent, Unreachable, TooDeep };

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
};

// Plain value. Node 0 is the subject. Edges may form cycles (cards can lie); walks end all the
// same.
struct Lineage {
    std::vector<Node> nodes;
    std::vector<Edge> edges;
};

// One way from the subject to an ancestor: indices into Lineage::edges, nearest first.
struct Path {
    std::size_t target = 0;
    std::vector<std::size_t> edges;
};

// The shortest path to every ancestor, breadth first, at most one per ancestor and kind of way:
// one all of whose edges carry a derivative (Weights) and, where there is no such path, one that
// passes an edge of another role (Other).
enum class Way : std::uint8_t { Weights, Other };

struct Ancestor {
    std::size_t node = 0;
    Way way = Way::Weights;
    Path path;
};

std::vector<Ancestor> ancestors(const Lineage& lineage);

// Does an edge make the derived artifact a derivative of the other in the sense of R3 and R6? Base,
// adapter base and merge source do; teacher, dataset, code and component do not by themselves.
bool is_derivative_role(Role role);

// Subject first: the artifacts and labels along a path, for Finding::chain.
std::vector<report::ChainLink> chain_of(const Lineage& lineage, const Path& path);

// A picture of the graph for the report, subject first, breadth first.
std::vector<report::Artifact> artifacts_of(const Lineage& lineage);

} // namespace railhub::compliance
