// SPDX-License-Identifier: Apache-2.0
// Tests of core/app/excerpts.
#include "core/app/excerpts.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"

namespace railhub::app {

namespace {

report::Finding finding_at(const std::string& path, std::uint32_t line) {
    report::Finding finding;
    finding.location = report::Location{path, line, 1};
    return finding;
}

} // namespace

TEST_CASE("lines that findings point at are read, what cannot be is left out") {
    const tests::TempDir dir;
    tests::TestContext test;
    const auto fs = util::make_posix_fs();
    const auto put = [&](const std::string& name, const std::string& text) {
        REQUIRE_OK(util::write_atomic(*fs, dir.file(name), util::as_bytes(text)));
    };
    put("app.py", "one\r\ntwo \xFF\nthree");
    put("cells.ipynb", "{\n}\n");
    put("large.txt", std::string((std::size_t{1} << 20) + 1, 'x'));
    put("long.txt", std::string(100'000, 'x'));
    report::Report report;
    report.findings = {
        finding_at("app.py", 1),
        finding_at("app.py", 2),
        finding_at("app.py", 3),
        finding_at("app.py", 4),
        finding_at("app.py", 0),
        finding_at("cells.ipynb", 1),
        finding_at("large.txt", 1),
        finding_at("long.txt", 1),
        finding_at("none.txt", 1),
        {}};
    const auto source = make_folder_source(*fs, dir.path());
    add_excerpts(test.context(), *source, report);
    REQUIRE(report.sources.size() == 4);
    CHECK(report.sources[0] == report::SourceLine{"app.py", 1, "one"});
    CHECK(report.sources[1] == report::SourceLine{"app.py", 2, "two \xFF"});
    CHECK(report.sources[2] == report::SourceLine{"app.py", 3, "three"});
    CHECK(report.sources[3].text.size() == std::size_t{16} << 10);
}

} // namespace railhub::app
