# SPDX-License-Identifier: Apache-2.0
# Size and space: gigabyte lines, inflating bodies, large legal commits, a full disk. Memory stays small throughout.
import base64
import errno
import gzip
import hashlib
import os
import subprocess

import pytest

from support.files import noise, sha256
from support.hub import api
from support.wire import commit, connect, get, lfs_batch, request, target_of

GIB = 1 << 30
MIB = 1 << 20
HEADER = b'{"key":"header","value":{"summary":"x"}}\n'


@pytest.fixture
def repo(server, alice):
    request(server, "POST", "/api/repos/create", token=alice.token, json_body={"name": "model"})
    return "alice/model"


def tip(server, alice):
    return get(server, "/api/models/alice/model", token=alice.token).json()["sha"]


def commit_headers(alice):
    return {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {alice.token}"}


@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.parametrize(
    "start",
    [b'{"key":"file","value":{"path":"x","content":"', b'{"key":"', b"", b'{"key":"header","value":{"summary":"'],
    ids=["content", "key", "letters", "summary"],
)
def test_a_gigabyte_line_in_a_commit(server, alice, repo, framing, start):
    before = tip(server, alice)
    server.reset_peak_memory()
    block = b"A" * MIB
    with connect(server) as peer:
        length = {"Content-Length": GIB} if framing == "length" else {"Transfer-Encoding": "chunked"}
        peer.send_head("POST", f"/api/models/{repo}/commit/main", {**commit_headers(alice), **length})
        send = peer.send if framing == "length" else peer.send_chunk
        send(HEADER + start)
        while peer.bytes_sent < GIB and send(block):
            pass
        reply = peer.read_reply()
    assert reply.status in (400, 413, 422)
    assert reply.json()["error"]
    assert server.peak_memory() < 256 * MIB
    assert tip(server, alice) == before


def test_a_gzip_bomb_as_commit_body(server, alice, repo):
    server.reset_peak_memory()
    bomb = gzip.compress(HEADER + b'{"key":"file","value":{"path":"x","content":"' + bytes(300 * MIB), 9)
    reply = request(
        server,
        "POST",
        f"/api/models/{repo}/commit/main",
        headers={**commit_headers(alice), "Content-Encoding": "gzip"},
        body=bomb,
    )
    assert reply.status in (400, 413, 415, 422)
    assert server.peak_memory() < 256 * MIB


@pytest.mark.parametrize(
    "target",
    [
        "/api/models/alice/model/preupload/main",
        "/api/models/alice/model/paths-info/main",
        "/api/repos/create",
        "/api/validate-yaml",
        "/alice/model.git/info/lfs/objects/batch",
    ],
)
def test_large_json_bodies_are_refused_early(server, alice, repo, target):
    server.reset_peak_memory()
    with connect(server) as peer:
        peer.send_head(
            "POST",
            target,
            {
                "Content-Type": "application/json",
                "Authorization": f"Bearer {alice.token}",
                "Transfer-Encoding": "chunked",
            },
        )
        peer.send_chunk(b'{"content":"')
        while peer.bytes_sent < GIB and peer.send_chunk(b"A" * MIB):
            pass
        reply = peer.read_reply()
    assert reply.status in (400, 413)
    assert reply.bytes_sent < GIB, "the server read it all"
    assert server.peak_memory() < 256 * MIB


@pytest.mark.slow
def test_a_large_legal_commit_passes(server, alice, repo):
    """About 120 MB of base64 in one commit, as upload_folder sends many files just below the LFS limit."""
    server.reset_peak_memory()
    text = base64.b64encode(b"word and word\n" * 640_000).decode()
    lines = [("file", {"path": f"f{i}.txt", "content": text, "encoding": "base64"}) for i in range(10)]
    reply = commit(server, alice, repo, *lines)
    assert reply.status == 200, reply.body[:300]
    assert get(server, f"/{repo}/resolve/main/f9.txt").body == b"word and word\n" * 640_000
    assert server.peak_memory() < 512 * MIB


@pytest.mark.slow
def test_memory_does_not_grow_with_the_size_of_a_file(server, alice, repo, tmp_path):
    size = 300 * MIB
    block = noise(MIB, seed=51)

    oid = hashlib.sha256(block * (size // MIB)).hexdigest()
    server.reset_peak_memory()
    (item,) = lfs_batch(server, alice, repo, [(oid, size)]).json()["objects"]
    with connect(server) as peer:
        peer.send_head("PUT", target_of(item["actions"]["upload"]["href"]), {"Content-Length": size})
        for _ in range(size // MIB):
            peer.send(block)
        assert peer.read_reply().status == 200
    assert (
        commit(server, alice, repo, ("lfsFile", {"path": "w.bin", "algo": "sha256", "oid": oid, "size": size})).status
        == 200
    )
    seen = api(server, alice)
    path = seen.hf_hub_download(repo, "w.bin", cache_dir=tmp_path)
    assert os.path.getsize(path) == size
    assert server.peak_memory() < 200 * MIB


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a tmpfs of 48 MiB."""
    folder = tmp_path / "small-disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"mounting a tmpfs needs root: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=False)


def fill(folder, leaving):
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    path = folder / "ballast"
    try:
        path.write_bytes(bytes(max(0, free - leaving)))
    except OSError as error:  # the server wrote something meanwhile: as full as it was meant to be
        assert error.errno == errno.ENOSPC and leaving == 0
    return path


def test_a_full_disk(make_server, small_disk):
    server = make_server(name="small-disk/data")
    alice = server.add_user("alice")
    request(server, "POST", "/api/repos/create", token=alice.token, json_body={"name": "model"})
    before = tip(server, alice)
    data = noise(6 * MIB, seed=52)
    (item,) = lfs_batch(server, alice, "alice/model", [(sha256(data), len(data))]).json()["objects"]
    target = target_of(item["actions"]["upload"]["href"])

    ballast = fill(small_disk, leaving=2 * MIB)
    refused = request(server, "PUT", target, body=data)
    assert refused.status == 507 and refused.json()["message"]
    (item,) = lfs_batch(server, alice, "alice/model", [(sha256(data), len(data))]).json()["objects"]
    assert "actions" in item, "a half written object counts as stored"

    ballast.unlink()
    ballast = fill(small_disk, leaving=0)
    text = base64.b64encode(noise(3 * MIB).hex().encode()).decode()
    refused = commit(server, alice, "alice/model", ("file", {"path": "a.txt", "content": text, "encoding": "base64"}))
    assert refused.status == 507 and refused.json()["error"]
    assert server.is_alive()
    assert tip(server, alice) == before, "reading goes on"

    ballast.unlink()
    assert request(server, "PUT", target, body=data).status == 200
    done = commit(
        server,
        alice,
        "alice/model",
        ("lfsFile", {"path": "w.bin", "algo": "sha256", "oid": sha256(data), "size": len(data)}),
        ("file", {"path": "a.txt", "content": "a"}),
    )
    assert done.status == 200
    assert get(server, "/alice/model/resolve/main/w.bin").body == data
    checked = server.fsck()
    assert checked.returncode == 0, checked.stdout + checked.stderr
    server.restart()
    assert get(server, "/alice/model/resolve/main/w.bin").body == data
