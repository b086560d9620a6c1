// SPDX-License-Identifier: Apache-2.0
// Little-endian numbers and hashes in the blobs of the tables.
#pragma once

#include "core/xet/hash.h"

#include <algorithm>
#include <concepts>

namespace railhub::cas::detail {

template <std::unsigned_integral N>
void append_number(util::Bytes& out, N value) {
    for (std::size_t i = 0; i < sizeof(N); ++i) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

// Precondition: `at` has sizeof(N) bytes.
template <std::unsigned_integral N>
N load_number(const std::uint8_t* at) {
    N value = 0;
    for (std::size_t i = 0; i < sizeof(N); ++i) {
        value |= static_cast<N>(static_cast<N>(at[i]) << (8 * i));
    }
    return value;
}

// Precondition: `at` has 32 bytes.
inline xet::Hash load_hash(const std::uint8_t* at) {
    xet::Hash hash;
    std::copy_n(at, hash.bytes.size(), hash.bytes.begin());
    return hash;
}

// A hash column; Corrupt when it has another length.
inline util::Result<xet::Hash> hash_of_column(util::ByteView column) {
    if (column.size() != xet::Hash{}.bytes.size()) {
        return util::fail(util::Code::Corrupt, "a hash in the database is damaged");
    }
    return load_hash(column.data());
}

inline util::Result<util::Sha256> sha256_of_column(util::ByteView column) {
    if (column.size() != util::Sha256::kSize) {
        return util::fail(util::Code::Corrupt, "a hash in the database is damaged");
    }
    return util::Sha256::from(column);
}

} // namespace railhub::cas::detail
