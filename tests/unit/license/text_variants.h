// SPDX-License-Identifier: Apache-2.0
// What happens to license texts in the wild, done to a text on purpose: the same bytes in, the same
// bytes out.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace railhub::tests {

// Lines of `width` characters; blank lines stay.
std::string rewrapped(std::string_view text, std::size_t width);
// Paragraphs as <p>, entities, <b>, a head with a style.
std::string as_html(std::string_view text);
// Other years and holders in lines that state a copyright.
std::string with_other_holders(std::string_view text);
// In a comment of a source file, with code below.
std::string as_c_comment(std::string_view text);
std::string as_hash_comment(std::string_view text);
// The first `percent` of the bytes.
std::string truncated(std::string_view text, unsigned percent);
// One in `every` letters taken for another as scanners do; hyphens at some line ends.
std::string as_scanned(std::string_view text, unsigned every, std::uint32_t seed);
// BOM, CRLF, curly quotes.
std::string as_windows_text(std::string_view text);
// Emphasis, headings and quotes.
std::string as_markdown(std::string_view text);

} // namespace railhub::tests
