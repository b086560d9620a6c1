# SPDX-License-Identifier: Apache-2.0
# kill -9 of the server at random moments of `hf upload` + git push. After the restart: fsck is clean, what was
# acknowledged is there whole, the rest is there whole or not at all. RAILHUB_CRASH_ROUNDS sets the rounds
# (8 by default, 50 before a release), RAILHUB_CRASH_SEED repeats a run.
import json
import os
import random
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
REPO = "alice/model"
LONGEST_SECONDS = 3.0


class Worker:
    """One of the two programs of load.py in a process group of its own."""

    def __init__(self, kind, server, user, folder, journal, seed, environment):
        self.journal = journal
        command = [sys.executable, LOAD, kind, server.url, user.token, REPO, folder, journal, str(seed)]
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
def test_kill_during_uploads_and_pushes(server, alice, clone, check_history, make_git, tmp_path):
    git_lfs()
    program("hf")
    print(f"seed {SEED}, {ROUNDS} rounds")
    chance = random.Random(SEED)
    api(server, alice).create_repo(REPO)
    journals = []
    for number in range(ROUNDS):
        work = clone(alice, REPO, f"work-{number}")
        work.run("switch", "-q", "-C", "pushed", check=True)
        if "origin/pushed" in work.out("branch", "-r"):
            work.run("reset", "-q", "--hard", "origin/pushed")
        pair = [tmp_path / f"journal-{number}-{kind}" for kind in ("upload", "push")]
        workers = [
            Worker(
                "upload",
                server,
                alice,
                tmp_path / f"up-{number}",
                pair[0],
                f"{number}",
                client_environment(server, alice, tmp_path / "hf-home"),
            ),
            Worker("push", server, alice, work.folder, pair[1], f"{number}", git_environment(tmp_path / "home")),
        ]
        try:
            wait_for(lambda: all(worker.has_begun() for worker in workers))
            time.sleep(chance.uniform(0, LONGEST_SECONDS))
            server.kill()
        finally:
            for worker in workers:
                worker.kill()
        journals += pair
        server.start()
        checked = server.fsck()
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert_whole(server, alice, clone, check_history, journals, f"after-{number}")
    _, acknowledged = read_journals(journals)
    assert acknowledged, "no work was acknowledged at all: the test proves nothing"


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the load did not begin"
        time.sleep(0.005)


def assert_whole(server, alice, clone, check_history, journals, name):
    asked, acknowledged = read_journals(journals)
    refs = check_history(alice, REPO)
    seen = {}
    for branch in ("main", "pushed"):
        if f"refs/heads/{branch}" not in refs:
            continue
        git = clone(alice, REPO, f"{name}-{branch}", "--branch", branch)
        git.run("lfs", "fsck")
        titles = git.out("log", "--format=%s").splitlines()
        assert len(titles) == len(set(titles)), "a commit was applied twice"
        content = read_tree(git.folder)
        for title in titles:
            if title == "initial commit":
                continue
            seen[title] = True
            facts = asked[title]
            sent = {f"{facts['base']}/{path}": data for path, data in read_tree(facts["folder"]).items()}
            got = {path: content.get(path) for path in sent}
            assert {p: sha256(d) for p, d in sent.items()} == {
                p: d is not None and sha256(d) for p, d in got.items()
            }, title
        stray = {path.split("/")[0] for path in content} - {asked[title]["base"] for title in titles if title in asked}
        assert not stray, f"files of unacknowledged commits are visible: {stray}"
    lost = [title for title in acknowledged if title not in seen]
    assert not lost, f"acknowledged and lost: {lost}"
