// SPDX-License-Identifier: Apache-2.0
// An indented tree. An artifact that came in several ways is written out once.
#include "core/app/lineage_view.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::app {

namespace {

using compliance::Edge;
using compliance::Node;

constexpr std::size_t kMaxTreeDepth = 64;
constexpr std::size_t kMaxTreeLines = 2'000;
constexpr std::size_t kShortCommit = 12;

std::string activity_phrase(compliance::Activity activity) {
    using compliance::Activity;
    switch (activity) {
    case Activity::Finetune:
        return "fine-tuned from";
    case Activity::Adapter:
        return "adapter of";
    case Activity::Quantize:
        return "quantized from";
    case Activity::Merge:
        return "merged from";
    case Activity::Distil:
        return "distilled from";
    case Activity::Train:
        return "trained on";
    case Activity::Embed:
        return "contains";
    case Activity::Serve:
        return "serves";
    case Activity::Convert:
        return "converted from";
    case Activity::Copy:
        return "copy of";
    case Activity::Generate:
        return "outputs of";
    }
    return {};
}

class TreeText {
  public:
    explicit TreeText(const LineageView& view)
        : view_(view), outgoing_(view.lineage.nodes.size()), shown_(view.lineage.nodes.size()) {
        for (std::size_t i = 0; i < view.lineage.edges.size(); ++i) {
            outgoing_.at(view.lineage.edges[i].from).push_back(i);
        }
    }

    std::string take() {
        text_ = artifact(0) + "\n";
        shown_[0] = true;
        add_details(0, "");
        add_below(0, "", 1);
        add_remarks();
        return std::move(text_);
    }

  private:
    [[nodiscard]] std::string artifact(std::size_t index) const {
        const Node& node = view_.lineage.nodes[index];
        std::string line = node.id;
        if (!node.revision.empty()) {
            line += "@" + node.revision.substr(0, kShortCommit);
        }
        if (node.kind != compliance::ArtifactKind::Model) {
            line += " (" + std::string(compliance::kind_word(node.kind)) + ")";
        }
        if (node.resolution != compliance::Resolution::Resolved) {
            return line + ": " + gap_text(node);
        }
        const std::string label = util::join(node.licenses, ", ");
        line += ": " + (label.empty() ? "no license stated" : label);
        return node.license_name.empty() ? line : line + " (" + node.license_name + ")";
    }

    // The depth is bounded.
    void add_below(std::size_t index, const std::string& indent, std::size_t depth) {
        const std::vector<std::size_t>& edges = outgoing_[index];
        for (std::size_t i = 0; i < edges.size(); ++i) {
            if (++lines_ > kMaxTreeLines) {
                text_ += indent + "... more\n";
                return;
            }
            const Edge& edge = view_.lineage.edges[edges[i]];
            const bool is_last = i + 1 == edges.size();
            const bool was_shown = shown_[edge.to];
            text_ += indent + (is_last ? "`- " : "|- ") + activity_phrase(edge.activity) + " " +
                     artifact(edge.to) + said(edge) + (was_shown ? " (see above)" : "") + "\n";
            if (was_shown) {
                continue;
            }
            shown_[edge.to] = true;
            const std::string inner = indent + (is_last ? "   " : "|  ");
            add_details(edge.to, inner);
            if (depth < kMaxTreeDepth) {
                add_below(edge.to, inner, depth + 1);
            } else if (!outgoing_[edge.to].empty()) {
                text_ += inner + "... more levels\n";
            }
        }
    }

    // Who says so, where it is not the card alone.
    static std::string said(const Edge& edge) {
        const bool only_card =
            edge.said.size() == 1 && edge.said.front().basis == compliance::Basis::Declared;
        std::vector<std::string> sources;
        for (const compliance::Statement& one : edge.said) {
            sources.push_back(one.where);
        }
        return only_card || sources.empty() ? "" : " [" + util::join(sources, "; ") + "]";
    }

    void add_details(std::size_t index, const std::string& indent) {
        const Node& node = view_.lineage.nodes[index];
        for (const std::string& name : node.names) {
            text_ += indent + "   was '" + name + "'\n";
        }
        if (!node.new_version.empty()) {
            text_ += indent + "   replaced by '" + node.new_version + "'\n";
        }
    }

    void add_remarks() {
        std::vector<std::string> lines;
        for (const LineageConflict& conflict : view_.conflicts) {
            lines.push_back(
                "conflict (" + std::string(about_word(conflict.about)) + ") in " +
                id(conflict.node) + ": " + conflict.message
            );
        }
        for (const auto& cycle : view_.cycles) {
            std::vector<std::string> ids;
            for (const std::size_t node : cycle) {
                ids.push_back(id(node));
            }
            lines.push_back("cycle: " + util::join(ids, ", ") + " were made from each other");
        }
        for (std::size_t i = 0; i < view_.lineage.nodes.size(); ++i) {
            const Node& node = view_.lineage.nodes[i];
            if (node.resolution != compliance::Resolution::Resolved) {
                lines.push_back("gap: " + node.id + " " + gap_text(node));
            }
            for (const std::string& problem : node.problems) {
                lines.push_back("unreadable in " + node.id + ": " + problem);
            }
            for (const std::string& note : node.notes) {
                lines.push_back("note on " + node.id + ": " + note);
            }
        }
        if (!lines.empty()) {
            text_ += "\n" + util::join(lines, "\n") + "\n";
        }
    }

    [[nodiscard]] const std::string& id(std::size_t node) const {
        return view_.lineage.nodes[node].id;
    }

    const LineageView& view_;
    std::vector<std::vector<std::size_t>> outgoing_;
    std::vector<bool> shown_;
    std::string text_;
    std::size_t lines_ = 0;
};

} // namespace

std::string tree_text(const LineageView& view) {
    return TreeText(view).take();
}

} // namespace railhub::app
