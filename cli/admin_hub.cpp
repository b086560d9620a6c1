// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_hub.h"

#include "cli/shell.h"
#include "core/util/settings.h"

namespace railhub::cli {

std::string data_folder(const Shell& shell, const Args& args) {
    const auto variable = shell.config.environment.find(util::setting_variable(kDataSetting));
    if (args.has("data") || variable == shell.config.environment.end()) {
        return args.text("data");
    }
    return variable->second;
}

util::Result<std::unique_ptr<app::Hub>> open_hub(Shell& shell, const Args& args) {
    return app::Hub::open(shell.ctx, {.folder = data_folder(shell, args)});
}

Command admin_row(std::string name, std::string summary, RunFunction run) {
    Command command{
        .name = "admin " + name,
        .group = std::string(kAdminGroup),
        .summary = std::move(summary),
        .page = "admin_" + name.substr(0, name.find(' ')),
        .options = {},
        .operands = {},
        .run = run};
    return command;
}

} // namespace railhub::cli
