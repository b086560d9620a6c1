// SPDX-License-Identifier: Apache-2.0
// The difference between two states of a license text, short enough for one line of a report. Pure.
#pragma once

#include <string>
#include <string_view>

namespace railhub::lock {

// "line 68: - 'a perpetual,' + 'a temporary,'"; of a long passage its first lines and how many
// there are. Ends of lines and blanks around them do not count; empty when nothing else differs.
std::string describe_text_change(std::string_view before, std::string_view after);

} // namespace railhub::lock
