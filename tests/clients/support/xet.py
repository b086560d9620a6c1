# SPDX-License-Identifier: Apache-2.0
# The Xet formats written by hand, from the specification: hashes, xorbs of plain chunks, upload shards; and
# requests to the CAS. The official clients never send what a hostile one would.
import struct
from dataclasses import dataclass
from urllib.parse import urlsplit

from support.clients import module
from support.files import sha256
from support.wire import request

blake3 = module("blake3").blake3

CHUNK_KEY = bytes.fromhex("6697f5775b9550de3135cbaca597181c9de421109beb2b58b4d0b04b93adf229")
NODE_KEY = bytes.fromhex("017ec5c7a5472996fd946666b48a02e65ddd536f37c76dd2f86352e64a53713f")
RANGE_KEY = bytes.fromhex("7f1857d6ce56ed66127ff913e7a5c3f3a4cd26d5b5db49e64124987f28fb94c3")
FILE_KEY = bytes(32)
SHARD_TAG = bytes.fromhex("48465265706f4d6574614461746100556967456a7b815783a5bdd95ccdd14aa9")
BOOKEND = b"\xff" * 32 + bytes(16)
PIECE = 65_536  # where this writer cuts; servers take any border


def keyed(key, data):
    return blake3(data, key=key).digest()


def text(raw):
    """A hash as URLs and JSON show it: each group of eight bytes reversed."""
    return b"".join(raw[i : i + 8][::-1] for i in range(0, 32, 8)).hex()


def raw(shown):
    return bytes.fromhex(text(bytes.fromhex(shown)))


def merkle_root(nodes):
    if not nodes:
        return bytes(32)
    while len(nodes) > 1:
        parents = []
        while nodes:
            count = len(nodes) if len(nodes) <= 2 else min(9, len(nodes))
            for i in range(2, count):
                if nodes[i][0][24] & 3 == 0:
                    count = i + 1
                    break
            group, nodes = nodes[:count], nodes[count:]
            lines = "".join(f"{text(node)} : {size}\n" for node, size in group)
            parents.append((keyed(NODE_KEY, lines.encode()), sum(size for _, size in group)))
        nodes = parents
    return nodes[0][0]


@dataclass
class Content:
    """Bytes as one xorb and one file."""

    data: bytes
    chunks: list
    xorb: str
    file: str

    @property
    def sha256(self):
        return sha256(self.data)

    @property
    def hashes(self):
        return [keyed(CHUNK_KEY, chunk) for chunk in self.chunks]

    @property
    def body(self):
        return b"".join(record(chunk) for chunk in self.chunks)


def content(data, piece=PIECE):
    chunks = [data[i : i + piece] for i in range(0, len(data), piece)]
    nodes = [(keyed(CHUNK_KEY, chunk), len(chunk)) for chunk in chunks]
    root = merkle_root(nodes)
    return Content(data, chunks, text(root), text(keyed(FILE_KEY, root)))


def u24(number):
    return struct.pack("<I", number)[:3]


def record(chunk, *, scheme=0, size=None, stored=None):
    size = len(chunk) if size is None else size
    stored = len(chunk) if stored is None else stored
    return b"\0" + u24(stored) + bytes([scheme]) + u24(size) + chunk


def file_block(item, *, xorb=None, start=0, end=None, length=None, proof=None, file=None, sha=None, flags=0xC0000000):
    end = len(item.chunks) if end is None else end
    length = len(item.data) if length is None else length
    proof = keyed(RANGE_KEY, b"".join(item.hashes)) if proof is None else proof
    lines = raw(file or item.file) + struct.pack("<II8x", flags, 1)
    lines += raw(xorb or item.xorb) + struct.pack("<IIII", 0, length, start, end)
    if flags & 0x80000000:
        lines += proof + bytes(16)
    if flags & 0x40000000:
        lines += raw(sha or item.sha256) + bytes(16)
    return lines


def shard(*blocks):
    """An upload shard without its xorb section's blocks: the server has derived them already."""
    return SHARD_TAG + struct.pack("<QQ", 2, 0) + b"".join(blocks) + BOOKEND + BOOKEND


class Cas:
    """Requests with one token. `kind` is read or write."""

    def __init__(self, server, user, repo, kind="write", *, revision="main"):
        self.server = server
        target = f"/api/models/{repo}/xet-{kind}-token/{revision}"
        self.reply = request(server, "GET", target, token=user.token if user else None)
        self.token = self.reply.json().get("accessToken") if self.reply.status == 200 else None
        self.prefix = urlsplit(self.reply.json()["casUrl"]).path if self.token else "/cas"

    def ask(self, method, target, *, body=b"", headers=None):
        return request(self.server, method, self.prefix + target, token=self.token, body=body, headers=headers)

    def put_xorb(self, item, *, name=None, body=None):
        return self.ask("POST", f"/v1/xorbs/default/{name or item.xorb}", body=item.body if body is None else body)

    def put_shard(self, body, version=1):
        return self.ask("POST", f"/v{version}/shards", body=body)

    def upload(self, item):
        assert self.put_xorb(item).status == 200
        reply = self.put_shard(shard(file_block(item)))
        assert reply.status == 200, reply.body
        return reply.json()["result"]

    def reconstruction(self, file, *, version=2, span=None):
        headers = {"Range": f"bytes={span}"} if span is not None else None
        return self.ask("GET", f"/v{version}/reconstructions/{file}", headers=headers)
