// SPDX-License-Identifier: Apache-2.0
// value(result): what a step of a test must have, or the test fails with the error's text.
#pragma once

#include "core/util/result.h"
#include "tests/support/catch.h"

namespace railhub::tests {

template <class T>
T value(util::Result<T> result) {
    REQUIRE_OK(result);
    return std::move(result).value();
}

inline void value(const util::Result<>& result) {
    REQUIRE_OK(result);
}

} // namespace railhub::tests
