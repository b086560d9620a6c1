// SPDX-License-Identifier: Apache-2.0
// Byte ranges and their text forms.
#pragma once

#include "core/util/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::util {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Lower case.
std::string to_hex(ByteView bytes);
// Accepts both cases; even length; InvalidInput otherwise.
Result<Bytes> from_hex(std::string_view text);
// Standard alphabet with padding; decoding accepts missing padding, refuses anything else.
std::string to_base64(ByteView bytes);
std::string to_base64url(ByteView bytes);
Result<Bytes> from_base64(std::string_view text);

} // namespace railhub::util
