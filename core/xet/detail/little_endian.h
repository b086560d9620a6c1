// SPDX-License-Identifier: Apache-2.0
// Little-endian numbers of the Xet formats.
#pragma once

#include "core/util/bytes.h"

#include <cstdint>

namespace railhub::xet::detail {

inline std::uint32_t load_u24(const std::uint8_t* at) {
    return static_cast<std::uint32_t>(at[0] | (at[1] << 8) | (at[2] << 16));
}

inline std::uint32_t load_u32(const std::uint8_t* at) {
    return load_u24(at) | (static_cast<std::uint32_t>(at[3]) << 24);
}

inline std::uint64_t load_u64(const std::uint8_t* at) {
    return load_u32(at) | (static_cast<std::uint64_t>(load_u32(at + 4)) << 32);
}

inline void store_u24(std::uint8_t* at, std::uint32_t value) {
    at[0] = static_cast<std::uint8_t>(value);
    at[1] = static_cast<std::uint8_t>(value >> 8);
    at[2] = static_cast<std::uint8_t>(value >> 16);
}

inline void append_u32(util::Bytes& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<std::uint8_t>(value >> shift));
    }
}

inline void append_u64(util::Bytes& out, std::uint64_t value) {
    append_u32(out, static_cast<std::uint32_t>(value));
    append_u32(out, static_cast<std::uint32_t>(value >> 32));
}

} // namespace railhub::xet::detail
