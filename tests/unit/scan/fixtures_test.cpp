// SPDX-License-Identifier: Apache-2.0
// Each folder below tests/fixtures/scan is a project and the exact list of what it uses.
#include "core/scan/print.h"
#include "core/scan/scan.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"
#include "tests/support/golden.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <algorithm>
#include <filesystem>

namespace railhub::tests {

namespace {

std::vector<std::string> scan_projects() {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(data_path("fixtures/scan"))) {
        out.push_back(entry.path().filename().string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::string scanned(const std::string& root, const scan::ScanOptions& options = {}) {
    TestContext test;
    const auto fs = util::make_posix_fs();
    const auto findings =
        value(scan::scan(test.context(), *fs, scan::builtin_tables(), root, options));
    return scan::to_json(findings).dump_pretty();
}

} // namespace

TEST_CASE("fixture projects use exactly what is expected") {
    const auto projects = scan_projects();
    REQUIRE(projects.size() >= 25);
    for (const std::string& name : projects) {
        INFO(name);
        const std::string folder = "tests/fixtures/scan/" + name;
        golden_page(
            folder + "/expected.json", scanned(data_path("fixtures/scan/" + name + "/project"))
        );
    }
}

TEST_CASE("the number of threads changes nothing") {
    const std::string root = data_path("fixtures/scan");
    CHECK(scanned(root, {.threads = 1}) == scanned(root, {.threads = 7}));
}

TEST_CASE("parts of a project can be left out") {
    const std::string root = data_path("fixtures/scan/tests_and_examples/project");
    const std::string out = scanned(root, {.skipped = {scan::Part::Test, scan::Part::Example}});
    CHECK(out.find("tests/test_model.py") == std::string::npos);
    CHECK(out.find("examples/run.py") == std::string::npos);
    CHECK(out.find("evaluation/bench.py") != std::string::npos);
}

TEST_CASE("vendored and ignored files are read when somebody asks for them") {
    scan::ScanOptions options;
    options.walk.vendored = scan::Include::Everything;
    options.walk.ignored = scan::Include::Everything;
    const std::string out = scanned(data_path("fixtures/scan/vendored/project"), options);
    CHECK(out.find("node_modules/x/m.py") != std::string::npos);
    CHECK(out.find("ignored/m.py") != std::string::npos);
    CHECK(out.find("x.local.py") != std::string::npos);
}

TEST_CASE("one file can be scanned") {
    const std::string out = scanned(data_path("fixtures/scan/two_lineages/project/speech.py"));
    CHECK(out.find("n-gram language model") != std::string::npos);
    CHECK(out.find("\"file\": \"speech.py\"") != std::string::npos);
}

} // namespace railhub::tests
