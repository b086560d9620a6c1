// SPDX-License-Identifier: Apache-2.0
// docs/project-file.md, printed from the tables.
#pragma once

#include <string>

namespace railhub::project {

std::string project_page();

} // namespace railhub::project
