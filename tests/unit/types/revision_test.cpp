// SPDX-License-Identifier: Apache-2.0
// Tests of core/types/revision.
#include "core/types/revision.h"
#include "tests/support/catch.h"

namespace railhub::types {

TEST_CASE("full ref names follow git's rules", "[types][revision]") {
    for (const char* const name :
         {"refs/heads/main",
          "refs/heads/a/b-c.d",
          "refs/pr/1",
          "refs/tags/v1.0",
          "refs/heads/\xC3\xA4",
          "refs/heads/@x",
          "refs/heads/-x"}) {
        INFO(name);
        CHECK(is_valid_ref_name(name));
    }
    const std::string wrong[] = {
        "",
        "main",
        "HEAD",
        "refs",
        "refs/",
        "refs//x",
        "refs/heads/",
        "refs/heads/.a",
        "refs/heads/a.lock",
        "refs/heads/a.lock/b",
        "refs/heads/a..b",
        "refs/heads/a.",
        "refs/heads/a b",
        "refs/heads/a~1",
        "refs/heads/a^",
        "refs/heads/a:b",
        "refs/heads/a?",
        "refs/heads/a*",
        "refs/heads/[a",
        "refs/heads/a\\b",
        "refs/heads/a@{1}",
        "refs/heads/a\n",
        "refs/heads/a\x7F",
        "refs/heads/\xFF",
        "refs/heads/" + std::string(250, 'a'),
    };
    for (const std::string& name : wrong) {
        INFO(name);
        CHECK_FALSE(is_valid_ref_name(name));
    }
}

TEST_CASE("branch names keep clear of shas and of git's own words", "[types][revision]") {
    CHECK(is_valid_branch_name("main"));
    CHECK(is_valid_branch_name("feature/x"));
    CHECK(is_valid_branch_name(std::string(39, 'a')));
    for (const char* const name : {"", "HEAD", "@", "-x", "refs/heads/x", "a b", "/a", "a/"}) {
        INFO(name);
        CHECK_FALSE(is_valid_branch_name(name));
    }
    CHECK_FALSE(is_valid_branch_name(std::string(40, 'a')));
}

TEST_CASE("shas are hex digits in the right number", "[types][revision]") {
    CHECK(is_full_sha("0123456789abcdefABCDEF0123456789abcdef01"));
    CHECK_FALSE(is_full_sha(std::string(39, '0')));
    CHECK_FALSE(is_full_sha(std::string(40, 'g')));
    CHECK(is_short_sha("0123456"));
    CHECK(is_short_sha(std::string(40, 'f')));
    CHECK_FALSE(is_short_sha("012345"));
    CHECK_FALSE(is_short_sha(std::string(41, 'f')));
    CHECK_FALSE(is_short_sha("012345g"));
}

} // namespace railhub::types
