// SPDX-License-Identifier: Apache-2.0
// Documents and notebooks: entries lie in the text, and the rules can be asked about them.
#include "core/scan/config.h"
#include "core/scan/notebook.h"
#include "tests/fuzz/fuzz.h"

namespace scan = railhub::scan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    static_cast<void>(scan::read_notebook(text));
    for (const auto read :
         {scan::read_json_entries, scan::read_yaml_entries, scan::read_toml_entries}) {
        const auto entries = read(text);
        for (const scan::Entry& entry : entries) {
            RAILHUB_ASSERT(entry.offset <= text.size());
        }
        scan::Collector collector(scan::builtin_tables(), [](const auto&, const auto&) {
            return false;
        });
        const auto place_of = [](std::size_t) { return scan::Place{}; };
        scan::read_config(scan::builtin_tables(), entries, {"x.yaml"}, place_of, collector);
    }
    return 0;
}
