// SPDX-License-Identifier: Apache-2.0
// Python inside of scripts: python -c "...", and what is fed to python between << and its end.
#pragma once

#include <string>
#include <string_view>

namespace railhub::scan {

// The script with all but the Python blanked, of the same length and lines; empty where it has
// none.
std::string embedded_python(std::string_view script);

} // namespace railhub::scan
