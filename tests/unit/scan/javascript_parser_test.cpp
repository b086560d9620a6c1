// SPDX-License-Identifier: Apache-2.0
// Tests of core/scan/javascript_lexer and javascript_parser.
#include "core/scan/javascript_parser.h"
#include "tests/support/catch.h"

#include <string>

namespace railhub::scan {

namespace {

std::string script_calls(std::string_view source) {
    const Syntax syntax = parse_javascript(source);
    std::string out;
    for (const NodeId call : syntax.calls) {
        const Node& callee = syntax.at(syntax.at(call).first);
        out += std::string(callee.text) + '(';
        for (NodeId arg = callee.next; arg != kNoNode; arg = syntax.at(arg).next) {
            const Node& value = syntax.at(arg);
            out += value.kind == NodeKind::String ? std::string(value.text) : "?";
            out += ',';
        }
        out += ") ";
    }
    return out;
}

} // namespace

TEST_CASE("calls are found wherever they stand in JavaScript") {
    CHECK(script_calls("const x = await a.f('a', {b: 1});") == "f(a,?,) ");
    CHECK(script_calls("const f = async (x = g('a')) => { h(`b`) }") == "g(a,) h(b,) ");
    CHECK(
        script_calls("class A extends B { static m = f('a'); async n() { return g('b'); } }") ==
        "f(a,) g(b,) "
    );
    CHECK(script_calls("export default { a: f('a'), b() { g('b') } }") == "f(a,) g(b,) ");
    CHECK(
        script_calls("for (const x of f('a')) { if (y) g('b'); else h('c') }") ==
        "f(a,) g(b,) h(c,) "
    );
    CHECK(script_calls("x = y ? f('a') : g('b'); z = w ?? h?.('c')") == "f(a,) g(b,) h(c,) ");
    CHECK(
        script_calls("const t = `${f('a')} and ${`${g('b')}`}`").find("g(b,)") != std::string::npos
    );
    CHECK(script_calls("new A('a')") == "A(a,) ");
}

TEST_CASE("types and markup are stepped over") {
    CHECK(
        script_calls(
            "interface A { f: (x: string) => void }\ntype B = 'a' | 'b';\nf<string, B[]>('a')"
        ) == "f(a,) "
    );
    CHECK(
        script_calls(
            "function f(this: A, x?: Map<string, number>, y: B = g('a')): Promise<void> { h('b') }"
        ) == "g(a,) h(b,) "
    );
    CHECK(
        script_calls("const a = (b as unknown as C).f('a')!; let d: E | null = g('b');") ==
        "f(a,) g(b,) "
    );
    CHECK(
        script_calls("return (<p title=\"x\">Don't {f('a')} <B on={() => g('b')} /></p>)") ==
        "f(a,) g(b,) "
    );
}

TEST_CASE("comments, patterns and texts are no code in JavaScript") {
    CHECK(
        script_calls(
            "// f('a')\n/* f('b') */ const r = /f\\('c'\\)/g; const s = \"f('d')\"; a / f('e') / b"
        ) == "f(e,) "
    );
}

TEST_CASE("imports bind names in JavaScript") {
    const Syntax syntax = parse_javascript("import a, { b as c, type D } from 'm';\nimport * as e "
                                           "from \"n\";\nconst { f, g: h } = await import('o');");
    CHECK(syntax.bindings(0, "a").front().member == "default");
    CHECK(syntax.bindings(0, "c").front().member == "b");
    CHECK(syntax.bindings(0, "e").front().module == "n");
    CHECK(syntax.bindings(0, "h").size() == 1);
}

TEST_CASE("what is no JavaScript is passed over") {
    for (const char* source :
         {"`",        "`${",      "`${`",        "/",     "/*",      "'",        "({",    "([",
          "import",   "import {", "export",      "class", "class {", "function", "for (", "x =>",
          "<",        "</",       "<T,>(",       "async", "new",     "@",        "#!",    "a?.",
          "type X =", "enum X {", "interface X", "${",    "{(",      "\xff"}) {
        INFO(source);
        parse_javascript(source);
    }
    parse_javascript(std::string(100'000, '('));
    parse_javascript(std::string(100'000, '{'));
    parse_javascript(std::string(100'000, '['));
    std::string nested;
    for (int i = 0; i < 5'000; ++i) {
        nested += "`${";
    }
    parse_javascript(nested);
}

} // namespace railhub::scan
