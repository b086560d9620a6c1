// SPDX-License-Identifier: Apache-2.0
// Config: what the environment and the command line say about hub, token, cache. Filled once in
// main; the names and defaults are those of huggingface_hub, so that both tools share logins and
// files.
#pragma once

#include "cli/command.h"

#include <map>
#include <string>

namespace railhub::cli {

using Environment = std::map<std::string, std::string, std::less<>>;

// The endpoint when nothing names one: where `railhub serve` listens by default.
inline constexpr std::string_view kDefaultEndpoint = "http://127.0.0.1:8080";

enum class TokenOrigin : std::uint8_t { None, Flag, Variable, File };

struct Config {
    std::string endpoint;        // without trailing slash
    std::string endpoint_origin; // "--endpoint", "HF_ENDPOINT" or "default"
    std::string hf_home;
    std::string cache_folder;       // HF_HUB_CACHE
    std::string token_path;         // the active token
    std::string stored_tokens_path; // all tokens by name (INI)
    std::string state_folder;       // what railhub itself remembers: HF_HOME/railhub
    std::string token;              // from flag or variable; the file is read when needed
    TokenOrigin token_origin = TokenOrigin::None;
    bool is_offline = false;
    bool uses_xet = true; // unless HF_HUB_DISABLE_XET
    bool no_color = false;
    Environment environment; // for settings of `serve`
};

// InvalidInput on an endpoint that is no URL. Reads nothing but its arguments.
util::Result<Config> make_config(const Environment& environment, const Args& args);

} // namespace railhub::cli
