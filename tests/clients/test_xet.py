# SPDX-License-Identifier: Apache-2.0
# The official Python clients over Xet, as their defaults have it: up, down, ranges, dedup; nothing through LFS.
import random

import pytest

from support.files import noise, read_tree, sha256, write_noise, write_tree
from support.hub import api
from support.python import CURRENT, OLD, PythonClient
from support.wire import get, request
from support.xet import Cas

MIB = 1 << 20
VENVS = [CURRENT, *OLD.values()]


@pytest.fixture
def repo(server, alice):
    api(server, alice).create_repo("alice/model")
    return "alice/model"


@pytest.fixture(params=VENVS)
def client(request, server, alice, tmp_path):
    return PythonClient(server, alice, tmp_path / "home", venv=request.param)


@pytest.fixture
def current(server, alice, tmp_path):
    return PythonClient(server, alice, tmp_path / "home")


def test_a_file_goes_up_and_down_over_xet(server, client, repo, tmp_path):
    data = noise(3 * MIB + 17, seed=1)
    source = tmp_path / "w.bin"
    source.write_bytes(data)
    client.upload_file(repo=repo, path="dir/w.bin", file=source)
    client.download(repo=repo, path="dir/w.bin", to=tmp_path / "back.bin")
    assert (tmp_path / "back.bin").read_bytes() == data
    used = server.routes_used()
    assert used["cas.xorb.put"] + used["cas.xorb.put.v0"] == 1
    assert used["cas.shard.v0"] + used["cas.shard.v1"] + used["cas.shard.v2"] == 1
    assert used["cas.data"] and not used["lfs.put"]


def test_a_folder_goes_up_and_its_snapshot_comes_down(server, client, repo, tmp_path):
    files = {f"part-{i}.bin": noise(700_000 + i, seed=i) for i in range(6)} | {"a.txt": b"text\n", "empty.bin": b""}
    client.upload_folder(repo=repo, folder=write_tree(tmp_path / "source", files))
    client.snapshot(repo=repo, to=tmp_path / "back")
    assert read_tree(tmp_path / "back") == files
    assert not server.routes_used()["lfs.put"]


def test_a_large_folder(server, client, repo, tmp_path):
    if not client.has(name="upload_large_folder"):
        pytest.skip("this version has no upload_large_folder: upload_folder does it")
    files = {f"d{i % 4}/part-{i}.bin": noise(300_000 + i, seed=i) for i in range(20)}
    client.upload_large_folder(repo=repo, folder=write_tree(tmp_path / "source", files))
    client.snapshot(repo=repo, to=tmp_path / "back")
    assert read_tree(tmp_path / "back") == files
    assert not server.routes_used()["lfs.put"]


def test_ranges_of_a_file(server, client, repo, tmp_path):
    data = noise(5 * MIB, seed=2)
    (tmp_path / "w.bin").write_bytes(data)
    client.upload_file(repo=repo, path="w.bin", file=tmp_path / "w.bin")
    for start, end in [(0, 1), (70_000, 70_001), (MIB - 1, 3 * MIB + 1), (5 * MIB - 10, 5 * MIB)]:
        assert bytes.fromhex(client.read_range(repo=repo, path="w.bin", start=start, end=end)) == data[start:end]


def test_an_unchanged_file_is_not_sent_again(server, alice, repo, tmp_path):
    data = noise(4 * MIB, seed=3)
    (tmp_path / "w.bin").write_bytes(data)
    PythonClient(server, alice, tmp_path / "one").upload_file(repo=repo, path="w.bin", file=tmp_path / "w.bin")
    before = server.routes_used()["cas.xorb.put"]
    # Another machine, nothing in its caches: the chunk query finds it.
    PythonClient(server, alice, tmp_path / "two").upload_file(repo=repo, path="again.bin", file=tmp_path / "w.bin")
    assert server.routes_used()["cas.xorb.put"] == before


def test_a_changed_file_sends_what_changed(server, alice, repo, tmp_path):
    data = bytearray(noise(24 * MIB, seed=4))
    (tmp_path / "w.bin").write_bytes(data)
    PythonClient(server, alice, tmp_path / "one").upload_file(repo=repo, path="w.bin", file=tmp_path / "w.bin")
    before = server.bytes_received()
    data[12 * MIB] ^= 1
    (tmp_path / "w.bin").write_bytes(data)
    PythonClient(server, alice, tmp_path / "two").upload_file(repo=repo, path="w.bin", file=tmp_path / "w.bin")
    assert server.bytes_received() - before < 400_000
    assert get(server, f"/{repo}/resolve/main/w.bin").body == bytes(data)


def test_a_lfs_upload_serves_xet_and_dedups(server, alice, repo, tmp_path):
    data = noise(3 * MIB, seed=5)
    (tmp_path / "w.bin").write_bytes(data)
    PythonClient(server, alice, tmp_path / "lfs", xet=False).upload_file(
        repo=repo, path="w.bin", file=tmp_path / "w.bin"
    )
    used = server.routes_used()
    assert used["lfs.put"] == 1 and not used["cas.xorb.put"]
    current = PythonClient(server, alice, tmp_path / "xet")
    current.download(repo=repo, path="w.bin", to=tmp_path / "back.bin")
    assert (tmp_path / "back.bin").read_bytes() == data
    current.upload_file(repo=repo, path="copy.bin", file=tmp_path / "w.bin")
    used = server.routes_used()
    assert used["cas.data"] and not used["cas.xorb.put"]


def test_more_than_one_xorb(server, current, repo, tmp_path):
    # Random bytes: with record headers some of these xorbs are larger than 64 MiB.
    source = write_noise(tmp_path / "w.bin", 200 * MIB, seed=77)
    current.upload_file(repo=repo, path="w.bin", file=source)
    assert server.routes_used()["cas.xorb.put"] >= 3
    current.download(repo=repo, path="w.bin", to=tmp_path / "back.bin")
    assert sha256((tmp_path / "back.bin").read_bytes()) == sha256(source.read_bytes())


def test_a_pull_request_by_a_reader(server, mallory, repo, tmp_path):
    (tmp_path / "w.bin").write_bytes(noise(MIB, seed=7))
    hub = api(server, mallory)
    made = hub.upload_file(
        repo_id=repo, path_in_repo="w.bin", path_or_fileobj=str(tmp_path / "w.bin"), create_pr=True
    )
    assert made.pr_num == 1
    back = hub.hf_hub_download(repo, "w.bin", revision="refs/pr/1", local_dir=tmp_path / "back")
    assert (tmp_path / "back" / "w.bin").read_bytes() == noise(MIB, seed=7) and back


def test_what_resolve_and_lists_say(server, alice, current, repo, tmp_path):
    data = noise(MIB, seed=8)
    (tmp_path / "w.bin").write_bytes(data)
    current.upload_file(repo=repo, path="w.bin", file=tmp_path / "w.bin")
    hub = api(server, alice)
    (entry,) = hub.get_paths_info(repo, ["w.bin"])
    assert len(entry.xet_hash) == 64
    assert {e.path: e.xet_hash for e in hub.list_repo_tree(repo) if e.path == "w.bin"} == {"w.bin": entry.xet_hash}
    assert get(server, f"/api/models/{repo}?expand=xetEnabled").json()["xetEnabled"] is True
    head = request(server, "HEAD", f"/{repo}/resolve/main/w.bin")
    assert head.header("x-xet-hash") == entry.xet_hash
    sha = hub.model_info(repo).sha
    refresh = f"{server.url}/api/models/{repo}/xet-read-token/{sha}"
    assert head.header("link") == (
        f'<{refresh}>; rel="xet-auth", '
        f'<{server.url}/cas/v1/reconstructions/{entry.xet_hash}>; rel="xet-reconstruction-info"'
    )
    assert head.header("x-xet-refresh-route") == refresh
    assert request(server, "HEAD", f"/{repo}/resolve/main/.gitattributes").header("x-xet-hash") is None


def test_resolve_and_ranges_of_a_packed_file_without_xet(server, alice, current, repo, tmp_path):
    data = noise(2 * MIB + 3, seed=9)
    (tmp_path / "w.bin").write_bytes(data)
    current.upload_file(repo=repo, path="w.bin", file=tmp_path / "w.bin")
    target = f"/{repo}/resolve/main/w.bin"
    whole = get(server, target)
    assert whole.body == data and whole.header("etag") == f'"{sha256(data)}"'
    spans = random.Random(1)
    for _ in range(20):
        start = spans.randrange(len(data))
        end = min(len(data), start + spans.randrange(1, 300_000))
        part = get(server, target, headers={"Range": f"bytes={start}-{end - 1}"})
        assert (part.status, part.body) == (206, data[start:end])
    plain = PythonClient(server, alice, tmp_path / "plain", xet=False)
    plain.download(repo=repo, path="w.bin", to=tmp_path / "back.bin")
    assert (tmp_path / "back.bin").read_bytes() == data


def test_everything_is_there_after_a_restart(server, current, repo, tmp_path):
    data = noise(2 * MIB, seed=10)
    (tmp_path / "w.bin").write_bytes(data)
    current.upload_file(repo=repo, path="w.bin", file=tmp_path / "w.bin")
    server.restart()
    current.download(repo=repo, path="w.bin", to=tmp_path / "back.bin")
    assert (tmp_path / "back.bin").read_bytes() == data


def test_a_token_under_a_path_prefix(make_server):
    server = make_server(options=["--path-prefix", "/hub"])
    alice = server.add_user("alice")
    made = request(server, "POST", "/hub/api/repos/create", token=alice.token, json_body={"name": "m", "type": "model"})
    assert made.status == 200
    reply = request(server, "GET", "/hub/api/models/alice/m/xet-read-token/main", token=alice.token)
    assert reply.json()["casUrl"] == f"{server.url}/hub/cas"
    assert reply.header("x-xet-cas-url") == reply.json()["casUrl"]
    assert reply.header("x-xet-access-token") == reply.json()["accessToken"]
    assert reply.header("x-xet-token-expiration") == str(reply.json()["exp"])


def test_who_gets_which_token(server, alice, mallory, repo):
    reader = type(alice)("alice", server.add_token("alice", name="reader", role="read"))
    assert Cas(server, None, repo, "read").token and Cas(server, reader, repo, "read").token
    assert Cas(server, alice, repo).token and Cas(server, alice, repo, revision="None").token
    assert Cas(server, alice, repo, revision="refs%2Fheads%2Fmain").token
    assert Cas(server, None, repo).reply.status == 401
    assert Cas(server, reader, repo).reply.status == 403
    assert Cas(server, mallory, repo).reply.status == 403
    assert Cas(server, mallory, repo, revision="main?create_pr=1").token
    assert Cas(server, alice, repo, "read", revision="nowhere").reply.code == "RevisionNotFound"
    assert Cas(server, alice, "alice/none", "read").reply.status == 404
