// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/error.
#include "core/util/error.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <cerrno>

namespace railhub::util {

TEST_CASE("one line has the outermost context first", "[util][error]") {
    const Error error{
        .code = Code::Corrupt,
        .message = "wrong digest",
        .hint = "run fsck",
        .context = {"read blob", "serve 'a'"},
    };
    CHECK(to_line(error) == "serve 'a': read blob: wrong digest");
}

TEST_CASE("system errors say what failed, of what, and why", "[util][error]") {
    const Error error = system_error("open", "x.bin", ENOENT);
    CHECK(error.code == Code::NotFound);
    CHECK(error.message == "cannot open 'x.bin': no such file or directory");
    CHECK(error.reason == kReasonSystem);
}

TEST_CASE("system errors map to what the caller can do", "[util][error]") {
    CHECK(system_error("open", "x", EACCES).code == Code::PermissionDenied);
    CHECK(system_error("open", "x", EROFS).code == Code::PermissionDenied);
    CHECK(system_error("open", "x", EEXIST).code == Code::AlreadyExists);
    CHECK(system_error("open", "x", ENOTDIR).code == Code::NotFound);
    CHECK(system_error("open", "x", EIO).code == Code::Io);
}

TEST_CASE("a full disk has a reason and a hint of its own", "[util][error]") {
    for (const int error_number : {ENOSPC, EDQUOT}) {
        const Error error = system_error("write", "x", error_number);
        CHECK(error.code == Code::Io);
        CHECK(error.reason == kReasonNoSpace);
        CHECK_THAT(error.hint, ContainsSubstring("space"));
    }
}

TEST_CASE("every code has a name of its own", "[util][error]") {
    std::vector<std::string_view> names;
    for (int code = 0; code <= static_cast<int>(Code::Cancelled); ++code) {
        names.push_back(code_name(static_cast<Code>(code)));
    }
    for (const std::string_view name : names) {
        INFO(name);
        CHECK(std::count(names.begin(), names.end(), name) == 1);
        CHECK(name != "unknown");
    }
}

} // namespace railhub::util
