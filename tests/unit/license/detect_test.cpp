// SPDX-License-Identifier: Apache-2.0
// What the detector says about texts that stand on any Debian machine, and what is done to them.
#include "core/license/detect.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"
#include "tests/unit/license/text_variants.h"

#include <filesystem>

namespace railhub::license {

namespace {

// A text of /usr/share/common-licenses; empty where Debian's texts are not installed.
std::string common_license(const std::string& name) {
    const std::string path = "/usr/share/common-licenses/" + name;
    return std::filesystem::exists(path) ? tests::read_data(path) : std::string();
}

Detection detect_text(std::string_view text) {
    return detect(Fingerprints::built_in(), text);
}

std::string expression_of_text(std::string_view text) {
    return expression_of(detect_text(text), [](std::string_view id) { return own_reference(id); });
}

// Own words in the manner of a license, alike to no known one.
constexpr std::string_view kOwnTerms =
    "The licensee must not use the software for any commercial purpose, and shall display the name "
    "of "
    "the licensor on every product that contains a copy or a derivative of it.";

} // namespace

TEST_CASE("the texts that Debian ships are found, each by its id") {
    if (common_license("GPL-2").empty()) {
        RAILHUB_SKIP("no common license texts on this machine");
    }
    const std::vector<std::pair<std::string, std::string>> texts = {
        {"Apache-2.0", "Apache-2.0"},
        {"CC0-1.0", "CC0-1.0"},
        {"MPL-1.1", "MPL-1.1"},
        {"MPL-2.0", "MPL-2.0"},
        {"GPL-1", "GPL-1.0-only"},
        {"GPL-2", "GPL-2.0-only"},
        {"GPL-3", "GPL-3.0-only"},
        {"LGPL-2", "LGPL-2.0-only"},
        {"LGPL-2.1", "LGPL-2.1-only"},
        {"LGPL-3", "LGPL-3.0-only"},
        {"GFDL-1.2", "GFDL-1.2-only"},
        {"GFDL-1.3", "GFDL-1.3-only"}};
    for (const auto& [file, id] : texts) {
        INFO(file);
        CHECK(expression_of_text(common_license(file)) == id);
    }
}

TEST_CASE("terms put into a license show, with the passage") {
    if (common_license("GPL-2").empty()) {
        RAILHUB_SKIP("no common license texts on this machine");
    }
    std::string text = common_license("Apache-2.0");
    const std::size_t middle = text.find("3. Grant of Patent License");
    REQUIRE(middle != std::string::npos);
    text.insert(middle, std::string(kOwnTerms) + "\n\n");
    const Detection found = detect_text(text);
    REQUIRE(found.matches.size() == 1);
    CHECK(found.matches[0].id == "Apache-2.0");
    CHECK(found.matches[0].fit == TextFit::Changed);
    bool shown = false;
    for (const Difference& difference : found.matches[0].differences) {
        shown = shown ||
                (difference.significance == Significance::Terms &&
                 text.substr(difference.place.begin, 30).starts_with("The licensee must not use"));
    }
    CHECK(shown);
    CHECK(expression_of_text(text) == "LicenseRef-railhub-modified-Apache-2.0");
}

TEST_CASE("terms after a license show, and the base does not pass for the whole") {
    if (common_license("GPL-2").empty()) {
        RAILHUB_SKIP("no common license texts on this machine");
    }
    const std::string text = common_license("BSD") + "\n\n" + std::string(kOwnTerms) + "\n";
    const Detection found = detect_text(text);
    REQUIRE(found.added_terms.size() == 1);
    CHECK(text.substr(found.added_terms[0].begin, 12) == "The licensee");
    CHECK(expression_of_text(text).find("LicenseRef-railhub-added-terms") != std::string::npos);
}

TEST_CASE("a paragraph left out is a change") {
    if (common_license("GPL-2").empty()) {
        RAILHUB_SKIP("no common license texts on this machine");
    }
    std::string text = common_license("Apache-2.0");
    const std::size_t begin = text.find("6. Trademarks.");
    const std::size_t end = text.find("7. Disclaimer");
    REQUIRE(end != std::string::npos);
    text.erase(begin, end - begin);
    const Detection found = detect_text(text);
    REQUIRE(found.matches.size() == 1);
    CHECK(found.matches[0].fit == TextFit::Changed);
}

TEST_CASE("two licenses in one file are both found") {
    if (common_license("GPL-2").empty()) {
        RAILHUB_SKIP("no common license texts on this machine");
    }
    const std::string text = common_license("CC0-1.0") + "\n\n" + common_license("MPL-2.0");
    CHECK(expression_of_text(text) == "CC0-1.0 AND MPL-2.0");
}

TEST_CASE("many copies of a short license are no long one") {
    const std::string text = common_license("BSD");
    if (text.empty()) {
        RAILHUB_SKIP("no common license texts on this machine");
    }
    std::string all;
    for (const char* part : {"core", "parser", "dispatch", "solver", "plots", "physics"}) {
        all += "The " + std::string(part) + " module:\n\n" + text + "\n\n-----\n\n";
    }
    CHECK(expression_of_text(all) == expression_of_text(text));
    const std::string old_labels = "License: LGPL-2.1+\n";
    CHECK(expression_of_text(old_labels) == "LGPL-2.1-or-later");
    CHECK(
        expression_of_text("Files: *\nLicense: Artistic or GPL-1+\n") ==
        "Artistic-1.0-Perl OR GPL-1.0-or-later"
    );
}

TEST_CASE("tags, mentions and texts are told apart") {
    const Detection tag =
        detect_text("// SPDX-License-Identifier: (MIT or Apache-2.0) */\nint x;\n");
    REQUIRE(tag.matches.size() == 1);
    CHECK(tag.matches[0].kind == MatchKind::Tag);
    CHECK(tag.matches[0].expression == "(MIT OR Apache-2.0)");
    CHECK(
        expression_of_text("# SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note\n") ==
        "GPL-2.0-only WITH Linux-syscall-note"
    );
    const Detection mention =
        detect_text("This program is licensed under the Apache License, Version 2.0.");
    REQUIRE(mention.matches.size() == 1);
    CHECK(mention.matches[0].kind == MatchKind::Mention);
    CHECK(mention.matches[0].id == "Apache-2.0");
    CHECK(
        expression_of_text("released under the terms of the GNU GPL, version 2 or later") ==
        "GPL-2.0-or-later"
    );
    CHECK(
        expression_of_text(
            "licensed under the MIT license or the Apache License 2.0, at your option"
        ) == "MIT OR Apache-2.0"
    );
    CHECK(expression_of_text("It is compatible with the MIT license.").empty());
    CHECK(expression_of_text("We met at MIT and talked about zlib.").empty());
}

TEST_CASE("or, dual and alternatively make a choice") {
    CHECK(
        expression_of_text("This file is dual licensed under the MIT license and the GPL version 2."
        ) == "MIT OR GPL-2.0-only"
    );
    CHECK(
        expression_of_text(
            "Licensed under the GNU General Public License (GPL) version 3 or later, or under the "
            "Apache License 2.0."
        ) == "GPL-3.0-or-later OR Apache-2.0"
    );
    CHECK(
        expression_of_text(
            "The code is licensed under the MIT license.\n\nThe fonts in this folder are under the "
            "SIL Open Font License 1.1.\n"
        ) == "MIT AND OFL-1.1"
    );
    const std::string bsd = common_license("BSD");
    if (!bsd.empty()) {
        CHECK(
            expression_of_text(
                bsd + "\n\nAlternatively, this software may be distributed under the terms of the "
                      "GNU General\n"
                      "Public License version 2 as published by the Free Software Foundation.\n"
            ) == "BSD-3-Clause OR GPL-2.0-only"
        );
    }
}

TEST_CASE("labels of manifests and cards are tags") {
    const std::vector<std::pair<std::string, std::string>> labels = {
        {"{\n  \"name\": \"x\",\n  \"license\": \"(MIT OR GPL-2.0+)\"\n}\n",
         "MIT OR GPL-2.0-or-later"},
        {"{\"licenses\": [{\"type\": \"MIT\", \"url\": \"https://example.org/x\"}]}", "MIT"},
        {"[project]\nname = 'x'\nlicense = {text = 'Apache 2.0'}\n", "Apache-2.0"},
        {"setup(name='x', license='BSD 3-Clause')\n", "BSD-3-Clause"},
        {"'License :: OSI Approved :: MIT License',\n", "MIT"},
        {"Package: x\nLicense: GPL (>= 2)\n", "GPL-2.0-or-later"},
        {"MODULE_LICENSE(\"GPL v2\");\n", "GPL-2.0-only"},
        {"<licenses><license>\n<name>Apache License 2.0</name>\n</license></licenses>",
         "Apache-2.0"},
        {"---\nlicense: apache-2.0\n---\n# Model\n", "Apache-2.0"},
        {"---\nlicense:\n- mit\n- cc-by-4.0\n---\n", "MIT OR CC-BY-4.0"},
        {"---\nlicense: other\nlicense_name: llama3\n---\n", "LicenseRef-railhub-llama3"}};
    for (const auto& [text, expression] : labels) {
        INFO(text);
        CHECK(expression_of_text(text) == expression);
    }
    CHECK(expression_of_text("License: see the file COPYING for all of it\n").empty());
    CHECK(expression_of_text("the license = nothing much here\n").empty());
}

TEST_CASE("addresses of licenses are mentions") {
    const std::vector<std::pair<std::string, std::string>> links = {
        {"https://www.apache.org/licenses/LICENSE-2.0.html", "Apache-2.0"},
        {"see http://creativecommons.org/licenses/by-nc-sa/3.0/deed.en.", "CC-BY-NC-SA-3.0"},
        {"[text](https://opensource.org/licenses/MIT)", "MIT"},
        {"http://www.gnu.org/licenses/old-licenses/lgpl-2.1.txt", "LGPL-2.1-only"},
        {"https://www.gnu.org/licenses/gpl.html", "GPL-1.0-or-later"},
        {"https://huggingface.co/spaces/CompVis/stable-diffusion-license",
         "LicenseRef-railhub-creativeml-openrail-m"}};
    for (const auto& [text, expression] : links) {
        INFO(text);
        CHECK(expression_of_text(text) == expression);
    }
    CHECK(expression_of_text("https://example.org/licenses/mit-and-more").empty());
}

TEST_CASE("a notice counts by the license it names") {
    const std::string notice =
        "This program is free software; you can redistribute it and/or modify it under the terms "
        "of version 3 or later of the GNU General Public License as published by the Free "
        "Software Foundation. This program is distributed in the hope that it will be useful, "
        "but WITHOUT ANY WARRANTY; without even the implied warranty of MERCHANTABILITY or "
        "FITNESS FOR A PARTICULAR PURPOSE.";
    CHECK(expression_of_text(notice) == "GPL-3.0-or-later");
    CHECK(
        expression_of_text(
            "This file is subject to the terms and conditions of the GNU General Public License. "
            "See "
            "the file COPYING in the main directory of this archive for more details."
        ) == "GPL-1.0-or-later"
    );
}

TEST_CASE("statements stand one by one for suites") {
    const auto found = detect_text("// SPDX-License-Identifier: MIT\n\nlicense = "
                                   "\"Apache-2.0\"\nlicensed under the MIT license\n");
    CHECK(expressions_of(found, [](std::string_view id) {
              return own_reference(id);
          }) == std::vector<std::string>{"MIT", "Apache-2.0", "MIT"});
}

TEST_CASE("own terms are unknown, prose and code are nothing") {
    CHECK(expression_of_text(kOwnTerms) == "LicenseRef-railhub-unknown-license");
    CHECK(expression_of_text(
              "The quick brown fox jumps over the lazy dog while it rains in the mountains."
    )
              .empty());
    CHECK(expression_of_text("int main() { for (int i = 0; i < 10; ++i) { print(i); } return 0; }")
              .empty());
    CHECK(expression_of_text("").empty());
}

TEST_CASE("binary and huge files end in bounded time") {
    const std::string binary("\x89PNG\0\0\0", 7);
    CHECK(detect_text(binary).is_binary);
    std::string words;
    while (words.size() < (std::size_t{6} << 20)) {
        words += "the software is provided as is without warranty of any kind and the license ";
    }
    const Detection found = detect_text(words);
    CHECK(found.is_cut);
    CHECK(found.matches.size() < 100);
}

TEST_CASE("variants of a text are the same license") {
    if (common_license("GPL-2").empty()) {
        RAILHUB_SKIP("no common license texts on this machine");
    }
    const std::string text = common_license("GPL-2");
    for (const std::string& variant :
         {tests::rewrapped(text, 50),
          tests::as_html(text),
          tests::as_c_comment(text),
          tests::as_markdown(text),
          tests::as_windows_text(text),
          tests::as_scanned(text, 80, 3),
          tests::as_hash_comment(text)}) {
        CHECK(expression_of_text(variant) == "GPL-2.0-only");
    }
}

} // namespace railhub::license
