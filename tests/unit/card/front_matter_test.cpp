// SPDX-License-Identifier: Apache-2.0
// Tests of core/card/front_matter.
#include "core/card/front_matter.h"
#include "tests/support/catch.h"

namespace railhub::card {

namespace {

FrontMatter read(std::string_view readme) {
    auto front = parse_front_matter(readme);
    REQUIRE_OK(front);
    return std::move(front).value();
}

util::Error error_of(std::string_view readme) {
    auto front = parse_front_matter(readme);
    REQUIRE_FALSE(front.ok());
    return front.error();
}

} // namespace

TEST_CASE("front matter becomes JSON, order kept") {
    const FrontMatter front =
        read("---\nlicense: mit\ntags:\n- a\n- 2\nx: {y: 1.5, z: null}\n---\n# Title\n");
    CHECK(front.data.dump() == R"({"license":"mit","tags":["a",2],"x":{"y":1.5,"z":null}})");
    CHECK(
        front.body_offset ==
        std::string_view("---\nlicense: mit\ntags:\n- a\n- 2\nx: {y: 1.5, z: null}\n---\n").size()
    );
}

TEST_CASE("a README without a closed block has no front matter") {
    for (const char* readme :
         {"",
          "# Title\n",
          "---\nlicense: mit\n",
          "text\n---\nlicense: mit\n---\n",
          "----\na: b\n----\n",
          "---"}) {
        INFO(readme);
        const FrontMatter front = read(readme);
        CHECK(front.data.is_null());
        CHECK(front.body_offset == 0);
    }
}

TEST_CASE("empty blocks, blank lines before, CRLF and a byte order mark are fine") {
    CHECK(read("---\n---\nbody").data.is_null());
    CHECK(read("---\n# only a comment\n---\n").data.is_null());
    CHECK(read("\n  \n---\na: 1\n---\n").data.dump() == R"({"a":1})");
    CHECK(read("---\r\na: 1\r\nb: x\r\n---\r\nbody").data.dump() == R"({"a":1,"b":"x"})");
    CHECK(read("\xEF\xBB\xBF---\na: 1\n---").data.dump() == R"({"a":1})");
}

TEST_CASE("positions are lines and columns of the README") {
    const FrontMatter front =
        read("\n---\nlicense: mit\ntags:\n  - one\n  - two\nmodel-index:\n- name: x\n---\n");
    CHECK(position_of(front.positions, "/license") == Position{3, 10});
    CHECK(position_of(front.positions, "/tags/1") == Position{6, 5});
    CHECK(position_of(front.positions, "/model-index/0/name") == Position{8, 9});
    CHECK(
        position_of(front.positions, "/model-index/0/absent") ==
        position_of(front.positions, "/model-index/0")
    );
    CHECK(position_of(front.positions, "/absent") == position_of(front.positions, ""));
    CHECK(position_of({}, "/license") == Position{});
}

TEST_CASE("duplicate keys are an error at the second one") {
    const util::Error error = error_of("---\nlicense: mit\ntags: []\nlicense: apache-2.0\n---\n");
    CHECK(error.code == util::Code::InvalidInput);
    CHECK(error.message == "invalid front matter at line 4, column 1: duplicate key 'license'");
    CHECK_THAT(
        error_of("---\na: {b: 1, b: 2}\n---\n").message, ContainsSubstring("duplicate key 'b'")
    );
    CHECK(read("---\na: {b: 1}\nc: {b: 2}\n---\n").data.is_object());
}

TEST_CASE("what is not a mapping, not YAML or not text is an error with its place") {
    CHECK_THAT(error_of("---\n- a\n- b\n---\n").message, ContainsSubstring("not a mapping"));
    CHECK_THAT(error_of("---\na: [1, 2\n---\n").message, ContainsSubstring("line "));
    CHECK_THAT(error_of("---\na: b: c: d\n---\n").message, ContainsSubstring("line 2"));
    CHECK_THAT(error_of("---\na: \xff\xfe\n---\n").message, ContainsSubstring("not UTF-8"));
    CHECK_THAT(
        error_of(std::string_view("---\na: \0b\n---\n", 14)).message,
        ContainsSubstring("control character")
    );
    CHECK_THAT(
        error_of("---\n[a]: b\n---\n").message, ContainsSubstring("a key is not a plain text")
    );
    CHECK_THAT(
        error_of("---\n? {a: 1}\n: b\n---\n").message,
        ContainsSubstring("a key is not a plain text")
    );
    CHECK_THAT(
        error_of("---\na: !!python/object:os.system x\n---\n").message,
        ContainsSubstring("unsupported tag")
    );
    CHECK_THAT(error_of("---\na: *nowhere\n---\n").message, ContainsSubstring("line 2"));
}

TEST_CASE("aliases expand") {
    const FrontMatter front = read("---\na: &x [1, two]\nb: *x\nc: {d: *x}\n---\n");
    CHECK(front.data.dump() == R"({"a":[1,"two"],"b":[1,"two"],"c":{"d":[1,"two"]}})");
    CHECK_THAT(
        error_of("---\na: &x [1, *x]\n---\n").message,
        ContainsSubstring("an alias stands inside what it names")
    );
    CHECK_THAT(
        error_of("---\na: &x k\n*x : 1\n---\n").message, ContainsSubstring("a key is an alias")
    );
}

TEST_CASE("YAML bombs end at a limit, not at the end of memory") {
    SECTION("aliases of aliases") {
        std::string bomb = "---\na0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
        for (int i = 1; i < 30; ++i) {
            const std::string previous = "*a" + std::to_string(i - 1);
            bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
            for (int k = 0; k < 9; ++k) {
                bomb += (k > 0 ? ", " : "") + previous;
            }
            bomb += "]\n";
        }
        CHECK(error_of(bomb + "---\n").code == util::Code::TooLarge);
    }
    SECTION("one long text, many aliases") {
        std::string bomb = "---\na: &a \"" + std::string(500'000, 'x') + "\"\nb: [";
        for (int i = 0; i < 40'000; ++i) {
            bomb += "*a,";
        }
        CHECK(error_of(bomb + "1]\n---\n").code == util::Code::TooLarge);
    }
    SECTION("depth") {
        const std::string deep =
            "---\na: " + std::string(100'000, '[') + std::string(100'000, ']') + "\n---\n";
        CHECK(error_of(deep).code == util::Code::TooLarge);
    }
    SECTION("size") {
        CHECK(
            error_of("---\na: " + std::string(2'000'000, 'x') + "\n---\n").code ==
            util::Code::TooLarge
        );
    }
    SECTION("many values") {
        std::string many = "---\na: [";
        for (int i = 0; i < 60'000; ++i) {
            many += "1,";
        }
        CHECK(error_of(many + "1]\n---\n").code == util::Code::TooLarge);
    }
    SECTION("a long key") {
        CHECK(
            error_of("---\n? " + std::string(2000, 'k') + "\n: 1\n---\n").code ==
            util::Code::TooLarge
        );
    }
}

TEST_CASE("pointers escape, and long ones get no entry of their own") {
    const FrontMatter front = read("---\n\"a/b~c\": 1\n---\n");
    CHECK(front.positions.contains("/a~1b~0c"));
    const std::string key(300, 'k');
    const FrontMatter deep = read("---\n" + key + ": {x: [1]}\n---\n");
    CHECK(deep.data.find(key)->dump() == R"({"x":[1]})");
    CHECK(deep.positions.size() == 1);
}

} // namespace railhub::card
