# SPDX-License-Identifier: Apache-2.0
"""Tests of the checks themselves: each must see its mistake, and only that."""
import unittest

import sizes
from checks import codes, foreign, habits, heads, includes, layers, listed, machine_paths
from tree import Tree

HEAD = "// SPDX-License-Identifier: Apache-2.0\n// Purpose.\n"
LAYERS = "# comment\nutil:\ndb: util\napp: util, db\nserver/http: util\nserver: app, util, server/http\ncli: app, util\n"


class LayersTest(unittest.TestCase):
    def check(self, path, target, **more):
        files = {path: f'#include "{target}"\n', target: "", **more}
        return layers.check(Tree(files={layers.LAYERS_FILE: LAYERS, **files}))

    def test_arrows_of_the_table_pass(self):
        for path, target in (("core/db/a.cpp", "core/util/b.h"), ("core/app/a.h", "core/db/b.h"),
                             ("server/a.cpp", "server/http/b.h"), ("server/http/a.cpp", "core/util/b.h"),
                             ("cli/commands/serve.cpp", "server/serve.h"), ("core/db/a.cpp", "core/db/detail/b.h")):
            self.assertEqual(self.check(path, target), [], (path, target))

    def test_other_arrows_fail(self):
        for path, target in (("core/util/a.cpp", "core/db/b.h"), ("server/http/a.cpp", "core/db/b.h"),
                             ("server/http/a.cpp", "server/b.h"), ("cli/a.cpp", "server/routes.h"),
                             ("server/a.cpp", "cli/b.h"), ("core/app/a.cpp", "core/db/detail/b.h"),
                             ("cli/a.cpp", "core/db/b.h")):
            problems = self.check(path, target)
            self.assertEqual(len(problems), 1, (path, target, problems))
            self.assertTrue(problems[0].startswith(f"{path}:1: "), problems)

    def test_a_folder_without_a_row_fails(self):
        self.assertIn("not a module", self.check("core/misc/a.cpp", "core/util/b.h")[0])

    def test_a_cycle_of_includes_fails(self):
        problems = self.check("core/db/a.h", "core/db/b.h", **{"core/db/b.h": '#include "core/db/a.h"\n'})
        self.assertEqual(problems, ["core/db/a.h:1: cycle of includes: core/db/a.h -> core/db/b.h -> core/db/a.h"])

    def test_a_cycle_or_mistake_in_the_table_fails(self):
        self.assertIn("cycle of modules: a -> b -> a", layers.check(Tree(files={"core/LAYERS": "a: b\nb: a\n"}))[0])
        self.assertIn("unknown module 'x'", layers.check(Tree(files={"core/LAYERS": "a: x\n"}))[0])
        self.assertIn("core/LAYERS:2:", layers.check(Tree(files={"core/LAYERS": "a:\nb\n"}))[0])

    def test_diamonds_are_no_cycles(self):
        self.assertEqual(layers.find_cycle({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}), [])


class CodesTest(unittest.TestCase):
    def test_codes_have_a_row_and_an_example(self):
        table = {"core/report/codes.cpp": 'Code{\n        "card.readable",\n        "t"},\n'}
        good = {"cli/rules/card.readable.md": "", "core/a.cpp": 'finding.rule = "card.readable";\nname = "use.txt";\n'}
        self.assertEqual(codes.check(Tree(files={**table, **good})), [])
        bad = {"core/a.cpp": 'x.rule = "card.other";\n', "core/b.cpp": '\nadd_finding(\n    "lock.changed", 1);\n'}
        problems = codes.check(Tree(files={**table, **bad}))
        self.assertEqual(len(problems), 3, problems)
        self.assertIn("core/b.cpp:2: code 'lock.changed'", problems[1])


class ForeignTest(unittest.TestCase):
    def test_homes(self):
        good = {"core/db/detail/a.h": "#include <sqlite3.h>\n", "core/repo/detail/g.h": "#include <git2/odb.h>\n",
                "server/http/tls.cpp": "#include <openssl/ssl.h>\n", "cli/args.cpp": "#include <CLI/CLI.hpp>\n",
                "core/util/a.cpp": "#include <sys/stat.h>\n#include <vector>\n"}
        self.assertEqual(foreign.check(Tree(files=good)), [])
        bad = {"core/app/a.cpp": "#include <sqlite3.h>\n", "core/repo/git.cpp": "#include <git2.h>\n",
               "server/http/other.cpp": "#include <httplib.h>\n", "core/card/a.cpp": "#include <fmt/format.h>\n",
               "core/util/json.h": "#include <nlohmann/json.hpp>\n"}
        self.assertEqual(len(foreign.check(Tree(files=bad))), len(bad))


class IncludesTest(unittest.TestCase):
    def test_spelling(self):
        tree = Tree(files={
            "core/a/x.h": "",
            "core/a/x.cpp": '#include "core/a/x.h"\n#include <string>\n',
            "core/a/bad.cpp": '#include "x.h"\n#include "../a/x.h"\n#include <core/a/x.h>\n'
                              '#include "core/a/none.h"\n  #  include "core/a/x.cpp"\n'})
        problems = includes.check(tree)
        self.assertEqual([p.split(": ")[0] for p in problems], [f"core/a/bad.cpp:{n}" for n in (1, 2, 3, 4, 5)])


class HeadsTest(unittest.TestCase):
    def test_heads(self):
        bare = HEAD.splitlines(keepends=True)[0]
        good = {"core/a.cpp": HEAD, "core/c.h": HEAD, "core/c.cpp": bare, "CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\n",
                "dev": "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n", "README.md": "x", "docs/dev.md": "x"}
        self.assertEqual(heads.check(Tree(files=good)), [])
        bad = {"core/a.cpp": "// Purpose.\n", "core/d.cpp": bare, "core/b.h": "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n",
               "tests/c.py": "", "core/0001.sql": "CREATE TABLE x;"}
        self.assertEqual(len(heads.check(Tree(files=bad))), len(bad))


class MachinePathsTest(unittest.TestCase):
    def test_paths(self):
        bad = Tree(files={"docs/a.md": "run it in /" + "home/ada/railhub\n", "b.cmake": 'set(X "/' + 'work/x")\n'})
        self.assertEqual(len(machine_paths.check(bad)), 2)
        good = Tree(files={"docs/a.md": "https://x/home/ada, /usr/bin, $HOME/x, a/work/b, /homework\n"})
        self.assertEqual(machine_paths.check(good), [])


class ListedTest(unittest.TestCase):
    def test_files_and_folders(self):
        tree = Tree(files={
            "CMakeLists.txt": "foreach(folder core/a tests/fuzz)",
            "core/a/CMakeLists.txt": "railhub_module(a HEADERS x.h SOURCES x.cpp sub/y.cpp)",
            "core/a/x.h": "", "core/a/x.cpp": "", "core/a/sub/y.cpp": "", "core/a/z.cpp": "",
            "core/b/CMakeLists.txt": "",
            "tests/fuzz/CMakeLists.txt": "railhub_fuzz(json DEPENDS a)",
            "tests/fuzz/json.cpp": "", "tests/fuzz/yaml.cpp": "", "tests/fuzz/fuzz.h": ""})
        self.assertEqual(
            [p.split(":")[0] for p in listed.check(tree)],
            ["core/a/z.cpp", "tests/fuzz/yaml.cpp", "core/b/CMakeLists.txt"])


class HabitsTest(unittest.TestCase):
    def test_habits(self):
        tree = Tree(files={"core/a.cpp": "using namespace std;\nusing namespace std::string_literals;\n// TO" + "DO later\n    using namespace literals;\n",
                           "core/b.h": "int x;\n"})
        self.assertEqual(len(habits.check(tree)), 3)


class SizesTest(unittest.TestCase):
    def test_functions_are_found_by_indentation(self):
        lines = ["int f(int a) {", "    if (a) {", "    }", "    return 1;", "}", "", "class X {",
                 "    void g(", "        int b", "    ) const {", "        b();", "    }", "};"]
        self.assertEqual(sizes.functions(lines), [(5, 1), (3, 10)])

    def test_report_names_the_longest(self):
        tree = Tree(files={"core/a/x.cpp": "void f() {\n}\n", "core/a/y.cpp": "\n" * 9})
        self.assertIn("      9 core/a/y.cpp", list(sizes.report(tree)))


if __name__ == "__main__":
    unittest.main()
