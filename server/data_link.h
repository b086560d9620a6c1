// SPDX-License-Identifier: Apache-2.0
// Data links: where the bytes of a reconstruction are fetched (xet specification, section 5.10).
// They carry their own right, because clients send no credentials to them: one span of one xorb in
// one layout, for some time.
#pragma once

#include "core/util/hmac.h"
#include "core/util/url.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace railhub::server {

struct DataClaim {
    std::string xorb; // as text
    std::int64_t layout = 0;
    std::uint64_t begin = 0; // bytes of the serialized form, [begin, end)
    std::uint64_t end = 0;
    std::int64_t expires_ms = 0;
};

// Immutable, safe from any thread.
class DataLinks {
  public:
    explicit DataLinks(util::ByteView key) : mac_(key) {}

    // "?begin=...&sig=...": goes behind the path, which names the xorb.
    [[nodiscard]] std::string query_of(const DataClaim& claim) const;

    // PermissionDenied, always with the same words, when anything is missing, changed or too late.
    [[nodiscard]] util::Result<DataClaim>
    check(const util::QueryPairs& query, std::string_view xorb, std::int64_t now_ms) const;

  private:
    [[nodiscard]] std::string seal(const DataClaim& claim) const;

    util::HmacSha256 mac_;
};

// What a link that is no good gets: the client then asks for the reconstruction again.
util::Error data_link_refused();

} // namespace railhub::server
