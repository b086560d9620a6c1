// SPDX-License-Identifier: Apache-2.0
// The header of a safetensors file: 8 bytes little-endian length, then a JSON object of tensors
// with dtype and shape, and perhaps texts under "__metadata__". Nothing behind the header is read.
#pragma once

#include "core/util/json.h"

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>

namespace railhub::origin {

struct ParameterCount {
    std::map<std::string, std::uint64_t> by_type; // "F32" -> parameters
    std::uint64_t total = 0;

    void add(const ParameterCount& other);
    // {"parameters":{...},"total":N}
    [[nodiscard]] util::Json to_json() const;
};

inline constexpr std::uint64_t kMaxSafetensorsHeader = std::uint64_t{16} << 20;

// Fills `into` from an offset of the file; less than asked only at the end.
using ReadAt = std::function<util::Result<std::size_t>(std::uint64_t, std::span<std::uint8_t>)>;

// InvalidInput when the header is not one; TooLarge past kMaxSafetensorsHeader.
util::Result<ParameterCount> count_parameters(const ReadAt& read_at, std::uint64_t file_size);

// The JSON part alone.
util::Result<ParameterCount> parse_safetensors_header(std::string_view json);

// The texts under "__metadata__", at most 1024 of at most 64 KiB each; none is fine. Where they
// stand first, as writers put them, only the beginning of the header is read. `max_bytes` bounds
// what is read: TooLarge when the texts are not within it.
util::Result<std::map<std::string, std::string>>
read_safetensors_texts(const ReadAt& read_at, std::uint64_t max_bytes = kMaxSafetensorsHeader);

} // namespace railhub::origin
