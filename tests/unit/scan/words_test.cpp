// SPDX-License-Identifier: Apache-2.0
// Tests of core/scan/words.
#include "core/scan/words.h"
#include "tests/support/catch.h"

namespace railhub::scan {

TEST_CASE("words are found anywhere in a text") {
    const WordFinder finder({"she", "hers", "pipeline"});
    CHECK(finder.matches("ushers"));
    CHECK(finder.matches("a pipepipeline"));
    CHECK(finder.matches("\xff\xfeshe"));
    CHECK_FALSE(finder.matches("he has"));
    CHECK_FALSE(finder.matches(""));
    CHECK_FALSE(WordFinder({}).matches("x"));
}

TEST_CASE("ids in quotes are noticed") {
    const auto has_quoted = [](std::string_view text) {
        return find_quoted_id(text, [](std::string_view id) { return id != "no/no"; });
    };
    CHECK(has_quoted("x = 'a/b'"));
    CHECK(has_quoted("'no/no' \"org-1/name_2.0\""));
    CHECK_FALSE(has_quoted("'no/no'"));
    CHECK_FALSE(has_quoted("a/b and '/c' or 'a b/c d'"));
    CHECK_FALSE(has_quoted("////"));
}

} // namespace railhub::scan
