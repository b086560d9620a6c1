// SPDX-License-Identifier: Apache-2.0
// EmbeddedFile: a data file that the build put into the binary (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace railhub::util {

// Both views live as long as the program.
struct EmbeddedFile {
    std::string_view path; // below the embedded folder, '/' between parts
    std::string_view text;
};

} // namespace railhub::util
