# SPDX-License-Identifier: Apache-2.0
"""The longest files and functions of the product. Informs, never fails."""
import re

_OPENING = re.compile(r"^( {0,4})\S.*\)[^;(){}]*\{$|^( {0,4})\)[^;(){}]*\{$")
_NO_FUNCTION = re.compile(r"^\s*(if|for|while|switch|else|do|catch|namespace|struct|class|enum|union)\b")


def functions(lines):
    """(length, first line) of each function, by the indentation that clang-format gives."""
    found, start = [], None
    for number, line in enumerate(lines, 1):
        match = _OPENING.match(line)
        if start is None and match and not _NO_FUNCTION.match(line):
            start, closing = number, (match[1] or match[2] or "") + "}"
        elif start is not None and line.rstrip(";") == closing:
            found.append((number - start + 1, start))
            start = None
    return found


def report(tree, count=10):
    paths = tree.code("core", "server", "cli")
    files = sorted(((len(tree.lines(p)), p) for p in paths), reverse=True)
    longest = sorted(
        ((length, f"{p}:{line}") for p in paths for length, line in functions(tree.lines(p))), reverse=True)
    yield f"longest of {len(files)} files:"
    yield from (f"  {length:5} {path}" for length, path in files[:count])
    yield f"longest of {len(longest)} functions:"
    yield from (f"  {length:5} {where}" for length, where in longest[:count])
