// SPDX-License-Identifier: Apache-2.0
// Generators of the vector inputs.
#include "tests/unit/xet/vectors.h"

#include "core/util/text.h"
#include "tests/support/data.h"

namespace railhub::tests {

util::Bytes splitmix_bytes(std::uint64_t seed, std::size_t count) {
    util::Bytes bytes;
    bytes.reserve(count + 8);
    for (std::uint64_t state = seed; bytes.size() < count;) {
        state += 0x9E3779B97F4A7C15;
        std::uint64_t z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        for (int shift = 0; shift < 64; shift += 8) {
            bytes.push_back(static_cast<std::uint8_t>(z >> shift));
        }
    }
    bytes.resize(count);
    return bytes;
}

util::Bytes trigger_bytes(std::size_t padding) {
    util::Bytes unit =
        util::from_hex("9a342a229f4b7ee046ec0cc44fecb27c7f3263b22cb0ae7efaebcdaefc7a230a"
                       "1465d645c10873699ee4786f88a2c6fbd3b7fdfca4933f10baa27517aa24cdbb"
                       "ae4cd2aed3af0cad913b0246deb59fe3b69cbd33e26a1832b79d8c0a0817d446"
                       "0aea1721dbfe27ec4631bf7409730f651a9fa5dc0faa387d5ca35eeb26283151")
            .value();
    unit.resize(unit.size() + padding, 0);
    util::Bytes bytes;
    while (bytes.size() < 65'536) {
        bytes.insert(bytes.end(), unit.begin(), unit.end());
    }
    bytes.resize(65'536);
    return bytes;
}

std::vector<std::vector<std::string>> vector_lines(const std::string& file) {
    std::vector<std::vector<std::string>> lines;
    const std::string text = read_data(data_path("data/xet/" + file));
    for (const std::string_view line : util::split(text, '\n')) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        std::vector<std::string> words;
        for (const std::string_view word : util::split(line, ' ')) {
            words.emplace_back(word);
        }
        lines.push_back(std::move(words));
    }
    return lines;
}

} // namespace railhub::tests
