# SPDX-License-Identifier: Apache-2.0
# Test data: bytes from a seed, folders, comparison of folders.
import hashlib
import random
from pathlib import Path


def noise(size, seed=0):
    """Bytes that do not compress and look binary, the same for the same seed."""
    return random.Random(seed).randbytes(size)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def git_sha1(data):
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def write_tree(folder, files):
    """Writes {path: text or bytes} below `folder`."""
    for path, content in files.items():
        target = Path(folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return Path(folder)


def write_noise(path, size, seed=0):
    """A large file, written in blocks."""
    source = random.Random(seed)
    with Path(path).open("wb") as out:
        out.writelines(source.randbytes(min(1 << 20, size - start)) for start in range(0, size, 1 << 20))
    return Path(path)


def read_tree(folder, *, ignoring=(".git", ".cache", ".gitattributes")):
    """{path: bytes} of a folder."""
    folder = Path(folder)
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    relative = ((path, path.relative_to(folder)) for path in paths)
    return {str(name): path.read_bytes() for path, name in relative if name.parts[0] not in ignoring}


def digests(folder, **more):
    return {name: sha256(data) for name, data in read_tree(folder, **more).items()}
