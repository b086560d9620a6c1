// SPDX-License-Identifier: Apache-2.0
// How a changed license text is shown.
#include "core/lock/text_change.h"
#include "tests/support/catch.h"

namespace railhub::lock {

TEST_CASE("the lines that changed are shown with their place") {
    CHECK(
        describe_text_change("one\ntwo a perpetual,\nthree\n", "one\ntwo a temporary,\nthree\n") ==
        "line 2: - 'two a perpetual,' + 'two a temporary,'"
    );
    CHECK(describe_text_change("one\ntwo\n", "one\nand more\ntwo\n") == "line 2: + 'and more'");
    CHECK(describe_text_change("one\ntwo\n", "one\n") == "line 2: - 'two'");
    CHECK(describe_text_change("", "one") == "line 1: + 'one'");
}

TEST_CASE("blanks and ends of lines are no change") {
    CHECK(describe_text_change("one\r\n  two  \r\n", "one\ntwo\n").empty());
    CHECK(describe_text_change("", "").empty());
}

TEST_CASE("of a long passage the beginning is shown, cut between characters") {
    CHECK(
        describe_text_change("a\n", "b\n\nc\nd\ne\n") ==
        "line 1: - 'a' + 'b' + 'c' and 2 more lines"
    );
    std::string long_line(99, 'x');
    long_line += "\xC3\xA9 and on";
    CHECK(describe_text_change("", long_line) == "line 1: + '" + std::string(99, 'x') + "...'");
}

} // namespace railhub::lock
