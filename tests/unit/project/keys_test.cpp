// SPDX-License-Identifier: Apache-2.0
// The table of keys, the schema and the codes say the same.
#include "core/project/codes.h"
#include "core/project/keys.h"
#include "core/project/purposes.h"
#include "core/report/codes.h"
#include "schemas/data.h"
#include "tests/support/catch.h"
#include "tests/support/value.h"

#include <set>

namespace railhub::project {

namespace {

util::Json schema_of_project() {
    for (const util::EmbeddedFile& file : schemas_data::files()) {
        if (file.path == "project.v1.schema.json") {
            return tests::value(util::parse_json(file.text));
        }
    }
    return {};
}

// The properties of [section] in the schema.
std::set<std::string> properties_of(const util::Json& schema, std::string_view section) {
    const util::Json* at = &schema;
    while (!section.empty() && at != nullptr) {
        const std::size_t dot = section.find('.');
        const util::Json* properties = at->find("properties");
        at = properties == nullptr ? nullptr : properties->find(section.substr(0, dot));
        if (at != nullptr && at->find("items") != nullptr) {
            at = at->find("items");
        }
        section = dot == std::string_view::npos ? std::string_view() : section.substr(dot + 1);
    }
    std::set<std::string> names;
    const util::Json* properties = at == nullptr ? nullptr : at->find("properties");
    if (properties != nullptr && properties->is_object()) {
        for (const auto& [name, value] : *properties->as_object()) {
            names.insert(name);
        }
    }
    return names;
}

} // namespace

TEST_CASE("the schema has the keys of the table, no more and no fewer") {
    const util::Json schema = schema_of_project();
    std::set<std::string> sections;
    for (const Key& key : keys()) {
        sections.insert(std::string(key.section));
    }
    for (const std::string& section : sections) {
        std::set<std::string> expected;
        for (const Key& key : keys()) {
            if (key.section == section) {
                expected.insert(std::string(key.name));
            }
        }
        for (const std::string& name : extra_names(section)) {
            expected.insert(name);
        }
        INFO(section);
        CHECK(properties_of(schema, section) == expected);
    }
}

TEST_CASE("codes are known by id, also those of rules") {
    CHECK(is_code("R7"));
    CHECK(is_code("card.readable"));
    CHECK(is_code("waiver.expired"));
    CHECK_FALSE(is_code("waiver"));
}

TEST_CASE("every code of the project check has its words") {
    for (const report::Code& code : report::codes()) {
        const bool is_ours = !code.id.starts_with("card.") && !code.id.starts_with("lineage.") &&
                             !code.id.starts_with("terms.") && !code.id.starts_with("lock.");
        if (is_ours) {
            CHECK(finding_of(code.id, "a", "b").rule == code.id);
        }
    }
}

TEST_CASE("purposes in the binary are rows with known words") {
    const Purposes& purposes = Purposes::built_in();
    CHECK(purposes.rows().size() > 50);
    REQUIRE(purposes.find(Purpose::Kind::Purpose, "chat-assistant") != nullptr);
    CHECK(purposes.find(Purpose::Kind::Audience, "chat-assistant") == nullptr);
    REQUIRE_ERROR(Purposes::parse(util::Json::object({{"format", "x"}})), util::Code::InvalidInput);
}

TEST_CASE("the reference lists every section") {
    const std::string page = keys_page();
    CHECK(page.find("### `[[policy.exceptions]]`") != std::string::npos);
    CHECK(page.find("| `mau-now` | number |") != std::string::npos);
    CHECK(purposes_page().find("| `hiring` |") != std::string::npos);
}

} // namespace railhub::project
