// SPDX-License-Identifier: Apache-2.0
// Tests of core/types/repo_id.
#include "core/types/repo_id.h"
#include "tests/support/catch.h"

namespace railhub::types {

TEST_CASE("every kind has its words and reads back from them", "[types][repo_id]") {
    for (const RepoKind kind : {RepoKind::Model, RepoKind::Dataset, RepoKind::Space}) {
        CHECK(parse_kind(kind_word(kind)).value() == kind);
        CHECK(parse_kind_plural(kind_plural(kind)).value() == kind);
    }
    CHECK(kind_web_prefix(RepoKind::Model).empty());
    CHECK(kind_web_prefix(RepoKind::Dataset) == "datasets/");
    REQUIRE_ERROR(parse_kind("models"), util::Code::InvalidInput);
    REQUIRE_ERROR(parse_kind_plural("model"), util::Code::InvalidInput);
}

TEST_CASE("repository names follow the client's rule", "[types][repo_id]") {
    for (const char* const name : {"a", "_a_", "gpt2", "All-MiniLM-L6.v2", "git", "a.gitx"}) {
        INFO(name);
        CHECK(check_repo_name(name).ok());
    }
    CHECK(check_repo_name(std::string(96, 'a')).ok());
    const std::string wrong[] = {
        "",
        "-a",
        "a-",
        ".a",
        "a.",
        "a--b",
        "a..b",
        "a/b",
        "a b",
        "a.git",
        "A.GIT",
        "\xC3\xA4",
        "a\n",
        "..",
        "n.ipynb",
        std::string(97, 'a')};
    for (const std::string& name : wrong) {
        INFO(name);
        REQUIRE_ERROR(check_repo_name(name), util::Code::InvalidInput);
    }
}

TEST_CASE("namespaces may begin and end with underscores and dots", "[types][repo_id]") {
    for (const char* const name : {"__DUMMY_HUB_USER__", "hub.js", ".x.", "a"}) {
        INFO(name);
        CHECK(check_namespace(name).ok());
    }
    for (const char* const name : {"", ".", "..", "-a", "a-", "a--b", "api", "Datasets", "a/b"}) {
        INFO(name);
        REQUIRE_ERROR(check_namespace(name), util::Code::InvalidInput);
    }
    CHECK(is_reserved_namespace("API"));
    CHECK_FALSE(is_reserved_namespace("apis"));
}

TEST_CASE("a repository id is namespace and name", "[types][repo_id]") {
    const auto id = RepoId::parse(RepoKind::Dataset, "ada/iris");
    REQUIRE_OK(id);
    CHECK(id->full_name() == "ada/iris");
    CHECK(id->describe() == "dataset 'ada/iris'");
    for (const char* const text : {"", "iris", "/iris", "ada/", "a/b/c", "ada/.git", "api/x"}) {
        INFO(text);
        REQUIRE_ERROR(RepoId::parse(RepoKind::Model, text), util::Code::InvalidInput);
    }
}

TEST_CASE("the message about a bad name is text whatever the name is", "[types][repo_id]") {
    const auto result = RepoId::parse(RepoKind::Model, "\xFF\xFE");
    REQUIRE_FALSE(result.ok());
    CHECK_THAT(result.error().message, ContainsSubstring("'?'"));
}

} // namespace railhub::types
