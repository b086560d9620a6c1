// SPDX-License-Identifier: Apache-2.0
// Breadth-first walks over the graph that end on cycles.
#include "core/compliance/lineage.h"

#include "core/util/assert.h"
#include "core/util/text.h"

#include <algorithm>
#include <tuple>

namespace railhub::compliance {

namespace {

constexpr std::size_t kTraces = 192; // 4 ways, 4 treatments, 3 parts, 4 first steps
constexpr std::size_t kMaxChain = 64;

std::size_t index_of(const Trace& trace) {
    const std::size_t first = (trace.is_merged ? 2U : 0U) + (trace.in_product ? 1U : 0U);
    return ((static_cast<std::size_t>(trace.way) * 4 + static_cast<std::size_t>(trace.treatment)) *
                3 +
            static_cast<std::size_t>(trace.part)) *
               4 +
           first;
}

Treatment treatment_of(const Edge& edge) {
    switch (edge.activity) {
    case Activity::Finetune:
    case Activity::Merge:
    case Activity::Distil:
    case Activity::Train:
    case Activity::Generate:
        return edge.role == Role::Code || edge.role == Role::Component ? Treatment::Copy
                                                                       : Treatment::Modify;
    case Activity::Adapter:
        return Treatment::Adapter;
    case Activity::Quantize:
    case Activity::Convert:
        return Treatment::Convert;
    case Activity::Embed:
        // Weights that a product is built on are changed for it; parts are put in as they are.
        return edge.role == Role::Code || edge.role == Role::Component ? Treatment::Copy
                                                                       : Treatment::Modify;
    case Activity::Serve:
    case Activity::Copy:
        return Treatment::Copy;
    }
    return Treatment::Modify;
}

Part part_of(const Lineage& lineage, const Edge& edge) {
    const bool whole = edge.activity == Activity::Serve || edge.activity == Activity::Copy ||
                       lineage.nodes[edge.from].kind == ArtifactKind::Code;
    if (whole || (edge.role != Role::Code && edge.role != Role::Component)) {
        return Part::One;
    }
    return edge.role == Role::Code && edge.activity == Activity::Embed ? Part::Linked
                                                                       : Part::Beside;
}

Way way_on(const Lineage& lineage, Way way, const Edge& edge) {
    if (way == Way::Remote || passes_work(lineage, edge)) {
        return way;
    }
    if (edge.role == Role::Teacher) {
        return Way::Taught;
    }
    return way == Way::Taught ? Way::Remote : Way::Trained;
}

Trace trace_on(const Lineage& lineage, const Trace& trace, const Edge& edge, bool is_first) {
    const Treatment step = treatment_of(edge);
    const bool partial = trace.treatment == Treatment::Adapter || step == Treatment::Adapter;
    return {
        way_on(lineage, trace.way, edge),
        partial ? Treatment::Adapter : std::max(trace.treatment, step),
        std::max(trace.part, part_of(lineage, edge)),
        is_first ? edge.role == Role::MergeSource : trace.is_merged,
        is_first ? edge.activity == Activity::Embed : trace.in_product,
    };
}

// Edges by where they start, each list in an order that does not depend on the order of the input.
std::vector<std::vector<std::size_t>> edges_by_origin(const Lineage& lineage) {
    std::vector<std::vector<std::size_t>> out(lineage.nodes.size());
    for (std::size_t i = 0; i < lineage.edges.size(); ++i) {
        out.at(lineage.edges[i].from).push_back(i);
    }
    const auto key = [&lineage](std::size_t index) {
        const Edge& edge = lineage.edges[index];
        return std::tuple(
            std::string_view(lineage.nodes[edge.to].id),
            lineage.nodes[edge.to].kind,
            edge.role,
            edge.activity
        );
    };
    for (std::vector<std::size_t>& list : out) {
        std::stable_sort(list.begin(), list.end(), [&key](std::size_t a, std::size_t b) {
            return key(a) < key(b);
        });
    }
    return out;
}

report::ChainLink link_of(const Lineage& lineage, std::size_t index) {
    const Edge& edge = lineage.edges[index];
    const Node& node = lineage.nodes[edge.to];
    return {node.id, declared_text(node), std::string(activity_word(edge.activity))};
}

} // namespace

bool passes_work(const Lineage& lineage, const Edge& edge) {
    switch (edge.role) {
    case Role::BaseModel:
    case Role::AdapterBase:
    case Role::MergeSource:
    case Role::Code:
    case Role::Component:
        return true;
    case Role::Teacher:
        return false;
    case Role::Dataset:
        return lineage.nodes[edge.from].kind == ArtifactKind::Dataset;
    }
    return false;
}

Trace first_trace(const Lineage& lineage, const Edge& edge) {
    return trace_on(lineage, Trace{}, edge, true);
}

std::vector<Ancestor> ancestors(const Lineage& lineage) {
    RAILHUB_ASSERT(!lineage.nodes.empty());
    const auto outgoing = edges_by_origin(lineage);
    std::vector<bool> seen(lineage.nodes.size() * kTraces, false);
    std::vector<Ancestor> all;
    const auto follow = [&](std::size_t node, const Trace& trace, std::size_t before) {
        for (const std::size_t index : outgoing[node]) {
            const Edge& edge = lineage.edges[index];
            const bool is_first = before == Ancestor::kNone;
            const Trace next = trace_on(lineage, trace, edge, is_first);
            const std::size_t state = edge.to * kTraces + index_of(next);
            if (edge.to == 0 || seen[state]) {
                continue;
            }
            seen[state] = true;
            all.push_back(
                {edge.to,
                 next,
                 index,
                 before,
                 is_first ? index : all[before].first_edge,
                 is_first ? 1 : all[before].length + 1}
            );
        }
    };
    follow(0, Trace{}, Ancestor::kNone);
    for (std::size_t next = 0; next < all.size(); ++next) {
        const Ancestor at = all[next]; // a copy: the list grows
        follow(at.node, at.trace, next);
    }
    return all;
}

std::vector<std::size_t> path_of(const std::vector<Ancestor>& all, const Ancestor& ancestor) {
    std::vector<std::size_t> path = {ancestor.edge};
    for (std::size_t at = ancestor.before; at != Ancestor::kNone; at = all[at].before) {
        path.push_back(all[at].edge);
    }
    std::reverse(path.begin(), path.end());
    return path;
}

std::vector<report::ChainLink>
chain_of(const Lineage& lineage, const std::vector<Ancestor>& all, const Ancestor& ancestor) {
    const Node& subject = lineage.nodes.front();
    std::vector<report::ChainLink> chain = {{subject.id, declared_text(subject), ""}};
    const std::vector<std::size_t> path = path_of(all, ancestor);
    const std::size_t left_out = path.size() > kMaxChain ? path.size() - kMaxChain : 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (left_out > 0 && i == kMaxChain / 2) {
            chain.push_back({"(" + std::to_string(left_out) + " more)", "", ""});
            i += left_out;
        }
        chain.push_back(link_of(lineage, path[i]));
    }
    return chain;
}

std::string declared_text(const Node& node) {
    return node.expression.empty() ? util::join(node.licenses, ", ") : node.expression;
}

std::vector<report::Artifact> artifacts_of(const Lineage& lineage) {
    const auto artifact = [&lineage](std::size_t index, std::string_view relation) {
        const Node& node = lineage.nodes[index];
        return report::Artifact{
            node.id,
            std::string(kind_word(node.kind)),
            node.revision,
            declared_text(node),
            std::string(relation),
        };
    };
    std::vector<report::Artifact> list = {artifact(0, "")};
    std::vector<bool> shown(lineage.nodes.size(), false);
    shown[0] = true;
    const std::vector<Ancestor> all = ancestors(lineage);
    for (const Ancestor& found : all) {
        if (!shown[found.node]) {
            shown[found.node] = true;
            list.push_back(artifact(found.node, activity_word(lineage.edges[found.edge].activity)));
        }
    }
    return list;
}

} // namespace railhub::compliance
