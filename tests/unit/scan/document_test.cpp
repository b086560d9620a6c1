// SPDX-License-Identifier: Apache-2.0
// Tests of core/scan/document.
#include "core/scan/document.h"
#include "core/util/text.h"
#include "tests/support/catch.h"

namespace railhub::scan {

namespace {

std::string printed(const std::vector<Entry>& entries, std::string_view text) {
    std::string out;
    for (const Entry& entry : entries) {
        REQUIRE(entry.offset <= text.size());
        out += util::join(entry.path, ".") + "=" + entry.value + (entry.list == 0 ? ";" : "*;");
    }
    return out;
}

std::string yaml(std::string_view text) {
    return printed(read_yaml_entries(text), text);
}

std::string toml(std::string_view text) {
    return printed(read_toml_entries(text), text);
}

std::string json(std::string_view text) {
    return printed(read_json_entries(text), text);
}

} // namespace

TEST_CASE("yaml gives keys with their parents") {
    CHECK(yaml("a: 1\nb:\n  c: x/y # no\n  d: 'q # r'\ne: z\n") == "a=1;b.c=x/y;b.d=q # r;e=z;");
    CHECK(yaml("m:\n- p: a\n  q: b\n- p: c\n") == "m.p=a;m.q=b;m.p=c;");
    CHECK(yaml("args:\n  - --model\n  - x/y\n") == "args=--model*;args=x/y*;");
    CHECK(yaml("c: [\"a\", b]\nd: {e: f}\n") == "c=a*;c=b*;d.e=f;");
    CHECK(yaml("run: |\n  one\n  two\nnext: 1\n") == "run=  one\n  two\n;next=1;");
    CHECK(yaml("u: http://a/b\n---\nv: 1\n") == "u=http://a/b;v=1;");
    CHECK(yaml("x: {{ .Values.a }}\n{{- if b }}\ny: 1\n").find("y=1;") != std::string::npos);
}

TEST_CASE("yaml may end its lines as other systems do") {
    CHECK(yaml("a:\r\n  b: 1\r\n  c:\r\n    - x/y\r\nd: [\"e\"]\r\n") == "a.b=1;a.c=x/y*;d=e*;");
    CHECK(yaml("-\r\n  a: 1\r\nrun: |\r\n  x\r\nb: \f\n").find("a=1;") == 0);
}

TEST_CASE("toml and ini give keys with their tables") {
    CHECK(
        toml("a = 1\n[b.c]\nd = \"x/y\" # no\n[[e]]\nf = ['g', \"h\"]\n") ==
        "a=1;b.c.d=x/y;e.f=g*;e.f=h*;"
    );
    CHECK(toml("[a]\nb = {c = \"d\"}\ne = \"\"\"f\ng\"\"\"\nh = 2\n") == "a.b.c=d;a.e=f\ng;a.h=2;");
    CHECK(
        toml("[transformer.model]\nname = roberta-base\n") == "transformer.model.name=roberta-base;"
    );
}

TEST_CASE("json is read with comments and commas too many") {
    CHECK(json("{\"a\": {\"b\": \"c\\/d\"}, // e\n \"f\": [1, \"g\",],}") == "a.b=c/d;f=1*;f=g*;");
    CHECK(json("{\"a\": ").empty());
    CHECK(json("[[[[\"x\"").find('x') != std::string::npos);
}

TEST_CASE("keys that may be ids are entries of their own") {
    CHECK(yaml("m:\n  a/b: 1\n") == "m=a/b;m.a/b=1;");
    CHECK(json("{\"m\": {\"a/b\": {\"c\": 1}}}") == "m=a/b;m.a/b.c=1;");
    CHECK(read_yaml_entries("m:\n  a/b: 1\n").front().is_key);
    CHECK(read_yaml_entries("m:\n  a/b: 1\n").front().offset == 5);
}

TEST_CASE("broken documents end") {
    for (const char* text :
         {"{",
          "[",
          "\"",
          "a:\n  - [",
          "- - - x",
          "[a",
          "a = {",
          "\"\"\"",
          ":",
          "- :",
          "a: |",
          "{]}",
          "[}{"}) {
        INFO(text);
        read_yaml_entries(text);
        read_toml_entries(text);
        read_json_entries(text);
    }
}

} // namespace railhub::scan
