# SPDX-License-Identifier: Apache-2.0
# The license gate on the line: a derivative that drops the RAIL terms of its base is refused under `enforce`,
# over the API and over git, with the report of `railhub check`; nothing of it becomes visible.
import json

import pytest

from support.clients import program
from support.files import noise, write_tree
from support.git import remote
from support.hub import api, hf
from support.hub import huggingface_hub as hub
from support.js import JsError, JsHub, file
from support.wire import commit, request

BASE_CARD = "---\nlicense: bigscience-bloom-rail-1.0\n---\n# Base\n"
BAD_CARD = "---\nlicense: apache-2.0\nbase_model: bigscience/bloom\n---\n# Derivative\n"
GOOD_CARD = "---\nlicense: bigscience-bloom-rail-1.0\nbase_model: bigscience/bloom\n---\n# Derivative\n"
RESTRICTIONS = 13  # at least so many ids of the base's restriction set are missing under a plain permissive license


@pytest.fixture
def make_hub(make_server):
    def make(mode):
        server = make_server(options=["--license-gate", mode])
        alice = server.add_user("alice")
        server.admin("org", "create", "bigscience")
        server.admin("org", "add", "bigscience", "alice", "--role", "admin")
        seen = api(server, alice)
        seen.create_repo("bigscience/bloom")
        seen.upload_file(path_or_fileobj=BASE_CARD.encode(), path_in_repo="README.md", repo_id="bigscience/bloom")
        seen.create_repo("alice/tuned")
        return server, alice, seen

    return make


@pytest.fixture
def enforced(make_hub):
    return make_hub("enforce")


def assert_names_the_fault(text):
    assert "R3" in text and "bigscience-bloom-rail-1.0" in text and "bigscience/bloom" in text
    assert "medical.advice" in text and "discrimination.protected-characteristics" in text


def assert_nothing_visible(seen, before):
    assert seen.repo_info("alice/tuned").sha == before
    assert seen.list_repo_files("alice/tuned") == [".gitattributes"]
    assert [branch.name for branch in seen.list_repo_refs("alice/tuned").branches] == ["main"]


def test_check_names_rule_clauses_chain_and_fix(enforced, tmp_path):
    server, alice, _ = enforced
    folder = write_tree(tmp_path / "tuned", {"README.md": BAD_CARD})
    text = server.cli("check", folder, user=alice, check=False)
    assert text.returncode == 1
    assert_names_the_fault(text.stdout)
    report = json.loads(server.cli("check", folder, "--format", "json", user=alice, check=False).stdout)
    (finding,) = [item for item in report["findings"] if item["rule"] == "R3"]
    assert len(finding["missing"]) >= RESTRICTIONS
    assert finding["chain"] and finding["fix"]
    fine = server.cli("check", write_tree(tmp_path / "fine", {"README.md": GOOD_CARD}), user=alice, check=False)
    assert fine.returncode == 0, fine.stdout


def test_the_api_refuses_with_the_report(enforced):
    server, alice, seen = enforced
    before = seen.repo_info("alice/tuned").sha
    reply = commit(
        server,
        alice,
        "alice/tuned",
        ("file", {"path": "README.md", "content": BAD_CARD}),
        ("file", {"path": "a.txt", "content": "a"}),
    )
    assert 400 <= reply.status < 500
    report = reply.json()
    (finding,) = [item for item in report["findings"] if item["rule"] == "R3"]
    assert len(finding["missing"]) >= RESTRICTIONS
    assert_names_the_fault(reply.body.decode())
    assert_nothing_visible(seen, before)


def test_hf_upload_is_refused_and_says_why(enforced, tmp_path):
    server, alice, seen = enforced
    before = seen.repo_info("alice/tuned").sha
    folder = write_tree(tmp_path / "tuned", {"README.md": BAD_CARD, "model.safetensors": noise(200_000)})
    done = hf(server, alice, tmp_path / "home", "upload", "alice/tuned", folder, check=False)
    assert done.returncode != 0
    assert "R3" in done.stdout + done.stderr
    assert_nothing_visible(seen, before)
    with pytest.raises(hub.errors.HfHubHTTPError, match="R3"):
        seen.upload_folder(repo_id="alice/tuned", folder_path=folder)


def test_the_javascript_client_is_refused_and_says_why(enforced):
    server, alice, seen = enforced
    before = seen.repo_info("alice/tuned").sha
    with pytest.raises(JsError, match="R3"):
        JsHub(server, alice).uploadFile(repo="alice/tuned", file=file("README.md", BAD_CARD.encode()))
    assert_nothing_visible(seen, before)


def test_git_push_is_refused_with_the_report(enforced, make_git, tmp_path):
    program("git")
    server, alice, seen = enforced
    before = seen.repo_info("alice/tuned").sha
    git = make_git("work")
    git.run("clone", "-q", remote(server, alice, "alice/tuned"), git.folder, cwd=tmp_path)
    write_tree(git.folder, {"README.md": BAD_CARD, "a.txt": "a"})
    git.commit_all("Derivative")
    done = git.run("push", "origin", "main", check=False)
    assert done.returncode != 0
    assert_names_the_fault(done.stderr)
    assert_nothing_visible(seen, before)
    write_tree(git.folder, {"README.md": GOOD_CARD})
    git.run("commit", "-q", "-a", "--amend", "-m", "Derivative under the license of its base")
    git.run("push", "-q", "origin", "main")
    assert seen.repo_info("alice/tuned").sha == git.head()


def test_a_card_added_later_is_looked_at_too(enforced):
    _, _, seen = enforced
    kept = seen.upload_file(path_or_fileobj=noise(100_000), path_in_repo="w.bin", repo_id="alice/tuned").oid
    with pytest.raises(hub.errors.HfHubHTTPError, match="R3"):
        seen.upload_file(path_or_fileobj=BAD_CARD.encode(), path_in_repo="README.md", repo_id="alice/tuned")
    assert seen.repo_info("alice/tuned").sha == kept
    seen.upload_file(path_or_fileobj=GOOD_CARD.encode(), path_in_repo="README.md", repo_id="alice/tuned")


def test_a_wrong_label_in_the_middle_does_not_launder(enforced):
    _, _, seen = enforced
    seen.create_repo("alice/middle")
    middle = "---\nlicense: bigscience-bloom-rail-1.0\nbase_model: bigscience/bloom\n---\n"
    seen.upload_file(path_or_fileobj=middle.encode(), path_in_repo="README.md", repo_id="alice/middle")
    last = "---\nlicense: mit\nbase_model: alice/middle\n---\n"
    with pytest.raises(hub.errors.HfHubHTTPError, match="R3"):
        seen.upload_file(path_or_fileobj=last.encode(), path_in_repo="README.md", repo_id="alice/tuned")


@pytest.mark.parametrize("mode", ["off", "warn"])
def test_without_enforcement_it_lands(make_hub, mode, make_git, tmp_path):
    server, alice, seen = make_hub(mode)
    seen.upload_file(path_or_fileobj=BAD_CARD.encode(), path_in_repo="README.md", repo_id="alice/tuned")
    assert seen.model_info("alice/tuned").card_data.license == "apache-2.0"
    git = make_git("work")
    git.run("clone", "-q", remote(server, alice, "alice/tuned"), git.folder, cwd=tmp_path)
    write_tree(git.folder, {"README.md": BAD_CARD + "more\n"})
    git.commit_all("More")
    done = git.run("push", "origin", "main")
    assert ("R3" in done.stderr) == (mode == "warn")


def propose(seen, card):
    return seen.upload_file(
        path_or_fileobj=card.encode(), path_in_repo="README.md", repo_id="alice/tuned", create_pr=True).pr_num


def merge(server, user, number, repo="alice/tuned"):
    return request(
        server, "POST", f"/api/models/{repo}/discussions/{number}/merge", token=user.token, json_body={})


@pytest.mark.parametrize("mode", ["enforce", "strict"])
def test_merging_a_pull_request_passes_the_same_gate(make_hub, mode):
    server, alice, seen = make_hub("off")
    number = propose(seen, BAD_CARD)
    good = propose(seen, GOOD_CARD)
    before = seen.repo_info("alice/tuned").sha
    server.stop()
    server.options = ["--license-gate", mode]
    server.start()
    seen = api(server, alice)
    refused = merge(server, alice, number)
    assert refused.status == 403
    (finding,) = [item for item in refused.json()["findings"] if item["rule"] == "R3"]
    assert len(finding["missing"]) >= RESTRICTIONS
    assert_nothing_visible(seen, before)
    merged = merge(server, alice, good)
    assert merged.status == 200 and merged.json()["status"] == "merged"
    assert seen.repo_info("alice/tuned").sha == merged.json()["mergeCommitId"] != before
    assert seen.model_info("alice/tuned").card_data.license == "bigscience-bloom-rail-1.0"
    assert merge(server, alice, good).status == 409
    assert merge(server, alice, 99).status == 404


def test_the_python_client_merges_and_hears_why_not(make_hub):
    server, alice, seen = make_hub("warn")
    number = propose(seen, BAD_CARD)
    seen.merge_pull_request("alice/tuned", number)
    assert seen.model_info("alice/tuned").card_data.license == "apache-2.0"
    mallory = server.add_user("mallory")
    number = propose(seen, GOOD_CARD)
    assert merge(server, mallory, number).status == 403
    seen.merge_pull_request("alice/tuned", number)
    assert seen.model_info("alice/tuned").card_data.license == "bigscience-bloom-rail-1.0"
