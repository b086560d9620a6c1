# SPDX-License-Identifier: Apache-2.0
"""No path of anybody's own machine: what is checked in works from any folder."""
import re

_MACHINE_PATH = re.compile(r"""(?:^|[\s"'`=:(,<\[])(/(?:work|root|home|Users|mnt)/[\w.-]+)""")


def check(tree):
    problems = []
    for path in tree.paths:
        if path.startswith("tests/fuzz/corpus/"):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            match = _MACHINE_PATH.search(line)
            if match:
                problems.append(f"{path}:{number}: path of one machine: '{match[1]}'")
    return problems
