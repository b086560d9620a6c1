// SPDX-License-Identifier: Apache-2.0
// A path of edges, reduced to what decides how an artifact at its end reached the subject, whatever
// edges come before it. Courses join, so that what is known of a parent serves all its children.
#pragma once

#include "core/compliance/lineage.h"

#include <cstdint>

namespace railhub::compliance {

struct Course {
    // What the path makes of the way so far. Direct: nothing. Taught and Trained: that, except that
    // data of what taught is Remote. TrainedThenTaught: taught, but Remote where it came in by
    // teaching already. Lost: Remote in any case.
    enum class Turn : std::uint8_t { Direct, Taught, Trained, TrainedThenTaught, Lost };

    Turn turn = Turn::Direct;
    Treatment treatment = Treatment::Copy;
    Part part = Part::One;
    bool is_merged = false;  // the first edge of the path merges
    bool in_product = false; // ... embeds

    bool operator==(const Course&) const = default;
};

// The path of one edge.
Course course_of(const Lineage& lineage, const Edge& edge);
// `first` from the subject on, then `rest`.
Course join(const Course& first, const Course& rest);
// How an artifact at the end of a path from the subject got there.
Trace trace_of(const Course& course);

std::uint8_t packed(const Course& course);
Course unpacked(std::uint8_t bits);

} // namespace railhub::compliance
