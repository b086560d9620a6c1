// SPDX-License-Identifier: Apache-2.0
// railhub-server.toml -> settings. The only includer of toml++.
#pragma once

#include "core/util/settings.h"

#include <string>

namespace railhub::server {

// Top-level `key = value` lines; values are strings, whole numbers or booleans. InvalidInput with
// file, line and column.
util::Result<util::SettingSource> read_config_file(const std::string& path);
// The same from text; `name` is what messages call it.
util::Result<util::SettingSource> parse_config(std::string_view text, const std::string& name);

} // namespace railhub::server
