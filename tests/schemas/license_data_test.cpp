// SPDX-License-Identifier: Apache-2.0
// The license data that ships matches its schemas.
#include "licenses/data.h"
#include "tests/schemas/schema_files.h"

namespace railhub::tests {

namespace {

// Which schema a data file follows; empty for the vocabulary, whose ids a test of core/license
// checks.
std::string schema_for(std::string_view path) {
    if (path.ends_with("/license.json")) {
        return "license-record.v1";
    }
    if (path == "restrictions/taxonomy.json") {
        return "use-restrictions.v1";
    }
    if (path.starts_with("compatibility/")) {
        return "compatibility.v1";
    }
    return path.starts_with("restrictions/sets/") ? "restriction-set.v1" : "";
}

} // namespace

TEST_CASE("license data matches its schemas") {
    std::size_t checked = 0;
    for (const util::EmbeddedFile& file : licenses_data::files()) {
        const std::string name = schema_for(file.path);
        if (name.empty()) {
            continue;
        }
        INFO(file.path);
        CHECK(violations(compile_schema(name), parse_or_fail(file.text)).empty());
        ++checked;
    }
    CHECK(checked > 190);
}

} // namespace railhub::tests
