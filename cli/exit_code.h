// SPDX-License-Identifier: Apache-2.0
// Exit codes: the contract with scripts, the same for every command.
#pragma once

#include "core/util/error.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace railhub::cli {

enum class ExitCode : std::uint8_t {
    Done = 0,
    Findings = 1,
    Usage = 2,
    Failed = 3,
    NotAllowed = 4,
    NotFound = 5,
    Bug = 70,
    Interrupted = 130,
};

// What a core error means to a script.
ExitCode exit_code_of(util::Code code);

struct ExitCodeRow {
    ExitCode code;
    std::string_view meaning;
};

// In numerical order, for help and docs.
std::span<const ExitCodeRow> exit_codes();

} // namespace railhub::cli
