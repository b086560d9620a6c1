// SPDX-License-Identifier: Apache-2.0
// Range headers: whatever is asked for, what is sent lies inside the body.
#include "server/http/range.h"
#include "tests/fuzz/fuzz.h"

#include <initializer_list>

using railhub::http::choose_range;
using railhub::http::RangeChoice;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    for (const std::uint64_t body :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{100}, ~std::uint64_t{0}}) {
        const RangeChoice choice = choose_range(text, body);
        if (choice.kind == RangeChoice::Kind::Part) {
            RAILHUB_ASSERT(choice.length > 0 && choice.offset < body);
            RAILHUB_ASSERT(choice.length <= body - choice.offset);
        } else if (choice.kind == RangeChoice::Kind::Whole) {
            RAILHUB_ASSERT(choice.offset == 0 && choice.length == body);
        }
    }
    railhub::http::etag_in_list(text, "\"a\"");
    railhub::http::range_still_valid(text, "\"a\"", "");
    return 0;
}
