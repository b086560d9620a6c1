// SPDX-License-Identifier: Apache-2.0
// The rules of git for ref names.
#include "core/types/revision.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::types {

namespace {

constexpr std::size_t kLongestRef = 255;

bool is_hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_ref_char(char c) {
    constexpr std::string_view kForbidden = " ~^:?*[\\\x7F";
    return static_cast<unsigned char>(c) > 0x1F && kForbidden.find(c) == std::string_view::npos;
}

bool is_valid_component(std::string_view component) {
    return !component.empty() && !component.starts_with('.') && !component.ends_with(".lock");
}

} // namespace

bool is_valid_ref_name(std::string_view full_name) {
    if (full_name.size() > kLongestRef || !full_name.starts_with("refs/") ||
        full_name.ends_with('.') || !util::is_valid_utf8(full_name)) {
        return false;
    }
    if (!std::all_of(full_name.begin(), full_name.end(), is_ref_char) ||
        full_name.find("..") != std::string_view::npos ||
        full_name.find("@{") != std::string_view::npos) {
        return false;
    }
    const auto components = util::split(full_name, '/');
    return std::all_of(components.begin(), components.end(), is_valid_component);
}

bool is_valid_branch_name(std::string_view name) {
    return name != "HEAD" && name != "@" && !name.starts_with("refs/") && !name.starts_with('-') &&
           !is_full_sha(name) && is_valid_ref_name(std::string(kHeads) + std::string(name));
}

bool is_full_sha(std::string_view text) {
    return text.size() == 40 && std::all_of(text.begin(), text.end(), is_hex_digit);
}

bool is_short_sha(std::string_view text) {
    return text.size() >= 7 && text.size() <= 40 &&
           std::all_of(text.begin(), text.end(), is_hex_digit);
}

} // namespace railhub::types
