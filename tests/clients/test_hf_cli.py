# SPDX-License-Identifier: Apache-2.0
# The `hf` program: who am I, create, upload, download, list, tag, branch, delete.
import pytest

from support.files import noise, read_tree, write_tree
from support.hub import api, hf

FILES = {
    "README.md": "---\nlicense: mit\n---\n# A small model\n",
    "config.json": '{"model_type": "bert"}\n',
    "weights/model.safetensors": noise(3_000_000, seed=1),
    "weights/empty.txt": "",
    "notes with blanks/é ü.txt": "names with blanks and accents\n",
}


@pytest.fixture
def run(server, alice, tmp_path):
    return lambda *words, user=alice, **more: hf(server, user, tmp_path / "hf-home", *words, **more)


def test_whoami_tells_the_user(run, alice):
    assert alice.name in run("auth", "whoami").stdout


def test_login_stores_a_valid_token_and_refuses_a_wrong_one(run, alice, server, tmp_path):
    run("auth", "login", "--token", alice.token, user=None)
    assert alice.name in run("auth", "whoami", user=None).stdout
    wrong = run("auth", "login", "--token", "hf_" + "x" * 34, user=None, check=False)
    assert wrong.returncode != 0
    assert "nvalid" in wrong.stdout + wrong.stderr


def test_a_folder_goes_up_and_comes_down_equal(run, tmp_path):
    source = write_tree(tmp_path / "model", FILES)
    said = run("upload", "alice/model", source, "--commit-message", "First upload")
    assert "/alice/model" in said.stdout
    run("download", "alice/model", "--local-dir", tmp_path / "down")
    assert read_tree(tmp_path / "down") == read_tree(source)


def test_a_second_upload_of_the_same_folder_makes_no_commit(run, server, alice, tmp_path):
    source = write_tree(tmp_path / "model", FILES)
    run("upload", "alice/model", source)
    before = [commit.commit_id for commit in api(server, alice).list_repo_commits("alice/model")]
    run("upload", "alice/model", source)
    assert [commit.commit_id for commit in api(server, alice).list_repo_commits("alice/model")] == before


def test_one_file_goes_to_a_dataset_on_a_new_branch(run, server, alice, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("a,b\n1,2\n")
    run("upload", "alice/data", table, "train/table.csv", "--repo-type", "dataset", "--revision", "draft")
    seen = api(server, alice)
    assert seen.file_exists("alice/data", "train/table.csv", repo_type="dataset", revision="draft")
    assert not seen.file_exists("alice/data", "train/table.csv", repo_type="dataset")


def test_download_chooses_files_by_pattern(run, tmp_path):
    run("upload", "alice/model", write_tree(tmp_path / "model", FILES))
    run("download", "alice/model", "--include", "*.json", "--local-dir", tmp_path / "down")
    assert list(read_tree(tmp_path / "down")) == ["config.json"]


def test_repos_are_created_branched_tagged_and_deleted(run, server, alice):
    seen = api(server, alice)
    run("repos", "create", "alice/made", "--private")
    assert seen.repo_info("alice/made").private is True
    run("repos", "branch", "create", "alice/made", "dev")
    run("repos", "tag", "create", "alice/made", "v1", "-m", "first")
    refs = seen.list_repo_refs("alice/made")
    assert {branch.name for branch in refs.branches} == {"dev", "main"}
    assert [tag.name for tag in refs.tags] == ["v1"]
    run("repos", "delete", "alice/made", "--yes")
    assert not seen.repo_exists("alice/made")


def test_a_missing_repo_is_told_as_such(run):
    done = run("download", "alice/nothing", check=False)
    assert done.returncode != 0
    assert "not found" in (done.stdout + done.stderr).lower()
