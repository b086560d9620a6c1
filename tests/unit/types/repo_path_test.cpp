// SPDX-License-Identifier: Apache-2.0
// Tests of core/types/repo_path.
#include "core/types/repo_path.h"
#include "core/util/text.h"
#include "tests/support/catch.h"

namespace railhub::types {

TEST_CASE("ordinary and awful but harmless paths are kept as they are", "[types][repo_path]") {
    const char* const good[] = {
        "README.md",
        "subfolder/to?/awful?filename%you:should,never.give",
        "a b/c#d",
        "\xF0\x9F\x98\x80/\xC3\xA4.bin",
        ".gitattributes",
        ".gitignore",
        ".github/x",
        "a/.hidden",
        "...",
        "git",
        "x.git",
        "git~2",
    };
    for (const char* const text : good) {
        const auto path = RepoPath::parse(text);
        INFO(text);
        REQUIRE_OK(path);
        CHECK(path->text() == text);
    }
}

TEST_CASE("dangerous paths cannot be made", "[types][repo_path]") {
    using namespace std::string_literals;
    const std::string wrong[] = {
        "",
        "/",
        "/etc/passwd",
        "a//b",
        "a/",
        ".",
        "..",
        "a/../b",
        "a/./b",
        "../a",
        "a\\b",
        "a\nb",
        "a\x7F",
        "a\0b"s,
        "\xFF",
        ".git",
        "a/.git/hooks",
        ".GIT/config",
        ".git ",
        ".git.",
        ".git...",
        "git~1",
        "GIT~1/x",
        ".git::$INDEX_ALLOCATION",
        ".git:x",
        ".g\xE2\x80\x8Cit",
        "\xEF\xBB\xBF.git/x",
        ".gi\xE2\x81\xAFt",
        std::string(1001, 'a'),
    };
    for (const std::string& text : wrong) {
        INFO(text);
        REQUIRE_ERROR(RepoPath::parse(text), util::Code::InvalidInput);
    }
    CHECK(RepoPath::parse(std::string(1000, 'a')).ok());
}

TEST_CASE("the message about a bad path is short text whatever the path is", "[types][repo_path]") {
    std::string text;
    for (int i = 0; i < 600; ++i) {
        text += "\xC3\xA4";
    }
    const auto result = RepoPath::parse("x" + text);
    REQUIRE_FALSE(result.ok());
    CHECK(util::is_valid_utf8(result.error().message));
    CHECK(result.error().message.size() < 300);
    CHECK_THAT(RepoPath::parse("\x01").error().message, ContainsSubstring("'?'"));
}

TEST_CASE("a path knows its folder and file name", "[types][repo_path]") {
    const auto deep = RepoPath::parse("a/b/c.txt");
    CHECK(deep->folder() == "a/b");
    CHECK(deep->file_name() == "c.txt");
    const auto flat = RepoPath::parse("c.txt");
    CHECK(flat->folder().empty());
    CHECK(flat->file_name() == "c.txt");
}

} // namespace railhub::types
