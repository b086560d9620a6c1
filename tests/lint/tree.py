# SPDX-License-Identifier: Apache-2.0
"""The source tree as the checks see it: paths relative to the root, texts, includes."""
import os
import re

_SKIPPED_FOLDERS = {"build", "__pycache__", "node_modules"}
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]')
CODE_SUFFIXES = (".cpp", ".h")


class Include:
    """One include directive: where it stands, what it names, and whether in quotes."""

    def __init__(self, path, line, target, is_quoted):
        self.path = path
        self.line = line
        self.target = target
        self.is_quoted = is_quoted

    def __str__(self):
        return f"{self.path}:{self.line}"


class Tree:
    """A folder on disk, or a dict of path to text in the checks' own tests."""

    def __init__(self, root=None, files=None):
        self._root = root
        self._texts = dict(files or {})
        self.paths = sorted(files if files is not None else _walk(root))

    def has(self, path):
        return path in self._known()

    def text(self, path):
        """None for what is no UTF-8 text."""
        if path not in self._texts:
            with open(os.path.join(self._root, path), "rb") as file:
                data = file.read()
            try:
                self._texts[path] = data.decode() if b"\0" not in data else None
            except UnicodeDecodeError:
                self._texts[path] = None
        return self._texts[path]

    def lines(self, path):
        return (self.text(path) or "").splitlines()

    def code(self, *folders):
        """C++ files below any of the folders."""
        prefixes = tuple(folder + "/" for folder in folders)
        return [p for p in self.paths if p.endswith(CODE_SUFFIXES) and p.startswith(prefixes)]

    def includes(self, path):
        found = []
        for number, line in enumerate(self.lines(path), 1):
            match = _INCLUDE.match(line)
            if match:
                found.append(Include(path, number, match[2], match[1] == '"'))
        return found

    def _known(self):
        if not hasattr(self, "_path_set"):
            self._path_set = set(self.paths)
        return self._path_set


def _walk(root):
    for folder, names, files in os.walk(root):
        relative = os.path.relpath(folder, root)
        is_top = relative == "."
        names[:] = [n for n in names if n not in _SKIPPED_FOLDERS and (not n.startswith(".") or n == ".ci")]
        for name in files:
            if not (is_top and name.startswith(".git")):
                yield name if is_top else os.path.join(relative, name)
