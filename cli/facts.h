// SPDX-License-Identifier: Apache-2.0
// What is done with an artifact, and how contested questions are answered, from the command line:
// the same for every command that judges a lineage.
#pragma once

#include "cli/command.h"
#include "core/app/check.h"

#include <vector>

namespace railhub::cli {

struct NamedValue {
    std::string name;
    std::string value;
};

// "NAME=VALUE" of an option.
util::Result<NamedValue> parse_named(std::string_view option, const std::string& text);

// --use, --purpose, --fact, --policy
std::vector<OptionSpec> fact_options();
util::Result<> read_facts(const Args& args, app::CheckOptions& options);

} // namespace railhub::cli
