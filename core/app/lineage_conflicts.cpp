// SPDX-License-Identifier: Apache-2.0
// Compares statements; cycles are the strongly connected parts, found without recursion.
#include "core/app/lineage_conflicts.h"

#include "core/app/describe_node.h"

#include <algorithm>
#include <map>
#include <set>

namespace railhub::app {

namespace {

using compliance::Basis;
using compliance::Edge;
using compliance::LicenseClaim;
using compliance::Lineage;
using compliance::Node;
using About = LineageConflict::About;

using Outgoing = std::vector<std::vector<std::size_t>>; // edges by where they begin

Outgoing outgoing_of(const Lineage& lineage) {
    Outgoing out(lineage.nodes.size());
    for (std::size_t i = 0; i < lineage.edges.size(); ++i) {
        out.at(lineage.edges[i].from).push_back(i);
    }
    return out;
}

std::string quoted(const LicenseClaim& claim) {
    return claim.where + " says '" + claim.license + "'" +
           (claim.note.empty() ? "" : " (" + claim.note + ")");
}

void add_license_conflicts(
    const Lineage& lineage,
    std::size_t index,
    const license::Catalogue& catalogue,
    std::vector<LineageConflict>& found
) {
    const Node& node = lineage.nodes[index];
    if (node.claims.empty()) {
        return;
    }
    const LicenseClaim& first = node.claims.front();
    for (const LicenseClaim& claim : node.claims) {
        // A list of labels in one source is no disagreement, nor is a text that is only carried.
        const bool same_source = claim.basis == first.basis && claim.where == first.where;
        if (same_source || !claim.is_whole) {
            continue;
        }
        const bool agrees =
            is_same_license(node.license_name, claim.license, catalogue) ||
            std::any_of(node.claims.begin(), node.claims.end(), [&](const LicenseClaim& other) {
                return other.basis == first.basis && other.where == first.where &&
                       is_same_license(other.license, claim.license, catalogue);
            });
        if (!agrees) {
            found.push_back({About::License, index, quoted(first) + ", " + quoted(claim)});
        }
    }
}

bool is_said_by_card(const Edge& edge) {
    return std::any_of(edge.said.begin(), edge.said.end(), [](const compliance::Statement& said) {
        return said.basis != Basis::Inherited;
    });
}

// Everything that the starting edges lead to.
std::vector<bool>
reach_of(const Lineage& lineage, const Outgoing& outgoing, std::vector<std::size_t> queue) {
    std::vector<bool> seen(lineage.nodes.size(), false);
    while (!queue.empty()) {
        const std::size_t node = queue.back();
        queue.pop_back();
        if (seen[node]) {
            continue;
        }
        seen[node] = true;
        for (const std::size_t index : outgoing[node]) {
            queue.push_back(lineage.edges[index].to);
        }
    }
    return seen;
}

void add_upstream_conflicts(
    const Lineage& lineage,
    std::size_t index,
    const Outgoing& outgoing,
    std::vector<LineageConflict>& found
) {
    std::vector<std::size_t> by_card;
    std::vector<const Edge*> by_tools;
    for (const std::size_t edge_index : outgoing[index]) {
        const Edge& edge = lineage.edges[edge_index];
        if (edge.role == compliance::Role::Dataset) {
            continue;
        }
        if (is_said_by_card(edge)) {
            by_card.push_back(edge.to);
        } else if (!edge.said.empty()) {
            by_tools.push_back(&edge);
        }
    }
    if (by_card.empty() || by_tools.empty()) {
        return;
    }
    const std::vector<bool> reached = reach_of(lineage, outgoing, by_card);
    for (const Edge* edge : by_tools) {
        if (!reached[edge->to]) {
            found.push_back(
                {About::Upstream,
                 index,
                 edge->said.front().where + " names '" + lineage.nodes[edge->to].id +
                     "', which the card does not, nor what the card names"}
            );
        }
    }
}

void add_relation_conflicts(
    const Lineage& lineage,
    std::size_t index,
    const Outgoing& outgoing,
    std::vector<LineageConflict>& found
) {
    std::map<std::size_t, const Edge*> first;
    for (const std::size_t edge_index : outgoing[index]) {
        const Edge& edge = lineage.edges[edge_index];
        const auto [place, is_new] = first.emplace(edge.to, &edge);
        const Edge& other = *place->second;
        if (is_new || edge.said.empty() || other.said.empty()) {
            continue;
        }
        const auto told = [](const Edge& one) {
            return one.said.front().where + " says '" +
                   std::string(compliance::activity_word(one.activity)) + "'";
        };
        found.push_back(
            {About::Relation,
             index,
             "how it was made from '" + lineage.nodes[edge.to].id + "': " + told(other) + ", " +
                 told(edge)}
        );
    }
}

// Tarjan's algorithm with a stack of its own, so that a chain of any length is fine.
class CycleSearch {
  public:
    CycleSearch(const Lineage& lineage, const Outgoing& outgoing)
        : lineage_(lineage), outgoing_(outgoing), number_(lineage.nodes.size(), 0),
          low_(lineage.nodes.size(), 0), on_stack_(lineage.nodes.size(), false) {}

    std::vector<std::vector<std::size_t>> run() {
        for (std::size_t i = 0; i < lineage_.nodes.size(); ++i) {
            if (number_[i] == 0) {
                visit(i);
            }
        }
        std::sort(cycles_.begin(), cycles_.end());
        return std::move(cycles_);
    }

  private:
    struct Frame {
        std::size_t node;
        std::size_t next = 0; // of its edges
    };

    void enter(std::size_t node) {
        number_[node] = low_[node] = ++count_;
        stack_.push_back(node);
        on_stack_[node] = true;
        frames_.push_back({node});
    }

    void visit(std::size_t start) {
        enter(start);
        while (!frames_.empty()) {
            Frame& frame = frames_.back();
            const std::size_t node = frame.node;
            if (frame.next == outgoing_[node].size()) {
                leave(node);
                continue;
            }
            const std::size_t to = lineage_.edges[outgoing_[node][frame.next++]].to;
            if (number_[to] == 0) {
                enter(to);
            } else if (on_stack_[to]) {
                low_[node] = std::min(low_[node], number_[to]);
            }
        }
    }

    void leave(std::size_t node) {
        frames_.pop_back();
        if (!frames_.empty()) {
            std::size_t& low = low_[frames_.back().node];
            low = std::min(low, low_[node]);
        }
        if (low_[node] != number_[node]) {
            return;
        }
        std::vector<std::size_t> part;
        while (true) {
            const std::size_t member = stack_.back();
            stack_.pop_back();
            on_stack_[member] = false;
            part.push_back(member);
            if (member == node) {
                break;
            }
        }
        if (part.size() > 1 || leads_to_itself(node)) {
            std::sort(part.begin(), part.end());
            cycles_.push_back(std::move(part));
        }
    }

    [[nodiscard]] bool leads_to_itself(std::size_t node) const {
        const auto& edges = outgoing_[node];
        return std::any_of(edges.begin(), edges.end(), [&](std::size_t index) {
            return lineage_.edges[index].to == node;
        });
    }

    const Lineage& lineage_;
    const Outgoing& outgoing_;
    std::vector<std::size_t> number_; // 0: not visited
    std::vector<std::size_t> low_;
    std::vector<bool> on_stack_;
    std::vector<std::size_t> stack_;
    std::vector<Frame> frames_;
    std::size_t count_ = 0;
    std::vector<std::vector<std::size_t>> cycles_;
};

} // namespace

std::string_view about_word(LineageConflict::About about) {
    switch (about) {
    case About::License:
        return "license";
    case About::Upstream:
        return "upstream";
    case About::Relation:
        return "relation";
    }
    return "";
}

std::vector<LineageConflict>
conflicts_of(const Lineage& lineage, const license::Catalogue& catalogue) {
    const Outgoing outgoing = outgoing_of(lineage);
    std::vector<LineageConflict> found;
    for (std::size_t i = 0; i < lineage.nodes.size(); ++i) {
        add_license_conflicts(lineage, i, catalogue, found);
        add_upstream_conflicts(lineage, i, outgoing, found);
        add_relation_conflicts(lineage, i, outgoing, found);
    }
    return found;
}

std::vector<std::vector<std::size_t>> cycles_of(const Lineage& lineage) {
    const Outgoing outgoing = outgoing_of(lineage);
    return CycleSearch(lineage, outgoing).run();
}

} // namespace railhub::app
