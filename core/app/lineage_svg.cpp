// SPDX-License-Identifier: Apache-2.0
// SVG: rows of boxes, the subject at the bottom, lines with what was done.
#include "core/app/lineage_view.h"
#include "core/util/text.h"

#include <algorithm>
#include <map>

namespace railhub::app {

namespace {

constexpr int kBoxWidth = 260;
constexpr int kBoxHeight = 58;
constexpr int kGapX = 28;
constexpr int kGapY = 62;
constexpr int kMargin = 24;
constexpr int kFootLine = 18;
constexpr std::size_t kMaxChars = 34; // of a line in a box
constexpr std::size_t kMaxFootLines = 20;
constexpr int kCharWidth = 7;   // about
constexpr int kMostSpread = 40; // between lines that end in one box

std::string xml_escape(std::string_view text) {
    std::string out;
    for (const char ch : text) {
        switch (ch) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += static_cast<unsigned char>(ch) < 0x20 ? ' ' : ch;
        }
    }
    return out;
}

// Cut in the middle, between characters, so that owner and version stay.
std::string fit(const std::string& text, std::size_t most) {
    if (text.size() <= most) {
        return text;
    }
    const auto is_inside = [&text](std::size_t at) {
        return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    std::size_t head = most / 2;
    while (head > 0 && is_inside(head)) {
        --head;
    }
    std::size_t tail = text.size() - (most - most / 2 - 1);
    while (tail < text.size() && is_inside(tail)) {
        ++tail;
    }
    return text.substr(0, head) + "\xE2\x80\xA6" + text.substr(tail);
}

std::string num(int value) {
    return std::to_string(value);
}

struct Point {
    int x = 0; // middle of the box
    int y = 0; // its top
};

// From the top of what was made to the bottom of what it was made from.
struct Line {
    const compliance::Edge* edge = nullptr;
    int x1 = 0;
    int y1 = 0;
    int x2 = 0;
    int y2 = 0;
};

// Moves the ends that lines have in common apart, in the order of their other ends.
template <class Node, class At>
void spread(std::vector<Line>& lines, Node node, At at, At other) {
    std::map<std::size_t, std::vector<Line*>> ends;
    for (Line& line : lines) {
        ends[node(*line.edge)].push_back(&line);
    }
    for (auto& [index, group] : ends) {
        std::stable_sort(group.begin(), group.end(), [&](const Line* a, const Line* b) {
            return a->*other < b->*other;
        });
        const int count = static_cast<int>(group.size());
        const int step = std::min(kMostSpread, (kBoxWidth - 2 * kMargin) / count);
        for (int i = 0; i < count; ++i) {
            group[static_cast<std::size_t>(i)]->*at += (2 * i - count + 1) * step / 2;
        }
    }
}

class SvgDrawing {
  public:
    explicit SvgDrawing(const LineageView& view)
        : view_(view), rows_(rows_of(view.lineage, kMaxDrawn)) {
        place();
    }

    std::string take() {
        std::vector<Line> lines = lines_between();
        spread(
            lines, [](const compliance::Edge& e) { return e.from; }, &Line::x1, &Line::x2
        );
        spread(
            lines, [](const compliance::Edge& e) { return e.to; }, &Line::x2, &Line::x1
        );
        for (const Line& line : lines) {
            draw_curve(line);
        }
        for (const Line& line : lines) {
            draw_activity(line);
        }
        for (const auto& row : rows_) {
            for (const std::size_t index : row) {
                draw(index);
            }
        }
        const std::string foot = footer();
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 " +
               num(width_) + " " + num(height_) + "\" width=\"" + num(width_) + "\" height=\"" +
               num(height_) + "\">\n<title>Lineage of " + xml_escape(view_.label) +
               "</title>\n<style>text{font:13px sans-serif;fill:#1b1f24}.s{font-size:12px;"
               "fill:#57606a}.w{fill:#a40e26}rect{fill:#f6f8fa;stroke:#8c959f;rx:6}"
               ".d{fill:#eef6ff}.m{stroke-dasharray:5 4;fill:#fff5f5;stroke:#a40e26}"
               ".r{stroke:#1b1f24;stroke-width:2}path{fill:none;stroke:#8c959f}"
               ".a{text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:4px}</style>\n"
               "<rect x=\"0\" y=\"0\" width=\"" +
               num(width_) + "\" height=\"" + num(height_) +
               "\" style=\"fill:#fff;stroke:none\"/>\n" + body_ + foot + "</svg>\n";
    }

  private:
    void place() {
        std::size_t widest = 1;
        for (const auto& row : rows_) {
            widest = std::max(widest, row.size());
        }
        const auto span = [](std::size_t boxes) {
            return static_cast<int>(boxes) * (kBoxWidth + kGapX) - kGapX;
        };
        width_ = std::max(span(widest), 420) + 2 * kMargin;
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            const int y = kMargin + static_cast<int>(rows_.size() - 1 - row) * (kBoxHeight + kGapY);
            int x = (width_ - span(rows_[row].size())) / 2 + kBoxWidth / 2;
            for (const std::size_t index : rows_[row]) {
                points_[index] = {x, y};
                x += kBoxWidth + kGapX;
            }
        }
        height_ = kMargin + static_cast<int>(rows_.size()) * (kBoxHeight + kGapY) - kGapY + kMargin;
    }

    [[nodiscard]] std::vector<Line> lines_between() const {
        std::vector<Line> lines;
        for (const compliance::Edge& edge : view_.lineage.edges) {
            const auto from = points_.find(edge.from);
            const auto to = points_.find(edge.to);
            if (from != points_.end() && to != points_.end()) {
                const Point made = from->second;
                const Point source = to->second;
                lines.push_back({&edge, made.x, made.y, source.x, source.y + kBoxHeight});
            }
        }
        return lines;
    }

    void draw_curve(const Line& line) {
        const int middle = (line.y1 + line.y2) / 2;
        body_ += "<path d=\"M" + num(line.x1) + " " + num(line.y1) + " C" + num(line.x1) + " " +
                 num(middle) + " " + num(line.x2) + " " + num(middle) + " " + num(line.x2) + " " +
                 num(line.y2) + "\"/>\n";
    }

    // On the curve, nearer to what was made: the point at 0.35 of it, in hundredths.
    void draw_activity(const Line& line) {
        const int middle = (line.y1 + line.y2) / 2;
        const int x = (72 * line.x1 + 28 * line.x2) / 100;
        const int y = (28 * line.y1 + 68 * middle + 4 * line.y2) / 100;
        body_ += "<text class=\"s a\" x=\"" + num(x) + "\" y=\"" + num(y + 4) + "\">" +
                 std::string(compliance::activity_word(line.edge->activity)) + "</text>\n";
    }

    void draw(std::size_t index) {
        const compliance::Node& node = view_.lineage.nodes[index];
        const Point at = points_[index];
        const bool is_there = node.resolution == compliance::Resolution::Resolved;
        const std::string label = util::join(node.licenses, ", ") +
                                  (node.license_name.empty() ? "" : " (" + node.license_name + ")");
        const std::string second =
            !is_there ? gap_text(node) : (label.empty() ? "no license stated" : label);
        std::string style = is_there ? "" : " m";
        style += node.kind == compliance::ArtifactKind::Dataset ? " d" : "";
        style += index == 0 ? " r" : "";
        const int left = at.x - kBoxWidth / 2;
        body_ += "<g><title>" + xml_escape(node.id) + " " + xml_escape(node.revision) +
                 "</title><rect class=\"b" + style + "\" x=\"" + num(left) + "\" y=\"" + num(at.y) +
                 "\" width=\"" + num(kBoxWidth) + "\" height=\"" + num(kBoxHeight) +
                 "\"/><text x=\"" + num(left + 12) + "\" y=\"" + num(at.y + 24) + "\">" +
                 xml_escape(fit(node.id, kMaxChars)) + "</text><text class=\"s" +
                 (is_there && !label.empty() ? "" : " w") + "\" x=\"" + num(left + 12) + "\" y=\"" +
                 num(at.y + 44) + "\">" + xml_escape(fit(second, kMaxChars + 4)) + "</text></g>\n";
    }

    // Conflicts and cycles below the picture.
    std::string footer() {
        std::vector<std::string> lines;
        for (const LineageConflict& conflict : view_.conflicts) {
            lines.push_back(view_.lineage.nodes[conflict.node].id + ": " + conflict.message);
        }
        for (const auto& cycle : view_.cycles) {
            lines.push_back(
                "cycle through " + view_.lineage.nodes[cycle.front()].id + " and " +
                std::to_string(cycle.size() - 1) + " more"
            );
        }
        if (points_.size() < view_.lineage.nodes.size()) {
            lines.push_back(
                std::to_string(view_.lineage.nodes.size() - points_.size()) + " more artifacts"
            );
        }
        if (lines.size() > kMaxFootLines) {
            lines.resize(kMaxFootLines);
        }
        std::string text;
        for (const std::string& line : lines) {
            text +=
                "<text class=\"s w\" x=\"" + num(kMargin) + "\" y=\"" + num(height_) + "\">" +
                xml_escape(fit(line, static_cast<std::size_t>((width_ - 2 * kMargin) / kCharWidth))
                ) +
                "</text>\n";
            height_ += kFootLine;
        }
        return text;
    }

    const LineageView& view_;
    std::vector<std::vector<std::size_t>> rows_;
    std::map<std::size_t, Point> points_;
    std::string body_;
    int width_ = 0;
    int height_ = 0;
};

} // namespace

std::string svg_text(const LineageView& view) {
    return SvgDrawing(view).take();
}

} // namespace railhub::app
