// SPDX-License-Identifier: Apache-2.0
// Any bytes as a railhub.lock; what parses is written and read again unchanged.
#include "core/lock/lock.h"

#include "core/util/assert.h"
#include "tests/fuzz/fuzz.h"

namespace lock = railhub::lock;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = lock::parse_lock(railhub::tests::fuzz_text(data, size));
    if (read.ok()) {
        const auto again = lock::parse_lock(lock::write_lock(*read));
        RAILHUB_ASSERT(again.ok() && *again == *read);
    }
    return 0;
}
