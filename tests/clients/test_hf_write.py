# SPDX-License-Identifier: Apache-2.0
# HfApi, writing: repos, commits, folders, copies, deletions, branches and tags, stale parents.
import io

import pytest

from support.files import git_sha1, noise, sha256, write_tree
from support.hub import api
from support.hub import huggingface_hub as hub
from support.server import User

BIG = noise(2_000_000, seed=7)


@pytest.fixture
def mine(server, alice):
    seen = api(server, alice)
    seen.create_repo("alice/model")
    return seen


def titles(seen, repo, **more):
    return [commit.title for commit in seen.list_repo_commits(repo, **more)]


def content(seen, repo, path, tmp_path, **more):
    with open(seen.hf_hub_download(repo, path, cache_dir=tmp_path / "cache", **more), "rb") as file:
        return file.read()


def test_a_new_repo_has_one_commit_by_its_creator(mine, server):
    url = mine.create_repo("alice/fresh")
    assert (url.repo_id, url.repo_type, str(url)) == ("alice/fresh", "model", f"{server.url}/alice/fresh")
    (first,) = mine.list_repo_commits("alice/fresh")
    assert (first.title, first.authors) == ("initial commit", ["alice"])
    assert mine.list_repo_files("alice/fresh") == [".gitattributes"]
    assert [branch.ref for branch in mine.list_repo_refs("alice/fresh").branches] == ["refs/heads/main"]


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_create_twice_is_an_error_unless_allowed(mine, kind):
    first = mine.create_repo("alice/twice", repo_type=kind)
    with pytest.raises(hub.errors.HfHubHTTPError) as refused:
        mine.create_repo("alice/twice", repo_type=kind)
    assert refused.value.response.status_code == 409
    assert f"already created this {kind} repo" in str(refused.value)
    assert mine.create_repo("alice/twice", repo_type=kind, exist_ok=True) == first


def test_create_without_namespace_is_the_callers(mine):
    assert mine.create_repo("short").repo_id == "alice/short"


def test_models_and_datasets_of_one_name_are_two_repos(mine):
    mine.create_repo("alice/model", repo_type="dataset")
    mine.upload_file(path_or_fileobj=b"x", path_in_repo="only.txt", repo_id="alice/model", repo_type="dataset")
    assert mine.list_repo_files("alice/model") == [".gitattributes"]
    mine.delete_repo("alice/model", repo_type="dataset")
    assert mine.repo_exists("alice/model") and not mine.repo_exists("alice/model", repo_type="dataset")


def test_a_foreign_namespace_is_refused(mine, mallory):
    with pytest.raises(hub.errors.HfHubHTTPError) as refused:
        mine.create_repo("mallory/model")
    assert refused.value.response.status_code == 403


def test_delete_frees_the_name(mine):
    mine.upload_file(path_or_fileobj=b"old", path_in_repo="a.txt", repo_id="alice/model")
    mine.delete_repo("alice/model")
    with pytest.raises(hub.errors.RepositoryNotFoundError):
        mine.delete_repo("alice/model")
    mine.delete_repo("alice/model", missing_ok=True)
    mine.create_repo("alice/model")
    assert mine.list_repo_files("alice/model") == [".gitattributes"]


def test_small_text_is_a_git_blob_and_large_binary_is_lfs(mine, tmp_path):
    text = b"hello\n"
    mine.upload_file(path_or_fileobj=text, path_in_repo="a.txt", repo_id="alice/model")
    mine.upload_file(path_or_fileobj=BIG, path_in_repo="deep/er/w.bin", repo_id="alice/model")
    small, large = mine.get_paths_info("alice/model", ["a.txt", "deep/er/w.bin"])
    assert (small.blob_id, small.size, small.lfs) == (git_sha1(text), len(text), None)
    assert (large.lfs.sha256, large.lfs.size, large.size) == (sha256(BIG), len(BIG), len(BIG))
    assert content(mine, "alice/model", "a.txt", tmp_path) == text
    assert content(mine, "alice/model", "deep/er/w.bin", tmp_path) == BIG


@pytest.mark.parametrize(
    "name, data, is_lfs",
    [
        ("text.bin", b"plain words\n", True),
        ("nine.txt", b"word and word\n" * 650_000, False),
        ("random", noise(4_000_000, seed=3), True),
        ("eleven.txt", b"word and word\n" * 850_000, True),
        ("empty.bin", b"", False),
        ("cut.txt", ("x" + "é" * 600).encode(), False),  # the end of the sample cuts a character
    ],
)
def test_the_server_decides_what_is_large(mine, tmp_path, name, data, is_lfs):
    mine.upload_file(path_or_fileobj=data, path_in_repo=name, repo_id="alice/model")
    (info,) = mine.get_paths_info("alice/model", name)
    assert (info.lfs is not None) == is_lfs
    assert content(mine, "alice/model", name, tmp_path) == data


def test_file_objects_and_awkward_names_survive(mine, tmp_path):
    path = "subfolder/to?/awful?filename%you:should,never.give/ü 🤗#.txt"
    mine.upload_file(path_or_fileobj=io.BytesIO(b"awful"), path_in_repo=path, repo_id="alice/model")
    assert path in mine.list_repo_files("alice/model")
    assert mine.file_exists("alice/model", path)
    assert content(mine, "alice/model", path, tmp_path) == b"awful"


def test_one_commit_adds_deletes_and_copies(mine, tmp_path):
    mine.upload_file(path_or_fileobj=b"gone", path_in_repo="old/a.txt", repo_id="alice/model")
    mine.upload_file(path_or_fileobj=b"gone", path_in_repo="old/b.txt", repo_id="alice/model")
    mine.upload_file(path_or_fileobj=BIG, path_in_repo="w.bin", repo_id="alice/model")
    info = mine.create_commit(
        "alice/model",
        operations=[
            hub.CommitOperationAdd("new.txt", b"new"),
            hub.CommitOperationDelete("old/", is_folder=True),
            hub.CommitOperationCopy("w.bin", "copy/w.bin"),
            hub.CommitOperationCopy(".gitattributes", "copy/rules"),
        ],
        commit_message="Rearrange",
        commit_description="The reason why.",
    )
    assert mine.list_repo_files("alice/model") == [".gitattributes", "copy/rules", "copy/w.bin", "new.txt", "w.bin"]
    latest = mine.list_repo_commits("alice/model")[0]
    assert (latest.commit_id, latest.title, latest.message.strip()) == (info.oid, "Rearrange", "The reason why.")
    assert content(mine, "alice/model", "copy/w.bin", tmp_path) == BIG


def test_delete_of_a_missing_file_says_so_and_changes_nothing(mine):
    before = titles(mine, "alice/model")
    with pytest.raises(hub.errors.EntryNotFoundError, match="A file with this name doesn't exist"):
        mine.delete_file("nothing.txt", "alice/model")
    assert titles(mine, "alice/model") == before


def test_delete_file_and_folder(mine):
    for path in ("keep.txt", "a/1.txt", "a/b/2.txt", "c.txt"):
        mine.upload_file(path_or_fileobj=b"x", path_in_repo=path, repo_id="alice/model")
    mine.delete_file("c.txt", "alice/model")
    mine.delete_folder("a", "alice/model")
    assert mine.list_repo_files("alice/model") == [".gitattributes", "keep.txt"]


def test_a_stale_parent_is_refused_with_412(mine):
    first = mine.repo_info("alice/model").sha
    second = mine.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id="alice/model", parent_commit=first)
    with pytest.raises(hub.errors.HfHubHTTPError) as stale:
        mine.upload_file(path_or_fileobj=b"2", path_in_repo="a.txt", repo_id="alice/model", parent_commit=first)
    assert stale.value.response.status_code == 412
    assert "The branch was updated since you opened this page. Please refresh and try again." in str(stale.value)
    mine.upload_file(path_or_fileobj=b"3", path_in_repo="b.txt", repo_id="alice/model", parent_commit=second.oid[:9])


def test_an_unchanged_file_makes_no_commit(mine):
    first = mine.upload_file(path_or_fileobj=BIG, path_in_repo="w.bin", repo_id="alice/model")
    again = mine.upload_file(path_or_fileobj=BIG, path_in_repo="w.bin", repo_id="alice/model")
    assert again.oid == first.oid


def test_a_folder_of_300_files(mine, tmp_path):
    files = {
        f"part-{i % 7}/file-{i:03}.{'bin' if i % 10 == 0 else 'txt'}": f"content {i}\n" * (i + 1) for i in range(300)
    }
    source = write_tree(tmp_path / "many", files)
    info = mine.upload_folder(repo_id="alice/model", folder_path=source, commit_message="300 files")
    assert set(mine.list_repo_files("alice/model")) == {".gitattributes", *files}
    # Over Xet the client commits in batches, as uploads finish.
    *batches, first = titles(mine, "alice/model")
    assert first == "initial commit" and all(title.startswith("300 files") for title in batches)
    assert mine.repo_info("alice/model").sha == info.oid
    lfs = [sibling for sibling in mine.repo_info("alice/model", files_metadata=True).siblings if sibling.lfs]
    assert len(lfs) == 30


def test_upload_folder_with_delete_patterns_and_gitignore(mine, tmp_path):
    mine.upload_folder(repo_id="alice/model", folder_path=write_tree(tmp_path / "1", {"a.log": "1", "b.txt": "1"}))
    second = write_tree(tmp_path / "2", {".gitignore": "*.tmp\n", "c.tmp": "no", "d.txt": "yes"})
    mine.upload_folder(repo_id="alice/model", folder_path=second, delete_patterns="*.log")
    assert mine.list_repo_files("alice/model") == [".gitattributes", ".gitignore", "b.txt", "d.txt"]


def test_branches_and_tags_live_and_die(mine):
    first = mine.repo_info("alice/model").sha
    mine.create_branch("alice/model", branch="feature/one")
    with pytest.raises(hub.errors.HfHubHTTPError, match="Reference refs/heads/feature/one already exists"):
        mine.create_branch("alice/model", branch="feature/one")
    mine.create_branch("alice/model", branch="feature/one", exist_ok=True)
    made = mine.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="alice/model", revision="feature/one")
    mine.create_branch("alice/model", branch="from-sha", revision=made.oid[:8])
    mine.create_tag("alice/model", tag="v1.0", tag_message="first release", revision="feature/one")
    mine.create_tag("alice/model", tag="plain")
    with pytest.raises(hub.errors.HfHubHTTPError) as again:
        mine.create_tag("alice/model", tag="plain")
    assert again.value.response.status_code == 409
    refs = mine.list_repo_refs("alice/model")
    assert {b.name: b.target_commit for b in refs.branches} == {
        "main": first,
        "feature/one": made.oid,
        "from-sha": made.oid,
    }
    assert {t.name: t.target_commit for t in refs.tags} == {"v1.0": made.oid, "plain": first}
    assert mine.file_exists("alice/model", "x.txt", revision="v1.0")
    mine.delete_branch("alice/model", branch="feature/one")
    mine.delete_tag("alice/model", tag="plain")
    refs = mine.list_repo_refs("alice/model")
    assert ({b.name for b in refs.branches}, {t.name for t in refs.tags}) == ({"main", "from-sha"}, {"v1.0"})


def test_wrong_branches_and_tags_are_refused(mine):
    with pytest.raises(hub.errors.HfHubHTTPError, match="Cannot delete refs/heads/main"):
        mine.delete_branch("alice/model", branch="main")
    for call in (
        lambda: mine.delete_branch("alice/model", branch="none"),
        lambda: mine.delete_tag("alice/model", tag="none"),
    ):
        with pytest.raises(hub.errors.RevisionNotFoundError, match="Invalid rev id"):
            call()
    with pytest.raises(hub.errors.HfHubHTTPError, match="Invalid reference for a branch"):
        mine.create_branch("alice/model", branch="refs/heads/evil")
    with pytest.raises(hub.errors.RevisionNotFoundError):
        mine.create_branch("alice/model", branch="b", revision="not-there")


def test_a_commit_needs_a_branch(mine):
    sha = mine.repo_info("alice/model").sha
    mine.create_tag("alice/model", tag="v1")
    for revision in (sha, "v1", "not-there"):
        with pytest.raises(hub.errors.RevisionNotFoundError):
            mine.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="alice/model", revision=revision)


def test_a_card_with_wrong_metadata_is_refused_before_anything_is_sent(mine):
    with pytest.raises(ValueError, match='"license" must be one of'):
        mine.upload_file(
            path_or_fileobj=b"---\nlicense: nonsense\n---\n", path_in_repo="README.md", repo_id="alice/model"
        )
    assert titles(mine, "alice/model") == ["initial commit"]


def test_cards_are_pushed_and_read_back(mine, alice):
    card = hub.ModelCard("---\nlicense: apache-2.0\ntags:\n- demo\ndatasets:\n- alice/data\n---\n# Card\n")
    mine.upload_file(path_or_fileobj=str(card).encode(), path_in_repo="README.md", repo_id="alice/model")
    info = mine.model_info("alice/model")
    assert info.card_data.license == "apache-2.0"
    assert {"license:apache-2.0", "demo", "dataset:alice/data"} <= set(info.tags)
    with pytest.warns(UserWarning, match="empty or missing yaml metadata"):
        mine.upload_file(path_or_fileobj=b"# No metadata\n", path_in_repo="README.md", repo_id="alice/model")
    assert not mine.model_info("alice/model").card_data or not mine.model_info("alice/model").card_data.license


def test_a_read_token_writes_nothing(server, alice, mine):
    reader = api(server, User("alice", server.add_token("alice", name="reader", role="read")))
    assert reader.repo_info("alice/model").id == "alice/model"
    for call in (
        lambda: reader.create_repo("alice/other"),
        lambda: reader.create_branch("alice/model", branch="b"),
        lambda: reader.create_tag("alice/model", tag="t"),
        lambda: reader.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="alice/model"),
        lambda: reader.delete_repo("alice/model"),
    ):
        with pytest.raises(hub.errors.HfHubHTTPError) as refused:
            call()
        assert refused.value.response.status_code == 403
    assert titles(mine, "alice/model") == ["initial commit"]


def test_everything_is_there_after_a_restart(mine, server, alice, tmp_path):
    made = mine.upload_file(path_or_fileobj=BIG, path_in_repo="w.bin", repo_id="alice/model")
    server.restart()
    seen = api(server, alice)
    assert seen.repo_info("alice/model").sha == made.oid
    assert content(seen, "alice/model", "w.bin", tmp_path) == BIG


def test_parallel_commits_to_one_branch_all_land(mine):
    jobs = [
        mine.run_as_future(
            mine.upload_file, path_or_fileobj=f"{i}".encode(), path_in_repo=f"f{i}.txt", repo_id="alice/model"
        )
        for i in range(12)
    ]
    made = {job.result().oid for job in jobs}
    assert len(made) == 12
    assert made < {commit.commit_id for commit in mine.list_repo_commits("alice/model")}
    assert {f"f{i}.txt" for i in range(12)} < set(mine.list_repo_files("alice/model"))


def test_super_squash_history(mine, server, tmp_path):
    for number in range(3):
        mine.upload_file(path_or_fileobj=b"%d" % number, path_in_repo=f"{number}.txt", repo_id="alice/model")
    mine.create_branch("alice/model", branch="side")
    before = mine.list_repo_files("alice/model")
    mine.super_squash_history("alice/model", commit_message="one commit")
    assert titles(mine, "alice/model") == ["one commit"]
    assert mine.list_repo_files("alice/model") == before
    assert content(mine, "alice/model", "2.txt", tmp_path) == b"2"
    assert len(titles(mine, "alice/model", revision="side")) == 4  # other branches keep their history
    mine.super_squash_history("alice/model", branch="side")
    assert titles(mine, "alice/model", revision="side") == ["Super-squash branch 'side' using huggingface_hub"]
    with pytest.raises(hub.errors.RevisionNotFoundError):
        mine.super_squash_history("alice/model", branch="nowhere")
    assert server.fsck().returncode == 0
