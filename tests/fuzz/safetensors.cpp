// SPDX-License-Identifier: Apache-2.0
// Headers of safetensors files: texts and parameter counts.
#include "core/origin/safetensors.h"

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
    static_cast<void>(origin::count_parameters(read_at, size));
    const auto texts = origin::read_safetensors_texts(read_at);
    if (texts.ok()) {
        origin::Facts facts;
        origin::read_safetensors_facts(facts, *texts, "m.safetensors");
        RAILHUB_ASSERT(facts.upstreams.size() <= origin::kMaxUpstreams);
    }
    return 0;
}
