// SPDX-License-Identifier: Apache-2.0
// Tests of core/scan/walk and of what a scan says about odd files.
#include "core/scan/scan.h"
#include "core/scan/walk.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <filesystem>
#include <fstream>

namespace railhub::tests {

namespace {

void put(const TempDir& dir, const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(dir.file(name)).parent_path());
    std::ofstream(dir.file(name), std::ios::binary) << text;
}

std::string walked(const TempDir& dir, const scan::WalkOptions& options = {}) {
    TestContext test;
    const auto fs = util::make_posix_fs();
    std::string out;
    for (const auto& file : value(scan::walk(test.context(), *fs, dir.path(), options)).files) {
        out += file.path + ' ';
    }
    return out;
}

scan::Findings found_in(const TempDir& dir, const scan::ScanOptions& options = {}) {
    TestContext test;
    const auto fs = util::make_posix_fs();
    return value(scan::scan(test.context(), *fs, scan::builtin_tables(), dir.path(), options));
}

} // namespace

TEST_CASE("ignored and vendored folders are not entered") {
    const TempDir dir;
    put(dir, "a.py", "");
    put(dir, "node_modules/x.js", "");
    put(dir, ".git/config", "");
    put(dir, ".gitignore", "out/\n*.tmp.py\n");
    put(dir, "out/b.py", "");
    put(dir, "c.tmp.py", "");
    put(dir, "sub/.gitignore", "!d.tmp.py\n/e.py\n");
    put(dir, "sub/d.tmp.py", "");
    put(dir, "sub/e.py", "");
    CHECK(walked(dir) == ".gitignore a.py sub/.gitignore sub/d.tmp.py ");
    scan::WalkOptions all;
    all.vendored = scan::Include::Everything;
    all.ignored = scan::Include::Everything;
    CHECK(walked(dir, all).find("node_modules/x.js out/b.py") != std::string::npos);
}

TEST_CASE("symlinks in a circle are not followed") {
    const TempDir dir;
    put(dir, "a/b.py", "");
    std::filesystem::create_directory_symlink(dir.path(), dir.file("a/loop"));
    std::filesystem::create_symlink("nowhere", dir.file("dangling.py"));
    CHECK(walked(dir) == "a/b.py ");
}

TEST_CASE("a root that is not there is an error") {
    const TempDir dir;
    TestContext test;
    const auto fs = util::make_posix_fs();
    REQUIRE_ERROR(
        scan::scan(test.context(), *fs, scan::builtin_tables(), dir.file("none"), {}),
        util::Code::NotFound
    );
}

TEST_CASE("huge and binary files are noted, not read") {
    const TempDir dir;
    const std::string use =
        "from transformers import AutoModel\nAutoModel.from_pretrained('a1/b1')\n";
    put(dir, "big.py", use + std::string(5'000, '#'));
    put(dir, "binary.py", use + std::string(1, '\0'));
    put(dir, "utf16.py", std::string("\xff\xfe") + std::string("a\0b\0", 4));
    put(dir, std::string("odd\xff.py"), use);
    scan::ScanOptions options;
    options.max_source_bytes = 4'000;
    const auto found = found_in(dir, options);
    CHECK(found.uses.size() == 1);
    REQUIRE(found.notes.size() == 3);
    CHECK_THAT(found.notes[0].message, ContainsSubstring("more than"));
    CHECK_THAT(found.notes[1].message, ContainsSubstring("not a text"));
}

TEST_CASE("a scan ends when somebody asks it to") {
    const TempDir dir;
    put(dir, "a.py", "");
    TestContext test;
    test.stop.request_stop();
    const auto fs = util::make_posix_fs();
    REQUIRE_ERROR(
        scan::scan(test.context(), *fs, scan::builtin_tables(), dir.path(), {}),
        util::Code::Cancelled
    );
}

} // namespace railhub::tests
