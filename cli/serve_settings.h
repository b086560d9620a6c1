// SPDX-License-Identifier: Apache-2.0
// Between the command line and a table of settings: options from rows, sources from what was given.
#pragma once

#include "cli/config.h"
#include "core/util/settings.h"

#include <span>

namespace railhub::cli {

std::vector<OptionSpec> serve_options(std::span<const util::Setting> table);

// Variables RAILHUB_* that name a setting, then options: rising priority.
std::vector<util::SettingSource> serve_sources(
    std::span<const util::Setting> table, const Environment& environment, const Args& args
);

} // namespace railhub::cli
