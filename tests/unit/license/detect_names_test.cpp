// SPDX-License-Identifier: Apache-2.0
// What the detector makes of licenses and exceptions that are named, and of markup around them.
#include "core/license/detect.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"

#include <filesystem>

namespace railhub::license {

namespace {

std::string named_in(std::string_view text) {
    return expression_of(detect(Fingerprints::built_in(), text), [](std::string_view id) {
        return own_reference(id);
    });
}

using Rows = std::vector<std::pair<std::string, std::string>>;

void check_rows(const Rows& rows) {
    for (const auto& [text, expression] : rows) {
        INFO(text);
        CHECK(named_in(text) == expression);
    }
}

// A text of Debian; empty where those are not installed.
std::string debian_text(const std::string& name) {
    const std::string path = "/usr/share/common-licenses/" + name;
    return std::filesystem::exists(path) ? tests::read_data(path) : std::string();
}

std::string with_replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("exceptions that are named go with their license") {
    check_rows(
        {{"Licensed under the GNU General Public License version 2 only. The maker puts this file "
          "under the \"Classpath\" exception as given in the LICENSE file.",
          "GPL-2.0-only WITH Classpath-exception-2.0"},
         {"Subject to the terms of either the GNU General Public License Version 2 only (\"GPL\") "
          "or the Common Development and Distribution License (\"CDDL\"); see "
          "https://glassfish.java.net/public/CDDL+GPL_1_1.html. With the GPL Classpath Exception.",
          "GPL-2.0-only WITH Classpath-exception-2.0 OR CDDL-1.1"},
         {"Licensed under the Apache License v2.0 with LLVM Exceptions.",
          "Apache-2.0 WITH LLVM-exception"},
         {"Released under the MIT license; this is no Classpath exception.", "MIT"},
         {"License: GPL v2 with Classpath exception\n",
          "GPL-2.0-only WITH Classpath-exception-2.0"}}
    );
}

TEST_CASE("choices are told by slashes, either and or") {
    check_rows(
        {{"Licensed under: MPL 1.1/GPL 2.0/LGPL 2.1", "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-only"},
         {"Written by A. Body. MIT/GPLv2 Lic.", "MIT OR GPL-2.0-only"},
         {"You can modify it either under the terms of the GNU Lesser General Public License "
          "version 2.1 as published by its makers (the \"LGPL\") or, if you like it better, under "
          "the terms of the Mozilla Public License Version 1.1.",
          "LGPL-2.1-only OR MPL-1.1"},
         {"Available under the terms of the Eclipse Public License v1.0 and Apache License v2.0. "
          "You may take this code under either of these licenses.",
          "EPL-1.0 OR Apache-2.0"},
         {"Licensed under the Academic Free License version 2.0\nOr under the following terms: "
          "this "
          "library may be passed on under the GNU Lesser General Public License, version 2 or any "
          "later version.",
          "AFL-2.0 OR LGPL-2.0-or-later"},
         {"This library is distributed under the same terms as Perl itself.",
          "GPL-1.0-or-later OR Artistic-1.0-Perl"},
         {"You can modify it under the same terms as Ruby or the GPLv2.", "Ruby OR GPL-2.0-only"}}
    );
}

TEST_CASE("versions are told as far as the text says them") {
    check_rows(
        {{"under the GNU General Public License, either version 2 or 3 of the License",
          "GPL-2.0-only OR GPL-3.0-only"},
         {"under the GNU Lesser General Public License; either version 2.1 of the License, or (at "
          "your option) version 3, or any later version accepted by the board of the project",
          "LGPL-2.1-only OR LGPL-3.0-only"},
         {"A copy is in /usr/share/common-licenses/GPL-2.", "GPL-2.0-only"},
         {"Licensed under the GPL, version 2 or later; see /usr/share/common-licenses/GPL-3.",
          "GPL-2.0-or-later"},
         {"Licensed under the Mozilla Public License 2.0, https://www.mozilla.org/MPL/", "MPL-2.0"},
         {"see https://opensource.org/licenses/GPL-3.0", "GPL-3.0-only"},
         {"published under the terms of the CPAL v1.0 license", "CPAL-1.0"},
         {"under the Apple Public Source License, Version 2.0", "APSL-2.0"},
         {"licensed under the GNU Lesser General Public License", "LGPL-2.1-or-later"},
         {"licensed under the GNU Library General Public License", "LGPL-2.0-or-later"},
         {"under the GNU Lesser General Public License, version 3. See the GNU Lesser General "
          "Public License for more.",
          "LGPL-3.0-only"},
         {"# GPL v2 License\n#\nint x;\n", "GPL-2.0-only"},
         {"made available under the terms of the Lesser Gnu Public License v2.1", "LGPL-2.1-only"}}
    );
}

TEST_CASE("names that put nothing under a license are none") {
    check_rows(
        {{"This can be used in projects which are not available under the GNU General Public "
          "License or the GNU Library General Public License.",
          ""},
         {"Under the terms of the ACME General Public License.", ""},
         {"permission to link with the OpenSSL library, under the same license as OpenSSL", ""},
         {"Das Programm steht unter der Lizenz mit den Bedingungen unten.", ""},
         {"That doesn't mean that we distribute it under the GPL.", ""}}
    );
}

TEST_CASE("a sentence that names the license below is no term of its own") {
    const std::string text = debian_text("BSD");
    if (text.empty()) {
        RAILHUB_SKIP("no common license texts on this machine");
    }
    CHECK(
        named_in(
            "You may use this project under the terms of the New BSD license as follows:\n\n" + text
        ) == "BSD-3-Clause"
    );
    CHECK(
        named_in(
            "You may use this project under the terms of the New BSD license, but not for any "
            "commercial purpose of yours:\n\n" +
            text
        ) == "BSD-3-Clause AND LicenseRef-railhub-added-terms"
    );
}

TEST_CASE("a negation may move, but none may come or go") {
    const std::string text = debian_text("BSD");
    if (text.empty()) {
        RAILHUB_SKIP("no common license texts on this machine");
    }
    std::string moved =
        with_replaced(text, "Neither the name of the University nor the names", "The names");
    CHECK(named_in(with_replaced(moved, "may be used", "may not be used")) == "BSD-3-Clause");
    CHECK(named_in(moved) != "BSD-3-Clause AND MIT");
    const std::string barred = with_replaced(text, "are permitted", "are not permitted");
    CHECK(named_in(barred) == "LicenseRef-railhub-modified-BSD-3-Clause");
}

TEST_CASE("what only looks like the beginning of a text, or names no license, is none") {
    CHECK(
        named_in("Distributed in the hope that it will be useful, but WITHOUT ANY WARRANTY; "
                 "without even "
                 "the implied warranty of MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.")
            .find("W3C") == std::string::npos
    );
    CHECK(named_in("@license http://www.opensource.org/licenses/mit-license.php *") == "MIT");
    CHECK(named_in("Every file has an SPDX-License-Identifier: line at its top.") == "");
    const std::string text = debian_text("BSD");
    if (text.empty()) {
        RAILHUB_SKIP("no common license texts on this machine");
    }
    const std::string disclaimer = text.substr(text.find("THIS SOFTWARE IS PROVIDED"));
    const std::string said =
        named_in("Permission to read this model is given to students only.\n\n" + disclaimer);
    CHECK((said.empty() || said == "LicenseRef-railhub-unknown-license"));
}

TEST_CASE("RTF, XML and Texinfo hide no license") {
    check_rows(
        {{"{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\fs20 This is licensed under the GNU "
          "Lesser\\par\nGeneral Public\\par\nLicense, version 2.1.\\par\n}",
          "LGPL-2.1-only"},
         {"<?xml version=\"1.0\"?>\n<simpara>Under the terms of the <acronym>GNU</acronym> "
          "<acronym>GPL</acronym> <x:b>version</x:b> 3.</simpara>\n",
          "GPL-3.0-only"},
         {"@c Under the terms of the @acronym{GNU}\n@c General Public @dfn{License},\n@c version "
          "3.\n",
          "GPL-3.0-only"}}
    );
    CHECK(named_in("{\\rtf1 \\").empty());
    CHECK(named_in("<?xml <a:").empty());
    CHECK(named_in("@dfn{").empty());
}

} // namespace railhub::license
