// SPDX-License-Identifier: Apache-2.0
// A lineage for people and programs: tree, JSON (schemas/lineage.v1), Mermaid, SVG. Same lineage,
// same bytes. Foreign names are escaped for each form.
#pragma once

#include "core/app/lineage_conflicts.h"
#include "core/util/json.h"

#include <string>
#include <vector>

namespace railhub::app {

struct LineageView {
    std::string label;     // what was asked for
    std::string knowledge; // version of the license data
    compliance::Lineage lineage;
    std::vector<LineageConflict> conflicts;
    std::vector<std::vector<std::size_t>> cycles;
};

LineageView
view_of(compliance::Lineage lineage, std::string label, const license::Catalogue& catalogue);

// Upstreams below what was made from them, at most 64 levels and 2,000 lines; then what is missing,
// contradictory or circular.
std::string tree_text(const LineageView& view);
util::Json to_json(const LineageView& view);
// A flowchart, upstreams above; at most 500 artifacts.
std::string mermaid_text(const LineageView& view);
// Boxes in rows, upstreams above; at most 500 artifacts. Stands alone, no script, no fonts.
std::string svg_text(const LineageView& view);

// "absent: the hub has no such artifact" for what is not resolved; empty for what is.
std::string gap_text(const compliance::Node& node);

// Rows from the subject (0) upwards: each artifact one row above the last that was made from it,
// cycles cut. At most `most` artifacts, in breadth-first order.
std::vector<std::vector<std::size_t>> rows_of(const compliance::Lineage& lineage, std::size_t most);

inline constexpr std::size_t kMaxDrawn = 500;

} // namespace railhub::app
