// SPDX-License-Identifier: Apache-2.0
// Documents: JSON, YAML and TOML as a flat list of keys and texts with offsets.
// Forgiving, because what is read is often a template or has comments; never
// fails.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::scan {

struct Entry {
    std::vector<std::string> path; // keys from the root; items of lists have their list's
    std::string value;             // texts only; numbers and the like as written
    std::size_t offset = 0;        // of the value
    std::uint32_t list = 0;        // items of one list share a number; 0: no item
    bool is_key = false;           // `value` is a key with a '/' in it, below `path`
};

// At most kMaxEntries; the rest is left out.
inline constexpr std::size_t kMaxEntries = 200'000;

std::vector<Entry> read_json_entries(std::string_view text);
std::vector<Entry> read_yaml_entries(std::string_view text);
// Also INI.
std::vector<Entry> read_toml_entries(std::string_view text);

} // namespace railhub::scan
