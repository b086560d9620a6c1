# SPDX-License-Identifier: Apache-2.0
# git and git-lfs as users have them: clone, commit, push, fetch, shallow, tags, refusals, strict fsck.
import pytest

from support.clients import git_lfs, program
from support.files import noise, read_tree, sha256, write_noise, write_tree
from support.git import remote
from support.hub import api
from support.hub import huggingface_hub as hub

program("git")


@pytest.fixture
def mine(server, alice):
    git_lfs()
    seen = api(server, alice)
    seen.create_repo("alice/model")
    return seen


@pytest.fixture
def work(clone, mine, alice):
    return clone(alice, "alice/model", "work")


def refused(git, *words):
    done = git.run("push", *words, check=False)
    assert done.returncode != 0, done.stderr
    return done.stderr


def test_a_new_repo_is_cloned(work, check_history, alice, mine):
    assert read_tree(work.folder, ignoring=(".git",)).keys() == {".gitattributes"}
    assert work.out("log", "--format=%s|%an") == "initial commit|alice"
    assert check_history(alice, "alice/model")["refs/heads/main"] == mine.repo_info("alice/model").sha


@pytest.mark.parametrize("kind, prefix", [("model", ""), ("dataset", "datasets/")])
@pytest.mark.parametrize("ending", ["", ".git"])
def test_clone_commit_push_and_read_back(mine, clone, check_history, alice, tmp_path, kind, prefix, ending):
    mine.create_repo("alice/other", repo_type=kind)
    git = clone(alice, f"alice/other{ending}", "other", prefix=prefix)
    files = {"README.md": "---\nlicense: mit\n---\n", "a/b/c.txt": "deep\n", "weights.bin": noise(1_500_000, seed=5)}
    write_tree(git.folder, files)
    made = git.commit_all("Add the model")
    git.run("push", "-q", "origin", "main")
    info = mine.repo_info("alice/other", repo_type=kind, files_metadata=True)
    assert info.sha == made and info.card_data.license == "mit"
    (weights,) = [sibling for sibling in info.siblings if sibling.rfilename == "weights.bin"]
    assert weights.lfs.sha256 == sha256(files["weights.bin"])
    path = mine.snapshot_download("alice/other", repo_type=kind, cache_dir=tmp_path / "cache")
    assert read_tree(path) == read_tree(git.folder)
    assert check_history(alice, "alice/other", prefix)["refs/heads/main"] == made


def test_a_second_clone_has_the_lfs_content(work, clone, alice, tmp_path):
    write_noise(work.folder / "big.bin", 50_000_000, seed=6)
    work.commit_all("50 MB")
    work.run("push", "-q")
    second = clone(alice, "alice/model", "second")
    assert read_tree(second.folder) == read_tree(work.folder)
    assert "big.bin" in second.out("lfs", "ls-files")
    second.run("lfs", "fsck")


def test_what_the_api_commits_is_fetched_and_the_other_way_round(work, mine, alice, check_history):
    mine.upload_file(path_or_fileobj=b"from the api\n", path_in_repo="api.txt", repo_id="alice/model")
    mine.upload_file(path_or_fileobj=noise(100_000), path_in_repo="api.bin", repo_id="alice/model")
    work.run("pull", "-q", "--ff-only")
    assert (work.folder / "api.bin").read_bytes() == noise(100_000)
    write_tree(work.folder, {"git.txt": "from git\n"})
    made = work.commit_all("From git")
    work.run("push", "-q")
    commits = mine.list_repo_commits("alice/model")
    assert commits[0].commit_id == made and len(commits) == 4
    assert check_history(alice, "alice/model")["refs/heads/main"] == made


def test_branches_and_tags(work, mine, alice, check_history, server):
    work.run("switch", "-q", "-c", "feature/x")
    write_tree(work.folder, {"x.txt": "x\n"})
    made = work.commit_all("X")
    work.run("tag", "-a", "v1", "-m", "annotated")
    work.run("tag", "light")
    work.run("push", "-q", "origin", "feature/x", "v1", "light")
    refs = mine.list_repo_refs("alice/model")
    assert {branch.name: branch.target_commit for branch in refs.branches}["feature/x"] == made
    assert {tag.name: tag.target_commit for tag in refs.tags} == {"v1": made, "light": made}
    mirrored = check_history(alice, "alice/model")
    assert mirrored["refs/tags/v1"] == work.out("rev-parse", "v1") != made
    work.run("push", "-q", "origin", "--delete", "feature/x", "light")
    assert set(check_history(alice, "alice/model")) == {"refs/heads/main", "refs/tags/v1"}
    assert mine.file_exists("alice/model", "x.txt", revision="v1")


def test_a_shallow_clone_deepens_and_pushes(mine, clone, alice, check_history, server, tmp_path):
    for i in range(6):
        mine.upload_file(path_or_fileobj=f"{i}".encode(), path_in_repo="n.txt", repo_id="alice/model")
    git = clone(alice, "alice/model", "shallow", "--depth", "1")
    assert git.out("rev-list", "--count", "HEAD") == "1"
    git.run("fetch", "-q", "--depth", "3")
    assert git.out("rev-list", "--count", "HEAD") == "3"
    git.run("fetch", "-q", "--deepen", "1")
    assert git.out("rev-list", "--count", "HEAD") == "4"
    write_tree(git.folder, {"from-shallow.txt": "x\n"})
    made = git.commit_all("From a shallow clone")
    git.run("push", "-q")
    assert check_history(alice, "alice/model")["refs/heads/main"] == made
    git.run("fetch", "-q", "--unshallow")
    assert git.out("rev-list", "--count", "HEAD") == "8"
    git.run("fsck", "--strict")


def test_one_branch_alone_and_protocol_versions(mine, clone, alice, work, server, tmp_path):
    mine.create_branch("alice/model", branch="dev")
    single = clone(alice, "alice/model", "single", "--single-branch", "--branch", "dev", "--no-tags")
    assert single.out("branch", "-r").split() == ["origin/dev"]
    for version in ("0", "1", "2"):
        listed = work.run("-c", f"protocol.version={version}", "ls-remote", "origin").stdout
        assert "refs/heads/dev" in listed and "refs/heads/main" in listed
        work.run("-c", f"protocol.version={version}", "fetch", "-q", "origin")
    assert listed.splitlines()[0].endswith("\tHEAD")


def test_a_diverged_push_is_refused_and_changes_nothing(work, clone, mine, alice, check_history):
    other = clone(alice, "alice/model", "other")
    write_tree(other.folder, {"o.txt": "other\n"})
    kept = other.commit_all("Other")
    other.run("push", "-q")
    write_tree(work.folder, {"w.txt": "work\n"})
    work.commit_all("Work")
    said = refused(work, "origin", "main")
    assert "fetch first" in said or "non-fast-forward" in said
    assert check_history(alice, "alice/model")["refs/heads/main"] == kept
    work.run("pull", "-q", "--rebase")
    work.run("push", "-q")


def test_force_needs_the_right_to_it(server, mine, work, clone, alice, mallory, check_history):
    write_tree(work.folder, {"w.txt": "1\n"})
    work.commit_all("One")
    work.run("push", "-q")
    write_tree(work.folder, {"w.txt": "2\n"})
    work.run("commit", "-q", "-a", "--amend", "-m", "Other one")
    refused(work, "origin", "main")
    work.run("push", "-q", "--force-with-lease", "origin", "main")
    assert check_history(alice, "alice/model")["refs/heads/main"] == work.head()
    stranger = clone(mallory, "alice/model", "stranger")
    write_tree(stranger.folder, {"s.txt": "s\n"})
    stranger.commit_all("Stranger")
    refused(stranger, "origin", "main")
    refused(stranger, "--force", "origin", "main")
    assert check_history(alice, "alice/model")["refs/heads/main"] == work.head()


def test_a_writer_of_the_organisation_pushes_but_does_not_rewrite_main(server, alice, mallory, clone):
    server.admin("org", "create", "acme")
    server.admin("org", "add", "acme", "alice", "--role", "admin")
    server.admin("org", "add", "acme", "mallory", "--role", "write")
    api(server, alice).create_repo("acme/model")
    writer = clone(mallory, "acme/model", "writer")
    write_tree(writer.folder, {"a.txt": "1\n"})
    writer.commit_all("One")
    writer.run("push", "-q")
    writer.run("commit", "-q", "--amend", "-m", "Rewritten")
    refused(writer, "--force", "origin", "main")
    admin = clone(alice, "acme/model", "admin")
    admin.run("commit", "-q", "--amend", "-m", "Rewritten by an admin")
    admin.run("push", "-q", "--force", "origin", "main")


def test_the_default_branch_is_not_deleted(work, mine):
    said = refused(work, "origin", "--delete", "main")
    assert "main" in said
    assert mine.revision_exists("alice/model", "main")


def test_without_rights_nothing_is_pushed(server, work, clone, mine, alice, mallory):
    before = mine.repo_info("alice/model").sha
    write_tree(work.folder, {"x.txt": "x\n"})
    work.commit_all("X")
    for user in (None, mallory):
        done = work.run("push", remote(server, user, "alice/model"), "main", check=False)
        assert done.returncode != 0
    reader = server.add_token("alice", name="reader", role="read")
    done = work.run("push", remote(server, type(alice)("alice", reader), "alice/model"), "main", check=False)
    assert done.returncode != 0
    assert mine.repo_info("alice/model").sha == before


def test_an_oversized_plain_file_is_refused_with_a_hint(work, mine, alice, check_history):
    before = mine.repo_info("alice/model").sha
    write_tree(work.folder, {"big.txt": b"word and word\n" * 900_000, "fine.txt": "fine\n"})
    work.commit_all("Too big for git")
    said = refused(work, "origin", "main")
    assert "larger than 10 MiB" in said and "big.txt" in said and "LFS" in said
    assert "fine.txt" not in said
    assert check_history(alice, "alice/model") == {"refs/heads/main": before}
    work.run("rm", "-q", "big.txt")
    work.commit_all("Removed again")
    assert "big.txt" in refused(work, "origin", "main"), "all new commits are looked at, not only the tip"


def test_a_binary_plain_file_is_refused(work, mine, alice, check_history):
    before = mine.repo_info("alice/model").sha
    write_tree(work.folder, {"picture.dat": noise(20_000)})
    work.commit_all("Binary")
    said = refused(work, "origin", "main")
    assert "binary files" in said and "picture.dat" in said
    assert check_history(alice, "alice/model") == {"refs/heads/main": before}


def test_a_pointer_without_its_object_is_refused(work, mine, alice, check_history):
    before = mine.repo_info("alice/model").sha
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'ab' * 32}\nsize 12345\n"
    write_tree(work.folder, {"lost.bin": pointer})
    work.commit_all("Pointer to nothing")
    said = refused(work, "--no-verify", "origin", "main")
    assert "ab" * 32 in said or "lost.bin" in said
    assert check_history(alice, "alice/model") == {"refs/heads/main": before}


def test_a_wrong_card_is_refused(work, mine):
    write_tree(work.folder, {"README.md": "---\nlicense: nonsense\n---\n"})
    work.commit_all("Wrong card")
    assert "license" in refused(work, "origin", "main")


def test_one_of_two_refs_refused_leaves_the_other_as_asked(work, mine, alice, check_history):
    before = mine.repo_info("alice/model").sha
    write_tree(work.folder, {"x.txt": "x\n"})
    good = work.commit_all("Good")
    work.run("branch", "good")
    write_tree(work.folder, {"b.dat": noise(20_000)})
    work.commit_all("Bad")
    refused(work, "--atomic", "origin", "main", "good")
    assert check_history(alice, "alice/model") == {"refs/heads/main": before}
    work.run("push", "-q", "origin", "good")
    assert check_history(alice, "alice/model")["refs/heads/good"] == good


def test_a_large_history_goes_through(work, mine, alice, check_history, clone):
    for i in range(400):
        write_tree(work.folder, {f"d{i % 20}/f{i}.txt": f"{i}\n" * 50})
        work.run("add", "-A")
        work.run("commit", "-q", "-m", f"commit {i}")
    work.run("push", "-q")
    assert check_history(alice, "alice/model")["refs/heads/main"] == work.head()
    second = clone(alice, "alice/model", "second")
    assert read_tree(second.folder) == read_tree(work.folder)
    assert len(mine.list_repo_commits("alice/model")) == 401


def test_a_big_text_push_uses_gzip_and_chunked_bodies(work, mine, alice, check_history):
    write_tree(work.folder, {f"t{i}.txt": noise(3_000_000, seed=i).hex() for i in range(1, 3)})
    made = work.commit_all("Bodies larger than git's post buffer")
    work.run("-c", "http.postBuffer=65536", "push", "-q")
    assert check_history(alice, "alice/model")["refs/heads/main"] == made


def test_a_credential_helper_is_asked(server, mine, make_git, alice, tmp_path):
    mine.create_repo("alice/secret", private=True)
    git = make_git("helped")
    helper = f"!f() {{ echo username=hf_user; echo password={alice.token}; }}; f"
    git.run(
        "-c",
        f"credential.helper={helper}",
        "clone",
        "-q",
        remote(server, None, "alice/secret"),
        git.folder,
        cwd=tmp_path,
    )
    git.run("config", "credential.helper", helper)
    write_tree(git.folder, {"w.bin": noise(50_000)})
    git.commit_all("With a helper")
    git.run("push", "-q")
    assert mine.file_exists("alice/secret", "w.bin")


def test_a_deleted_repo_is_gone_for_git(work, mine, alice):
    mine.delete_repo("alice/model")
    assert work.run("fetch", check=False).returncode != 0
    with pytest.raises(hub.errors.RepositoryNotFoundError):
        mine.repo_info("alice/model")
