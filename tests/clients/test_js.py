# SPDX-License-Identifier: Apache-2.0
# @huggingface/hub: create, upload, commit, list, info, download with ranges, branches, delete.
import base64
import json
import struct

import pytest

from support.files import git_sha1, noise, read_tree, sha256, write_tree
from support.js import JsError, JsHub, decoded, file, node_major

BIG = noise(2_500_000, seed=31)
REPO = {"type": "model", "name": "alice/js"}


@pytest.fixture
def js(server, alice):
    return JsHub(server, alice)


@pytest.fixture
def repo(js):
    js.createRepo(repo=REPO)
    return REPO


def paths(js, repo, **more):
    return [entry["path"] for entry in js.listFiles(repo=repo, **more) if entry["type"] == "file"]


def test_who_am_i(js):
    me = js.whoAmI()
    assert (me["name"], me["type"], me["auth"]["accessToken"]["role"]) == ("alice", "user", "write")


@pytest.mark.parametrize("kind, prefix", [("model", ""), ("dataset", "datasets/")])
def test_create_and_delete(js, server, kind, prefix):
    repo = {"type": kind, "name": "alice/made"}
    made = js.createRepo(repo=repo, license="mit", files=[file("a.txt", b"first file")], private=True)
    assert made["repoUrl"] == f"{server.url}/{prefix}alice/made" and len(made["id"]) == 24
    assert set(paths(js, repo)) == {".gitattributes", "README.md", "a.txt"}
    assert b"license: mit" in decoded(js.downloadFile(repo=repo, path="README.md"))
    with pytest.raises(JsError) as again:
        js.createRepo(repo=repo)
    assert again.value.status == 409
    js.deleteRepo(repo=repo)
    assert js.repoExists(repo=repo) is False
    with pytest.raises(JsError) as gone:
        js.deleteRepo(repo=repo)
    assert gone.value.status == 404 and gone.value.request_id


def test_given_files_replace_generated_ones(js):
    js.createRepo(repo=REPO, files=[file(".gitattributes", b"*.html filter=lfs diff=lfs merge=lfs -text\n")])
    assert decoded(js.downloadFile(repo=REPO, path=".gitattributes")).startswith(b"*.html filter=lfs")


def test_upload_small_large_empty_and_awkward_names(js, repo):
    files = {"a.txt": b"text\n", "dir/w.bin": BIG, "empty.txt": b"", "dir with blanks/é.txt": b"accents"}
    done = js.uploadFiles(repo=repo, files=[file(path, data) for path, data in files.items()], commitTitle="Upload")
    assert len(done["commit"]["oid"]) == 40 and done["commit"]["url"].endswith(
        f"/alice/js/commit/{done['commit']['oid']}"
    )
    for path, data in files.items():
        assert decoded(js.downloadFile(repo=repo, path=path)) == data
    assert js.listCommits(repo=repo)[0]["title"] == "Upload"


def test_upload_a_folder_of_120_files(js, repo, tmp_path):
    source = write_tree(tmp_path / "source", {f"d{i % 3}/f{i}.txt": f"{i}" for i in range(120)} | {"w.bin": BIG})
    js.uploadFolder(repo=repo, folder=str(source))
    assert len(paths(js, repo, recursive=True)) == 122


def test_one_commit_with_everything(js, repo):
    js.uploadFiles(repo=repo, files=[file("old.txt", b"old"), file("dir/a.txt", b"a"), file("dir/b.txt", b"b")])
    done = js.commit(
        repo=repo,
        title="Rearrange",
        description="with a reason",
        operations=[
            {"operation": "addOrUpdate", **file("new.bin", BIG)},
            {"operation": "addOrUpdate", **file("dir/a.txt", b"changed")},
            {"operation": "delete", "path": "old.txt"},
        ],
    )
    assert set(paths(js, repo, recursive=True)) == {".gitattributes", "dir/a.txt", "dir/b.txt", "new.bin"}
    (latest, *_) = js.listCommits(repo=repo)
    assert (latest["oid"], latest["title"], latest["message"].strip()) == (
        done["commit"]["oid"],
        "Rearrange",
        "with a reason",
    )
    assert latest["authors"][0]["username"] == "alice"
    js.deleteFiles(repo=repo, paths=["dir/a.txt", "new.bin"])
    js.deleteFile(repo=repo, path="dir/b.txt")
    assert paths(js, repo, recursive=True) == [".gitattributes"]


def test_a_stale_parent_is_refused(js, repo):
    first = js.listCommits(repo=repo)[0]["oid"]
    js.uploadFile(repo=repo, file=file("a.txt", b"1"))
    with pytest.raises(JsError) as stale:
        js.uploadFile(repo=repo, file=file("a.txt", b"2"), parentCommit=first)
    assert stale.value.status == 412
    assert "The branch was updated since you opened this page" in str(stale.value)


def test_attributes_of_the_same_commit_count(js, repo):
    rules = b"*.png filter=lfs diff=lfs merge=lfs -text\n"
    js.uploadFiles(repo=repo, files=[file(".gitattributes", rules), file("a.png", b"not really a picture")])
    (entry,) = js.pathsInfo(repo=repo, paths=["a.png"])
    assert entry["lfs"]["oid"] == sha256(b"not really a picture")


def test_lists_and_infos(js, repo):
    js.uploadFiles(repo=repo, files=[file("dir/w.bin", BIG), file("a.txt", b"text\n")])
    top = {entry["path"]: entry for entry in js.listFiles(repo=repo)}
    assert set(top) == {".gitattributes", "a.txt", "dir"} and top["dir"]["type"] == "directory"
    (inside,) = js.listFiles(repo=repo, path="dir", expand=True)
    assert (inside["size"], inside["lfs"]["oid"]) == (len(BIG), sha256(BIG)) and inside["lastCommit"]["id"]
    by_path = {entry["path"]: entry for entry in js.pathsInfo(repo=repo, paths=["a.txt", "dir", "none"], expand=True)}
    assert set(by_path) == {"a.txt", "dir"} and by_path["a.txt"]["oid"] == git_sha1(b"text\n")
    assert js.countCommits(repo=repo) == 2
    assert js.modelInfo(name="alice/js", additionalFields=["sha"])["sha"] == js.listCommits(repo=repo)[0]["oid"]
    assert [model["name"] for model in js.listModels(search={"owner": "alice"})] == ["alice/js"]
    assert js.listDatasets(search={"owner": "alice"}) == []
    with pytest.raises(JsError) as missing:
        js.listFiles(repo=repo, path="none")
    assert missing.value.status == 404


@pytest.mark.parametrize(
    "path, data, etag",
    [("w.bin", BIG, sha256(BIG)), ("a.txt", b"text\n", git_sha1(b"text\n")), ("empty.txt", b"", git_sha1(b""))],
)
def test_download_info_and_ranges(js, repo, path, data, etag):
    js.uploadFile(repo=repo, file=file(path, data))
    info = js.fileDownloadInfo(repo=repo, path=path)
    assert (info["size"], info["etag"]) == (len(data), f'"{etag}"')
    if data:
        assert decoded(js.downloadSlice(repo=repo, path=path, start=1, end=4)) == data[1:4]
    assert js.fileExists(repo=repo, path=path) is True
    assert js.fileExists(repo=repo, path="none") is False
    assert js.fileDownloadInfo(repo=repo, path="none") is None
    assert js.downloadFile(repo=repo, path="none") is None


def test_raw_gives_the_pointer(js, repo):
    js.uploadFile(repo=repo, file=file("w.bin", BIG))
    pointer = decoded(js.downloadFile(repo=repo, path="w.bin", raw=True)).decode()
    assert pointer == f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256(BIG)}\nsize {len(BIG)}\n"


def test_branches_with_slashes_and_empty_ones(js, repo):
    js.createBranch(repo=repo, branch="feature/one")
    js.uploadFile(repo=repo, file=file("deep/f.txt", b"x"), branch="feature/one")
    assert "deep/f.txt" in paths(js, repo, revision="feature/one", recursive=True)
    assert paths(js, repo, revision="feature/one", path="deep") == ["deep/f.txt"]
    assert js.listCommits(repo=repo, revision="feature/one")[0]["oid"] != js.listCommits(repo=repo)[0]["oid"]
    js.createBranch(repo=repo, branch="bare", empty=True)
    assert paths(js, repo, revision="bare") == []
    assert js.downloadFile(repo=repo, path=".gitattributes", revision="bare") is None
    with pytest.raises(JsError) as again:
        js.createBranch(repo=repo, branch="bare", empty=True)
    assert again.value.status == 409
    js.createBranch(repo=repo, branch="bare", overwrite=True)
    assert paths(js, repo, revision="bare") == []
    js.createBranch(repo=repo, branch="bare", revision="main", overwrite=True)
    assert paths(js, repo, revision="bare") == [".gitattributes"]
    js.deleteBranch(repo=repo, branch="bare")
    with pytest.raises(JsError):
        js.deleteBranch(repo=repo, branch="bare")


def test_snapshots_and_the_cache(js, repo, tmp_path):
    files = {"a.txt": b"text", "dir/w.bin": BIG}
    js.uploadFiles(repo=repo, files=[file(path, data) for path, data in files.items()])
    folder = js.snapshotDownload(repo=repo, cacheDir=str(tmp_path / "cache"))
    assert read_tree(folder) == files
    one = js.downloadFileToCacheDir(repo=repo, path="dir/w.bin", cacheDir=str(tmp_path / "cache"))
    with open(one, "rb") as opened:
        assert opened.read() == BIG


def test_safetensors_headers(js, repo):
    header = json.dumps({"t": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}).encode()
    js.uploadFile(repo=repo, file=file("model.safetensors", struct.pack("<Q", len(header)) + header + bytes(24)))
    parsed = js.parseSafetensorsMetadata(repo=repo, computeParametersCount=True)
    assert parsed["parameterCount"] == {"F32": 6}


def test_strangers(server, js, mallory):
    js.createRepo(repo=REPO, private=True)
    for user, status in ((None, 401), (mallory, 404)):
        other = JsHub(server, user)
        assert other.repoExists(repo=REPO) is False
        for call in (other.checkRepoAccess, other.listFiles, other.listCommits):
            with pytest.raises(JsError) as refused:
                call(repo=REPO)
            assert refused.value.status == status
    with pytest.raises(JsError) as illegal:
        js.checkRepoAccess(repo={"type": "model", "name": "i--d/dont"})
    assert illegal.value.status == 404


def test_edit_in_place(js, repo):
    """The hub says what to cut anew; the rest of the file is named by its terms, not sent."""
    if node_major() < 20:
        pytest.skip("Node.js 18 aborts inside its Blob when this client joins parts of a remote file")
    whole = noise(20_000_000, seed=33)
    js.uploadFiles(repo=repo, files=[file("w.bin", whole)], useXet=True)
    edits = [(5_000_000, 5_000_001, b"x"), (9_000_000, 9_000_000, noise(137, seed=34)), (len(whole), len(whole), b"the end")]
    asked = js.editFile(repo=repo, path="w.bin", edits=[
        {"start": start, "end": end, "base64": base64.b64encode(content).decode()} for start, end, content in edits])
    assert any(line.startswith("GET /cas/v2/file-chunk-hashes/") for line in asked), asked
    for start, end, content in reversed(edits):
        whole = whole[:start] + content + whole[end:]
    assert decoded(js.downloadFile(repo=repo, path="w.bin")) == whole
