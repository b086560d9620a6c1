// SPDX-License-Identifier: Apache-2.0
// ONNX files: bounded, and the texts lie in the file.
#include "core/origin/onnx.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    const auto read_at = [text](
                             std::uint64_t offset, std::span<std::uint8_t> into
                         ) -> railhub::util::Result<std::size_t> {
        return offset < text.size()
                   ? text.copy(reinterpret_cast<char*>(into.data()), into.size(), offset)
                   : std::size_t{0};
    };
    const auto texts = railhub::origin::read_onnx_texts(read_at, size);
    if (texts.ok()) {
        for (const auto& [key, value] : *texts) {
            RAILHUB_ASSERT(text.find(key) != std::string_view::npos && value.size() <= size);
        }
    }
    return 0;
}
