// SPDX-License-Identifier: Apache-2.0
// Tests of core/license/folder.
#include "core/license/catalogue.h"
#include "tests/support/catch.h"
#include "tests/support/fault_fs.h"

namespace railhub::license {

namespace {

void put(util::Fs& fs, const std::string& path, std::string_view text) {
    REQUIRE_OK(fs.make_dirs(util::parent_path(path)));
    REQUIRE_OK(util::write_atomic(fs, path, util::as_bytes(text)));
}

} // namespace

TEST_CASE("a data folder is read with paths below it; other files, dot files and links are left out"
) {
    tests::FaultFs fs;
    put(fs, "/data/a/license.json", "1");
    put(fs, "/data/restrictions/sets/s.json", "2");
    put(fs, "/data/a/notes.txt", "3");
    put(fs, "/data/.hidden/license.json", "4");
    put(fs, "/secret.json", "5");
    REQUIRE_OK(fs.make_symlink("/secret.json", "/data/link.json"));
    auto files = read_data_folder(fs, "/data");
    REQUIRE_OK(files);
    REQUIRE(files->size() == 2);
    CHECK(files->at(0).path == "a/license.json");
    CHECK(files->at(0).text == "1");
    CHECK(files->at(1).path == "restrictions/sets/s.json");
}

TEST_CASE("an absent data folder is an error that names it") {
    tests::FaultFs fs;
    auto files = read_data_folder(fs, "/nowhere");
    REQUIRE_ERROR(files, util::Code::NotFound);
    CHECK_THAT(files.error().message, ContainsSubstring("/nowhere"));
}

} // namespace railhub::license
