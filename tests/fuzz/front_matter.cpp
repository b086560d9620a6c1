// SPDX-License-Identifier: Apache-2.0
// Front matter: reads or fails, never more; what it reads stays within the limits, prints as JSON,
// and can be validated, read as a card and tagged.
#include "core/card/tags.h"
#include "core/card/validate.h"
#include "tests/fuzz/fuzz.h"

namespace card = railhub::card;
namespace tests = railhub::tests;
namespace types = railhub::types;
namespace util = railhub::util;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view readme = tests::fuzz_text(data, size);
    const auto front = card::parse_front_matter(readme);
    const card::Validation validation = card::validate(readme, types::RepoKind::Model);
    if (!front.ok()) {
        RAILHUB_ASSERT(!validation.ok());
        return 0;
    }
    RAILHUB_ASSERT(front->body_offset <= readme.size());
    RAILHUB_ASSERT(util::parse_json(front->data.dump()).ok());
    for (const auto& [pointer, position] : front->positions) {
        RAILHUB_ASSERT(position.line > 0 && position.column > 0);
    }
    const auto card = card::parse(readme);
    RAILHUB_ASSERT(card.ok() && card->metadata == front->data);
    RAILHUB_ASSERT(!card::derive({types::RepoKind::Model, *card, {}, {}}).tags.empty());
    return 0;
}
