// SPDX-License-Identifier: Apache-2.0
// The server's settings as one validated struct. THE TABLE of settings is in config.cpp; flags,
// variables, the config file and docs/config.md come from it.
#pragma once

#include "core/app/jobs.h"
#include "core/util/log.h"
#include "core/util/settings.h"
#include "server/http/server.h"

#include <chrono>
#include <string>

namespace railhub::server {

// Bounds that handlers keep. Immutable.
struct Limits {
    std::uint64_t json_body = std::uint64_t{4} << 20;
    std::uint64_t card_body = std::uint64_t{8} << 20; // README.md as JSON
    std::uint64_t commit_body = std::uint64_t{1} << 30;
    std::uint64_t regular_file = std::uint64_t{16} << 20; // decoded content of one commit line
    std::size_t commit_operations = 500'000;
    std::uint64_t large_file = std::uint64_t{512} << 30;
    std::uint64_t multipart_threshold = std::uint64_t{5} << 30;
    std::uint64_t part_size = std::uint64_t{256} << 20;
    std::chrono::milliseconds link_lifetime = std::chrono::hours(6);
    std::chrono::milliseconds xet_token_lifetime = std::chrono::minutes(15);
    std::chrono::milliseconds data_link_lifetime = std::chrono::hours(1);
    std::chrono::milliseconds dedup_lifetime = std::chrono::hours(24);
};

struct ServerConfig {
    std::string data_folder;
    std::string license_gate;
    Limits limits;
    app::JobSettings jobs;
    http::ServerOptions http;
    util::LogFormat log_format = util::LogFormat::KeyValue;
    util::LogLevel log_level = util::LogLevel::Info;
    enum class AccessLog : std::uint8_t { Off, On } access_log = AccessLog::On;
};

std::span<const util::Setting> settings_table();

// Reads the config file, if one is named or ./railhub-server.toml is there, then variables and
// flags. InvalidInput lists every mistake, one a line.
util::Result<ServerConfig> make_config(const std::vector<util::SettingSource>& sources);

// docs/config.md.
std::string config_page();

} // namespace railhub::server
