# SPDX-License-Identifier: Apache-2.0
# Our chunk borders and hashes against hf_xet's own: random sizes, patterns that trip chunkers, zeros. The file is
# uploaded through LFS, so that the server chunks it; hf_xet hashes it without any server.
import os
import random

from support.files import noise, write_tree
from support.hub import api
from support.python import PythonClient

COUNT = int(os.environ.get("RAILHUB_HASH_FILES", "200"))
LARGEST = int(os.environ.get("RAILHUB_HASH_LARGEST", str(20 << 20)))
BATCH = int(os.environ.get("RAILHUB_HASH_BATCH", "100"))
SEED = int(os.environ.get("RAILHUB_HASH_SEED", "1"))

# Forces a cut where it ends (xet specification, 9.2).
TRIGGER = bytes.fromhex(
    "9a342a229f4b7ee046ec0cc44fecb27c7f3263b22cb0ae7efaebcdaefc7a230a"
    "1465d645c10873699ee4786f88a2c6fbd3b7fdfca4933f10baa27517aa24cdbb"
    "ae4cd2aed3af0cad913b0246deb59fe3b69cbd33e26a1832b79d8c0a0817d446"
    "0aea1721dbfe27ec4631bf7409730f651a9fa5dc0faa387d5ca35eeb26283151"
)
BORDERS = [1, 2, 3, 8127, 8128, 8191, 8192, 8193, 65535, 65536, 65537, 131071, 131072, 131073, 262144, 1_000_000]


def padded(zeros, size=65_536):
    piece = TRIGGER + bytes(zeros)
    return (piece * (size // len(piece) + 1))[:size]


def contents():
    """COUNT of them: patterns first, then random bytes and mixtures of random sizes."""
    for zeros in range(0, 128, 1 if COUNT >= 1000 else 6):
        yield padded(zeros)
        yield padded(zeros, 300_000 + zeros)
    for size in BORDERS:
        yield bytes(size)
        yield noise(size, seed=size)
    chance = random.Random(SEED)
    while True:
        size = int(LARGEST ** chance.uniform(0.3, 1.0))
        data = bytearray(noise(size, seed=chance.getrandbits(32)))
        for _ in range(chance.randrange(4)):
            start = chance.randrange(size)
            data[start : start + chance.randrange(1, 400_000)] = padded(
                chance.randrange(128), chance.randrange(1, 400_000)
            )
        yield bytes(data)


def test_our_hashes_are_theirs(server, alice, tmp_path):
    hub = api(server, alice)
    hub.create_repo("alice/hashes")
    client = PythonClient(server, alice, tmp_path / "home", xet=False)
    source = contents()
    compared = 0
    for batch in range(0, COUNT, BATCH):
        names = [f"{i:05}.bin" for i in range(batch, min(COUNT, batch + BATCH))]
        folder = write_tree(tmp_path / "source", {name: next(source) for name in names})
        theirs = dict(zip(names, client.hash_files(paths=[str(folder / name) for name in names]), strict=True))
        client.upload_folder(repo="alice/hashes", folder=folder)
        ours = {entry.path: entry.xet_hash for entry in hub.get_paths_info("alice/hashes", names) if entry.lfs}
        assert ours == {name: theirs[name] for name in ours}
        compared += len(ours)
        for name in names:
            (folder / name).unlink()
    print(f"{compared} hashes compared")
    assert compared == COUNT
