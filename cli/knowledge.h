// SPDX-License-Identifier: Apache-2.0
// License knowledge for commands: built in, with a folder of the user's on top.
#pragma once

#include "cli/shell.h"
#include "core/license/catalogue.h"

namespace railhub::cli {

// --licenses FOLDER
OptionSpec licenses_option();
util::Result<license::Catalogue> load_catalogue(Shell& shell, const Args& args);
// A record by any of its names; NotFound with the nearest one as hint. Never null.
util::Result<const license::Record*>
find_license(const license::Catalogue& catalogue, const std::string& name);

} // namespace railhub::cli
