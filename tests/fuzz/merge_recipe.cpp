// SPDX-License-Identifier: Apache-2.0
// Merge recipes, as files and in the prose of cards: names are bounded.
#include "core/origin/recipe.h"
#include "tests/fuzz/fuzz.h"

namespace origin = railhub::origin;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    static_cast<void>(origin::recipes_in_prose(text));
    const auto models = origin::parse_recipe(text);
    if (models.ok()) {
        RAILHUB_ASSERT(models->size() <= 1'000);
        for (const origin::Reference& model : *models) {
            RAILHUB_ASSERT(!model.id.empty() && model.id.size() <= origin::kMaxReference + 3);
        }
    }
    return 0;
}
