# SPDX-License-Identifier: Apache-2.0
# Pushes of broken or hostile packs: refused with a report, no ref moves, no object stays, the server goes on.
import pytest

from support.files import git_sha1
from support.pack import ZERO, Object, blob, commit, entry, pack, packet, push_request, report_of, tree
from support.wire import get, request

REF = "refs/heads/pushed"
README = blob(b"hello\n")
GOOD_TREE = tree(("100644", b"a.txt", README.oid))
GOOD = commit(GOOD_TREE.oid)


@pytest.fixture
def repo(server, alice):
    request(server, "POST", "/api/repos/create", token=alice.token, json_body={"name": "model"})
    return "alice/model"


def push(server, alice, repo, new, pack_bytes, *, ref=REF, old=ZERO):
    return request(
        server,
        "POST",
        f"/{repo}.git/git-receive-pack",
        basic=("alice", alice.token),
        headers={"Content-Type": "application/x-git-receive-pack-request"},
        body=push_request(ref, old, new, pack_bytes),
    )


def refs(server, alice, repo):
    return get(server, f"/api/models/{repo}/refs", token=alice.token).json()["branches"]


def assert_refused(server, alice, repo, reply, before):
    if reply.status == 200:
        said = report_of(reply.body)
        assert b"ok " + REF.encode() not in said, said
        assert b"ng " + REF.encode() in said or b"unpack ok" not in said, said
    else:
        assert 400 <= reply.status < 500, reply.status
    assert refs(server, alice, repo) == before
    assert server.is_alive()
    checked = server.fsck()
    assert checked.returncode == 0, checked.stdout + checked.stderr


def flip(data):
    return data[:-6] + bytes([data[-6] ^ 0xFF]) + data[-5:]


def nested(depth):
    """A tree `depth` folders deep, innermost first."""
    made = [README, GOOD_TREE]
    for _ in range(depth):
        made.append(tree(("40000", b"d", made[-1].oid)))
    return made


def with_tree(*entries, more=()):
    folder = tree(*entries)
    head = commit(folder.oid)
    return head.oid, pack([entry(thing) for thing in (README, *more, folder, head)])


def with_commit(head):
    """A pack of one file under the given commit."""
    return head.oid, pack([entry(thing) for thing in (README, GOOD_TREE, head)])


BAD_NAMES = [b"..", b".", b".git", b".GIT", b"a/b", b"", b"git~1", b".git\xe2\x80\x8c", b"a\\..\\b"]
BIG = blob(b"word and word\n" * 850_000)
CASES = {
    "flipped deflate": (GOOD.oid, pack([entry(README, damage=flip), entry(GOOD_TREE), entry(GOOD)])),
    "wrong trailer": (GOOD.oid, pack([entry(README), entry(GOOD_TREE), entry(GOOD)], trailer=bytes(20))),
    "cut in the middle": (GOOD.oid, pack([entry(README), entry(GOOD_TREE), entry(GOOD)])[:-60]),
    "no pack": (GOOD.oid, b""),
    "not a pack": (GOOD.oid, b"PACKAGE" * 100),
    "version 9": (GOOD.oid, b"PACK\0\0\0\x09\0\0\0\0" + bytes(20)),
    "more objects promised": (GOOD.oid, pack([entry(README), entry(GOOD_TREE), entry(GOOD)], count=4)),
    "four thousand million objects": (GOOD.oid, pack([entry(README)], count=0xFFFFFFFF)),
    "too small a size": (GOOD.oid, pack([entry(README, claimed_size=2), entry(GOOD_TREE), entry(GOOD)])),
    "a terabyte claimed": (GOOD.oid, pack([entry(README, claimed_size=1 << 40), entry(GOOD_TREE), entry(GOOD)])),
    "other commit than named": ("ab" * 20, pack([entry(README), entry(GOOD_TREE), entry(GOOD)])),
    "missing blob": (GOOD.oid, pack([entry(GOOD_TREE), entry(GOOD)])),
    "missing tree": (GOOD.oid, pack([entry(README), entry(GOOD)])),
    "missing parent": with_commit(commit(GOOD_TREE.oid, "cd" * 20)),
    "ref to a blob": (README.oid, pack([entry(README)])),
    "tree that is a blob": with_commit(commit(README.oid)),
    "unsorted tree": with_tree(("100644", b"b", README.oid), ("100644", b"a", README.oid)),
    "duplicate name": with_tree(("100644", b"a", README.oid), ("100644", b"a", README.oid)),
    "unknown mode": with_tree(("100999", b"a", README.oid)),
    "empty commit": with_commit(Object("commit", b"")),
    "commit without author": with_commit(Object("commit", f"tree {GOOD_TREE.oid}\n\nx".encode())),
    "NUL in a commit": with_commit(commit(GOOD_TREE.oid, message="a\0b")),
    "delta without base": (GOOD.oid, pack([b"\x7e" + bytes(20) + entry(README)[1:], entry(GOOD_TREE), entry(GOOD)])),
    "offset delta before the pack": (GOOD.oid, pack([b"\x6e\x7f" + entry(README)[1:], entry(GOOD_TREE), entry(GOOD)])),
    "plain file over the limit": with_tree(("100644", b"big.txt", BIG.oid), more=(BIG,)),
    "10,001 files in a folder": with_tree(*(("100644", f"f{i:05}".encode(), README.oid) for i in range(10_001))),
    **{f"entry {name!r}": with_tree(("100644", name, README.oid)) for name in BAD_NAMES},
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_a_bad_push_is_refused(server, alice, repo, case):
    before = refs(server, alice, repo)
    new, data = CASES[case]
    reply = push(server, alice, repo, new, data)
    assert_refused(server, alice, repo, reply, before)
    assert server.peak_memory() < 512 << 20


def test_the_good_push_is_taken(server, alice, repo):
    reply = push(server, alice, repo, GOOD.oid, pack([entry(README), entry(GOOD_TREE), entry(GOOD)]))
    assert b"ok " + REF.encode() in report_of(reply.body)
    assert get(server, f"/{repo}/resolve/pushed/a.txt").body == README.data
    assert git_sha1(README.data) == README.oid


def test_very_deep_trees_end_well(server, alice, repo):
    before = refs(server, alice, repo)
    things = nested(5_000)
    head = commit(things[-1].oid)
    reply = push(server, alice, repo, head.oid, pack([entry(thing) for thing in (*things, head)]))
    assert_refused(server, alice, repo, reply, before)


@pytest.mark.parametrize(
    "ref",
    [
        "refs/heads/../x",
        "refs/heads/a..b",
        "refs/heads/",
        "main",
        "HEAD",
        "refs/heads/x.lock",
        "refs/heads/a\\b",
        "/etc/passwd",
        "refs/other/x",
        "refs/heads/" + "x" * 5000,
    ],
)
def test_wrong_ref_names(server, alice, repo, ref):
    before = refs(server, alice, repo)
    reply = push(server, alice, repo, GOOD.oid, pack([entry(README), entry(GOOD_TREE), entry(GOOD)]), ref=ref)
    assert reply.status >= 400 or b"\nok " not in b"\n" + report_of(reply.body)
    assert refs(server, alice, repo) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"0000",
        b"zzzz",
        b"0003",
        b"fff0short",
        b"0009abcd",
        packet(b"nonsense") + b"0000",
        packet(f"{ZERO} {GOOD.oid}".encode()) + b"0000",
        packet(f"{ZERO} {GOOD.oid} {REF}".encode()) * 5_000 + b"0000",
    ],
    ids=range(9),
)
@pytest.mark.parametrize("service", ["receive", "upload"])
def test_broken_packet_lines(server, alice, repo, body, service):
    reply = request(
        server,
        "POST",
        f"/{repo}.git/git-{service}-pack",
        basic=("alice", alice.token),
        headers={"Content-Type": f"application/x-git-{service}-pack-request"},
        body=body,
    )
    assert reply.status < 500
    assert b"ok refs/" not in report_of(reply.body) if reply.status == 200 and service == "receive" else True
    assert server.is_alive() and len(refs(server, alice, repo)) == 1


def test_a_stale_expectation_is_refused(server, alice, repo):
    tip = refs(server, alice, repo)[0]["targetCommit"]
    data = pack([entry(README), entry(GOOD_TREE), entry(GOOD)])
    for old in (ZERO, "ab" * 20):
        reply = push(server, alice, repo, GOOD.oid, data, ref="refs/heads/main", old=old)
        assert reply.status >= 400 or b"ng refs/heads/main" in report_of(reply.body)
    assert refs(server, alice, repo)[0]["targetCommit"] == tip
