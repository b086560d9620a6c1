// SPDX-License-Identifier: Apache-2.0
// Tests of core/report/excerpt.
#include "core/report/excerpt.h"
#include "tests/support/catch.h"

namespace railhub::report {

namespace {

// The part of the source line that the carets stand under (cells are bytes here).
std::string marked(const std::string& line, std::uint32_t column) {
    const Excerpt excerpt = excerpt_of(line, column);
    const std::size_t start = excerpt.carets.find('^');
    REQUIRE(start != std::string::npos);
    return excerpt.source.substr(start, excerpt.carets.size() - start);
}

} // namespace

TEST_CASE("carets stand under the word or the quoted text") {
    CHECK(marked("license: mit", 10) == "mit");
    CHECK(marked("x = load(\"org/name\", 1)", 10) == "\"org/name\"");
    CHECK(marked("x = load(name, 1)", 10) == "name");
    CHECK(marked("open \"quote", 6) == "\"quote");
    CHECK(excerpt_of("license: mit", 0).carets.empty());
    CHECK(excerpt_of("license: mit", 0).source == "license: mit");
}

TEST_CASE("carets count cells, not bytes") {
    CHECK(excerpt_of("\tmodel", 2).carets == "    ^^^^^");
    CHECK(excerpt_of("\xC3\xA9 model", 4).carets == "  ^^^^^");
    CHECK(excerpt_of("\xE6\xBC\xA2\xE5\xAD\x97 model", 8).carets == "     ^^^^^");
    CHECK(excerpt_of("e\xCC\x81 model", 5).carets == "  ^^^^^");
}

TEST_CASE("a line that wants to harm is shown and does nothing") {
    const Excerpt excerpt = excerpt_of("a\x1b[2Jb\xFF\xE2\x80\xAE c", 12);
    CHECK(excerpt.source == "a?[2Jb?? c");
    CHECK(excerpt.carets == "         ^");
}

TEST_CASE("places outside the line point behind it") {
    CHECK(excerpt_of("ab", 3).carets == "  ^");
    CHECK(excerpt_of("ab", 4'000'000'000U).carets == "  ^");
    CHECK(excerpt_of("", 1).carets == "^");
    CHECK(excerpt_of("", 9).carets == "^");
}

TEST_CASE("long lines are shown around the place") {
    const std::string line = std::string(5000, 'a') + " target " + std::string(5000, 'b');
    const Excerpt excerpt = excerpt_of(line, 5002);
    CHECK(excerpt.source.size() <= kMaxExcerptCells + 6);
    CHECK_THAT(excerpt.source, StartsWith("..."));
    CHECK_THAT(excerpt.source, EndsWith("..."));
    CHECK(marked(line, 5002) == "target");
    // The end of a thing that is cut off is not pointed at.
    const Excerpt wide = excerpt_of(line, 1);
    CHECK(wide.carets.size() <= kMaxExcerptCells);
}

TEST_CASE("columns for code hosts count code points") {
    const SourceLine line{"a.py", 1, "\xE6\xBC\xA2\xE5\xAD\x97 model"};
    CHECK(code_point_column(&line, 8) == 4);
    CHECK(code_point_column(&line, 1) == 1);
    CHECK(code_point_column(nullptr, 8) == 8);
    CHECK(code_point_end(line, 8) == 9);
    CHECK(code_point_end(line, 1) == 3);
}

} // namespace railhub::report
