// SPDX-License-Identifier: Apache-2.0
// RepoId: kind + namespace/name, and the rules for names (hub-api section 13).
#pragma once

#include "core/util/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace railhub::types {

// Kinds of repository. Spaces and kernels are known words but cannot be created yet.
enum class RepoKind : std::uint8_t { Model, Dataset, Space };

std::string_view kind_word(RepoKind kind);                       // "model"
std::string_view kind_plural(RepoKind kind);                     // "models": API path
std::string_view kind_web_prefix(RepoKind kind);                 // "" | "datasets/" | "spaces/"
util::Result<RepoKind> parse_kind(std::string_view word);        // "model"
util::Result<RepoKind> parse_kind_plural(std::string_view word); // "models"

// 1-96 chars of [A-Za-z0-9_.-], first and last a word character, no "--", no "..", not ending in
// ".git" or ".ipynb". Namespaces may begin and end with '_' or '.', except "." and "..".
util::Result<> check_repo_name(std::string_view name);
util::Result<> check_namespace(std::string_view name);
// First words of the hub's own paths ("api", "datasets", ...), in any case; check_namespace refuses
// them.
bool is_reserved_namespace(std::string_view name);

struct RepoId {
    RepoKind kind = RepoKind::Model;
    std::string owner; // namespace
    std::string name;

    // "owner/name".
    [[nodiscard]] std::string full_name() const { return owner + "/" + name; }

    // For people: "model 'owner/name'".
    [[nodiscard]] std::string describe() const;

    auto operator<=>(const RepoId&) const = default;

    // "owner/name"; checks both names.
    static util::Result<RepoId> parse(RepoKind kind, std::string_view full_name);
};

} // namespace railhub::types
