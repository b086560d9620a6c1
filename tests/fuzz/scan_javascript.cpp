// SPDX-License-Identifier: Apache-2.0
// Source code: every node and name of what is read lies in the text or in what was kept.
#include "core/scan/javascript_parser.h"
#include "tests/fuzz/fuzz.h"

namespace scan = railhub::scan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view source = railhub::tests::fuzz_text(data, size);
    const scan::Syntax syntax = scan::parse_javascript(source);
    for (const scan::Node& node : syntax.nodes) {
        RAILHUB_ASSERT(node.offset <= source.size());
        RAILHUB_ASSERT(node.scope < syntax.scopes.size());
    }
    for (const scan::NodeId call : syntax.calls) {
        RAILHUB_ASSERT(syntax.at(call).first < syntax.nodes.size());
    }
    return 0;
}
