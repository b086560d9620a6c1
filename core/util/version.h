// SPDX-License-Identifier: Apache-2.0
// The version of this build, from the CMake project.
#pragma once

#include <string_view>

namespace railhub::util {

// "0.1.0".
extern const std::string_view kVersion;

} // namespace railhub::util
