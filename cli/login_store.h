// SPDX-License-Identifier: Apache-2.0
// Stored tokens, in the files and form of huggingface_hub: HF_HOME/token holds the active one,
// HF_HOME/stored_tokens all by name (INI), both readable by their owner alone.
#pragma once

#include "cli/config.h"
#include "core/util/fs.h"

#include <optional>

namespace railhub::cli {

// One [name] of stored_tokens with its fields; unknown fields are kept.
struct StoredToken {
    std::string name;
    std::vector<std::pair<std::string, std::string>> fields; // "hf_token" and others

    [[nodiscard]] std::string token() const;
};

// The active token of the file; empty when there is none.
util::Result<std::string> read_token(util::Fs& fs, const Config& config);
// Flag or variable, else the file.
util::Result<std::string> effective_token(util::Fs& fs, const Config& config);

util::Result<std::vector<StoredToken>> read_stored_tokens(util::Fs& fs, const Config& config);
// Adds or replaces the name and makes it the active one.
util::Result<>
store_token(util::Fs& fs, const Config& config, std::string_view name, std::string_view token);
// Removes one name, or everything when `name` is empty. Returns the names removed.
util::Result<std::vector<std::string>>
forget_tokens(util::Fs& fs, const Config& config, std::string_view name);

// Text forms, for tests.
std::vector<StoredToken> parse_stored_tokens(std::string_view text);
std::string print_stored_tokens(const std::vector<StoredToken>& tokens);

} // namespace railhub::cli
