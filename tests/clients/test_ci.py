# SPDX-License-Identifier: Apache-2.0
# The pipeline files of docs/ci: each is parsed by its format's reader, and the very shell steps in it are run on a
# project with a conflict and on one without.
import json
import os
import re
import shutil
import subprocess

import pytest

from support.clients import CLIENTS, ROOT, module, program
from support.files import write_tree
from support.server import binary, clean_environment

CI = ROOT / "docs" / "ci"
BASE = "---\nlicense: bigscience-bloom-rail-1.0\n---\n# Base\n"
BAD = "---\nlicense: apache-2.0\nbase_model: ./base\n---\n# Tuned\n"
GOOD = "---\nlicense: bigscience-bloom-rail-1.0\nbase_model: ./base\n---\n# Tuned\n"


@pytest.fixture(params=["conflict", "fine"])
def project(request, tmp_path):
    """A project folder and the exit code that its check has."""
    is_bad = request.param == "conflict"
    folder = write_tree(tmp_path / "project", {"README.md": BAD if is_bad else GOOD, "base/README.md": BASE})
    return folder, 1 if is_bad else 0


def shell(folder, script, *, options=("-eu",), env=None, name="bash"):
    environment = {
        **clean_environment(), "HOME": str(folder.parent), "HF_HUB_OFFLINE": "1", "RAILHUB": str(binary()), **(env or {})}
    return subprocess.run(
        [program(name), *options, "-c", script], cwd=folder, capture_output=True, text=True, env=environment, check=False)


def yaml_of(name):
    return module("yaml").safe_load((CI / name).read_text())


def test_github_actions(project, tmp_path):
    folder, code = project
    workflow = yaml_of("github-actions.yml")
    steps = workflow["jobs"]["railhub"]["steps"]
    env = {"GITHUB_ENV": str(tmp_path / "env"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "RUNNER_TEMP": str(tmp_path)}
    runs = [step["run"] for step in steps if "run" in step]
    assert len(runs) == 2
    done = [shell(folder, script, options=("-e", "-o", "pipefail"), env=env) for script in runs]
    assert [step.returncode for step in done] == [0, code], done
    assert ("::error file=README.md,line=2" in done[1].stdout) == bool(code)
    assert "### License check: " in (tmp_path / "summary").read_text()
    uploaded = next(step["with"]["sarif_file"] for step in steps if "upload-sarif" in step.get("uses", ""))
    assert json.loads((folder / uploaded).read_text())["version"] == "2.1.0"


def test_gitlab(project):
    folder, code = project
    job = yaml_of("gitlab-ci.yml")["licenses"]
    done = shell(folder, "\n".join([*job["before_script"], *job["script"]]), options=("-e", "-o", "pipefail"))
    assert done.returncode == code, done.stderr
    reports = job["artifacts"]["reports"]
    assert bool(json.loads((folder / reports["codequality"]).read_text())) or not code
    assert "<testsuites" in (folder / reports["junit"]).read_text()


def test_jenkins(project):
    folder, code = project
    text = (CI / "Jenkinsfile").read_text()
    (script,) = re.findall(r"sh '''\n(.*?)'''", text, re.DOTALL)
    assert text.count("{") - text.count("${") == text.count("}") - text.count("${")
    done = shell(folder, script, options=("-xe",), name="sh")
    assert done.returncode == code, done.stderr
    for file in re.findall(r"(?:junit|artifacts:) '([^']+)'", text):
        assert (folder / file).is_file()


def test_shell(project):
    folder, code = project
    done = shell(folder, f'"{CI}/check.sh" .', name="sh")
    assert done.returncode == code, done.stderr
    assert json.loads((folder / "railhub.json").read_text())["format"] == "check-report/1"
    refused = shell(folder, f'"{CI}/check.sh"', name="sh", env={"RAILHUB": ""})
    assert refused.returncode not in (0, 1) and "RAILHUB_SOURCE" in refused.stderr


def test_what_cannot_be_checked_is_not_a_finding(tmp_path):
    folder = write_tree(tmp_path / "project", {"README.md": GOOD})
    done = shell(folder, f'"{CI}/check.sh" no/such@@place', name="sh")
    assert done.returncode not in (0, 1)


@pytest.fixture
def committed(project, tmp_path):
    """The project as a git repository, with `railhub` on the PATH."""
    folder, code = project
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "railhub").symlink_to(binary().resolve())
    env = {
        **clean_environment(), "HOME": str(tmp_path), "HF_HUB_OFFLINE": "1", "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@localhost",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@localhost",
        "PATH": f"{tools}{os.pathsep}{CLIENTS}/venv/bin{os.pathsep}{os.environ['PATH']}"}

    def run(*words, cwd=folder):
        return subprocess.run([str(w) for w in words], cwd=cwd, capture_output=True, text=True, env=env, check=False)

    assert run("git", "init", "-q", "-b", "main", ".").returncode == 0
    assert run("git", "commit", "-q", "--allow-empty", "-m", "one").returncode == 0
    return folder, code, run


def test_pre_commit_with_a_local_hook(committed):
    program("pre-commit")
    folder, code, run = committed
    shutil.copy(CI / "pre-commit-config.yaml", folder / ".pre-commit-config.yaml")
    run("git", "add", "-A")
    done = run("pre-commit", "run", "railhub-check")
    assert done.returncode == code, done.stdout + done.stderr
    assert ("error R3" in done.stdout) == bool(code)
    assert run("pre-commit", "install").returncode == 0
    assert (run("git", "commit", "-q", "-m", "two").returncode != 0) == bool(code)
    # What is known in git already is not asked again.
    run("git", "commit", "-q", "--no-verify", "-m", "two")
    assert run("pre-commit", "run", "railhub-check").returncode == 0


def test_pre_commit_by_repository(committed, tmp_path):
    program("pre-commit")
    folder, code, run = committed
    hooks = write_tree(tmp_path / "hooks", {".pre-commit-hooks.yaml": (ROOT / ".pre-commit-hooks.yaml").read_bytes()})
    for words in (["init", "-q", "-b", "main", "."], ["add", "-A"], ["commit", "-q", "-m", "hooks"]):
        assert run("git", *words, cwd=hooks).returncode == 0
    run("git", "add", "-A")
    done = run("pre-commit", "try-repo", hooks, "railhub-check", "--all-files")
    assert done.returncode == code, done.stdout + done.stderr


def test_the_files_name_no_place_of_ours():
    for path in CI.iterdir():
        text = path.read_text()
        for address in re.findall(r"https?://\S+", text):
            pytest.fail(f"{path.name}: {address}")
