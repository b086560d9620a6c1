// SPDX-License-Identifier: Apache-2.0
// Request heads: what is let through has one meaning, and no path, name or value can break a line.
#include "server/http/intake.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    std::size_t scanned = 0;
    const auto end = railhub::http::find_head_end(text, scanned);
    railhub::http::Head head;
    if (!end || railhub::http::parse_head(text.substr(0, *end), {}, head)) {
        return 0;
    }
    RAILHUB_ASSERT(!(head.is_chunked && head.content_length));
    for (const auto& header : head.headers.all()) {
        RAILHUB_ASSERT(
            !header.first.empty() && header.first.find_first_of(" \r\n:") == std::string::npos
        );
        RAILHUB_ASSERT(header.second.find_first_of("\r\n") == std::string::npos);
        RAILHUB_ASSERT(header.second.find('\0') == std::string::npos);
    }
    railhub::http::Request request;
    const railhub::http::Surroundings around{"192.0.2.1", "http", "127.0.0.1:80", "/hub", "", true};
    if (!railhub::http::fill_request(head, around, request)) {
        RAILHUB_ASSERT(request.target.starts_with('/') || request.target == "*");
        RAILHUB_ASSERT(request.base_url.find_first_of(" \r\n\"<>") == std::string::npos);
    }
    return 0;
}
