// SPDX-License-Identifier: Apache-2.0
// Every schema has examples of both kinds, and says yes and no to them.
#include "tests/schemas/schema_files.h"
#include "tests/support/data.h"

#include <algorithm>
#include <filesystem>
#include <vector>

namespace railhub::tests {

namespace {

std::vector<std::filesystem::path> examples(const std::string& name, const char* kind) {
    std::vector<std::filesystem::path> paths;
    const std::filesystem::path folder = data_path("../schemas/examples/" + name + "/" + kind);
    if (std::filesystem::exists(folder)) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

// A pattern is matched on the first 1 KiB only (json_schema.h), so it needs a bound below that.
void check_patterns(const util::Json& node, const std::string& where) {
    if (node.is_object()) {
        if (const util::Json* pattern = node.find("pattern");
            pattern != nullptr && pattern->is_string()) {
            INFO(where);
            CHECK(node.number("maxLength", 1024) < 1024);
        }
        for (const util::JsonMember& member : *node.as_object()) {
            check_patterns(member.second, where + "/" + member.first);
        }
    } else if (node.is_array()) {
        for (const util::Json& item : *node.as_array()) {
            check_patterns(item, where + "/*");
        }
    }
}

} // namespace

TEST_CASE("schemas accept their valid examples and refuse their invalid ones") {
    for (const util::EmbeddedFile& file : schemas_data::files()) {
        const std::string name(file.path.substr(0, file.path.find(".schema.json")));
        INFO(name);
        const util::JsonSchema schema = compile_schema(name);
        const auto valid = examples(name, "valid");
        const auto invalid = examples(name, "invalid");
        CHECK_FALSE(valid.empty());
        CHECK_FALSE(invalid.empty());
        for (const auto& path : valid) {
            INFO(path);
            CHECK(violations(schema, parse_or_fail(read_data(path.string()))).empty());
        }
        for (const auto& path : invalid) {
            INFO(path);
            CHECK_FALSE(violations(schema, parse_or_fail(read_data(path.string()))).empty());
        }
    }
}

TEST_CASE("the JSON report that is kept as a golden file matches its schema") {
    const util::Json report = parse_or_fail(read_data(data_path("golden/check/laundered.json")));
    CHECK(violations(compile_schema("check-report.v1"), report).empty());
}

TEST_CASE("patterns in schemas are bounded, and every schema says what it is") {
    for (const util::EmbeddedFile& file : schemas_data::files()) {
        const util::Json document = parse_or_fail(file.text);
        INFO(file.path);
        CHECK_FALSE(document.text("title").empty());
        CHECK_FALSE(document.text("description").empty());
        check_patterns(document, std::string(file.path));
    }
}

} // namespace railhub::tests
