# SPDX-License-Identifier: Apache-2.0
"""Every C++ file is named in a CMakeLists.txt above it: a forgotten test would silently not run, a
forgotten header would not be compiled alone."""
import os


def _names(path, folder):
    relative = os.path.relpath(path, folder or ".")
    # A fuzz target is named without its suffix: railhub_fuzz(json ...).
    return {relative, os.path.splitext(relative)[0]} if folder == "tests/fuzz" else {relative}


def _is_listed(tree, path):
    folder = os.path.dirname(path)
    while folder:
        lists = f"{folder}/CMakeLists.txt"
        if tree.has(lists):
            text = tree.text(lists)
            for sign in "()\"":
                text = text.replace(sign, " ")
            if _names(path, folder) & set(text.split()):
                return True
        folder = os.path.dirname(folder)
    return False


def check(tree):
    sources = tree.code("core", "server", "cli") + [p for p in tree.code("tests") if p.endswith(".cpp")]
    return [f"{path}:1: not named in any CMakeLists.txt" for path in sources if not _is_listed(tree, path)]
