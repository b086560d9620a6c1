# SPDX-License-Identifier: Apache-2.0
# HfApi, reading: info, lists, trees, commits, downloads with resume, snapshots, HfFileSystem, safetensors headers.
import json
import struct

import pytest

from support.files import git_sha1, noise, read_tree, sha256, write_tree
from support.hub import api
from support.hub import huggingface_hub as hub
from support.proxy import cutting_proxy
from support.python import PythonClient
from support.wire import get

BIG = noise(5_000_000, seed=11)
FILES = {
    "README.md": "---\nlicense: mit\nlanguage: en\n---\n# Title\n",
    "config.json": '{"model_type": "bert", "architectures": ["BertModel"]}',
    "a/one.txt": "one\n",
    "a/b/two.txt": "two\n",
    "w.bin": BIG,
}


@pytest.fixture
def filled(server, alice, tmp_path):
    seen = api(server, alice)
    seen.create_repo("alice/model")
    seen.upload_folder(repo_id="alice/model", folder_path=write_tree(tmp_path / "source", FILES), commit_message="Fill")
    return seen


def test_info_of_a_model(filled, alice):
    info = filled.model_info("alice/model", files_metadata=True)
    assert (info.id, info.author, info.private, info.gated, info.disabled) == (
        "alice/model",
        "alice",
        False,
        False,
        False,
    )
    assert info.sha == filled.list_repo_commits("alice/model")[0].commit_id
    assert [sibling.rfilename for sibling in info.siblings] == sorted([*FILES, ".gitattributes"])
    by_name = {sibling.rfilename: sibling for sibling in info.siblings}
    assert (by_name["w.bin"].lfs.sha256, by_name["w.bin"].size) == (sha256(BIG), len(BIG))
    assert by_name["a/one.txt"].blob_id == git_sha1(b"one\n")
    assert info.card_data.license == "mit" and "license:mit" in info.tags
    assert info.created_at <= info.last_modified


def test_info_expands_what_is_asked(filled, server, alice):
    info = filled.model_info("alice/model", expand=["sha", "siblings"])
    assert info.sha and info.siblings and info.tags is None
    with pytest.raises(hub.errors.BadRequestError, match='"expand" must be one of \\['):
        filled.model_info("alice/model", expand=["nonsense"])


def test_info_at_a_revision(filled):
    first = filled.list_repo_commits("alice/model")[-1].commit_id
    at_first = filled.model_info("alice/model", revision=first)
    assert (at_first.sha, [s.rfilename for s in at_first.siblings]) == (first, [".gitattributes"])
    assert filled.model_info("alice/model", revision=first[:10]).sha == first
    assert filled.model_info("alice/model", revision="HEAD").sha == filled.model_info("alice/model").sha


def test_lists_are_filtered_and_paginated(filled, server, alice):
    for i in range(5):
        filled.create_repo(f"alice/other-{i}")
    assert len(list(filled.list_models(author="alice"))) == 6
    assert [model.id for model in filled.list_models(search="mod")] == ["alice/model"]
    assert {model.id for model in filled.list_models(author="alice", limit=2)} < {
        "alice/model",
        *(f"alice/other-{i}" for i in range(5)),
    }
    assert list(filled.list_models(author="nobody")) == []
    assert list(filled.list_datasets(author="alice")) == []
    page = get(server, "/api/models?author=alice&limit=4", token=alice.token)
    assert len(page.json()) == 4 and page.header("link").startswith(f"<{server.url}/api/models?")
    assert page.header("link").endswith('>; rel="next"')


def test_trees(filled):
    flat = {entry.path: entry for entry in filled.list_repo_tree("alice/model")}
    assert set(flat) == {".gitattributes", "README.md", "a", "config.json", "w.bin"}
    assert isinstance(flat["a"], hub.hf_api.RepoFolder)
    deep = [entry.path for entry in filled.list_repo_tree("alice/model", recursive=True)]
    assert sorted(deep) == sorted([".gitattributes", "a", "a/b", *FILES])
    assert [entry.path for entry in filled.list_repo_tree("alice/model", "a/b")] == ["a/b/two.txt"]
    for path in ("missing", "config.json"):
        with pytest.raises(hub.errors.EntryNotFoundError):
            list(filled.list_repo_tree("alice/model", path))


def test_trees_tell_the_last_commit_of_each_path(filled):
    changed = filled.upload_file(
        path_or_fileobj=b"2", path_in_repo="a/b/two.txt", repo_id="alice/model", commit_message="Two"
    )
    entries = {e.path: e for e in filled.list_repo_tree("alice/model", recursive=True, expand=True)}
    last = {path: entry.last_commit.title for path, entry in entries.items()}
    assert last == {
        ".gitattributes": "initial commit",
        "README.md": "Fill",
        "a": "Two",
        "a/b": "Two",
        "a/b/two.txt": "Two",
        "a/one.txt": "Fill",
        "config.json": "Fill",
        "w.bin": "Fill",
    }
    assert entries["a/b/two.txt"].last_commit.oid == changed.oid


def test_a_tree_of_2500_entries_comes_in_pages(filled, tmp_path):
    source = write_tree(tmp_path / "many", {f"many/f{i:04}.txt": f"{i}" for i in range(2500)})
    filled.upload_folder(repo_id="alice/model", folder_path=source)
    assert len(list(filled.list_repo_tree("alice/model", "many"))) == 2500
    assert len(list(filled.list_repo_tree("alice/model", "many", expand=True))) == 2500


def test_paths_info(filled):
    found = filled.get_paths_info("alice/model", ["w.bin", "a", "missing", "config.json"], expand=True)
    assert [entry.path for entry in found] == ["w.bin", "a", "config.json"]
    assert all(entry.last_commit.title == "Fill" for entry in found)
    assert filled.get_paths_info("alice/model", "missing") == []


def test_the_commit_list_is_paginated_and_whole(filled, server, alice):
    for i in range(60):
        filled.upload_file(
            path_or_fileobj=f"{i}".encode(), path_in_repo="n.txt", repo_id="alice/model", commit_message=f"n {i}"
        )
    commits = filled.list_repo_commits("alice/model", formatted=True)
    assert [c.title for c in commits] == [f"n {i}" for i in reversed(range(60))] + ["Fill", "initial commit"]
    assert commits[0].formatted_title and commits[0].created_at >= commits[-1].created_at
    counted = get(server, "/api/models/alice/model/commits/main?limit=1", token=alice.token)
    assert counted.header("x-total-count") == "62"


def test_a_snapshot_is_the_repo(filled, tmp_path):
    path = filled.snapshot_download("alice/model", cache_dir=tmp_path / "cache")
    assert read_tree(path) == read_tree(tmp_path / "source")
    again = filled.snapshot_download("alice/model", cache_dir=tmp_path / "cache", local_files_only=True)
    assert again == path
    some = filled.snapshot_download("alice/model", local_dir=tmp_path / "some", allow_patterns=["a/*"])
    assert set(read_tree(some)) == {"a/one.txt", "a/b/two.txt"}


def test_a_cached_snapshot_verifies_against_the_hub(filled, tmp_path):
    filled.snapshot_download("alice/model", cache_dir=tmp_path / "cache")
    result = filled.verify_repo_checksums("alice/model", cache_dir=tmp_path / "cache")
    assert not result.mismatches and not result.missing_paths
    assert result.checked_count == len(FILES) + 1


def test_a_broken_download_is_resumed_with_a_range(filled, server, alice, tmp_path):
    # 2.4.0 resumes only inside one call (its temporary file is unique and dropped on failure) and from the last
    # whole block of 10 MB.
    data = noise(24_000_000, seed=12)
    filled.upload_file(path_or_fileobj=data, path_in_repo="long.bin", repo_id="alice/model")
    with cutting_proxy(server, after=15_000_000) as bad_network:
        client = PythonClient(bad_network, alice, tmp_path / "home", xet=False)
        client.download(repo="alice/model", path="long.bin", to=tmp_path / "back.bin")
        assert bad_network.cuts == 1
        assert any(b"range: bytes=10" in request.lower() for request in bad_network.requests)
    assert (tmp_path / "back.bin").read_bytes() == data


def test_a_broken_xet_download_is_repeated(filled, server, alice, tmp_path):
    data = noise(24_000_000, seed=12)
    filled.upload_file(path_or_fileobj=data, path_in_repo="long.bin", repo_id="alice/model")
    with cutting_proxy(server, after=15_000_000) as bad_network:
        client = PythonClient(bad_network, alice, tmp_path / "home")
        client.download(repo="alice/model", path="long.bin", to=tmp_path / "back.bin")
        assert bad_network.cuts == 1
    assert (tmp_path / "back.bin").read_bytes() == data
    assert server.routes_used()["cas.data"]


@pytest.mark.parametrize("path", ["w.bin", "config.json"])
def test_ranges_of_lfs_and_plain_files(filled, server, path):
    data = FILES[path] if isinstance(FILES[path], bytes) else FILES[path].encode()
    size = len(data)
    for asked, first, last in (
        ("0-0", 0, 0),
        ("5-9", 5, 9),
        (f"{size - 3}-", size - 3, size - 1),
        ("-7", size - 7, size - 1),
        (f"3-{size + 99}", 3, size - 1),
    ):
        reply = get(server, f"/alice/model/resolve/main/{path}", headers={"Range": f"bytes={asked}"})
        assert (reply.status, reply.body) == (206, data[first : last + 1])
        assert reply.header("content-range") == f"bytes {first}-{last}/{size}"
    beyond = get(server, f"/alice/model/resolve/main/{path}", headers={"Range": f"bytes={size}-"})
    assert (beyond.status, beyond.header("content-range")) == (416, f"bytes */{size}")


def test_metadata_of_a_file(filled, server):
    head = hub.get_hf_file_metadata(url_of(server, "w.bin"), token=False)
    assert (head.etag, head.size, head.commit_hash) == (sha256(BIG), len(BIG), filled.model_info("alice/model").sha)
    assert hub.get_hf_file_metadata(url_of(server, "a/one.txt"), token=False).etag == git_sha1(b"one\n")


def url_of(server, path):
    return hub.hf_hub_url("alice/model", path, endpoint=server.url)


def test_a_conditional_request_saves_the_body(filled, server):
    first = get(server, "/alice/model/resolve/main/config.json")
    again = get(server, "/alice/model/resolve/main/config.json", headers={"If-None-Match": first.header("etag")})
    assert (again.status, again.body) == (304, b"")


def test_missing_things_have_their_own_errors(filled, tmp_path):
    with pytest.raises(hub.errors.RepositoryNotFoundError):
        filled.repo_info("alice/none")
    with pytest.raises(hub.errors.RevisionNotFoundError):
        filled.repo_info("alice/model", revision="none")
    with pytest.raises(hub.errors.RevisionNotFoundError):
        filled.snapshot_download("alice/model", revision="none", cache_dir=tmp_path)
    with pytest.raises(hub.errors.EntryNotFoundError):
        filled.hf_hub_download("alice/model", "none.txt", cache_dir=tmp_path)
    marker = list(tmp_path.glob("models--alice--model/.no_exist/*/none.txt"))
    assert len(marker) == 1, "the reply of a missing file must name the commit"
    assert filled.file_exists("alice/model", "a/one.txt") and not filled.file_exists("alice/model", "none")
    assert not filled.file_exists("alice/none", "x") and not filled.file_exists("alice/model", "x", revision="none")
    assert filled.revision_exists("alice/model", "main") and not filled.revision_exists("alice/model", "none")
    assert filled.repo_exists("alice/model") and not filled.repo_exists("alice/none")


def test_missing_things_for_a_stranger_without_token(server, filled, tmp_path):
    anyone = api(server)
    with pytest.raises(hub.errors.RepositoryNotFoundError) as missing:
        anyone.repo_info("alice/none")
    assert missing.value.response.status_code == 401
    assert not anyone.repo_exists("alice/none")
    with open(anyone.hf_hub_download("alice/model", "a/one.txt", cache_dir=tmp_path), "rb") as file:
        assert file.read() == b"one\n"


def test_a_wrong_token_is_told_even_on_public_things(server, filled, alice):
    wrong = hub.HfApi(endpoint=server.url, token="hf_" + "z" * 34)
    with pytest.raises(hub.errors.HfHubHTTPError, match="Invalid credentials in Authorization header") as refused:
        wrong.repo_info("alice/model")
    assert refused.value.response.status_code == 401


def test_file_system(filled, server, alice):
    fs = hub.HfFileSystem(endpoint=server.url, token=alice.token, skip_instance_cache=True)
    assert sorted(fs.ls("alice/model", detail=False)) == [
        f"alice/model/{name}" for name in (".gitattributes", "README.md", "a", "config.json", "w.bin")
    ]
    assert fs.glob("alice/model/**/*.txt") == ["alice/model/a/b/two.txt", "alice/model/a/one.txt"]
    assert fs.info("alice/model/w.bin")["size"] == len(BIG)
    assert fs.isdir("alice/model/a") and not fs.exists("alice/model/none")
    with fs.open("alice/model/w.bin", block_size=1 << 20) as file:
        file.seek(2_000_000)
        assert file.read(100_000) == BIG[2_000_000:2_100_000]
        file.seek(-10, 2)
        assert file.read() == BIG[-10:]
    assert fs.read_text("alice/model@main/a/one.txt") == "one\n"
    with fs.open("alice/model/new.txt", "w") as file:
        file.write("written through the file system")
    assert fs.cat("alice/model/new.txt") == b"written through the file system"
    fs.rm("alice/model/new.txt")
    assert not filled.file_exists("alice/model", "new.txt")


def test_safetensors_headers_are_read_with_ranges(filled):
    header = json.dumps({"t": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}).encode()
    data = struct.pack("<Q", len(header)) + header + bytes(16)
    filled.upload_file(path_or_fileobj=data, path_in_repo="model.safetensors", repo_id="alice/model")
    metadata = filled.get_safetensors_metadata("alice/model")
    assert metadata.parameter_count == {"F32": 4}


def test_whoami(filled, alice):
    me = filled.whoami()
    assert (me["name"], me["type"], me["auth"]["accessToken"]["role"]) == ("alice", "user", "write")


def test_auth_check(filled, server, mallory):
    filled.auth_check("alice/model")
    api(server, mallory).auth_check("alice/model")
    with pytest.raises(hub.errors.RepositoryNotFoundError):
        filled.auth_check("alice/none")
