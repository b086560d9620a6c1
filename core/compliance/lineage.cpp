// SPDX-License-Identifier: Apache-2.0
// Breadth-first walks over the graph that end on cycles.
#include "core/compliance/lineage.h"

#include "core/util/assert.h"
#include "core/util/text.h"

#include <deque>

namespace railhub::compliance {

namespace {

// What is known of the way to a node during the walk.
struct Reached {
    std::size_t node = 0;
    Way way = Way::Work;
    std::vector<std::size_t> path;
};

std::vector<std::vector<std::size_t>> edges_by_origin(const Lineage& lineage) {
    std::vector<std::vector<std::size_t>> out(lineage.nodes.size());
    for (std::size_t i = 0; i < lineage.edges.size(); ++i) {
        out.at(lineage.edges[i].from).push_back(i);
    }
    return out;
}

// Breadth first over the edges that `follow` lets through.
template <class Follow>
std::vector<Reached> walk(const Lineage& lineage, const Follow& follow) {
    const auto outgoing = edges_by_origin(lineage);
    std::vector<bool> seen(lineage.nodes.size(), false);
    std::vector<Reached> reached;
    std::deque<Reached> open = {Reached{}};
    seen[0] = true;
    while (!open.empty()) {
        const Reached at = std::move(open.front());
        open.pop_front();
        for (const std::size_t index : outgoing[at.node]) {
            const Edge& edge = lineage.edges[index];
            if (seen[edge.to] || !follow(edge)) {
                continue;
            }
            seen[edge.to] = true;
            Reached next = at;
            next.node = edge.to;
            next.path.push_back(index);
            if (!passes_work(lineage, edge)) {
                next.way = Way::Other;
            }
            reached.push_back(next);
            open.push_back(std::move(next));
        }
    }
    return reached;
}

} // namespace

std::string_view kind_word(ArtifactKind kind) {
    switch (kind) {
    case ArtifactKind::Model:
        return "model";
    case ArtifactKind::Dataset:
        return "dataset";
    case ArtifactKind::Code:
        return "code";
    case ArtifactKind::Service:
        return "service";
    }
    return "";
}

std::string_view role_word(Role role) {
    switch (role) {
    case Role::BaseModel:
        return "base-model";
    case Role::AdapterBase:
        return "adapter-base";
    case Role::MergeSource:
        return "merge-source";
    case Role::Teacher:
        return "teacher";
    case Role::Dataset:
        return "dataset";
    case Role::Code:
        return "code";
    case Role::Component:
        return "component";
    }
    return "";
}

std::string_view activity_word(Activity activity) {
    switch (activity) {
    case Activity::Finetune:
        return "finetune";
    case Activity::Adapter:
        return "adapter";
    case Activity::Quantize:
        return "quantize";
    case Activity::Merge:
        return "merge";
    case Activity::Distil:
        return "distil";
    case Activity::Train:
        return "train";
    case Activity::Embed:
        return "embed";
    case Activity::Serve:
        return "serve";
    case Activity::Convert:
        return "convert";
    case Activity::Copy:
        return "copy";
    }
    return "";
}

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

std::vector<Ancestor> ancestors(const Lineage& lineage) {
    RAILHUB_ASSERT(!lineage.nodes.empty());
    std::vector<Ancestor> all;
    std::vector<bool> known(lineage.nodes.size(), false);
    // A Work path may be longer than another one and must not be hidden by it, hence two walks.
    for (Reached& found :
         walk(lineage, [&](const Edge& edge) { return passes_work(lineage, edge); })) {
        known[found.node] = true;
        all.push_back({found.node, Way::Work, std::move(found.path)});
    }
    for (Reached& found : walk(lineage, [](const Edge&) { return true; })) {
        if (!known[found.node]) {
            all.push_back({found.node, Way::Other, std::move(found.path)});
        }
    }
    return all;
}

std::vector<report::ChainLink> chain_of(const Lineage& lineage, const Ancestor& ancestor) {
    const Node& subject = lineage.nodes.front();
    std::vector<report::ChainLink> chain = {{subject.id, util::join(subject.licenses, ", "), ""}};
    for (const std::size_t index : ancestor.path) {
        const Edge& edge = lineage.edges[index];
        const Node& node = lineage.nodes[edge.to];
        chain.push_back(
            {node.id, util::join(node.licenses, ", "), std::string(activity_word(edge.activity))}
        );
    }
    return chain;
}

std::vector<report::Artifact> artifacts_of(const Lineage& lineage) {
    const auto artifact = [&lineage](std::size_t index, std::string_view relation) {
        const Node& node = lineage.nodes[index];
        return report::Artifact{
            node.id,
            std::string(kind_word(node.kind)),
            node.revision,
            util::join(node.licenses, ", "),
            std::string(relation),
        };
    };
    std::vector<report::Artifact> list = {artifact(0, "")};
    for (const Reached& found : walk(lineage, [](const Edge&) { return true; })) {
        list.push_back(
            artifact(found.node, activity_word(lineage.edges[found.path.back()].activity))
        );
    }
    return list;
}

} // namespace railhub::compliance
