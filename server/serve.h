// SPDX-License-Identifier: Apache-2.0
// `railhub serve`: the only header of the server that the command line may include.
#pragma once

#include "core/util/io.h"
#include "core/util/settings.h"

#include <span>
#include <vector>

namespace railhub::server {

// Every setting of the server: a flag, a variable and a key of the file named by `config`.
std::span<const util::Setting> serve_settings();

struct ServeOptions {
    // Variables, then flags (rising priority). The config file is read between defaults and these.
    std::vector<util::SettingSource> sources;
    util::Writer& out; // what a person reads at the start: URL, first token, next commands
};

// Runs until SIGTERM or SIGINT, then drains; 0 when it ended in order. Logs to standard error. Call
// it from the main thread before any other thread exists: it blocks signals for all of them.
util::Result<int> serve(const ServeOptions& options);

} // namespace railhub::server
