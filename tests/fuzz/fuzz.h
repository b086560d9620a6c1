// SPDX-License-Identifier: Apache-2.0
// What every fuzz target needs: its entry point, input as text, and a way to say "this must hold".
#pragma once

#include "core/util/assert.h"
#include "core/util/bytes.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

// One per target; returns 0. Declared because the driver has no header for it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace railhub::tests {

inline std::string_view fuzz_text(const std::uint8_t* data, std::size_t size) {
    return util::as_text({data, size});
}

} // namespace railhub::tests
