# SPDX-License-Identifier: Apache-2.0
# The CAS by hand: ranges, scopes, links, broken xorbs and shards, uploads at the same time.
import json
import threading
from urllib.parse import urlsplit

import pytest

from support.files import noise, sha256
from support.hub import api
from support.wire import commit, get, lfs_batch, request, target_of
from support.xet import BOOKEND, SHARD_TAG, Cas, content, file_block, record, shard, text

ITEM = content(noise(300_000, seed=70))
SIZE = len(ITEM.data)


@pytest.fixture
def repo(server, alice):
    api(server, alice).create_repo("alice/model")
    return "alice/model"


@pytest.fixture
def cas(server, alice, repo):
    return Cas(server, alice, repo)


@pytest.fixture
def stored(cas):
    cas.upload(ITEM)
    return cas


def fetch(server, reply, *, version=2):
    """What a client makes of a reconstruction: the bytes of all its terms."""
    plan = reply.json()
    data = b""
    for term in plan["terms"]:
        if version == 2:
            choices = [(r["chunks"], r["bytes"], e["url"]) for e in plan["xorbs"][term["hash"]] for r in e["ranges"]]
        else:
            choices = [(e["range"], e["url_range"], e["url"]) for e in plan["fetch_info"][term["hash"]]]
        chunks, span, url = next(
            c for c in choices if c[0]["start"] <= term["range"]["start"] and term["range"]["end"] <= c[0]["end"]
        )
        got = get(server, target_of(url), headers={"Range": f"bytes={span['start']}-{span['end']}"})
        assert got.status == 206 and len(got.body) == span["end"] - span["start"] + 1
        pieces, rest = [], got.body
        while rest:
            size = int.from_bytes(rest[5:8], "little")
            stored = int.from_bytes(rest[1:4], "little")
            assert rest[4] == 0 and stored == size
            pieces.append(rest[8 : 8 + stored])
            rest = rest[8 + stored :]
        first = chunks["start"]
        unpacked = b"".join(pieces[term["range"]["start"] - first : term["range"]["end"] - first])
        assert len(unpacked) == term["unpacked_length"]
        data += unpacked
    return data[plan["offset_into_first_range"] :]


@pytest.mark.parametrize("version", [1, 2])
def test_whole_and_ranges(server, stored, version):
    assert fetch(server, stored.reconstruction(ITEM.file, version=version), version=version) == ITEM.data
    for span, start, end in [
        ("0-0", 0, 1),
        ("0-", 0, SIZE),
        ("65535-65536", 65535, 65537),
        ("100000-199999", 100_000, 200_000),
        (f"{SIZE - 1}-", SIZE - 1, SIZE),
        (f"{SIZE - 1}-{SIZE + 10**9}", SIZE - 1, SIZE),
        ("-7", SIZE - 7, SIZE),
    ]:
        reply = stored.reconstruction(ITEM.file, version=version, span=span)
        assert reply.status == 200, span
        assert fetch(server, reply, version=version)[: end - start] == ITEM.data[start:end], span
    for span in (f"{SIZE}-", f"{SIZE}-{SIZE + 1}", f"{10**15}-"):
        assert stored.reconstruction(ITEM.file, version=version, span=span).status == 416


def test_unknown_files_are_the_same_on_both_versions(stored):
    one, two = (stored.reconstruction("ab" * 32, version=version) for version in (1, 2))
    assert (one.status, one.body) == (two.status, two.body) and one.status == 404
    for name in ("xyz", "ab" * 31, "ab" * 33, "zz" * 32):
        assert stored.reconstruction(name).status == 400


def test_the_empty_file(stored):
    for version, key in [(1, "fetch_info"), (2, "xorbs")]:
        reply = stored.reconstruction("0" * 64, version=version)
        assert reply.json() == {"offset_into_first_range": 0, "terms": [], key: {}}
        assert stored.reconstruction("0" * 64, version=version, span="0-0").status == 416


def test_batches(stored):
    other = content(noise(100_000, seed=71))
    stored.upload(other)
    by_query = stored.ask("GET", f"/v1/reconstructions?file_id={ITEM.file}&file_id={other.file}&file_id={ITEM.file}")
    wanted = [{"prefix": "default", "hash": name} for name in (ITEM.file, other.file)]
    by_list = stored.ask("POST", "/v1/reconstructions", body=json.dumps(wanted).encode())
    for reply in (by_query, by_list):
        assert set(reply.json()["files"]) == {ITEM.file, other.file}
        assert set(reply.json()["fetch_info"]) == {ITEM.xorb, other.xorb}
    assert stored.ask("GET", f"/v1/reconstructions?file_id={ITEM.file}&file_id={'ab' * 32}").status == 404
    assert stored.ask("POST", "/v1/reconstructions", body=b'{"hash":1}').status == 400


def test_heads(stored):
    assert stored.ask("HEAD", f"/v1/files/{ITEM.file}").header("content-length") == str(SIZE)
    assert stored.ask("HEAD", f"/v1/xorbs/default/{ITEM.xorb}").header("content-length") == str(len(ITEM.body))
    assert stored.ask("HEAD", f"/v1/files/{'ab' * 32}").status == 404
    assert stored.ask("POST", "/v1/telemetry", body=b"{}").status == 200


def test_edit_windows(stored):
    def ask(dirty, name=ITEM.file):
        return stored.ask("GET", f"/v2/file-chunk-hashes/{name}", headers={"X-Range-Dirty": dirty} if dirty else {})
    reply = ask("bytes=0-0")
    assert reply.status == 200 and reply.json()["fileSize"] == SIZE
    assert reply.json()["windows"][0]["dirtyByteRange"][0] == 0 and reply.json()["hashRanges"][0] is None
    assert ask(f"bytes=5-9,{SIZE - 1}-{SIZE + 99}").json()["windows"][-1]["dirtyByteRange"][1] == SIZE
    for bad in (None, "", "bytes=", "bytes=-5", "bytes=9-5", "bytes=a-b", "items=0-1", f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE}",
                "bytes=" + ",".join(f"{10 * i}-{10 * i}" for i in range(2000))):
        assert ask(bad).status == 400, bad
    assert ask("bytes=0-0", name="ab" * 32).status == 404


def test_tokens(server, alice, stored, repo):
    target = f"/cas/v2/reconstructions/{ITEM.file}"
    for token in (None, "x", alice.token, stored.token[:-1], stored.token[:-1] + "x", "xet_" + "0" * 200):
        assert request(server, "GET", target, token=token).status == 401, token
    reader = Cas(server, alice, repo, "read")
    assert reader.reconstruction(ITEM.file).status == 200
    assert reader.put_xorb(ITEM).status == 403
    assert reader.put_shard(shard(file_block(ITEM))).status == 403
    assert reader.put_shard(shard(file_block(ITEM)), 2).status == 403
    api(server, alice).create_repo("alice/other")
    other = Cas(server, alice, "alice/other")
    assert other.reconstruction(ITEM.file).status == 404
    api(server, alice).delete_repo("alice/other")
    assert other.reconstruction(ITEM.file).status == 401


def test_tokens_and_links_expire(make_server):
    server = make_server(options=["--xet-link-lifetime", "1s"])
    alice = server.add_user("alice")
    api(server, alice).create_repo("alice/model")
    cas = Cas(server, alice, "alice/model")
    cas.upload(ITEM)
    plan = cas.reconstruction(ITEM.file).json()
    url = plan["xorbs"][ITEM.xorb][0]["url"]
    done = threading.Event()
    done.wait(1.2)
    assert get(server, target_of(url), headers={"Range": "bytes=0-9"}).status == 403


def test_data_links(server, stored):
    part = stored.reconstruction(ITEM.file, span="70000-70001").json()
    ((entry,),) = part["xorbs"].values()
    (one,) = entry["ranges"]
    start, end = one["bytes"]["start"], one["bytes"]["end"]
    assert start > 0 and end < len(ITEM.body) - 1
    target = target_of(entry["url"])

    def ask(span, target=target):
        return get(server, target, headers={"Range": f"bytes={span}"} if span else None)

    good = ask(f"{start}-{end}")
    assert good.status == 206 and good.body == ITEM.body[start : end + 1]
    assert good.header("content-range") == f"bytes {start}-{end}/{len(ITEM.body)}"
    assert ask(f"{start + 5}-{end - 5}").status == 206
    for span in (f"{start - 1}-{end}", f"{start}-{end + 1}", f"{start}-", "0-0", "-1", f"{start}-{end},0-5", "", None):
        assert ask(span).status == 403, span
    for name in ("layout", "begin", "end", "expires"):
        query = urlsplit(target).query.split("&")
        changed = "&".join(f"{pair}0" if pair.startswith(f"{name}=") else pair for pair in query)
        assert ask(f"{start}-{end}", f"{urlsplit(target).path}?{changed}").status == 403, name
    assert ask(f"{start}-{end}", target.replace(ITEM.xorb, "ab" * 32)).status == 403


def compressed(chunk, **more):
    lz4 = pytest.importorskip("lz4.frame")
    return record(lz4.compress(chunk), scheme=1, size=len(chunk), **more)


def test_bad_xorbs(cas):
    chunk = ITEM.chunks[0]
    one = content(chunk)
    for body, why in [
        (b"", "nothing"),
        (record(chunk)[:-1], "cut"),
        (record(chunk) + b"x", "garbage behind"),
        (record(chunk, size=0), "no bytes in a chunk"),
        (record(chunk, size=131_073), "too large a chunk"),
        (record(chunk, stored=len(chunk) + 1), "past the body"),
        (record(chunk, scheme=3), "unknown scheme"),
        (record(chunk, scheme=99), "a scheme that is never sent"),
        (b"\1" + record(chunk)[1:], "unknown version"),
        (record(ITEM.chunks[1]), "other bytes"),
        (record(b"x") * 8193, "too many chunks"),
    ]:
        reply = cas.put_xorb(one, body=body)
        assert reply.status in (400, 413), why
        assert cas.put_shard(shard(file_block(one))).status == 400, why
    assert cas.put_xorb(one, name="xyz").status == 400
    assert cas.put_xorb(one, body=bytes((64 << 20) + (2 << 20))).status in (400, 413)
    assert cas.put_xorb(one).json() == {"was_inserted": True}


def test_bad_shards(cas):
    assert cas.put_shard(shard(file_block(ITEM))).status == 400  # before its xorb
    assert cas.put_xorb(ITEM).status == 200
    other = content(noise(SIZE, seed=72))
    for body, why in [
        (b"", "nothing"),
        (b"x" * 48, "no header"),
        (shard(file_block(ITEM))[:-48], "no bookend"),
        (shard(file_block(ITEM, flags=0x40000000)), "no proof"),
        (shard(file_block(ITEM, proof=bytes(32))), "another proof"),
        (shard(file_block(ITEM, end=len(ITEM.chunks) + 1)), "past the end"),
        (shard(file_block(ITEM, start=1)), "not all chunks"),
        (shard(file_block(ITEM, length=SIZE - 1)), "another length"),
        (shard(file_block(ITEM, file=other.file)), "another file hash"),
        (shard(file_block(ITEM, xorb=other.xorb)), "unknown xorb"),
        (shard(file_block(ITEM, sha=other.sha256)), "another SHA-256"),
        (SHARD_TAG + (2).to_bytes(8, "little") + bytes(8) + b"\0" * 32 + b"\0" * 4 + b"\xff" * 4 + bytes(8), "counts"),
        (shard(file_block(ITEM), file_block(ITEM, flags=0x80000000)), "mixed flags"),
    ]:
        reply = cas.put_shard(body)
        # Mixed metadata is legal; what counts is that a lie never is.
        assert reply.status == (200 if why == "mixed flags" else 400), why
        if reply.status == 400:
            assert cas.reconstruction(ITEM.file).status == 404, why
            stream = cas.put_shard(body, 2)
            last = json.loads(stream.body.splitlines()[-1])
            assert stream.status == 400 or (last["type"], last["retryable"]) == ("error", False), why
    assert cas.put_shard(SHARD_TAG + (2).to_bytes(8, "little") + bytes(8) + BOOKEND + BOOKEND).status in (200, 400)


def test_a_shard_twice_and_as_stream(server, alice, cas, repo):
    assert cas.put_xorb(ITEM).status == 200
    reply = cas.put_shard(shard(file_block(ITEM)), 2)
    assert reply.header("content-type") == "application/x-ndjson"
    lines = [json.loads(line) for line in reply.body.splitlines()]
    assert lines[-1] == {"type": "result", "result": 1}
    assert all(line["type"] in ("validating", "committing") for line in lines[:-1])
    assert cas.put_shard(shard(file_block(ITEM))).json() == {"result": 1}
    line = {"path": "w.bin", "algo": "sha256", "oid": ITEM.sha256, "size": SIZE}
    assert commit(server, alice, repo, ("lfsFile", line)).status == 200
    assert get(server, f"/{repo}/resolve/main/w.bin").body == ITEM.data


def test_a_lie_about_sha256_makes_nothing_of_it_available(server, alice, cas, repo):
    victim = noise(SIZE, seed=73)
    assert cas.put_xorb(ITEM).status == 200
    assert cas.put_shard(shard(file_block(ITEM, sha=sha256(victim)))).status == 400
    line = {"path": "w.bin", "algo": "sha256", "oid": sha256(victim), "size": SIZE}
    assert commit(server, alice, repo, ("lfsFile", line)).status >= 400


def test_the_same_xorb_and_shard_from_eight_at_once(cas, server):
    failed = []

    def send():
        for reply in (cas.put_xorb(ITEM), cas.put_shard(shard(file_block(ITEM)))):
            if reply.status != 200:
                failed.append((reply.status, reply.body))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert fetch(server, cas.reconstruction(ITEM.file)) == ITEM.data
    assert "0 problems" in server.fsck().stdout or server.fsck().returncode == 0


def test_chunk_queries(stored, server):
    reply = stored.ask("GET", f"/v1/chunks/default/{text(ITEM.hashes[0])}")
    assert reply.status == 200 and reply.body[:32] == SHARD_TAG
    footer = reply.body[-200:]
    key, created, expires = footer[72:104], footer[104:112], footer[112:120]
    assert key != bytes(32)
    assert int.from_bytes(expires, "little") - int.from_bytes(created, "little") == 24 * 3600
    assert not any(chunk in reply.body for chunk in ITEM.hashes)
    assert stored.ask("GET", f"/v1/chunks/default/{'ab' * 32}").status == 404


def test_lfs_offers_xet_to_those_who_ask(server, alice, repo):
    oid = [(ITEM.sha256, SIZE)]
    asked = lfs_batch(server, alice, repo, oid, transfers=("basic", "multipart", "xet")).json()
    assert asked["transfer"] == "xet"
    upload = asked["objects"][0]["actions"]["upload"]
    assert upload["href"] == f"{server.url}/api/models/{repo}/xet-write-token/main"
    assert set(upload["header"]) == {
        "X-Xet-Cas-Url",
        "X-Xet-Access-Token",
        "X-Xet-Token-Expiration",
        "X-Xet-Session-Id",
    }
    assert lfs_batch(server, alice, repo, oid, transfers=("basic",)).json()["transfer"] == "basic"
    down = lfs_batch(server, alice, repo, oid, operation="download", transfers=("basic", "xet")).json()
    assert down["transfer"] == "basic"
