// SPDX-License-Identifier: Apache-2.0
#include "core/scan/use.h"

#include "core/util/assert.h"

#include <array>

namespace railhub::scan {

namespace {

template <std::size_t N>
std::string_view row(const std::array<std::string_view, N>& names, std::size_t index) {
    RAILHUB_ASSERT(index < N);
    return names[index];
}

} // namespace

std::string_view name_of(ArtifactKind kind) {
    static constexpr std::array<std::string_view, 4> kNames = {
        "model", "dataset", "space", "metric"};
    return row(kNames, static_cast<std::size_t>(kind));
}

std::string_view name_of(Role role) {
    static constexpr std::array<std::string_view, 10> kNames = {
        "runtime",
        "training",
        "evaluation",
        "adapter",
        "adapter-base",
        "merge-source",
        "teacher",
        "component",
        "conversion",
        "metadata",
    };
    return row(kNames, static_cast<std::size_t>(role));
}

std::string_view name_of(Part part) {
    static constexpr std::array<std::string_view, 4> kNames = {
        "product", "test", "example", "documentation"};
    return row(kNames, static_cast<std::size_t>(part));
}

std::string_view name_of(Confidence confidence) {
    static constexpr std::array<std::string_view, 3> kNames = {"low", "medium", "high"};
    return row(kNames, static_cast<std::size_t>(confidence));
}

} // namespace railhub::scan
