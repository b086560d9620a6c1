// SPDX-License-Identifier: Apache-2.0
// Small text functions that several modules need.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::util {

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text); // blanks, tabs, CR, LF
std::string lower(std::string_view text);     // ASCII only
bool equal_ignore_case(std::string_view a, std::string_view b);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
bool is_valid_utf8(std::string_view text);
// Longest prefix that is valid UTF-8 up to a sequence cut off at the end.
bool is_valid_utf8_prefix(std::string_view text);
// Whole text as decimal, no sign, no blanks.
std::optional<std::uint64_t> parse_decimal(std::string_view text);
// Levenshtein distance, for "did you mean".
std::size_t edit_distance(std::string_view a, std::string_view b);
// The candidate nearest to `name`, if near enough to be a slip; else empty.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);
// "1.2 GB" (10^3 steps), for people.
std::string human_bytes(std::uint64_t bytes);
// Shell-like globs as huggingface_hub means them (fnmatch: * crosses slashes).
bool glob_match(std::string_view pattern, std::string_view text);

} // namespace railhub::util
