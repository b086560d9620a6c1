# SPDX-License-Identifier: Apache-2.0
# Git LFS by hand: batch answers, basic and multipart upload, verify, ranges, signed addresses.
import json
import math

import pytest

from support.files import noise, sha256
from support.hub import api
from support.wire import commit, connect, get, lfs_batch, request, target_of

DATA = noise(300_000, seed=21)
OID = sha256(DATA)
EMPTY = sha256(b"")


@pytest.fixture
def repo(server, alice):
    api(server, alice).create_repo("alice/model")
    return "alice/model"


def upload_action(server, user, repo, data=DATA, **more):
    (item,) = lfs_batch(server, user, repo, [(sha256(data), len(data))], **more).json()["objects"]
    return item.get("actions", {}).get("upload")


def put(server, action, body):
    return request(server, "PUT", target_of(action["href"]), body=body)


def test_an_object_is_uploaded_verified_and_downloaded(server, alice, repo):
    batch = lfs_batch(server, alice, repo, [(OID, len(DATA))])
    assert batch.header("content-type").startswith("application/vnd.git-lfs+json")
    assert batch.json()["transfer"] == "basic"
    (item,) = batch.json()["objects"]
    assert (item["oid"], item["size"]) == (OID, len(DATA))
    assert put(server, item["actions"]["upload"], DATA).status == 200
    verify = request(
        server,
        "POST",
        target_of(item["actions"]["verify"]["href"]),
        token=alice.token,
        json_body={"oid": OID, "size": len(DATA)},
    )
    assert verify.status == 200
    wrong = request(
        server,
        "POST",
        target_of(item["actions"]["verify"]["href"]),
        token=alice.token,
        json_body={"oid": OID, "size": 7},
    )
    assert wrong.status in (404, 422)
    assert upload_action(server, alice, repo) is None
    assert (
        commit(
            server, alice, repo, ("lfsFile", {"path": "w.bin", "algo": "sha256", "oid": OID, "size": len(DATA)})
        ).status
        == 200
    )
    (found,) = lfs_batch(server, alice, repo, [(OID, len(DATA))], operation="download").json()["objects"]
    href = target_of(found["actions"]["download"]["href"])
    assert get(server, href).body == DATA
    part = get(server, href, headers={"Range": "bytes=100-199"})
    assert (part.status, part.body) == (206, DATA[100:200])


def test_a_missing_object_is_an_error_of_that_object(server, alice, repo):
    reply = lfs_batch(server, alice, repo, [(OID, len(DATA)), (EMPTY, 0)], operation="download")
    missing, empty = reply.json()["objects"]
    assert reply.status == 200
    assert missing["error"]["code"] == 404 and "actions" not in missing
    assert "error" not in empty


def test_a_signed_address_is_bound_to_its_object(server, alice, repo):
    action = upload_action(server, alice, repo)
    other = noise(300_000, seed=22)
    for target in (
        target_of(action["href"]).replace(OID, sha256(other)),
        target_of(action["href"]) + "0",
        target_of(action["href"]).split("?")[0],
    ):
        assert request(server, "PUT", target, body=other).status in (400, 401, 403, 404, 422)
    assert upload_action(server, alice, repo, other) is not None


def test_an_addressed_upload_is_not_needed_twice(server, alice, repo):
    first, second = upload_action(server, alice, repo), upload_action(server, alice, repo)
    assert put(server, first, DATA).status == 200
    assert put(server, second, DATA).status == 200


def test_a_chunked_upload_without_length_is_taken(server, alice, repo):

    action = upload_action(server, alice, repo)
    with connect(server) as peer:
        peer.send_head("PUT", target_of(action["href"]), {"Transfer-Encoding": "chunked"})
        for start in range(0, len(DATA), 65_537):
            peer.send_chunk(DATA[start : start + 65_537])
        peer.send(b"0\r\n\r\n")
        assert peer.read_reply().status == 200
    assert upload_action(server, alice, repo) is None


@pytest.fixture
def small_parts(make_server):
    """A server that splits uploads of more than 1 MiB into parts."""
    return make_server(options=["--lfs-multipart-threshold", "1MiB", "--lfs-part-size", "1MiB"])


def test_multipart_upload_by_hand(small_parts):
    alice = small_parts.add_user("alice")
    api(small_parts, alice).create_repo("alice/model")
    data = noise(3_500_000, seed=23)
    batch = lfs_batch(
        small_parts, alice, "alice/model", [(sha256(data), len(data))], transfers=("basic", "multipart")
    ).json()
    assert batch["transfer"] == "multipart"
    upload = batch["objects"][0]["actions"]["upload"]
    size = int(upload["header"].pop("chunk_size"))
    assert list(upload["header"]) == [f"{i + 1:05}" for i in range(math.ceil(len(data) / size))]
    parts = []
    for key, href in reversed(list(upload["header"].items())):
        start = (int(key) - 1) * size
        reply = request(small_parts, "PUT", target_of(href), body=data[start : start + size])
        assert reply.status == 200 and reply.header("etag")
        parts.insert(0, {"partNumber": int(key), "etag": reply.header("etag")})
    done = request(small_parts, "POST", target_of(upload["href"]), json_body={"oid": sha256(data), "parts": parts})
    assert (done.status, json.loads(done.body or b"{}")) == (200, {})
    assert upload_action(small_parts, alice, "alice/model", data) is None


def test_multipart_upload_by_the_client(small_parts, tmp_path):
    alice = small_parts.add_user("alice")
    seen = api(small_parts, alice)
    seen.create_repo("alice/model")
    data = noise(5_000_001, seed=24)
    (tmp_path / "w.bin").write_bytes(data)
    seen.upload_file(path_or_fileobj=tmp_path / "w.bin", path_in_repo="w.bin", repo_id="alice/model")
    with open(seen.hf_hub_download("alice/model", "w.bin", cache_dir=tmp_path / "cache"), "rb") as file:
        assert file.read() == data


def test_multipart_survives_a_restart_between_parts(small_parts):
    alice = small_parts.add_user("alice")
    api(small_parts, alice).create_repo("alice/model")
    data = noise(2_500_000, seed=25)
    batch = lfs_batch(
        small_parts, alice, "alice/model", [(sha256(data), len(data))], transfers=("basic", "multipart")
    ).json()
    upload = batch["objects"][0]["actions"]["upload"]
    size = int(upload["header"].pop("chunk_size"))
    etags = []
    for number, href in enumerate(upload["header"].values()):
        if number == 1:
            small_parts.restart()
        reply = request(small_parts, "PUT", target_of(href), body=data[number * size : (number + 1) * size])
        etags.append({"partNumber": number + 1, "etag": reply.header("etag")})
    done = request(small_parts, "POST", target_of(upload["href"]), json_body={"oid": sha256(data), "parts": etags})
    assert done.status == 200
    assert upload_action(small_parts, alice, "alice/model", data) is None


def test_a_part_of_the_wrong_content_is_found_at_completion(small_parts):
    alice = small_parts.add_user("alice")
    api(small_parts, alice).create_repo("alice/model")
    data = noise(2_500_000, seed=26)
    batch = lfs_batch(small_parts, alice, "alice/model", [(sha256(data), len(data))], transfers=("multipart",)).json()
    upload = batch["objects"][0]["actions"]["upload"]
    size = int(upload["header"].pop("chunk_size"))
    etags = []
    for number, href in enumerate(upload["header"].values()):
        body = bytearray(data[number * size : (number + 1) * size])
        body[0] ^= 1
        etags.append(
            {
                "partNumber": number + 1,
                "etag": request(small_parts, "PUT", target_of(href), body=bytes(body)).header("etag"),
            }
        )
    done = request(small_parts, "POST", target_of(upload["href"]), json_body={"oid": sha256(data), "parts": etags})
    assert done.status in (400, 422)
    assert upload_action(small_parts, alice, "alice/model", data) is not None
