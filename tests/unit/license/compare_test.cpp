// SPDX-License-Identifier: Apache-2.0
// Tests of core/license/compare.
#include "core/license/compare.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <array>

namespace railhub::license {

namespace {

const Catalogue& shipped() {
    static const Catalogue kCatalogue = [] {
        auto loaded = Catalogue::built_in();
        REQUIRE_OK(loaded);
        return std::move(loaded).value();
    }();
    return kCatalogue;
}

Comparison compared(const char* a, const char* b) {
    return compare(shipped(), *shipped().find(a), *shipped().find(b));
}

const TermRow& row_of(const Comparison& comparison, const std::string& term) {
    const auto found =
        std::find_if(comparison.terms.begin(), comparison.terms.end(), [&term](const TermRow& row) {
            return row.term == term;
        });
    REQUIRE(found != comparison.terms.end());
    return *found;
}

// The table of licenses 5.5: ids not covered and, of those, absent, row by row.
constexpr std::array<const char*, 14> kTableSets = {
    "bloom-rail-A",
    "openrail-m-A",
    "creativeml-A",
    "openrail++-A",
    "fair-ai-sd-P",
    "bigcode-A",
    "aipubs-A",
    "deepseek-A",
    "ltxv-A",
    "mg-rai-2.2c",
    "gemma-pup",
    "llama3.1-aup",
    "llama4-aup",
    "hunyuan-A"};

using Cell = std::array<std::size_t, 2>;
constexpr std::array<std::array<Cell, 14>, 14> kTable = {{
    {{{0, 0},
      {2, 0},
      {2, 2},
      {2, 2},
      {2, 2},
      {15, 1},
      {8, 6},
      {10, 8},
      {2, 0},
      {13, 1},
      {17, 12},
      {16, 12},
      {16, 12},
      {15, 7}}},
    {{{2, 1},
      {0, 0},
      {3, 3},
      {3, 3},
      {3, 3},
      {16, 2},
      {10, 7},
      {11, 9},
      {0, 0},
      {14, 2},
      {18, 13},
      {17, 13},
      {17, 13},
      {16, 8}}},
    {{{1, 0},
      {0, 0},
      {0, 0},
      {0, 0},
      {0, 0},
      {13, 1},
      {8, 6},
      {8, 6},
      {0, 0},
      {11, 1},
      {15, 11},
      {14, 11},
      {14, 11},
      {13, 7}}},
    {{{1, 0},
      {0, 0},
      {0, 0},
      {0, 0},
      {0, 0},
      {13, 1},
      {8, 6},
      {8, 6},
      {0, 0},
      {11, 1},
      {15, 11},
      {14, 11},
      {14, 11},
      {13, 7}}},
    {{{1, 0},
      {0, 0},
      {0, 0},
      {0, 0},
      {0, 0},
      {13, 1},
      {8, 6},
      {8, 6},
      {0, 0},
      {11, 1},
      {15, 11},
      {14, 11},
      {14, 11},
      {13, 7}}},
    {{{2, 1},
      {2, 1},
      {3, 3},
      {3, 3},
      {3, 3},
      {0, 0},
      {8, 6},
      {10, 8},
      {1, 0},
      {1, 0},
      {15, 11},
      {15, 11},
      {15, 11},
      {7, 6}}},
    {{{1, 0},
      {3, 0},
      {3, 2},
      {3, 2},
      {3, 2},
      {9, 0},
      {0, 0},
      {5, 2},
      {2, 0},
      {7, 0},
      {11, 6},
      {10, 6},
      {10, 6},
      {10, 1}}},
    {{{5, 3},
      {4, 3},
      {4, 3},
      {4, 3},
      {4, 3},
      {10, 3},
      {6, 3},
      {0, 0},
      {4, 3},
      {8, 3},
      {11, 7},
      {9, 6},
      {9, 6},
      {9, 3}}},
    {{{5, 3},
      {4, 2},
      {7, 5},
      {7, 5},
      {7, 5},
      {18, 3},
      {13, 9},
      {15, 11},
      {0, 0},
      {16, 3},
      {19, 14},
      {17, 13},
      {17, 13},
      {18, 9}}},
    {{{4, 2},
      {4, 2},
      {5, 4},
      {5, 4},
      {5, 4},
      {4, 1},
      {10, 7},
      {12, 9},
      {2, 1},
      {0, 0},
      {14, 11},
      {14, 11},
      {14, 11},
      {11, 7}}},
    {{{26, 21},
      {26, 21},
      {26, 22},
      {26, 22},
      {26, 22},
      {25, 20},
      {26, 21},
      {26, 21},
      {24, 20},
      {23, 19},
      {0, 0},
      {10, 9},
      {9, 8},
      {21, 16}}},
    {{{29, 25},
      {29, 25},
      {29, 26},
      {29, 26},
      {29, 26},
      {28, 24},
      {29, 25},
      {28, 24},
      {26, 23},
      {26, 23},
      {14, 13},
      {0, 0},
      {0, 0},
      {22, 19}}},
    {{{32, 28},
      {32, 28},
      {32, 29},
      {32, 29},
      {32, 29},
      {31, 27},
      {32, 28},
      {31, 27},
      {29, 26},
      {29, 26},
      {16, 15},
      {3, 3},
      {0, 0},
      {24, 21}}},
    {{{13, 11},
      {13, 11},
      {14, 13},
      {14, 13},
      {14, 13},
      {12, 10},
      {14, 11},
      {15, 12},
      {12, 10},
      {13, 10},
      {15, 11},
      {13, 10},
      {12, 9},
      {0, 0}}},
}};

} // namespace

TEST_CASE("the coverage table is reproduced") {
    for (std::size_t row = 0; row < kTableSets.size(); ++row) {
        for (std::size_t column = 0; column < kTableSets.size(); ++column) {
            INFO(kTableSets[row] << " under " << kTableSets[column]);
            const Coverage coverage = coverage_of(
                shipped().taxonomy(),
                *shipped().restriction_set(kTableSets[row]),
                *shipped().restriction_set(kTableSets[column])
            );
            CHECK(coverage.uncovered == kTable[row][column][0]);
            CHECK(coverage.absent == kTable[row][column][1]);
        }
    }
}

TEST_CASE("terms say which license leaves more freedom") {
    const Comparison llamas = compared("llama3", "llama3.1");
    CHECK(row_of(llamas, "training-ban").freer == Freer::Second);
    CHECK(row_of(llamas, "train-on-outputs").freer == Freer::Second);
    CHECK(row_of(llamas, "include-license").freer == Freer::Same);
    CHECK(row_of(llamas, "name-prefix").freer == Freer::Differs);
    CHECK(row_of(compared("mit", "apache-2.0"), "state-changes").freer == Freer::First);
    CHECK(row_of(compared("mit", "apache-2.0"), "patent-grant").freer == Freer::Second);
}

TEST_CASE("clauses say which is wider") {
    const Comparison rails = compared("bigscience-bloom-rail-1.0", "bigscience-openrail-m");
    CHECK(rails.sets == "neither covers the other");
    for (const ClauseRow& row : rails.clauses) {
        if (row.id == "impersonation.person" || row.id == "transparency.undisclosed-ai") {
            CHECK(row.width == Width::FirstWider);
        } else if (row.id == "deception.disinformation") {
            CHECK(row.width == Width::SecondWider);
        } else if (row.id == "impersonation.deepfake") {
            CHECK(row.width == Width::OnlySecond);
        } else {
            INFO(row.id);
            CHECK(row.width == Width::Equal);
        }
    }
    CHECK(compared("creativeml-openrail-m", "openrail++").sets == "equal");
    CHECK(compared("bigscience-openrail-m", "openrail++").sets == "first covers second");
    CHECK(compared("mit", "openrail++").sets == "only second restricts use");
    CHECK(compared("mit", "isc").sets.empty());
}

} // namespace railhub::license
