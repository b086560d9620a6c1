// SPDX-License-Identifier: Apache-2.0
// Shell: what a command may touch, built once per call of the program. No command reads the
// environment, prints around the terminal or opens the network by itself.
#pragma once

#include "cli/command.h"
#include "cli/config.h"
#include "cli/terminal.h"
#include "core/transfer/http_client.h"
#include "core/util/context.h"
#include "core/util/fs.h"
#include "core/util/json.h"
#include "core/util/random.h"

#include <span>

namespace railhub::cli {

enum class OutputFormat : std::uint8_t { Text, Json };

// References outlive the command. One thread.
struct Shell {
    std::span<const Command> table;
    const Config& config;
    Terminal& terminal;
    const util::Context& ctx;
    util::Fs& fs;
    util::Random& random;
    transfer::HttpClient& http;
    OutputFormat format = OutputFormat::Text;

    [[nodiscard]] bool is_json() const { return format == OutputFormat::Json; }

    // Result of a command that has both forms.
    void print(const util::Json& json, std::string_view text) {
        terminal.print(is_json() ? json.dump_pretty() : std::string(text));
    }
};

} // namespace railhub::cli
