// SPDX-License-Identifier: Apache-2.0
// Digests and streaming hashers; the only place that sees OpenSSL's hash API.
#pragma once

#include "core/util/bytes.h"

#include <algorithm>
#include <array>
#include <compare>
#include <memory>
#include <string>
#include <string_view>

namespace railhub::util {

// Fills `out` from exactly 2*out.size() lower-case hex characters, else InvalidInput.
Result<> parse_lower_hex(std::string_view hex, std::span<std::uint8_t> out);

// A digest of N bytes; Tag keeps kinds apart. Immutable value.
template <std::size_t N, class Tag>
struct Digest {
    static constexpr std::size_t kSize = N;
    std::array<std::uint8_t, N> bytes{};

    [[nodiscard]] ByteView view() const { return bytes; }

    [[nodiscard]] std::string hex() const { return to_hex(bytes); }

    auto operator<=>(const Digest&) const = default;

    // Exactly 2*N lower-case hex characters, else InvalidInput.
    static Result<Digest> parse(std::string_view hex) {
        Digest digest;
        RAILHUB_TRY(parse_lower_hex(hex, digest.bytes));
        return digest;
    }

    // Precondition: raw.size() == N.
    static Digest from(ByteView raw) {
        RAILHUB_ASSERT(raw.size() == N);
        Digest digest;
        std::copy(raw.begin(), raw.end(), digest.bytes.begin());
        return digest;
    }
};

using Sha256 = Digest<32, struct Sha256Tag>;
using Sha1 = Digest<20, struct Sha1Tag>;

// One pass SHA-256. One thread at a time. SHA-NI through OpenSSL: about 1.5 GB/s a core.
class Sha256Hasher {
  public:
    Sha256Hasher();
    ~Sha256Hasher();
    Sha256Hasher(Sha256Hasher&&) noexcept;
    Sha256Hasher& operator=(Sha256Hasher&&) noexcept;

    void update(ByteView bytes);
    // Ends the stream; the hasher is then as new.
    Sha256 finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// One pass SHA-1, for git's formats only. One thread at a time.
class Sha1Hasher {
  public:
    Sha1Hasher();
    ~Sha1Hasher();
    Sha1Hasher(Sha1Hasher&&) noexcept;
    Sha1Hasher& operator=(Sha1Hasher&&) noexcept;

    void update(ByteView bytes);
    // Ends the stream; the hasher is then as new.
    Sha1 finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

Sha256 sha256(ByteView bytes);
Sha1 sha1(ByteView bytes);
Sha256 hmac_sha256(ByteView key, ByteView message);
// Constant time in the length of `a`.
bool equal_constant_time(std::string_view a, std::string_view b);

} // namespace railhub::util
