# SPDX-License-Identifier: Apache-2.0
"""Runs every check over the source tree; exit status 1 when one has something to say."""
import os
import sys

import sizes
from checks import codes, foreign, habits, heads, includes, layers, listed, machine_paths
from tree import Tree

CHECKS = (layers, codes, foreign, includes, heads, machine_paths, listed, habits)


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    tree = Tree(root)
    count = 0
    for check in CHECKS:
        problems = check.check(tree)
        count += len(problems)
        for problem in problems:
            print(f"{problem} [{check.__name__.split('.')[-1]}]")
    if "--sizes" in sys.argv[1:]:
        print("\n".join(sizes.report(tree)))
    print(f"{len(tree.paths)} files, {len(CHECKS)} checks, {count} problems")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
