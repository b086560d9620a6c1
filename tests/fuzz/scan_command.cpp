// SPDX-License-Identifier: Apache-2.0
// Commands, requirements, Modelfiles and ids: whatever is read, an id has the shape of one.
#include "core/scan/commands.h"
#include "tests/fuzz/fuzz.h"

namespace scan = railhub::scan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    const scan::Tables& tables = scan::builtin_tables();
    scan::Collector collector(tables, [](const auto&, const auto&) { return false; });
    const scan::PlaceOf place_of = [&](std::size_t offset) {
        RAILHUB_ASSERT(offset <= text.size());
        return scan::Place{"x", 0, 1, static_cast<std::uint32_t>(offset)};
    };
    const auto part = scan::Part::Product;
    scan::read_command_words(tables, scan::split_command(text, place_of), part, collector);
    scan::read_requirements(text, place_of, part, collector);
    scan::read_modelfile(text, place_of, part, collector);
    for (const scan::Use& use : collector.take()) {
        // A dataset without owner may also be a folder, and is said with low confidence.
        RAILHUB_ASSERT(
            use.source != "huggingface" || scan::has_id_shape(use.id) ||
            use.confidence == scan::Confidence::Low
        );
    }
    return 0;
}
