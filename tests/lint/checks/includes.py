# SPDX-License-Identifier: Apache-2.0
"""One spelling for includes: ours from the root in quotes, all others in angle brackets."""
from tree import CODE_SUFFIXES

_ROOTS = ("core/", "server/", "cli/", "tests/", "licenses/", "schemas/")


def check(tree):
    problems = []
    for path in (p for p in tree.paths if p.endswith(CODE_SUFFIXES)):
        for include in tree.includes(path):
            is_ours = include.target.startswith(_ROOTS)
            if include.is_quoted and not is_ours:
                problems.append(f"{include}: write '{include.target}' from the root, or in <> if foreign")
            elif include.is_quoted and not tree.has(include.target):
                problems.append(f"{include}: there is no '{include.target}'")
            elif not include.is_quoted and is_ours:
                problems.append(f"{include}: our '{include.target}' is included in quotes")
            if include.target.endswith(".cpp"):
                problems.append(f"{include}: a source is compiled, not included")
    return problems
