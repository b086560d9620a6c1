// SPDX-License-Identifier: Apache-2.0
// JSON: agrees with the packaged library on what is JSON (duplicate keys, limits and NUL bytes
// aside), and what it prints reads back as the same value.
#include "core/util/json.h"

#include "tests/fuzz/fuzz.h"

#include <nlohmann/json.hpp>

using railhub::util::Code;
using railhub::util::parse_json;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    const auto value = parse_json(text);
    if (value.ok()) {
        RAILHUB_ASSERT(nlohmann::json::accept(text));
        for (const std::string& printed :
             {value->dump(), value->dump_pretty(), value->dump_canonical()}) {
            const auto again = parse_json(printed);
            RAILHUB_ASSERT(again.ok() && again.value() == value.value());
        }
    } else if (value.error().code == Code::InvalidInput) {
        // The library stops at a NUL byte and skips a byte order mark; both are errors for us.
        const bool is_ours = text.find('\0') != std::string_view::npos ||
                             text.starts_with("\xEF\xBB\xBF") ||
                             value.error().message.find("occurs twice") != std::string::npos;
        RAILHUB_ASSERT(is_ours || !nlohmann::json::accept(text));
    }
    return 0;
}
