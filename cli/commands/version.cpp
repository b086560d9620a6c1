// SPDX-License-Identifier: Apache-2.0
// railhub version
#include "core/util/version.h"

#include "cli/commands.h"
#include "cli/shell.h"
#include "core/transfer/curl_client.h"

namespace railhub::cli {

namespace {

util::Result<ExitCode> run_version(Shell& shell, const Args& /*args*/) {
    const std::string library = transfer::curl_version_text();
    shell.print(
        util::Json::object({{"version", std::string(util::kVersion)}, {"http", library}}),
        "railhub " + std::string(util::kVersion) + "\n"
    );
    return ExitCode::Done;
}

} // namespace

Command version_command() {
    return {
        .name = "version",
        .group = "Help",
        .summary = "Show the version",
        .page = "version",
        .run = run_version};
}

} // namespace railhub::cli
