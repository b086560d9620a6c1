// SPDX-License-Identifier: Apache-2.0
#include "core/scan/syntax.h"

#include <algorithm>

namespace railhub::scan {

NodeId Syntax::add(
    NodeKind kind,
    std::size_t offset,
    ScopeId scope,
    std::string_view text,
    std::span<const NodeId> children
) {
    const auto id = static_cast<NodeId>(nodes.size());
    nodes.push_back(
        {.kind = kind, .offset = static_cast<std::uint32_t>(offset), .scope = scope, .text = text}
    );
    NodeId last = kNoNode;
    for (const NodeId child : children) {
        if (child == kNoNode) {
            continue;
        }
        // A node has one place; where it would get a second one, the first stays.
        if (last == kNoNode) {
            nodes[id].first = child;
        } else {
            nodes[last].next = child;
        }
        last = child;
    }
    return id;
}

void Syntax::append(NodeId parent, NodeId child) {
    if (nodes[parent].first == kNoNode) {
        nodes[parent].first = child;
        return;
    }
    NodeId last = nodes[parent].first;
    while (nodes[last].next != kNoNode) {
        last = nodes[last].next;
    }
    nodes[last].next = child;
}

void Syntax::finish() {
    for (Scope& scope : scopes) {
        std::stable_sort(
            scope.bindings.begin(),
            scope.bindings.end(),
            [](const Binding& a, const Binding& b) { return a.name < b.name; }
        );
    }
}

std::span<const Binding> Syntax::bindings(ScopeId scope, std::string_view name) const {
    const auto& all = scopes[scope].bindings;
    const auto begin = std::lower_bound(
        all.begin(),
        all.end(),
        name,
        [](const Binding& binding, std::string_view wanted) { return binding.name < wanted; }
    );
    auto end = begin;
    while (end != all.end() && end->name == name) {
        ++end;
    }
    return {begin, end};
}

std::string_view Syntax::keep(std::string text) {
    owned.push_back(std::move(text));
    return owned.back();
}

} // namespace railhub::scan
