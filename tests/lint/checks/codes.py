# SPDX-License-Identifier: Apache-2.0
"""A code that a finding is given stands in a table: a codes.cpp of its module, or the rules. From there come its
page, its help and its example."""
import fnmatch
import re

_TABLES = ("core/*/codes.cpp", "core/compliance/rules.cpp")
_ROW = re.compile(r'\b(?:Code|Rule)\{\s*"([^"]+)"')
_GIVEN = re.compile(r'(?:\brule\s*=\s*|\b\w*(?:finding|note|warning|error)_?\w*\(\s*)"([a-z]+\.[a-z][a-z_-]*|R\d+)"')


def check(tree):
    tables = [path for path in tree.paths if any(fnmatch.fnmatch(path, table) for table in _TABLES)]
    rows = {code: table for table in tables for code in _ROW.findall(tree.text(table))}
    problems = []
    for path in tree.code("core", "cli", "server"):
        if path in tables:
            continue
        text = tree.text(path) or ""
        for match in _GIVEN.finditer(text):
            if match[1] not in rows:
                line = text.count("\n", 0, match.start()) + 1
                problems.append(f"{path}:{line}: code '{match[1]}' of a finding has no row in a codes.cpp")
    for code, table in sorted(rows.items()):
        if not tree.has(f"cli/rules/{code}.md"):
            problems.append(f"{table}:1: code '{code}' has no example in cli/rules/{code}.md")
    return problems
