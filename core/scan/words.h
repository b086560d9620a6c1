// SPDX-License-Identifier: Apache-2.0
// WordFinder: does a text contain one of many words (Aho and Corasick 1975).
// The cheap question before a file is parsed.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::scan {

// Immutable; safe from any thread.
class WordFinder {
  public:
    explicit WordFinder(const std::vector<std::string>& words);

    [[nodiscard]] bool matches(std::string_view text) const;

  private:
    using Row = std::array<std::uint16_t, 128>; // bytes past ASCII lead to the beginning

    std::vector<Row> next_;
    std::vector<bool> is_word_;
};

// Calls `take` with each text of the shape owner/name behind an opening quote,
// until it says yes; says whether it did.
bool find_quoted_id(std::string_view text, const std::function<bool(std::string_view id)>& take);

} // namespace railhub::scan
