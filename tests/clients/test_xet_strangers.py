# SPDX-License-Identifier: Apache-2.0
# Tenant B learns nothing of A's private content: every answer about it is that for something that never was.
import pytest

from support.files import noise
from support.hub import api
from support.python import PythonClient
from support.wire import commit, get, lfs_batch, request, target_of
from support.xet import Cas, Content, content, file_block, shard, text

SIZE = 400_000
NOTHING = content(noise(SIZE, seed=999))


@pytest.fixture(params=["xet", "lfs"])
def secret(request, server, alice, tmp_path):
    """What alice has in a private repo, through either door."""
    data = noise(SIZE, seed=60)
    hub = api(server, alice)
    hub.create_repo("alice/secret", private=True)
    if request.param == "xet":
        item = content(data)
        Cas(server, alice, "alice/secret").upload(item)
        line = {"path": "w.bin", "algo": "sha256", "oid": item.sha256, "size": SIZE}
        assert commit(server, alice, "alice/secret", ("lfsFile", line)).status == 200
        return item
    (tmp_path / "w.bin").write_bytes(data)
    PythonClient(server, alice, tmp_path / "home", xet=False).upload_file(
        repo="alice/secret", path="w.bin", file=tmp_path / "w.bin"
    )
    (entry,) = hub.get_paths_info("alice/secret", ["w.bin"])
    return as_stored(server, Cas(server, alice, "alice/secret", "read"), entry.xet_hash, data)


def as_stored(server, cas, file, data):
    """The chunks and the xorb that the server made of an LFS upload, as its owner sees them."""
    plan = cas.reconstruction(file).json()
    ((xorb, (part,)),) = plan["xorbs"].items()
    span = part["ranges"][0]["bytes"]
    rest = get(server, target_of(part["url"]), headers={"Range": f"bytes={span['start']}-{span['end']}"}).body
    chunks = []
    while rest:
        size = int.from_bytes(rest[5:8], "little")
        chunks.append(rest[8 : 8 + size])
        rest = rest[8 + size :]
    assert b"".join(chunks) == data
    return Content(data, chunks, xorb, file)


@pytest.fixture
def b(server, mallory):
    api(server, mallory).create_repo("mallory/own")
    return Cas(server, mallory, "mallory/own")


def seen(reply, *, hide=()):
    """Everything of an answer but what differs from request to request."""
    body = reply.body
    for word in hide:
        body = body.replace(word.encode(), b"WORD")
    headers = {k: v for k, v in reply.headers.items() if k not in ("date", "x-request-id", "content-length")}
    for word in hide:
        headers = {name: value.replace(word, "WORD") for name, value in headers.items()}
    return reply.status, headers, body


def test_reading_routes(secret, b):
    for method, target in [
        ("GET", "/v2/reconstructions/{file}"),
        ("GET", "/v1/reconstructions/{file}"),
        ("HEAD", "/v2/reconstructions/{file}"),
        ("GET", "/v1/reconstructions?file_id={file}"),
        ("HEAD", "/v1/files/{file}"),
        ("HEAD", "/v1/xorbs/default/{xorb}"),
        ("GET", "/v1/chunks/default/{chunk}"),
        ("GET", "/v1/chunks/default-merkledb/{chunk}"),
        ("GET", "/v2/file-chunk-hashes/{file}"),
        ("GET", "/v1/data/{xorb}"),
        ("GET", "/v1/data/{xorb}?layout=1&begin=0&end=100&expires=99999999999999&sig=" + "0" * 64),
    ]:
        answers = []
        for item in (secret, NOTHING):
            path = target.format(file=item.file, xorb=item.xorb, chunk=text(item.hashes[0]))
            for headers in (None, {"Range": "bytes=0-99"}, {"Range": f"bytes={SIZE}-"}):
                answers.append(seen(b.ask(method, path, headers=headers)))
        assert answers[:3] == answers[3:], target
        assert all(status in (403, 404) for status, _, _ in answers), target


def test_batches(secret, b):
    def ask(item):
        return seen(b.ask("POST", "/v1/reconstructions", body=f'[{{"prefix":"default","hash":"{item.file}"}}]'.encode()))

    assert ask(secret) == ask(NOTHING)


def test_every_chunk_query(secret, b):
    for chunk in secret.hashes:
        assert b.ask("GET", f"/v1/chunks/default/{text(chunk)}").status == 404


def test_uploading_what_is_there_says_nothing(secret, b):
    assert seen(b.put_xorb(secret)) == seen(b.put_xorb(NOTHING))
    assert b.reconstruction(secret.file).status == 404


@pytest.mark.parametrize("proof", [None, bytes(32)])
@pytest.mark.parametrize("version", [1, 2])
def test_a_shard_is_no_question(secret, b, version, proof):
    """Also who has the content, and so can prove it, must send it: else it would show that A has it."""
    replies = [
        seen(b.put_shard(shard(file_block(item, proof=proof)), version), hide=(item.xorb, item.file))
        for item in (secret, NOTHING)
    ]
    assert replies[0] == replies[1] and b"not here" in replies[0][2]
    assert b.reconstruction(secret.file).status == 404


def test_who_sends_the_bytes_has_the_file(server, secret, b, mallory):
    assert b.upload(secret) == 1
    assert b.reconstruction(secret.file).status == 200
    line = {"path": "w.bin", "algo": "sha256", "oid": secret.sha256, "size": SIZE}
    assert commit(server, mallory, "mallory/own", ("lfsFile", line)).status == 200
    assert get(server, "/mallory/own/resolve/main/w.bin").body == secret.data


def test_lfs_and_hub_routes(server, secret, b, mallory):
    for operation in ("upload", "download"):
        for transfers in (("basic",), ("basic", "multipart", "xet")):
            kinds = []
            for item in (secret, NOTHING):
                reply = lfs_batch(
                    server, mallory, "mallory/own", [(item.sha256, SIZE)], operation=operation, transfers=transfers
                ).json()
                (one,) = reply["objects"]
                kinds.append((reply["transfer"], sorted(one), sorted(one.get("actions", {})), one.get("error")))
            assert kinds[0] == kinds[1]
    refusals = []
    for item in (secret, NOTHING):
        line = {"path": "w.bin", "algo": "sha256", "oid": item.sha256, "size": SIZE}
        reply = commit(server, mallory, "mallory/own", ("lfsFile", line))
        assert reply.status == 400
        refusals.append(reply.body.replace(item.sha256.encode(), b"OID"))
    assert refusals[0] == refusals[1]
    for path in ("resolve/main/w.bin", "raw/main/w.bin"):
        there = seen(get(server, f"/alice/secret/{path}", token=mallory.token))
        absent = seen(get(server, f"/alice/absent/{path}", token=mallory.token))
        assert there == absent
    for kind in ("read", "write"):
        there = request(server, "GET", f"/api/models/alice/secret/xet-{kind}-token/main", token=mallory.token)
        absent = request(server, "GET", f"/api/models/alice/absent/xet-{kind}-token/main", token=mallory.token)
        assert seen(there) == seen(absent)


def test_rights_that_end_count_at_once(server, alice, mallory, tmp_path):
    hub = api(server, alice)
    hub.create_repo("alice/open")
    item = content(noise(SIZE, seed=61))
    Cas(server, alice, "alice/open").upload(item)
    line = {"path": "w.bin", "algo": "sha256", "oid": item.sha256, "size": SIZE}
    assert commit(server, alice, "alice/open", ("lfsFile", line)).status == 200
    reader = Cas(server, mallory, "alice/open", "read")
    query = f"/v1/chunks/default/{text(item.hashes[0])}"
    assert reader.reconstruction(item.file).status == 200
    assert reader.ask("GET", query).status == 200
    hub.update_repo_settings("alice/open", private=True)
    assert reader.reconstruction(item.file).status == 401
    assert seen(reader.ask("GET", query)) == seen(reader.ask("GET", f"/v1/chunks/default/{'0' * 64}"))


def test_a_revoked_hub_token_ends_its_xet_tokens(server, alice):
    api(server, alice).create_repo("alice/open")
    cas = Cas(server, alice, "alice/open")
    assert cas.reconstruction("ab" * 32).status == 404
    server.admin("token", "revoke", "alice", "test")
    assert cas.reconstruction("ab" * 32).status == 401
    assert cas.put_xorb(NOTHING).status == 401


def test_an_answer_may_be_used_after_its_repo_is_gone(server, alice, mallory):
    """Clients keep answers for a day: what they were told of they may refer to."""
    hub = api(server, alice)
    hub.create_repo("alice/open")
    item = content(noise(SIZE, seed=64))
    Cas(server, alice, "alice/open").upload(item)
    line = {"path": "w.bin", "algo": "sha256", "oid": item.sha256, "size": SIZE}
    assert commit(server, alice, "alice/open", ("lfsFile", line)).status == 200
    api(server, mallory).create_repo("mallory/own")
    b = Cas(server, mallory, "mallory/own")
    assert b.ask("GET", f"/v1/chunks/default/{text(item.hashes[0])}").status == 200
    hub.update_repo_settings("alice/open", private=True)
    assert b.put_shard(shard(file_block(item))).status == 200


def test_answers_to_two_users_have_nothing_in_common(server, alice, mallory):
    hub = api(server, alice)
    hub.create_repo("alice/open")
    item = content(noise(SIZE, seed=62))
    Cas(server, alice, "alice/open").upload(item)
    line = {"path": "w.bin", "algo": "sha256", "oid": item.sha256, "size": SIZE}
    assert commit(server, alice, "alice/open", ("lfsFile", line)).status == 200
    query = f"/v1/chunks/default/{text(item.hashes[0])}"
    answers = [Cas(server, user, "alice/open", "read").ask("GET", query).body for user in (alice, mallory)]
    assert answers[0] != answers[1]
    for answer in answers:
        assert not any(chunk in answer for chunk in item.hashes)


def test_uploaded_and_not_committed_is_the_writers_alone(server, alice, mallory):
    api(server, alice).create_repo("alice/open")
    item = content(noise(SIZE, seed=63))
    writer = Cas(server, alice, "alice/open")
    writer.upload(item)
    assert writer.reconstruction(item.file).status == 200
    assert Cas(server, mallory, "alice/open", "read").reconstruction(item.file).status == 404
    assert Cas(server, None, "alice/open", "read").reconstruction(item.file).status == 404
