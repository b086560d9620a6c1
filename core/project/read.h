// SPDX-License-Identifier: Apache-2.0
// Read: the text of a railhub.toml -> Project. Strict, because a slip in a policy must not pass for
// "nothing to check": unknown keys, wrong kinds and impossible values are mistakes, all of them
// said at once with their place and the nearest word that would fit.
#pragma once

#include "core/project/project.h"
#include "core/util/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace railhub::project {

inline constexpr std::uint64_t kMaxProjectFile = std::uint64_t{1} << 20;

// One mistake in the file.
struct Mistake {
    std::string code; // "project.unknown-key"; row of core/report/codes.h
    std::string message;
    std::string hint;
    report::Location at;

    bool operator==(const Mistake&) const = default;
};

struct Reading {
    Project project;               // of what is right
    std::vector<Mistake> mistakes; // by place
};

// `name` is the path for messages and places. Never fails: a text that is no TOML is one mistake.
Reading read_project(std::string_view text, const std::string& name);

// "railhub.toml:3:1: project.unknown-key: unknown key 'licence' in [project]; did you mean
// 'license'?"
std::string to_line(const Mistake& mistake);

// InvalidInput with a line for each; there is at least one.
util::Error to_error(const std::string& name, const std::vector<Mistake>& mistakes);

} // namespace railhub::project
