// SPDX-License-Identifier: Apache-2.0
// What does not count between two texts, and where each word came from.
#include "core/license/normalize.h"
#include "tests/support/catch.h"

namespace railhub::license {

namespace {

std::string words_of(std::string_view bytes) {
    const NormalText text = normalize(bytes);
    std::string out;
    for (std::size_t i = 0; i < text.words.size(); ++i) {
        out += (out.empty() ? "" : " ") + std::string(text.spelling(i));
    }
    return out;
}

} // namespace

TEST_CASE("typography, case, blanks and line ends do not count") {
    const std::string plain = words_of("The \"Software\" isn't sold as-is");
    CHECK(plain == "the software isnt sold asis");
    CHECK(
        words_of(
            "\xEF\xBB\xBFTHE \xE2\x80\x9CSoftware\xE2\x80\x9D\r\n isn\xE2\x80\x99t\tsold as-\n  is"
        ) == plain
    );
    CHECK(words_of("The \x93Software\x94 isn\x92t sold as-is") == plain); // Windows-1252
    CHECK(
        words_of("of\xEF\xAC\x81"
                 "ce na\xC3\xAFve word\xE2\x80\x94word") == "office naive word word"
    );
    CHECK(words_of(std::string("\xFF\xFEm\0i\0t\0", 8)) == "mit");
}

TEST_CASE("comment leaders, bullets and numbering do not count") {
    const std::string plain = words_of("grant of rights\nno warranty version 2 of it");
    CHECK(
        words_of("/*\n * 1. Grant of rights\n * (b) no warranty\n * iv) version 2 of it\n */") ==
        plain
    );
    CHECK(words_of("# grant of rights\n# * no warranty version 2 of it") == plain);
    CHECK(words_of("dnl grant of rights\ndnl no warranty\ndnl version 2 of it\n") == plain);
    CHECK(words_of("> **1.** grant of rights\n> - no warranty version 2 of it") == plain);
}

TEST_CASE("markup is stripped, placeholders in angle brackets stay") {
    CHECK(
        words_of("<p class=\"x\">Copy <b>right</b>s &amp; terms&nbsp;apply</p>") ==
        "copy rights and terms apply"
    );
    CHECK(words_of("a<!-- license text -->b") == "a license text b");
    CHECK(words_of("<script>var license = 1;</script>granted") == "granted");
    CHECK(words_of("by <name of author> here") == "by name of author here");
    CHECK(words_of("see [the site](https://example.org/x) now") == "see the site now");
    CHECK(words_of("1 < 2 && x; &unknown; <") == "1 2 x");
}

TEST_CASE("statements of copyright are left out, prose about it is not") {
    CHECK(words_of("Copyright (c) 2020 Jane Doe\n2021 John Doe\nuse it") == "use it");
    CHECK(words_of("# (C) 1999-2004, Example Inc. All rights reserved.\nuse it") == "use it");
    CHECK(words_of("copyright notice and this list") == "copyright notice and this list");
    CHECK(words_of("Copyright 2020 Jane Doe. Permission is granted") == "permission is granted");
    CHECK(words_of("use it. All Rights Reserved. y") == "use it y");
}

TEST_CASE("varieties of spelling and letters that scanners mix up are one") {
    CHECK(words_of("licence organisation sub-license") == "license organization sublicense");
    CHECK(word_hash("modem") == word_hash("modern"));
    CHECK(word_hash("sell") == word_hash("se1l"));
    CHECK(word_hash("2.0") != word_hash("3.0"));
    CHECK(word_hash("commercial") != word_hash("noncommercial"));
}

TEST_CASE("words know their bytes and lines") {
    const std::string original =
        "\xEF\xBB\xBF<p>One</p>\r\n  \xE2\x80\x9Ctwo\xE2\x80\x9D\r\nthr-\r\nee";
    const NormalText text = normalize(original);
    REQUIRE(text.words.size() == 3);
    const auto bytes = [&](std::size_t i) {
        return original.substr(text.words[i].begin, text.words[i].end - text.words[i].begin);
    };
    CHECK(bytes(0) == "One");
    CHECK(bytes(1) == "two");
    CHECK(bytes(2) == "thr-\r\nee");
    CHECK(text.line_of(text.words[0].begin) == 1);
    CHECK(text.line_of(text.words[1].begin) == 2);
    CHECK(text.line_of(text.words[2].begin) == 3);
}

TEST_CASE("binary files have no words, long ones are cut") {
    CHECK(normalize(std::string(
                        "\x7f"
                        "ELF\0\0\0\1",
                        8
                    ))
              .is_binary);
    CHECK(normalize(std::string(
                        "\x7f"
                        "ELF\0\0\0\1",
                        8
                    ))
              .words.empty());
    std::string text;
    while (text.size() <= kMaxTextBytes) {
        text += "word after word\n";
    }
    const NormalText cut = normalize(text);
    CHECK(cut.is_cut);
    CHECK(cut.words.back().end <= kMaxTextBytes);
    CHECK(normalize("").words.empty());
}

} // namespace railhub::license
