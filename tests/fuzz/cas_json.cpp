// SPDX-License-Identifier: Apache-2.0
// Answers of a Xet server: every range that is read can be asked for, every term has one.
#include "core/transfer/cas_json.h"

#include "tests/fuzz/fuzz.h"

namespace transfer = railhub::transfer;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = railhub::tests::fuzz_text(data, size);
    static_cast<void>(transfer::read_shard_event(text));
    const auto json = railhub::util::parse_json(text);
    if (!json.ok()) {
        return 0;
    }
    static_cast<void>(transfer::read_cas_token(*json));
    const auto parts = transfer::read_reconstruction(*json);
    for (std::size_t i = 0; parts.ok() && i < parts->terms.size(); ++i) {
        const auto* range = parts->range_of(parts->terms[i]);
        RAILHUB_ASSERT(range != nullptr && range->end_byte > range->begin_byte);
        RAILHUB_ASSERT(range->size() < (std::uint64_t{1} << 27));
    }
    return 0;
}
