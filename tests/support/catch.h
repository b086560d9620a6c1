// SPDX-License-Identifier: Apache-2.0
// Catch2, whichever of version 2 and 3 is installed, in the words of version 3.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)

#include <catch2/catch_all.hpp>

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

// Ends the test case, which counts as skipped.
#define RAILHUB_SKIP(reason) SKIP(reason)

#else

#include <catch2/catch.hpp>

#include <string>

// No `using Catch::Approx` here: version 2 exports its own, and the qualified name is another
// thing.
inline auto ContainsSubstring(const std::string& text) {
    return Catch::Matchers::Contains(text);
}

using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

// Version 2 cannot skip: say so loudly and leave the test function.
#define RAILHUB_SKIP(reason)                                                                       \
    do {                                                                                           \
        WARN("SKIPPED: " << (reason));                                                             \
        return;                                                                                    \
    } while (false)

#endif

// Fails the test with the error's text when the result is none.
#define REQUIRE_OK(...)                                                                            \
    do {                                                                                           \
        const auto& railhub_checked = (__VA_ARGS__);                                               \
        INFO(                                                                                      \
            (railhub_checked.ok() ? std::string("ok")                                              \
                                  : ::railhub::util::to_line(railhub_checked.error()))             \
        );                                                                                         \
        REQUIRE(railhub_checked.ok());                                                             \
    } while (false)

// The result is an error of this code.
#define REQUIRE_ERROR(result, expected_code)                                                       \
    do {                                                                                           \
        const auto& railhub_checked = (result);                                                    \
        REQUIRE_FALSE(railhub_checked.ok());                                                       \
        INFO(::railhub::util::to_line(railhub_checked.error()));                                   \
        REQUIRE(                                                                                   \
            ::railhub::util::code_name(railhub_checked.error().code) ==                            \
            ::railhub::util::code_name(expected_code)                                              \
        );                                                                                         \
    } while (false)
