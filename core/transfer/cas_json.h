// SPDX-License-Identifier: Apache-2.0
// Reading the JSON of Xet servers (xet specification, sections 5.1, 5.2, 5.5 and 8.1); every
// number is checked before anything is sized by it. Internal to core/transfer.
#pragma once

#include "core/util/json.h"
#include "core/xet/shard.h"

#include <map>
#include <string>
#include <vector>

namespace railhub::transfer {

// What the hub's token route answers.
struct CasToken {
    std::string access;
    std::int64_t expires_seconds = 0; // unix
    std::string url;                  // base of the CAS, without trailing slash
};

util::Result<CasToken> read_cas_token(const util::Json& json);

// One GET: the records of chunks [first, end) of a xorb.
struct CasRange {
    std::string url;
    std::uint32_t first = 0;
    std::uint32_t end = 0;
    std::uint64_t begin_byte = 0;
    std::uint64_t end_byte = 0; // exclusive

    [[nodiscard]] std::uint64_t size() const { return end_byte - begin_byte; }
};

// How (a part of) a file is put together.
struct Reconstruction {
    std::uint64_t skip = 0; // bytes of the first term before the part begins
    std::vector<xet::Term> terms;
    std::map<xet::Hash, std::vector<CasRange>> ranges; // by xorb

    // The range that has all chunks of the term; nullptr when the server gave none.
    [[nodiscard]] const CasRange* range_of(const xet::Term& term) const;
};

// Both shapes: v2 has "xorbs", v1 "fetch_info". Corrupt when it makes no sense.
util::Result<Reconstruction> read_reconstruction(const util::Json& json);

// What a line of a v2 shard upload says.
struct ShardEvent {
    enum class Kind : std::uint8_t { Progress, Result, Failure } kind = Kind::Progress;
    std::string message; // of a failure
    bool is_retryable = false;
};

util::Result<ShardEvent> read_shard_event(std::string_view line);

} // namespace railhub::transfer
