// SPDX-License-Identifier: Apache-2.0
// GGUF headers: bounded, and only entries of general.* are kept.
#include "core/origin/gguf.h"

#include "core/origin/read.h"
#include "tests/fuzz/fuzz.h"

namespace origin = railhub::origin;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    const auto read_at = [text](
                             std::uint64_t offset, std::span<std::uint8_t> into
                         ) -> railhub::util::Result<std::size_t> {
        return offset < text.size()
                   ? text.copy(reinterpret_cast<char*>(into.data()), into.size(), offset)
                   : std::size_t{0};
    };
    const auto metadata = origin::read_gguf(read_at);
    if (metadata.ok()) {
        for (const auto& [key, value] : metadata->texts) {
            RAILHUB_ASSERT(key.starts_with("general.") && value.size() <= size);
        }
        origin::Facts facts;
        origin::read_gguf_facts(facts, *metadata, "m.gguf");
        RAILHUB_ASSERT(facts.upstreams.size() <= origin::kMaxUpstreams);
    }
    return 0;
}
