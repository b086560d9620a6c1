// SPDX-License-Identifier: Apache-2.0
// Card and config.json -> the facts that a bill of materials shows.
#pragma once

#include "core/bom/bom.h"
#include "core/card/card.h"
#include "core/util/json.h"

#include <string>
#include <string_view>

namespace railhub::bom {

// `config`: config.json as a value; null when there is none. Never fails: what is of a wrong kind
// is left out, texts are cut to 512 bytes, lists to 64 items.
CardFacts read_card_facts(const card::Card& card, const util::Json& config);

// Foreign text for a bill: no control characters, at most 512 bytes, cut between characters.
std::string plain_text(std::string_view text);

} // namespace railhub::bom
