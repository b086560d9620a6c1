// SPDX-License-Identifier: Apache-2.0
// Languages without a grammar, Windows scripts and lists: tokens lie in the text, brackets pair,
// and an id has the shape of one.
#include "core/scan/code_lexer.h"
#include "core/scan/code_reader.h"
#include "core/scan/text_list.h"
#include "core/scan/windows_script.h"
#include "tests/fuzz/fuzz.h"

namespace scan = railhub::scan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    scan::Collector collector(scan::builtin_tables(), [](const auto&, const auto&) {
        return false;
    });
    const scan::PlaceOf place_of = [&](std::size_t offset) {
        RAILHUB_ASSERT(offset <= text.size());
        return scan::Place{"x", 0, 1, static_cast<std::uint32_t>(offset)};
    };
    for (const char* path : {"a.rs", "a.go", "a.rb", "a.lua"}) {
        const auto tokens = scan::lex_code(text, scan::code_family_of(path));
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            RAILHUB_ASSERT(tokens[tokens[i].partner].partner == i);
            RAILHUB_ASSERT(tokens[i].offset + tokens[i].text.size() <= text.size());
        }
        scan::read_code(scan::builtin_tables(), path, text, place_of, collector);
    }
    scan::read_text_list(scan::builtin_tables(), "models.txt", text, place_of, collector);
    RAILHUB_ASSERT(scan::powershell_as_shell(std::string(text)).size() == text.size());
    RAILHUB_ASSERT(scan::batch_as_shell(std::string(text)).size() == text.size());
    for (const scan::Use& use : collector.take()) {
        // A dataset without owner may also be a folder, and is said with low confidence.
        RAILHUB_ASSERT(
            use.source != "huggingface" || scan::has_id_shape(use.id) ||
            use.confidence == scan::Confidence::Low
        );
    }
    return 0;
}
