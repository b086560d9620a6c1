# SPDX-License-Identifier: Apache-2.0
# Wrong and hostile requests: unknown things, traversal, YAML bombs, wrong hashes, broken bodies. Each has a clear
# answer with the right status, changes nothing, and the server goes on.
import json

import pytest

from support.files import noise, sha256
from support.wire import commit, connect, get, lfs_batch, ndjson, request, target_of

DATA = noise(400_000, seed=41)
OID = sha256(DATA)
NDJSON = {"Content-Type": "application/x-ndjson"}
BOMB = (
    "---\na: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9))
    + "---\n"
)


@pytest.fixture
def repo(server, alice):
    made = request(server, "POST", "/api/repos/create", token=alice.token, json_body={"name": "model", "type": "model"})
    assert made.status == 200
    return "alice/model"


@pytest.fixture(autouse=True)
def goes_on(server, alice, repo):
    """After each test: same tip unless the test says otherwise, the server answers, fsck is clean."""
    before = tip(server, alice)
    yield
    assert server.is_alive()
    assert tip(server, alice) == before
    checked = server.fsck()
    assert checked.returncode == 0, checked.stdout + checked.stderr


def tip(server, alice):
    return get(server, "/api/models/alice/model", token=alice.token).json()["sha"]


def assert_refused(reply, *statuses, code=None):
    assert reply.status in statuses, (reply.status, reply.body[:300])
    assert reply.header("content-type").startswith(("application/json", "application/vnd.git-lfs+json"))
    said = reply.json()
    assert said.get("error") or said.get("message"), said
    assert reply.header("x-request-id")
    if code:
        assert reply.code == code and reply.header("x-error-message")


READS = ["/api/{T}/revision/{R}", "/api/{T}/tree/{R}", "/api/{T}/commits/{R}", "/{T}/resolve/{R}/x", "/{T}/raw/{R}/x"]


@pytest.mark.parametrize("route", [*READS, "/api/{T}", "/api/{T}/refs"])
def test_unknown_repos(server, alice, route):
    for name in ("alice/none", "none/model", "none"):
        target = route.replace("/api/{T}", f"/api/models/{name}").replace("{T}", name).replace("{R}", "main")
        assert_refused(get(server, target, token=alice.token), 404, code="RepoNotFound")
        assert_refused(get(server, target), 401, code="RepoNotFound")


@pytest.mark.parametrize("route", READS)
@pytest.mark.parametrize(
    "revision",
    ["none", "0" * 40, "deadbeef", "refs%2Fheads%2Fnone", "refs%2Fpr%2F7", "%00", "a..b", "main%2Fx", "@%7B1%7D"],
)
def test_unknown_revisions(server, alice, repo, route, revision):
    target = route.replace("/api/{T}", f"/api/models/{repo}").replace("{T}", repo).replace("{R}", revision)
    reply = get(server, target, token=alice.token)
    assert_refused(reply, *((400, 404) if revision == "%00" else (404,)))
    if reply.status == 404:
        assert reply.code == "RevisionNotFound"


@pytest.mark.parametrize(
    "target",
    [
        "/{id}/resolve/main/none",
        "/{id}/raw/main/none/deep",
        "/api/models/{id}/tree/main/none",
        "/{id}/resolve/main/.gitattributes/x",
    ],
)
def test_unknown_paths(server, alice, repo, target):
    reply = get(server, target.format(id=repo), token=alice.token)
    assert_refused(reply, 404, code="EntryNotFound")
    assert reply.header("x-repo-commit") == tip(server, alice)


def test_unknown_routes_and_methods(server, alice, repo):
    assert_refused(get(server, "/api/nothing/here", token=alice.token), 404)
    assert request(server, "PATCH", f"/api/models/{repo}/refs", token=alice.token).status in (404, 405)
    assert request(server, "BREW", "/", token=alice.token).status in (400, 404, 405, 501)


@pytest.mark.parametrize(
    "target",
    [
        "/alice/model/resolve/main/../../../../etc/passwd",
        "/alice/model/resolve/main/%2e%2e/%2e%2e/etc/passwd",
        "/alice/model/resolve/main/..%2f..%2f..%2fetc%2fpasswd",
        "/alice/model/resolve/main/..%5c..%5cetc%5cpasswd",
        "/alice/model/resolve/main//etc/passwd",
        "/alice/model/raw/main/.git/config",
        "/alice/model/resolve/main/%2e%2e%252f%2e%2e%252fetc/passwd",
        "/api/models/alice/model/tree/main/..%2F..",
        "/alice/../../etc/passwd",
        "/static/../../../../etc/passwd",
        "/..%2f..%2f..%2fetc/passwd",
    ],
)
def test_paths_do_not_leave_the_repo(server, alice, target):
    for token in (None, alice.token):
        reply = get(server, target, token=token)
        assert 400 <= reply.status < 500, reply.status
        assert b"root:" not in reply.body


BAD_PATHS = [
    "../x",
    "a/../x",
    "a/../../x",
    "/x",
    "a//b",
    "./x",
    "a/./b",
    ".git/config",
    "a/.git/config",
    ".GIT/x",
    "..\\ddd",
    "a\\..\\b",
    "x/",
    "",
    "a\0b",
    "a" * 1001,
    "a/" * 600 + "b",
    "\n",
    ".git",
    "git~1/x",
]


@pytest.mark.parametrize("path", BAD_PATHS, ids=lambda path: repr(path[:20]))
def test_commits_of_wrong_paths(server, alice, repo, path):
    for line in (
        ("file", {"path": path, "content": "x"}),
        ("lfsFile", {"path": path, "algo": "sha256", "oid": OID, "size": 1}),
        ("deletedFile", {"path": path}),
        ("deletedFolder", {"path": path}),
    ):
        if line[0].startswith("deleted") and path in ("x/", "a//b", ""):
            continue  # a trailing slash is allowed there
        assert_refused(commit(server, alice, repo, line), 400, 404, 422)
    assert_refused(commit(server, alice, repo, ("file", {"path": path, "content": "x"})), 422)


@pytest.mark.parametrize(
    "lines",
    [
        b"",
        b"\n",
        b"not json\n",
        b'{"key":"header"}\n',
        b'{"key":"header","value":7}\n',
        b'{"key":"file","value":{"path":"x","content":"x"}}\n',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"unknown","value":{}}\n',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"x","content":"%%%","encoding":"base64"}}\n',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"x","content":"x","encoding":"rot13"}}\n',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"lfsFile","value":{"path":"x","algo":"md5","oid":"00","size":1}}\n',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"lfsFile","value":{"path":"x","algo":"sha256","oid":"../../../etc/passwd","size":1}}\n',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"x"}}\n',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"a","content":"x"}}\n{"key":"file","val',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"a","content":"x"}}\n{"key":"file","value":{"path":"a/b","content":"x"}}\n',
        b'{"key":"header","value":{"summary":"\\ud800"}}\n{"key":"file","value":{"path":"a","content":"\\ud800"}}\n',
        b"[" * 100_000 + b"\n",
        b'{"key":"header","value":' + b'{"a":' * 50_000 + b"\n",
        b"\xff\xfe\x00garbage\n",
    ],
    ids=range(18),
)
def test_broken_commit_bodies(server, alice, repo, lines):
    reply = request(server, "POST", f"/api/models/{repo}/commit/main", token=alice.token, headers=NDJSON, body=lines)
    assert_refused(reply, 400, 422)


def test_a_commit_of_an_object_that_was_not_uploaded(server, alice, repo):
    reply = commit(server, alice, repo, ("lfsFile", {"path": "w.bin", "algo": "sha256", "oid": OID, "size": len(DATA)}))
    assert_refused(reply, 400)
    assert OID.encode() in reply.body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"files":7}',
        b'{"files":[{"path":7}]}',
        b'{"files":[{"path":"x"}]}',
        b'{"files":[{"path":"../x","size":1,"sample":""}]}',
        b'{"files":[{"path":"x","size":-1,"sample":"???"}]}',
    ],
    ids=range(9),
)
def test_broken_preuploads(server, alice, repo, body):
    reply = request(
        server,
        "POST",
        f"/api/models/{repo}/preupload/main",
        token=alice.token,
        headers={"Content-Type": "application/json"},
        body=body,
    )
    assert_refused(reply, 400, 422)


@pytest.mark.parametrize(
    "name", ["", "a b", "../x", "a/b/c", "a--b", "a..b", "x.git", ".x", "x" * 97, "é", "a\0b", "api/x"]
)
def test_wrong_repo_names(server, alice, name):
    assert_refused(request(server, "POST", "/api/repos/create", token=alice.token, json_body={"name": name}), 400, 403)


def test_too_many_things_asked_at_once(server, alice, repo):
    many = {"paths": [f"p{i}" for i in range(2_001)], "expand": False}
    assert_refused(
        request(server, "POST", f"/api/models/{repo}/paths-info/main", token=alice.token, json_body=many), 413
    )
    files = {"files": [{"path": f"p{i}", "size": 1, "sample": ""} for i in range(1_001)]}
    assert_refused(
        request(server, "POST", f"/api/models/{repo}/preupload/main", token=alice.token, json_body=files), 413
    )


@pytest.mark.parametrize(
    "card",
    [
        BOMB,
        "---\na: " + "[" * 20_000 + "\n---\n",
        "---\nkey: &x {<<: *x}\n---\n",
        "---\n" + "a: b\n" * 2 + "---\n",
        "---\nlicense: [unclosed\n---\n",
        "---\nlicense: nonsense\n---\n",
    ],
    ids=["bomb", "deep", "self", "duplicate", "unclosed", "unknown-license"],
)
def test_hostile_and_wrong_cards(server, alice, repo, card):
    server.reset_peak_memory()
    checked = request(server, "POST", "/api/validate-yaml", json_body={"content": card, "repoType": "model"})
    assert checked.status == 400 and checked.json()["errors"][0]["message"]
    plain = request(
        server,
        "POST",
        "/api/validate-yaml",
        json_body={"content": card, "repoType": "model"},
        headers={"Accept": "text/plain"},
    )
    assert plain.status == 400 and plain.header("content-type").startswith("text/plain") and b"- Error: " in plain.body
    reply = commit(server, alice, repo, ("file", {"path": "README.md", "content": card}))
    assert_refused(reply, 400)
    assert server.peak_memory() < 256 << 20


def upload_address(server, alice, repo):
    (item,) = lfs_batch(server, alice, repo, [(OID, len(DATA))]).json()["objects"]
    return target_of(item["actions"]["upload"]["href"])


def is_stored(server, alice, repo):
    (item,) = lfs_batch(server, alice, repo, [(OID, len(DATA))]).json()["objects"]
    return "actions" not in item


def test_wrong_bytes_on_put(server, alice, repo):
    target = upload_address(server, alice, repo)
    damaged = DATA[:-1] + bytes([DATA[-1] ^ 1])
    for body in (damaged, DATA[:-1], DATA + b"x", b""):
        assert_refused(request(server, "PUT", target, body=body), 400, 422)
        assert not is_stored(server, alice, repo)
    assert request(server, "PUT", target, body=DATA).status == 200
    assert is_stored(server, alice, repo)


def test_half_sent_put(server, alice, repo):
    target = upload_address(server, alice, repo)
    for headers, body in (
        ({"Content-Length": len(DATA)}, DATA[: len(DATA) // 2]),
        ({"Transfer-Encoding": "chunked"}, b"1000\r\n" + DATA[:4096] + b"\r\n800\r\nhalf"),
    ):
        with connect(server) as peer:
            peer.send_head("PUT", target, headers)
            peer.send(body)
    assert not is_stored(server, alice, repo)
    assert request(server, "PUT", target, body=DATA).status == 200


def test_half_sent_commit(server, alice, repo):
    whole = ndjson(
        ("header", {"summary": "x"}),
        ("file", {"path": "a.txt", "content": "a"}),
        ("file", {"path": "b.txt", "content": "b"}),
    )
    for cut in (1, len(whole) // 2, len(whole) - 1):
        with connect(server) as peer:
            peer.send_head(
                "POST",
                f"/api/models/{repo}/commit/main",
                {**NDJSON, "Authorization": f"Bearer {alice.token}", "Content-Length": len(whole)},
            )
            peer.send(whole[:cut])
        with connect(server) as peer:
            peer.send_head(
                "POST",
                f"/api/models/{repo}/commit/main",
                {**NDJSON, "Authorization": f"Bearer {alice.token}", "Transfer-Encoding": "chunked"},
            )
            peer.send_chunk(whole[:cut])


@pytest.mark.parametrize("text", ["a" * 63, "A" * 64, "g" * 64, "../../" + "a" * 58, "", 7])
def test_wrong_object_ids_in_a_batch(server, alice, repo, text):
    reply = lfs_batch(server, alice, repo, [(text, 5)])
    if reply.status == 200:
        (item,) = reply.json()["objects"]
        assert item["error"]["code"] in (400, 422) and "actions" not in item
    else:
        assert_refused(reply, 400, 422)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"operation":"steal","objects":[]}',
        b'{"operation":"upload"}',
        b'{"operation":"upload","objects":[{"oid":"x"}]}',
        b'{"operation":"upload","objects":[{"oid":"%s","size":-1}]}' % OID.encode(),
    ],
    ids=range(7),
)
def test_broken_batches(server, alice, repo, body):
    reply = request(
        server,
        "POST",
        f"/{repo}.git/info/lfs/objects/batch",
        token=alice.token,
        headers={"Content-Type": "application/vnd.git-lfs+json"},
        body=body,
    )
    if reply.status == 200:
        assert all("error" in item for item in json.loads(reply.body)["objects"])
    else:
        assert_refused(reply, 400, 422)


@pytest.mark.parametrize(
    "value",
    [
        "bytes=9-5",
        "bytes=-0",
        "bytes=abc",
        "bytes=0-0,5-9",
        "items=0-5",
        "bytes=" + "9" * 40 + "-",
        "bytes=0-" + "9" * 40,
        "bytes==1-2",
        "bytes=1-2-3",
    ],
)
def test_odd_ranges(server, alice, repo, value):
    whole = get(server, f"/{repo}/resolve/main/.gitattributes").body
    reply = get(server, f"/{repo}/resolve/main/.gitattributes", headers={"Range": value})
    assert reply.status in (200, 206, 416)
    assert (
        reply.status == 416 or reply.body == whole or reply.body in whole or "multipart" in reply.header("content-type")
    )


def test_wrong_credentials(server, alice, repo):
    for value in (
        "Bearer",
        "Bearer ",
        "Bearer hf_short",
        "Bearer " + "x" * 5000,
        "Basic !!!",
        "Digest x",
        f"Bearer {alice.token}x",
    ):
        reply = get(server, f"/api/models/{repo}", headers={"Authorization": value})
        assert reply.status == 401, value
        assert reply.header("x-error-message") == "Invalid credentials in Authorization header"
        assert reply.code is None
