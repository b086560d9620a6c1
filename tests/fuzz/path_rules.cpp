// SPDX-License-Identifier: Apache-2.0
// Attribute and ignore files of any bytes against paths from the same bytes.
#include "core/repo/placement.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    const std::size_t end = text.find('\n');
    const std::string_view path = text.substr(0, end);
    const std::string_view rules = end == text.npos ? text : text.substr(end + 1);
    railhub::repo::Attributes attributes;
    attributes.add("", rules);
    attributes.add("a", rules);
    static_cast<void>(attributes.lfs(path));
    railhub::repo::IgnoreRules ignores;
    ignores.add("", rules);
    ignores.add("a", rules);
    static_cast<void>(ignores.ignores(path));
    return 0;
}
