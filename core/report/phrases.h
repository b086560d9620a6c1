// SPDX-License-Identifier: Apache-2.0
// Parts of a finding in words, the same in every format for people, and foreign text made harmless.
#pragma once

#include "core/report/report.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace railhub::report {

// Cards and file names are foreign text: nothing of theirs may steer a terminal or forge a line.
// Control characters (C0 but for newline where allowed, DEL, C1), characters that turn the
// direction of writing, and bytes that are no UTF-8 become '?'.
enum class Lines : std::uint8_t { One, Many };
std::string printable(std::string_view text, Lines lines);
std::string one_line(std::string_view text);

std::string counted(std::size_t count, std::string_view noun); // "2 errors"
std::string license_or_none(const std::string& license);
std::string place_text(const Location& location); // "app.py:3:9"
// "'org/base' (license)", then "\n<- finetune: ..." a line for each link.
std::string chain_text(const std::vector<ChainLink>& chain);
std::string citations_text(const std::vector<Citation>& citations); // "mit section 1; ..."
// A line for each clause.
std::string missing_text(const std::vector<MissingClause>& missing);
// "conflict (1 error, 0 warnings, 2 notes)"
std::string verdict_text(const Report& report);
// "2 known findings hidden, 1 waived", or empty.
std::string left_out_text(const Report& report);

// Whether the finding alone makes `fail_on` or worse. A note never does.
bool closes_gate(const Finding& finding, Verdict fail_on);

// The page of a finding's rule, or nullptr.
const RuleText* rule_text(const Report& report, std::string_view rule);

// Lines of at most `width` bytes where blanks allow it; paragraphs stay.
std::string wrapped(std::string_view text, std::size_t width);

// Cuts at a character border; adds "..." when something is gone.
std::string shortened(std::string_view text, std::size_t max_bytes);

} // namespace railhub::report
