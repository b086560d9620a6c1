// SPDX-License-Identifier: Apache-2.0
// Inputs of the Xet specification's test vectors (section 9).
#pragma once

#include "core/util/bytes.h"

#include <cstdint>
#include <string>
#include <vector>

namespace railhub::tests {

// SplitMix64 as little-endian bytes.
util::Bytes splitmix_bytes(std::uint64_t seed, std::size_t count);
// The trigger pattern with `padding` zero bytes behind it, repeated to 65,536 bytes.
util::Bytes trigger_bytes(std::size_t padding);
// Lines of a file below tests/data/xet without comments, split at blanks.
std::vector<std::vector<std::string>> vector_lines(const std::string& file);

} // namespace railhub::tests
