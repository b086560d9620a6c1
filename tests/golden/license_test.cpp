// SPDX-License-Identifier: Apache-2.0
// What the license commands print, whole.
#include "core/util/fs.h"
#include "core/util/json.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"
#include "tests/unit/cli/fake_shell.h"

namespace railhub::tests {

namespace {

using cli::ExitCode;

// The version of the license data changes with every record and is not what these tests are about.
std::string with_fixed_version(std::string text) {
    constexpr std::string_view kMark = "license data ";
    for (std::size_t at = text.find(kMark); at != std::string::npos;
         at = text.find(kMark, at + kMark.size())) {
        text.replace(at + kMark.size(), 12, 12, '0');
    }
    return text;
}

std::string printed(FakeShell& shell, std::vector<std::string> words, ExitCode code) {
    const Outcome outcome = shell.call(std::move(words));
    INFO(outcome.err);
    CHECK(outcome.code == code);
    return with_fixed_version(outcome.out);
}

void put(FakeShell& shell, const std::string& name, std::string_view text) {
    const auto fs = util::make_posix_fs();
    const std::string path = util::join_path(shell.home.path(), name);
    REQUIRE_OK(fs->make_dirs(util::parent_path(path)));
    REQUIRE_OK(util::write_atomic(*fs, path, util::as_bytes(text)));
}

constexpr std::string_view kCases = R"({"format": "compliance-cases/1", "cases": [
  {"id": "a", "title": "relabelled", "upstreams": [{"role": "base-model", "license": "openrail++"}],
   "action": "finetune-distribute", "downstream": {"license": "creativeml-openrail-m"},
   "expect": {"verdict": "ok-with-obligations", "obligations_at_least": ["include-license"]}},
  {"id": "b", "title": "wrong on purpose", "upstreams": [{"role": "base-model", "license": "mit"}],
   "action": "use-internal", "expect": {"verdict": "conflict"}}]})";

} // namespace

TEST_CASE("license coverage, diff and explain", "[golden]") {
    FakeShell shell;
    golden("license/coverage.txt", printed(shell, {"license", "coverage"}, ExitCode::Done));
    golden(
        "license/coverage.json",
        printed(
            shell, {"license", "coverage", "bloom-rail-A", "bigcode-A", "--json"}, ExitCode::Done
        )
    );
    golden(
        "license/diff.txt",
        printed(shell, {"license", "diff", "bigcode-openrail-m", "openrail++"}, ExitCode::Done)
    );
    golden(
        "license/diff.json",
        printed(shell, {"license", "diff", "mit", "mit-0", "--json"}, ExitCode::Done)
    );
    golden("license/explain.txt", printed(shell, {"explain", "R3"}, ExitCode::Done));
    golden(
        "license/explain.json",
        printed(shell, {"explain", "nc-data-into-model", "--json"}, ExitCode::Done)
    );
    CHECK_THAT(
        printed(shell, {"explain", "medical.advice"}, ExitCode::Done),
        StartsWith("medical.advice: ")
    );
    CHECK(shell.call({"explain", "R99"}).code == ExitCode::NotFound);
    CHECK(shell.call({"license", "coverage", "no-such"}).code == ExitCode::NotFound);
}

TEST_CASE("check --cases says which pass, and fails when one does not", "[golden]") {
    FakeShell shell;
    put(shell, "cases.json", kCases);
    const std::string file = util::join_path(shell.home.path(), "cases.json");
    golden("license/cases.txt", printed(shell, {"check", "--cases", file}, ExitCode::Findings));
    const auto json =
        util::parse_json(printed(shell, {"check", "--cases", file, "--json"}, ExitCode::Findings));
    REQUIRE_OK(json);
    CHECK(json->number("passed") == 1);
    CHECK(json->number("failed") == 1);
    CHECK(shell.call({"check", "--cases", "/no/such/file"}).code == ExitCode::NotFound);
    put(shell, "cases.json", "{}");
    CHECK(shell.call({"check", "--cases", file}).code == ExitCode::Usage);
}

TEST_CASE("license suggest and obligations look at a folder", "[golden]") {
    FakeShell shell;
    put(shell, "m/README.md", "---\nlicense: mit\n---\n");
    const std::string folder = util::join_path(shell.home.path(), "m");
    const std::string all =
        printed(shell, {"license", "suggest", folder, "--offline"}, ExitCode::Done);
    CHECK_THAT(all, ContainsSubstring("apache-2.0"));
    golden(
        "license/obligations.txt",
        printed(shell, {"license", "obligations", folder, "--offline"}, ExitCode::Done)
    );
    CHECK(
        shell.call({"license", "suggest", folder, "--offline", "--policy", "no-such=1"}).code ==
        ExitCode::Usage
    );
    // A base that nobody can look up lets no license be suggested.
    put(shell, "m/README.md", "---\nlicense: mit\nbase_model: org/base\n---\n");
    printed(shell, {"license", "suggest", folder, "--offline"}, ExitCode::Findings);
}

} // namespace railhub::tests
