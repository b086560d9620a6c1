// SPDX-License-Identifier: Apache-2.0
// Inflates gzip and zlib bodies under a limit on what comes out.
#pragma once

#include "core/util/io.h"

#include <cstdint>
#include <memory>

namespace railhub::http {

struct InflateLimits {
    std::uint64_t max_bytes = std::uint64_t{64} << 20;
    // Inflated to compressed bytes, looked at once a mebibyte came out: real texts stay below 20,
    // a bomb reaches 1,000.
    std::uint64_t max_ratio = 200;
};

// Reads the inflated bytes of `from` (borrowed). TooLarge past a limit; InvalidInput when the
// stream is broken, ends early or has bytes behind its end. One thread at a time.
class InflatingReader final : public util::Reader {
  public:
    InflatingReader(util::Reader& from, const InflateLimits& limits);
    ~InflatingReader() override;

    util::Result<std::size_t> read(std::span<std::uint8_t> into) override;

  private:
    struct State;

    util::Result<> refill();
    util::Result<> check_end();
    util::Result<std::size_t> inflate_into(std::span<std::uint8_t> into);
    [[nodiscard]] util::Result<> check_limits() const;

    util::Reader& from_;
    InflateLimits limits_;
    std::unique_ptr<State> state_;
};

} // namespace railhub::http
