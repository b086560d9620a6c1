# SPDX-License-Identifier: Apache-2.0
"""Small habits that a compiler does not ask for."""
import re

# Pattern -> what to do instead. Applied to each line of C++.
_HABITS = (
    # Literal suffixes hide nothing.
    (re.compile(r"^using namespace (?!std::\w*literals\b)"), "no 'using namespace' at file scope: unity builds share it"),
    (re.compile(r"//.*\bTODO\b|//.*\bFIXME\b"), "finish it, or open an issue and leave the comment out"),
    (re.compile(r"^\s*#\s*pragma (?!once|GCC|clang)"), "of pragmas, 'once' is enough"),
)


def check(tree):
    problems = []
    for path in tree.code("core", "server", "cli", "tests"):
        lines = tree.lines(path)
        for number, line in enumerate(lines, 1):
            problems += [f"{path}:{number}: {advice}" for pattern, advice in _HABITS if pattern.search(line)]
        if path.endswith(".h") and "#pragma once" not in lines:
            problems.append(f"{path}:1: a header begins with '#pragma once'")
    return problems
