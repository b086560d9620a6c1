// SPDX-License-Identifier: Apache-2.0
// URLs and query strings: printing and parsing are inverse, and no credential survives redaction.
#include "core/util/url.h"
#include "tests/fuzz/fuzz.h"

using railhub::util::Url;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    if (const auto url = Url::parse(text); url.ok()) {
        const auto again = Url::parse(url->print());
        RAILHUB_ASSERT(again.ok() && again->print() == url->print());
        const auto safe = Url::parse(url->redacted());
        RAILHUB_ASSERT(safe.ok() && safe->user_info.empty() && safe->host == url->host);
    }
    const auto decoded = railhub::util::percent_decode(railhub::util::percent_encode(text));
    RAILHUB_ASSERT(decoded.ok() && decoded.value() == text);
    const auto pairs = railhub::util::parse_query(text, 100);
    if (pairs.ok()) {
        std::string printed;
        for (const auto& pair : pairs.value()) {
            printed += "&" + railhub::util::percent_encode(pair.first) + "=" +
                       railhub::util::percent_encode(pair.second);
        }
        RAILHUB_ASSERT(railhub::util::parse_query(printed).value() == pairs.value());
    }
    return 0;
}
