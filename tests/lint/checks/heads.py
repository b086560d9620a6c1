# SPDX-License-Identifier: Apache-2.0
"""The head of every file: the license line first (after #!), then a comment that says the purpose. The
source of a pair may leave the purpose to its header."""
import re

SPDX = "SPDX-License-Identifier: Apache-2.0"
# Suffix or name -> how a comment begins.
_COMMENTS = {
    ".cpp": "//", ".h": "//", ".js": "//", ".mjs": "//", ".sql": "--",
    ".py": "#", ".cmake": "#", ".sh": "#", "CMakeLists.txt": "#", "dev": "#", ".ci/run": "#",
}
_NEEDS_PURPOSE = (".cpp", ".h")


def comment_of(path):
    for ending, comment in _COMMENTS.items():
        is_match = path.endswith(ending) if ending.startswith(".") else path.split("/")[-1] == ending
        if is_match:
            return comment
    return None


def _needs_purpose(tree, path):
    has_header = path.endswith(".cpp") and tree.has(path[:-len(".cpp")] + ".h")
    return path.endswith(_NEEDS_PURPOSE) and not has_header


def check(tree):
    problems = []
    for path in tree.paths:
        comment = comment_of(path)
        if comment is None or path.startswith(("tests/fuzz/corpus/", "tests/fixtures/")) or "/data/" in path:
            continue
        lines = tree.lines(path)
        if lines and lines[0].startswith("#!"):
            lines = lines[1:]
        if not lines or lines[0] != f"{comment} {SPDX}":
            problems.append(f"{path}:1: the first line must be '{comment} {SPDX}'")
        elif _needs_purpose(tree, path) and not re.match(re.escape(comment) + r" \S", "".join(lines[1:2])):
            problems.append(f"{path}:2: say the purpose of the file behind the license line")
    return problems
