# SPDX-License-Identifier: Apache-2.0
"""Every C++ file, and every folder with a CMakeLists.txt, is named in a CMakeLists.txt above it: a
forgotten test would silently not run, a forgotten header would not be compiled alone."""
import os

_LISTS = "CMakeLists.txt"


def _words(text):
    for sign in '()"':
        text = text.replace(sign, " ")
    return set(text.split())


def _is_listed(tree, path, folder):
    """Named, relative to it, in the CMakeLists.txt of `folder` or of one above."""
    while True:
        lists = os.path.join(folder, _LISTS)
        if tree.has(lists):
            name = os.path.relpath(path, folder or ".")
            # A fuzz target is named without its suffix: railhub_fuzz(json ...).
            names = {name, os.path.splitext(name)[0]} if folder == "tests/fuzz" else {name}
            if names & _words(tree.text(lists)):
                return True
        if not folder:
            return False
        folder = os.path.dirname(folder)


def check(tree):
    sources = tree.code("core", "server", "cli") + [p for p in tree.code("tests") if p.endswith(".cpp")]
    problems = [
        f"{path}:1: not named in any {_LISTS}"
        for path in sources if not _is_listed(tree, path, os.path.dirname(path))
    ]
    folders = [os.path.dirname(p) for p in tree.paths if p.endswith("/" + _LISTS)]
    problems += [
        f"{folder}/{_LISTS}:1: no {_LISTS} above adds this folder"
        for folder in folders if not _is_listed(tree, folder, os.path.dirname(folder))
    ]
    return problems
