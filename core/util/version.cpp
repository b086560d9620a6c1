// SPDX-License-Identifier: Apache-2.0
// Holds what CMake passes, so that a new version compiles one small file again.
#include "core/util/version.h"

namespace railhub::util {

constinit const std::string_view kVersion = RAILHUB_VERSION;

} // namespace railhub::util
