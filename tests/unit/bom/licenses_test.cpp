// SPDX-License-Identifier: Apache-2.0
// Labels as SPDX writes them.
#include "core/bom/licenses.h"
#include "tests/unit/bom/sample.h"

namespace railhub::bom {

namespace {

std::string text_of(const LicenseTerms& terms) {
    return terms.expression ? license::to_text(*terms.expression) : "(none)";
}

} // namespace

TEST_CASE("labels become SPDX ids, ScanCode's refs, or refs of their own") {
    LicenseNames names(licenses());

    struct Row {
        const char* label;
        const char* text;
        bool is_definite;
    };

    for (const Row& row : std::vector<Row>{
             {"mit", "MIT", true},
             {"Apache 2.0", "Apache-2.0", true},
             {"zpl-2.1", "ZPL-2.1", true}, // no record of ours, but of the SPDX list
             {"llama2", "LicenseRef-scancode-llama-2-license-2023", true},
             {"mit OR apache-2.0", "Apache-2.0 OR MIT", true},
             {"gpl-2.0+ WITH Classpath-exception-2.0",
              "GPL-2.0-or-later WITH Classpath-exception-2.0",
              true},
             {"gpl-3.0-or-later", "GPL-3.0-or-later", true},
             {"gpl-3.0", "GPL-3.0-only", true},
             {"GPL-2.0+", "GPL-2.0-or-later", true},
             {"openrail++", "LicenseRef-scancode-bigscience-open-rail-m2", true},
             {"LicenseRef-Our_Terms", "LicenseRef-Our-Terms", true},
             {"some house rules", "LicenseRef-some-house-rules", true},
             {"gpl", "LicenseRef-gpl", false},
             {"unknown", "LicenseRef-unknown", false},
             {"", "(none)", false},
             {"\xC3\xA4", "LicenseRef-unnamed", true}}) {
        INFO(row.label);
        LicenseTerms terms = names.terms(row.label);
        if (terms.expression) {
            terms.expression = license::normalised(*terms.expression);
        }
        CHECK(text_of(terms) == row.text);
        CHECK(terms.is_definite == row.is_definite);
    }
    bool has_llama = false;
    for (const CustomLicense& custom : names.custom()) {
        CHECK(custom.ref.starts_with("LicenseRef-"));
        if (custom.ref == "LicenseRef-scancode-llama-2-license-2023") {
            has_llama = true;
            CHECK(custom.name == "Llama 2 Community License");
            CHECK_THAT(custom.link, StartsWith("https://scancode-licensedb"));
        }
    }
    CHECK(has_llama);
}

TEST_CASE("other stands for what license_name says, and two names never share a ref") {
    LicenseNames names(licenses());
    compliance::Node node = artifact("ada/x", {"other"});
    CHECK(text_of(names.declared(node)) == "LicenseRef-terms-of-ada-x");
    CHECK_FALSE(names.declared(node).is_definite);
    node.license_name = "llama2";
    CHECK(text_of(names.declared(node)) == "LicenseRef-scancode-llama-2-license-2023");
    node.license_name = "house terms";
    node.license_link = "https://example.org/terms";
    CHECK(text_of(names.declared(node)) == "LicenseRef-house-terms");
    node.license_name = "house/terms";
    CHECK(text_of(names.declared(node)) == "LicenseRef-house-terms-2");
    CHECK(names.declared(node).is_definite);
    const std::vector<CustomLicense> custom = names.custom();
    CHECK(std::any_of(custom.begin(), custom.end(), [](const CustomLicense& one) {
        return one.name == "house terms" && one.link == "https://example.org/terms";
    }));
    CHECK(
        text_of(names.declared(artifact("ada/x", {"mit", "apache-2.0"}))) == "Apache-2.0 AND MIT"
    );
}

} // namespace railhub::bom
