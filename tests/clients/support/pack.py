# SPDX-License-Identifier: Apache-2.0
# Git objects, packs and receive-pack requests built by hand, right or wrong on purpose.
import hashlib
import struct
import zlib
from dataclasses import dataclass

KINDS = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}
ZERO = "0" * 40


@dataclass(frozen=True)
class Object:
    kind: str
    data: bytes

    @property
    def oid(self):
        return hashlib.sha1(f"{self.kind} {len(self.data)}\0".encode() + self.data).hexdigest()


def blob(data):
    return Object("blob", data)


def tree(*entries):
    """(mode, name, oid) rows in the order given: nothing is sorted or checked."""
    return Object(
        "tree", b"".join(f"{mode} ".encode() + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries)
    )


def commit(tree_oid, *parents, who="Ada <ada@example.org> 1700000000 +0000", message="By hand\n"):
    lines = [
        f"tree {tree_oid}",
        *(f"parent {parent}" for parent in parents),
        f"author {who}",
        f"committer {who}",
        "",
        message,
    ]
    return Object("commit", "\n".join(lines).encode())


def entry(thing, *, damage=None, claimed_size=None):
    """One pack entry; `damage` maps the deflated bytes to other ones."""
    size = len(thing.data) if claimed_size is None else claimed_size
    first, size = (KINDS[thing.kind] << 4) | (size & 15), size >> 4
    head = bytearray()
    while size:
        head.append(first | 0x80)
        first, size = size & 0x7F, size >> 7
    head.append(first)
    body = zlib.compress(thing.data)
    return bytes(head) + (damage(body) if damage else body)


def pack(entries, *, count=None, trailer=None):
    data = b"PACK" + struct.pack(">II", 2, len(entries) if count is None else count) + b"".join(entries)
    return data + (hashlib.sha1(data).digest() if trailer is None else trailer)


def packet(text):
    return f"{len(text) + 4:04x}".encode() + text


def push_request(ref, old, new, pack_bytes, *, capabilities=b"report-status side-band-64k"):
    return packet(f"{old} {new} {ref}".encode() + b"\0" + capabilities) + b"0000" + pack_bytes


def report_of(body):
    """The report-status text in a receive-pack answer, side-band removed."""
    text, rest = b"", body
    while len(rest) >= 4:
        size = int(rest[:4], 16)
        if size == 0:
            rest = rest[4:]
            continue
        text += rest[5:size] if rest[4:5] in (b"\1", b"\2", b"\3") else rest[4:size]
        rest = rest[size:]
    return text
