// SPDX-License-Identifier: Apache-2.0
// Mermaid flowchart: texts in quotes, with entity codes for what would end them.
#include "core/app/lineage_view.h"
#include "core/util/text.h"

#include <set>

namespace railhub::app {

namespace {

std::string mermaid_escape(std::string_view text) {
    std::string out;
    for (const char ch : text) {
        const bool is_plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                              (ch >= '0' && ch <= '9') || static_cast<unsigned char>(ch) >= 0x80 ||
                              std::string_view(" /-_.,:+@").find(ch) != std::string_view::npos;
        out += is_plain ? std::string(1, ch)
                        : "#" + std::to_string(static_cast<unsigned char>(ch)) + ";";
    }
    return out;
}

} // namespace

std::string mermaid_text(const LineageView& view) {
    std::string text = "flowchart BT\n";
    std::set<std::size_t> drawn;
    for (const auto& row : rows_of(view.lineage, kMaxDrawn)) {
        for (const std::size_t index : row) {
            const compliance::Node& node = view.lineage.nodes[index];
            const bool is_there = node.resolution == compliance::Resolution::Resolved;
            const std::string label = util::join(node.licenses, ", ");
            const std::string second =
                is_there ? (label.empty() ? "no license stated" : label) : gap_text(node);
            text += "    n" + std::to_string(index) + (is_there ? "[\"" : "[/\"") +
                    mermaid_escape(node.id) + "<br/>" + mermaid_escape(second) +
                    (is_there ? "\"]\n" : "\"/]\n");
            drawn.insert(index);
        }
    }
    for (const compliance::Edge& edge : view.lineage.edges) {
        if (drawn.contains(edge.from) && drawn.contains(edge.to)) {
            text += "    n" + std::to_string(edge.from) + " -->|" +
                    std::string(compliance::activity_word(edge.activity)) + "| n" +
                    std::to_string(edge.to) + "\n";
        }
    }
    if (drawn.size() < view.lineage.nodes.size()) {
        text +=
            "    more[\"" + std::to_string(view.lineage.nodes.size() - drawn.size()) + " more\"]\n";
    }
    return text;
}

} // namespace railhub::app
