// SPDX-License-Identifier: Apache-2.0
// Chunked bodies: the data are the same whether the bytes come at once or one by one.
#include "server/http/chunked.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <string>

namespace {

std::string decode(std::string_view text, std::size_t step) {
    railhub::http::ChunkedDecoder decoder;
    std::string data;
    while (!decoder.is_done() && !text.empty()) {
        const std::string_view piece = text.substr(0, step);
        std::size_t count = std::min<std::uint64_t>(piece.size(), decoder.data_left());
        if (count > 0) {
            data += piece.substr(0, count);
            decoder.took(count);
        } else if (const auto used = decoder.consume_framing(railhub::util::as_bytes(piece))) {
            count = *used;
        } else {
            return data + "|error";
        }
        text.remove_prefix(count);
    }
    return data + (decoder.is_done() ? "|" + std::string(text) : "|cut");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    RAILHUB_ASSERT(decode(text, size + 1) == decode(text, 1));
    return 0;
}
