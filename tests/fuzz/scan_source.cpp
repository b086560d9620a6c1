// SPDX-License-Identifier: Apache-2.0
// One source file from text to uses: values are followed to an end, and an id has the shape of one.
#include "core/scan/calls.h"
#include "core/scan/names.h"
#include "tests/fuzz/fuzz.h"

namespace scan = railhub::scan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    const scan::Tables& tables = scan::builtin_tables();
    for (const auto language : {scan::Language::Python, scan::Language::JavaScript}) {
        const std::vector<std::string> paths = {"x"};
        scan::Project project(paths, [](const std::string&) { return nullptr; });
        scan::Collector collector(tables, [](const auto&, const auto&) { return false; });
        auto unit = scan::make_unit("x", language, std::string(text));
        const scan::Unit& one = *unit;
        project.add(std::move(unit));
        scan::CallReader(project, tables, collector).read_calls(one);
        scan::NameReader(tables, collector).read(one);
        for (const scan::Use& use : collector.take()) {
            // A dataset without owner may also be a folder, and is said with low confidence.
            RAILHUB_ASSERT(
                use.source != "huggingface" || scan::has_id_shape(use.id) ||
                use.confidence == scan::Confidence::Low
            );
        }
    }
    return 0;
}
