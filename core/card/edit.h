// SPDX-License-Identifier: Apache-2.0
// Sets fields of a card and leaves every other byte of the README as it is.
#pragma once

#include "core/util/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::card {

// A top-level field. One value is written as a scalar; `is_list` writes a list whatever its length;
// no value removes the field.
struct FieldEdit {
    std::string name;
    std::vector<std::string> values;
    bool is_list = false;
};

// The README with the fields set: where they stand, else at the end of the block; a README without
// front matter gets one. InvalidInput when the card cannot be read, or is written in a way that
// lines cannot express ("{license: mit}"). Pure.
util::Result<std::string> with_fields(std::string_view readme, std::span<const FieldEdit> edits);

} // namespace railhub::card
