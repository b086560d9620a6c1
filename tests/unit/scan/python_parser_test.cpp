// SPDX-License-Identifier: Apache-2.0
// Tests of core/scan/python_lexer and python_parser.
#include "core/scan/python_parser.h"
#include "tests/support/catch.h"

#include <string>

namespace railhub::scan {

namespace {

// Calls as callee(text arguments), in the order they end.
std::string calls_in(std::string_view source) {
    const Syntax syntax = parse_python(source);
    std::string out;
    for (const NodeId call : syntax.calls) {
        const Node& callee = syntax.at(syntax.at(call).first);
        out += std::string(callee.text) + '(';
        for (NodeId arg = callee.next; arg != kNoNode; arg = syntax.at(arg).next) {
            const Node& node = syntax.at(arg);
            const Node& value = node.kind == NodeKind::Keyword ? syntax.at(node.first) : node;
            out += node.kind == NodeKind::Keyword ? std::string(node.text) + '=' : "";
            out += value.kind == NodeKind::String ? std::string(value.text) : "?";
            out += ',';
        }
        out += ") ";
    }
    return out;
}

} // namespace

TEST_CASE("calls are found wherever they stand in Python") {
    CHECK(calls_in("f('a', k=\"b\")") == "f(a,k=b,) ");
    CHECK(calls_in("x = [f('a') for y in g('b') if h('c')]\n") == "f(a,) g(b,) h(c,) ");
    CHECK(calls_in("@d('a')\ndef f(x=g('b')):\n    return h('c')\n") == "d(a,) g(b,) h(c,) ");
    CHECK(calls_in("with f('a') as x, g('b'): h('c')\n") == "f(a,) g(b,) h(c,) ");
    CHECK(calls_in("a = lambda x: f('a')\nb = await g('b')\n") == "f(a,) g(b,) ");
    CHECK(
        calls_in("if f('a'): g('b')\nelif h('c'):\n  i('d')\nelse: j('e')\n") ==
        "f(a,) g(b,) h(c,) i(d,) j(e,) "
    );
    CHECK(calls_in("match x:\n  case 1:\n    f('a')\n") == "f(a,) ");
    CHECK(calls_in("print(f\"{f('a'):>3} {{g('b')}}\")\n").find("f(a,)") != std::string::npos);
    CHECK(calls_in("x = {'k': f('a'), **g('b')}\n") == "f(a,) g(b,) ");
    CHECK(calls_in("print >>x, f('a')\n") == "f(a,) ");
}

TEST_CASE("comments and texts are no code in Python") {
    CHECK(calls_in("# f('a')\n\"\"\"f('b')\"\"\"\nx = 'f(\"c\")'\n").empty());
    CHECK(calls_in("f('a' # no\n  'b')\n") == "f(?,) ");
}

TEST_CASE("scopes bind names") {
    const Syntax syntax = parse_python("import a.b as c\nfrom .d import e as f\nclass G:\n    h = "
                                       "1\n    def i(self, j=2):\n        self.k = 3\n");
    REQUIRE(syntax.bindings(0, "c").size() == 1);
    CHECK(syntax.bindings(0, "c").front().module == "a.b");
    CHECK(syntax.bindings(0, "f").front().member == "e");
    CHECK(syntax.bindings(0, "f").front().module == ".d");
    const NodeId cls = syntax.bindings(0, "G").front().node;
    CHECK(syntax.bindings(syntax.at(cls).extra, "h").size() == 1);
    CHECK(syntax.bindings(syntax.at(cls).extra, "k").size() == 1);
}

TEST_CASE("what is no Python is passed over") {
    for (const char* source :
         {"def",        "class", "f(",     "x = (",      "'''",           "f'{",
          "f'{a!r:{b}", "@",     "import", "from",       "lambda",        "\\",
          "\t\n x",     "a[",    "{a:",    "for",        "with (",        "return",
          "x: int =",   "if",    "match",  "match x:\n", "print 'a' % (", "\xff\xfe"}) {
        INFO(source);
        parse_python(source);
    }
    CHECK(calls_in("def broken(:\n    x = [1,\ndef fine():\n    f('a')\n") == "f(a,) ");
}

TEST_CASE("deep nesting ends in Python") {
    parse_python(std::string(100'000, '('));
    parse_python("x = " + std::string(50'000, '[') + std::string(50'000, ']'));
    std::string lambdas = "x = ";
    for (int i = 0; i < 10'000; ++i) {
        lambdas += "lambda: not ";
    }
    parse_python(lambdas);
    std::string blocks;
    for (std::size_t i = 0; i < 1'000; ++i) {
        blocks += std::string(i, ' ') + "if a:\n";
    }
    parse_python(blocks);
}

} // namespace railhub::scan
