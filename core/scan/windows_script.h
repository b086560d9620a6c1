// SPDX-License-Identifier: Apache-2.0
// PowerShell and batch files, written as a shell would have them: the same length, each word where
// it was.
#pragma once

#include <string>

namespace railhub::scan {

std::string powershell_as_shell(std::string text);
std::string batch_as_shell(std::string text);

} // namespace railhub::scan
