// SPDX-License-Identifier: Apache-2.0
// What all forms share.
#include "core/app/lineage_view.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr std::size_t kUnseen = static_cast<std::size_t>(-1);

} // namespace

LineageView
view_of(compliance::Lineage lineage, std::string label, const license::Catalogue& catalogue) {
    LineageView view;
    view.label = std::move(label);
    view.knowledge = catalogue.description();
    view.conflicts = conflicts_of(lineage, catalogue);
    view.cycles = cycles_of(lineage);
    view.lineage = std::move(lineage);
    return view;
}

std::string gap_text(const compliance::Node& node) {
    using compliance::Resolution;
    switch (node.resolution) {
    case Resolution::Resolved:
        return {};
    case Resolution::Absent:
        return "not found";
    case Resolution::Unreachable:
        return "could not be asked";
    case Resolution::Unreadable:
        return "its card cannot be read";
    case Resolution::TooDeep:
        return "beyond the limits: what it was made from was not looked at";
    }
    return {};
}

std::vector<std::vector<std::size_t>>
rows_of(const compliance::Lineage& lineage, std::size_t most) {
    std::vector<std::vector<std::size_t>> outgoing(lineage.nodes.size());
    for (const compliance::Edge& edge : lineage.edges) {
        outgoing.at(edge.from).push_back(edge.to);
    }
    std::vector<std::size_t> row_of(lineage.nodes.size(), kUnseen);
    std::vector<std::size_t> order = {0};
    row_of[0] = 0;
    for (std::size_t next = 0; next < order.size(); ++next) {
        for (const std::size_t to : outgoing[order[next]]) {
            if (row_of[to] == kUnseen && order.size() < most) {
                row_of[to] = row_of[order[next]] + 1;
                order.push_back(to);
            }
        }
    }
    std::vector<std::vector<std::size_t>> rows;
    for (const std::size_t node : order) {
        rows.resize(std::max(rows.size(), row_of[node] + 1));
        rows[row_of[node]].push_back(node);
    }
    return rows;
}

} // namespace railhub::app
