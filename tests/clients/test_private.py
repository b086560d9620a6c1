# SPDX-License-Identifier: Apache-2.0
# A private repo does not exist for strangers: on every route the answer is the one for a missing repo.
import json

import pytest

from support.files import sha256, write_tree
from support.git import remote
from support.hub import api
from support.hub import huggingface_hub as hub
from support.wire import ndjson, request

DATA = b"secret weights " * 1000
OID = sha256(DATA)
JSON = {"Content-Type": "application/json"}
LFS = {"Content-Type": "application/vnd.git-lfs+json", "Accept": "application/vnd.git-lfs+json"}

# method, target with {T} (plural), {P} (web prefix) and {id}, headers, body
ROUTES = [
    ("GET", "/api/{T}/{id}", {}, None),
    ("GET", "/api/{T}/{id}?expand=sha", {}, None),
    ("GET", "/api/{T}/{id}/revision/main", {}, None),
    ("GET", "/api/{T}/{id}/revision/nope", {}, None),
    ("GET", "/api/{T}/{id}/tree/main", {}, None),
    ("GET", "/api/{T}/{id}/tree/main/a?recursive=true&expand=true", {}, None),
    ("POST", "/api/{T}/{id}/paths-info/main", JSON, b'{"paths":["w.bin"]}'),
    ("GET", "/api/{T}/{id}/commits/main", {}, None),
    ("GET", "/api/{T}/{id}/refs?include_prs=1", {}, None),
    ("GET", "/api/{T}/{id}/auth-check", {}, None),
    ("GET", "/api/{T}/{id}/auth-check/write", {}, None),
    ("POST", "/api/{T}/{id}/preupload/main", JSON, b'{"files":[{"path":"x","size":1,"sample":"eA=="}]}'),
    (
        "POST",
        "/api/{T}/{id}/commit/main",
        {"Content-Type": "application/x-ndjson"},
        ndjson(("header", {"summary": "x"}), ("file", {"path": "x", "content": "x"})),
    ),
    ("POST", "/api/{T}/{id}/branch/b", JSON, b"{}"),
    ("DELETE", "/api/{T}/{id}/branch/main", {}, None),
    ("POST", "/api/{T}/{id}/tag/main", JSON, b'{"tag":"t"}'),
    ("DELETE", "/api/{T}/{id}/tag/v1", {}, None),
    ("DELETE", "/api/repos/delete", JSON, "delete"),
    ("GET", "/{P}{id}/resolve/main/w.bin", {}, None),
    ("HEAD", "/{P}{id}/resolve/main/w.bin", {}, None),
    ("GET", "/{P}{id}/resolve/main/nope", {}, None),
    ("GET", "/{P}{id}/raw/main/w.bin", {}, None),
    ("HEAD", "/{P}{id}/raw/main/w.bin", {}, None),
    ("POST", "/{P}{id}.git/info/lfs/objects/batch", LFS, "download"),
    ("POST", "/{P}{id}.git/info/lfs/objects/batch", LFS, "upload"),
    ("GET", "/{P}{id}.git/info/refs?service=git-upload-pack", {}, None),
    ("GET", "/{P}{id}/info/refs?service=git-receive-pack", {}, None),
    ("POST", "/{P}{id}.git/git-upload-pack", {"Content-Type": "application/x-git-upload-pack-request"}, b"0000"),
    ("POST", "/{P}{id}.git/git-receive-pack", {"Content-Type": "application/x-git-receive-pack-request"}, b"0000"),
]
KINDS = [("model", "models", ""), ("dataset", "datasets", "datasets/")]


@pytest.fixture(params=KINDS, ids=[kind for kind, _, _ in KINDS])
def private(request, server, alice, tmp_path):
    kind, plural, prefix = request.param
    mine = api(server, alice)
    mine.create_repo("alice/secret", private=True, repo_type=kind)
    folder = write_tree(tmp_path / "source", {"w.bin": DATA, "a/b.txt": "b"})
    mine.upload_folder(repo_id="alice/secret", repo_type=kind, folder_path=folder)
    mine.create_tag("alice/secret", tag="v1", repo_type=kind)
    return kind, plural, prefix


def body_for(word, repo, kind):
    if isinstance(word, bytes) or word is None:
        return word or b""
    owner, name = repo.split("/")
    return json.dumps(
        {
            "delete": {"name": name, "organization": owner, "type": kind},
            **{
                operation: {
                    "operation": operation,
                    "transfers": ["basic"],
                    "objects": [{"oid": OID, "size": len(DATA)}],
                }
                for operation in ("download", "upload")
            },
        }[word]
    ).encode()


def ask(server, route, repo, kind, plural, prefix, token):
    method, target, headers, body = route
    target = target.format(T=plural, P=prefix, id=repo)
    return request(server, method, target, headers=headers, body=body_for(body, repo, kind), token=token)


def shape(reply, repo):
    """What a stranger can see of a reply, apart from the name that was asked for and the request's own id."""
    body = reply.body.replace(repo.encode(), b"ID").replace(reply.header("x-request-id").encode(), b"REQUEST")
    return reply.status, reply.code, reply.header("x-error-message"), reply.header("www-authenticate"), body


@pytest.mark.parametrize("who", ["anonymous", "stranger"])
def test_every_route_answers_as_for_a_missing_repo(server, private, mallory, who):
    token = mallory.token if who == "stranger" else None
    for route in ROUTES:
        hidden = ask(server, route, "alice/secret", *private, token)
        absent = ask(server, route, "alice/absent", *private, token)
        assert shape(hidden, "alice/secret") == shape(absent, "alice/absent"), route[:2]
        assert hidden.status == (404 if who == "stranger" else 401), route[:2]
        if "/info/" not in route[1] and "/git-" not in route[1]:
            assert hidden.code == "RepoNotFound", route[:2]


def test_the_owner_sees_it(server, private, alice):
    kind, _, _ = private
    mine = api(server, alice)
    assert mine.repo_info("alice/secret", repo_type=kind).private is True
    listed = mine.list_models(author="alice") if kind == "model" else mine.list_datasets(author="alice")
    assert [repo.id for repo in listed] == ["alice/secret"]


def test_lists_leave_it_out_for_strangers(server, private, mallory):
    for user in (None, mallory):
        seen = api(server, user)
        assert list(seen.list_models()) == [] and list(seen.list_datasets()) == []


def test_the_client_reports_repository_not_found(server, private, mallory, tmp_path):
    kind, _, _ = private
    for user in (None, mallory):
        seen = api(server, user)
        for call in (
            lambda: seen.repo_info("alice/secret", repo_type=kind),
            lambda: seen.list_repo_files("alice/secret", repo_type=kind),
            lambda: seen.hf_hub_download("alice/secret", "w.bin", repo_type=kind, cache_dir=tmp_path),
            lambda: seen.snapshot_download("alice/secret", repo_type=kind, cache_dir=tmp_path),
            lambda: seen.auth_check("alice/secret", repo_type=kind),
        ):
            with pytest.raises(hub.errors.RepositoryNotFoundError):
                call()
        assert not seen.repo_exists("alice/secret", repo_type=kind)
        assert not seen.file_exists("alice/secret", "w.bin", repo_type=kind)


def test_git_gets_nothing(server, private, mallory, make_git, tmp_path):
    _, _, prefix = private
    for user in (None, mallory):
        done = make_git("x").run(
            "ls-remote", remote(server, user, "alice/secret", prefix=prefix), check=False, cwd=tmp_path
        )
        assert done.returncode != 0 and not done.stdout


def test_a_known_hash_does_not_give_the_bytes(server, private, mallory):
    """Naming the SHA-256 of a hidden object must not link it into a repo of the one who names it."""
    mine = api(server, mallory)
    mine.create_repo("mallory/mine")
    reply = request(
        server,
        "POST",
        "/api/models/mallory/mine/commit/main",
        token=mallory.token,
        headers={"Content-Type": "application/x-ndjson"},
        body=ndjson(
            ("header", {"summary": "x"}),
            ("lfsFile", {"path": "w.bin", "algo": "sha256", "oid": OID, "size": len(DATA)}),
        ),
    )
    assert reply.status == 400 and OID.encode() in reply.body
    assert not mine.file_exists("mallory/mine", "w.bin")


def test_members_of_an_organisation_see_and_write_by_role(server, alice, mallory):
    server.admin("org", "create", "acme")
    server.admin("org", "add", "acme", "alice", "--role", "write")
    mine = api(server, alice)
    mine.create_repo("acme/model", private=True)
    assert mine.repo_exists("acme/model") and not api(server, mallory).repo_exists("acme/model")
    server.admin("org", "add", "acme", "mallory", "--role", "read")
    member = api(server, mallory)
    assert member.repo_exists("acme/model")
    with pytest.raises(hub.errors.HfHubHTTPError) as refused:
        member.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="acme/model")
    assert refused.value.response.status_code == 403
