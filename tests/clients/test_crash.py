# SPDX-License-Identifier: Apache-2.0
# kill -9 of the server at random moments of `hf upload` + git push. After the restart: fsck is clean, what was
# acknowledged is there whole, the rest is there whole or not at all. RAILHUB_CRASH_ROUNDS sets the rounds
# (8 by default, 50 before a release), RAILHUB_CRASH_SEED repeats a run.
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.clients import git_lfs, program
from support.files import read_tree, sha256
from support.git import git_environment
from support.hub import api, client_environment

ROUNDS = int(os.environ.get("RAILHUB_CRASH_ROUNDS", "8"))
SEED = int(os.environ.get("RAILHUB_CRASH_SEED", time.time_ns() % 1_000_000))
LOAD = Path(__file__).parent / "support" / "load.py"
LONGEST_SECONDS = 3.0
ROUNDS_PER_REPO = 5  # keeps the look at the whole history short


class Worker:
    """One of the two programs of load.py in a process group of its own."""

    def __init__(self, kind, server, user, repo, folder, journal, seed, environment):
        self.journal = journal
        command = [sys.executable, LOAD, kind, server.url, user.token, repo, folder, journal, str(seed)]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def has_begun(self):
        return self.journal.exists() and self.journal.stat().st_size > 0

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def read_journals(journals):
    """{title: facts} of all that was asked, and the titles that were acknowledged."""
    asked, acknowledged = {}, []
    for journal in journals:
        for line in journal.read_text().splitlines() if journal.exists() else ():
            facts = json.loads(line)
            if "asked" in facts:
                asked[facts["asked"]] = facts
            else:
                acknowledged.append(facts["acknowledged"])
    return asked, acknowledged


@pytest.mark.slow
def test_kill_during_uploads_and_pushes(server, alice, clone, check_history, tmp_path):
    git_lfs()
    program("hf")
    print(f"seed {SEED}, {ROUNDS} rounds")
    chance = random.Random(SEED)
    journals = {}
    for number in range(ROUNDS):
        repo = f"alice/model-{number // ROUNDS_PER_REPO}"
        if repo not in journals:
            api(server, alice).create_repo(repo)
            journals[repo] = []
        work = clone(alice, repo, f"work-{number}")
        work.run("switch", "-q", "-C", "pushed")
        if "origin/pushed" in work.out("branch", "-r"):
            work.run("reset", "-q", "--hard", "origin/pushed")
        pair = [tmp_path / f"journal-{number}-{kind}" for kind in ("upload", "push")]
        home = client_environment(server, alice, tmp_path / "hf-home")
        workers = [
            Worker("upload", server, alice, repo, tmp_path / f"up-{number}", pair[0], number, home),
            Worker("push", server, alice, repo, work.folder, pair[1], number, git_environment(tmp_path / "home")),
        ]
        try:
            wait_until_begun(workers)
            time.sleep(chance.uniform(0, LONGEST_SECONDS))
            server.kill()
        finally:
            for worker in workers:
                worker.kill()
        journals[repo] += pair
        server.start()
        checked = server.fsck()
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert_whole(alice, repo, clone, check_history, journals[repo], tmp_path / f"after-{number}")
    for repo, some in journals.items():
        assert_whole(alice, repo, clone, check_history, some, tmp_path / f"end-{repo[-1]}")
    acknowledged = [title for some in journals.values() for title in read_journals(some)[1]]
    print(f"{len(acknowledged)} commits were acknowledged")
    for kind in ("upload", "push"):
        assert any(title.startswith(kind) for title in acknowledged), f"no {kind} was acknowledged: nothing is proven"


def wait_until_begun(workers, seconds=60):
    deadline = time.monotonic() + seconds
    while not all(worker.has_begun() for worker in workers):
        assert time.monotonic() < deadline, "the load did not begin"
        time.sleep(0.005)


def assert_whole(alice, repo, clone, check_history, journals, folder):
    """Every acknowledged commit of the repo is there; every commit that is there has all its files."""
    asked, acknowledged = read_journals(journals)
    refs = check_history(alice, repo)
    seen = set()
    for branch in ("main", "pushed"):
        if f"refs/heads/{branch}" not in refs:
            continue
        git = clone(alice, repo, f"{folder.name}-{branch}", "--branch", branch)
        git.run("lfs", "fsck")
        titles = git.out("log", "--format=%s").splitlines()
        assert len(titles) == len(set(titles)), "a commit was applied twice"
        made = [asked[title] for title in titles if title != "initial commit"]
        content = {path: sha256(data) for path, data in read_tree(git.folder).items()}
        expected = {
            f"{facts['base']}/{path}": sha256(data)
            for facts in made
            for path, data in read_tree(facts["folder"]).items()
        }
        assert content == expected
        seen |= set(titles)
        shutil.rmtree(git.folder)
    lost = [title for title in acknowledged if title not in seen]
    assert not lost, f"acknowledged and lost: {lost}"
