// SPDX-License-Identifier: Apache-2.0
// Random bytes from the kernel, and texts made of them.
#include "core/util/random.h"

#include "core/util/assert.h"
#include "core/util/bytes.h"

#include <array>
#include <cerrno>
#include <string_view>
#include <sys/random.h>

namespace railhub::util {

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
        // Any kernel that runs us has getrandom; it fails only by a signal.
        RAILHUB_ASSERT(got > 0 || errno == EINTR);
        if (got > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(got));
        }
    }
}

std::string random_hex(Random& random, std::size_t count) {
    Bytes bytes(count);
    random.fill(bytes);
    return to_hex(bytes);
}

std::string random_alphanumeric(Random& random, std::size_t length) {
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    // The largest multiple of 62 below 256: bytes above it would favour the first letters.
    constexpr std::size_t kUnbiased = 256 / kLetters.size() * kLetters.size();
    std::string text;
    text.reserve(length);
    std::array<std::uint8_t, 64> bytes{};
    while (text.size() < length) {
        random.fill(bytes);
        for (const std::uint8_t byte : bytes) {
            if (byte < kUnbiased && text.size() < length) {
                text.push_back(kLetters[byte % kLetters.size()]);
            }
        }
    }
    return text;
}

} // namespace railhub::util
