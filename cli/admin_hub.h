// SPDX-License-Identifier: Apache-2.0
// What commands of `railhub admin` share: the data folder, and how their rows look.
#pragma once

#include "cli/command.h"
#include "core/app/hub.h"

namespace railhub::cli {

inline constexpr std::string_view kDataSetting = "data";
inline constexpr std::string_view kAdminGroup = "Server";

// --data, RAILHUB_DATA, or the folder that `railhub serve` would take.
std::string data_folder(const Shell& shell, const Args& args);
util::Result<std::unique_ptr<app::Hub>> open_hub(Shell& shell, const Args& args);
// "admin <name>"; its page is that of the first word.
Command admin_row(std::string name, std::string summary, RunFunction run);

} // namespace railhub::cli
