#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores `railhub license detect --json` against a folder of files with expected expressions beside them.

Each FILE has a FILE.yml with a list `license_expressions`, as in ScanCode's data-driven suite. Keys of ScanCode are
put into SPDX ids by the front matter of its license files (--keys FOLDER); files with keys that have no id of the
SPDX list are counted apart. Exit code 1 when a license is reported that is not expected.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

OWN = "LicenseRef-railhub-"  # "unknown", "changed" and "added": no id is claimed


def expected_of(path):
    """The list below `license_expressions:`; an item may go on in the next line."""
    items, inside = [], False
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line and not line[0].isspace() and not line.startswith("- "):
            inside = line.startswith("license_expressions:")
        elif inside and line.strip().startswith("- "):
            items.append(line.strip()[2:].strip("'\" "))
        elif inside and items and line.strip():
            items[-1] += " " + line.strip()
    return items


def spdx_of_keys(folder):
    table = {}
    for path in pathlib.Path(folder).glob("*.LICENSE"):
        head = path.read_text(encoding="utf-8", errors="replace").split("\n---", 1)[0]
        found = dict(re.findall(r"^(key|spdx_license_key): *(\S+)", head, re.M))
        if "key" in found:
            table[found["key"]] = found.get("spdx_license_key", "")
    return table


def ids_in(expression):
    return {word for word in re.findall(r"[^\s()]+", expression) if word.upper() not in ("AND", "OR", "WITH")}


class Parser:
    """Expression -> nested sets, so that order and doubles do not count."""

    def __init__(self, expression):
        self.tokens = re.findall(r"[()]|[^\s()]+", expression)

    def word(self, *wanted):
        if self.tokens and self.tokens[0].upper() in wanted:
            return self.tokens.pop(0)
        return None

    def atom(self):
        if self.word("("):
            inner = self.operands("OR")
            self.word(")")
            return inner
        one = self.tokens.pop(0)
        return f"{one} WITH {self.tokens.pop(0)}" if self.word("WITH") else one

    def operands(self, operator):
        parts = set()
        while True:
            part = self.operands("AND") if operator == "OR" else self.atom()
            parts |= part[1] if isinstance(part, tuple) and part[0] == operator else {part}
            if not self.word(operator):
                return parts.pop() if len(parts) == 1 else (operator, frozenset(parts))


def joined(expressions):
    return Parser(" AND ".join(f"({one})" for one in expressions)).operands("OR") if expressions else None


def judge(expected, said, table):
    keys = {key for one in expected for key in ids_in(one)}
    names = {key: table.get(key, "" if table else key) for key in keys}
    claimed = {one for one in ids_in(said or "") if not one.startswith(OWN)}
    wrong = claimed - set(names.values())
    if any(not name or (table and name.startswith("LicenseRef-")) for name in names.values()):
        return "beyond SPDX, wrong" if wrong else "beyond SPDX, none wrong", wrong
    renamed = [re.sub(r"[^\s()]+", lambda word: names.get(word.group(), word.group()), one) for one in expected]
    if joined(renamed) == (joined([said]) if said else None):
        return "exact", wrong
    if wrong:
        return "wrong", wrong
    if set(names.values()) == ids_in(said or ""):
        return "same ids, other operators", wrong
    return "missing, none wrong", wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--railhub", default="railhub")
    parser.add_argument("--keys", help="folder of ScanCode's *.LICENSE files; without it ids are SPDX ids")
    parser.add_argument("--list", action="store_true", help="print every file that is not exact")
    options = parser.parse_args()
    table = spdx_of_keys(options.keys) if options.keys else {}
    done = subprocess.run(
        [options.railhub, "license", "detect", "--json", str(options.folder)], capture_output=True, text=True, check=False
    )
    counts = collections.Counter()
    for file in json.loads(done.stdout)["files"]:
        beside = pathlib.Path(file["path"] + ".yml")
        if not beside.is_file():
            continue
        expected = expected_of(beside)
        verdict, wrong = judge(expected, file["expression"], table)
        counts[verdict] += 1
        if options.list and verdict != "exact":
            print(f"{file['path']}: {verdict}: {file['expression']}, expected {'; '.join(expected)}")
    for verdict, count in sorted(counts.items()):
        print(f"{count:6} {verdict}")
    return 1 if any("wrong" in verdict and "none" not in verdict for verdict in counts) else 0


if __name__ == "__main__":
    sys.exit(main())
