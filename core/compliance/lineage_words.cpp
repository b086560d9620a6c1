// SPDX-License-Identifier: Apache-2.0
// Words of the lineage, as cards, files and reports write them.
#include "core/compliance/lineage.h"

#include <array>

namespace railhub::compliance {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 4> kKindWords = {"model", "dataset", "code", "service"};
constexpr std::array<std::string_view, 7> kRoleWords = {
    "base-model", "adapter-base", "merge-source", "teacher", "dataset", "code", "component"};
constexpr std::array<std::string_view, 11> kActivityWords = {
    "finetune",
    "adapter",
    "quantize",
    "merge",
    "distil",
    "train",
    "embed",
    "serve",
    "convert",
    "copy",
    "generate"};
constexpr std::array<std::string_view, 4> kBasisWords = {
    "override", "declared", "detected", "inherited"};
constexpr std::array<std::string_view, 5> kResolutionWords = {
    "resolved", "absent", "unreachable", "unreadable", "too-deep"};

template <class Enum, std::size_t N>
std::optional<Enum> enum_of(const std::array<std::string_view, N>& words, std::string_view word) {
    for (std::size_t i = 0; i < N; ++i) {
        if (words[i] == word) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

} // namespace

std::string_view kind_word(ArtifactKind kind) {
    return kKindWords.at(static_cast<std::size_t>(kind));
}

std::string_view role_word(Role role) {
    return kRoleWords.at(static_cast<std::size_t>(role));
}

std::string_view activity_word(Activity activity) {
    return kActivityWords.at(static_cast<std::size_t>(activity));
}

std::string_view basis_word(Basis basis) {
    return kBasisWords.at(static_cast<std::size_t>(basis));
}

std::string_view resolution_word(Resolution resolution) {
    return kResolutionWords.at(static_cast<std::size_t>(resolution));
}

std::optional<Role> parse_role(std::string_view word) {
    return enum_of<Role>(kRoleWords, word);
}

std::optional<Activity> parse_activity(std::string_view word) {
    return enum_of<Activity>(kActivityWords, word);
}

std::optional<Basis> parse_basis(std::string_view word) {
    return enum_of<Basis>(kBasisWords, word);
}

} // namespace railhub::compliance
