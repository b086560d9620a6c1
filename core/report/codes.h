// SPDX-License-Identifier: Apache-2.0
// THE TABLE of codes that findings carry besides the rules of core/compliance. To add one: a row
// here and an example in cli/rules/<id>.md; docs/rules.md, `railhub explain` and the help in SARIF
// follow.
#pragma once

#include <span>
#include <string_view>

namespace railhub::report {

struct Code {
    std::string_view id;    // "card.readable": what it is about, then what is asked
    std::string_view title; // one sentence: what is checked
    std::string_view help;  // why it matters and what to do, in a few sentences
};

// In alphabetical order.
std::span<const Code> codes();

} // namespace railhub::report
