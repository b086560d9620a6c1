// SPDX-License-Identifier: Apache-2.0
// Joining by a table; lineage.cpp walks edge by edge and must come to the same.
#include "core/compliance/course.h"

#include <algorithm>
#include <array>

namespace railhub::compliance {

namespace {

using Turn = Course::Turn;

constexpr std::size_t kTurns = 5;

// Rows: the first part of the path; columns: the rest.
constexpr std::array<std::array<Turn, kTurns>, kTurns> kJoined = {{
    {Turn::Direct, Turn::Taught, Turn::Trained, Turn::TrainedThenTaught, Turn::Lost},
    {Turn::Taught, Turn::Taught, Turn::Lost, Turn::Lost, Turn::Lost},
    {Turn::Trained, Turn::TrainedThenTaught, Turn::Trained, Turn::TrainedThenTaught, Turn::Lost},
    {Turn::TrainedThenTaught, Turn::TrainedThenTaught, Turn::Lost, Turn::Lost, Turn::Lost},
    {Turn::Lost, Turn::Lost, Turn::Lost, Turn::Lost, Turn::Lost},
}};

constexpr std::array<Way, kTurns> kWays = {
    Way::Work, Way::Taught, Way::Trained, Way::Taught, Way::Remote};

Turn turn_of(Way way) {
    switch (way) {
    case Way::Work:
        return Turn::Direct;
    case Way::Taught:
        return Turn::Taught;
    case Way::Trained:
        return Turn::Trained;
    case Way::Remote:
        return Turn::Lost;
    }
    return Turn::Lost;
}

Treatment more_thorough(Treatment a, Treatment b) {
    const bool partial = a == Treatment::Adapter || b == Treatment::Adapter;
    return partial ? Treatment::Adapter : std::max(a, b);
}

} // namespace

Course course_of(const Lineage& lineage, const Edge& edge) {
    const Trace step = first_trace(lineage, edge);
    return {turn_of(step.way), step.treatment, step.part, step.is_merged, step.in_product};
}

Course join(const Course& first, const Course& rest) {
    return {
        kJoined.at(static_cast<std::size_t>(first.turn)).at(static_cast<std::size_t>(rest.turn)),
        more_thorough(first.treatment, rest.treatment),
        std::max(first.part, rest.part),
        first.is_merged,
        first.in_product,
    };
}

Trace trace_of(const Course& course) {
    return {
        kWays.at(static_cast<std::size_t>(course.turn)),
        course.treatment,
        course.part,
        course.is_merged,
        course.in_product,
    };
}

std::uint8_t packed(const Course& course) {
    std::size_t bits = static_cast<std::size_t>(course.turn);
    bits = bits * 4 + static_cast<std::size_t>(course.treatment);
    bits = bits * 3 + static_cast<std::size_t>(course.part);
    bits = bits * 4 + (course.is_merged ? 2U : 0U) + (course.in_product ? 1U : 0U);
    return static_cast<std::uint8_t>(bits);
}

Course unpacked(std::uint8_t bits) {
    const unsigned all = bits;
    return {
        static_cast<Turn>(all / 48U),
        static_cast<Treatment>(all / 12U % 4U),
        static_cast<Part>(all / 4U % 3U),
        (all & 2U) != 0,
        (all & 1U) != 0,
    };
}

} // namespace railhub::compliance
