// SPDX-License-Identifier: Apache-2.0
// WordFinder: does a text contain one of many words, by their first three bytes. The cheap
// question before a file is parsed.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace railhub::scan {

// Immutable; safe from any thread.
class WordFinder {
  public:
    explicit WordFinder(const std::vector<std::string>& words);

    [[nodiscard]] bool matches(std::string_view text) const;

  private:
    static constexpr std::size_t kPrefix = 3;

    [[nodiscard]] bool matches_here(std::string_view text) const;

    std::bitset<(std::size_t{1} << 16U)> beginnings_;                   // hashes of the first bytes
    std::unordered_map<std::uint32_t, std::vector<std::string>> words_; // by the first bytes
    std::vector<std::string> short_words_;
};

// Calls `take` with each text of the shape owner/name behind an opening quote,
// until it says yes; says whether it did.
bool find_quoted_id(std::string_view text, const std::function<bool(std::string_view id)>& take);

} // namespace railhub::scan
