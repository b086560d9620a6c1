// SPDX-License-Identifier: Apache-2.0
// Known answers about pairs of licenses: may work under one go into work under the other? Each
// source is one file of licenses/compatibility/ with its attribution.
#pragma once

#include "core/util/json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace railhub::license {

// Check: the source says that it depends.
enum class Fit : std::uint8_t { Yes, No, Check };

std::string_view fit_word(Fit fit); // "yes", "no", "check"

struct PairAnswer {
    Fit fit = Fit::Check;
    std::string section; // "gpl-2.0:6"; may be empty
    std::string note;
};

// Immutable once loaded. License ids are those of the records.
struct CompatibilitySource {
    std::string id; // "known-pairs", "osadl"
    std::string name;
    std::string terms;       // SPDX id of the terms the data is under
    std::string attribution; // names whose work it is; shown wherever the source decides

    // nullptr when the source has no opinion on the pair.
    [[nodiscard]] const PairAnswer*
    answer(const std::string& inbound, const std::string& outbound) const;

    std::map<std::pair<std::string, std::string>, PairAnswer> pairs; // inbound, outbound
};

// The content of licenses/compatibility/<id>.json (schemas/compatibility.v1.schema.json).
util::Result<CompatibilitySource> parse_compatibility(const util::Json& json);

} // namespace railhub::license
