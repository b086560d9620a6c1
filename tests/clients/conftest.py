# SPDX-License-Identifier: Apache-2.0
# Fixtures: one real server per test, a user on it, git in a folder of its own. The Python client reads its
# variables when it is imported, so they are set here, before any test module.
import atexit
import os
import shutil
import tempfile

HF_HOME = tempfile.mkdtemp(prefix="railhub-hf-home-")
atexit.register(shutil.rmtree, HF_HOME, ignore_errors=True)
os.environ.update(
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_DISABLE_UPDATE_CHECK="1",
    HF_HUB_DISABLE_PROGRESS_BARS="1",
    HF_HUB_DISABLE_IMPLICIT_TOKEN="1",
    HF_HOME=HF_HOME,
    HF_ENDPOINT="http://127.0.0.1:9",  # nothing listens there: a test that forgets its endpoint fails at once
    NO_PROXY="*",
    TOKENIZERS_PARALLELISM="false",
)
for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
    os.environ.pop(name, None)

import pytest

from support.git import Git, prepare_home, remote
from support.server import Server


@pytest.fixture
def make_server(tmp_path, request):
    """Starts servers; what is still running at the end is stopped, and its log shown when the test failed."""
    started = []

    def make(*, name="data", **more):
        server = Server(tmp_path / name, **more)
        started.append(server)
        return server.start()

    yield make
    for server in started:
        if server.process and server.is_alive():
            server.kill() if failed(request) else server.stop()
        if failed(request) and server.log.exists():
            print(f"--- log of {server.data.name}\n{server.log.read_text(errors='replace')[-6000:]}")


def failed(request):
    return getattr(request.node, "railhub_failed", False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" and report.failed:
        item.railhub_failed = True
    return report


@pytest.fixture
def server(make_server):
    return make_server()


@pytest.fixture
def alice(server):
    return server.add_user("alice")


@pytest.fixture
def mallory(server):
    """A user with a valid token and no rights on anything of alice's."""
    return server.add_user("mallory")


@pytest.fixture
def make_git(tmp_path):
    home = prepare_home(tmp_path / "home")
    return lambda name: Git(tmp_path / name, home)


@pytest.fixture
def clone(server, make_git, tmp_path):
    """Clones a repo as a user; `more` are words for git clone."""

    def make(user, repo, name, *more, prefix=""):
        git = make_git(name)
        git.run("clone", "-q", *more, remote(server, user, repo, prefix=prefix), git.folder, cwd=tmp_path)
        return git

    return make


@pytest.fixture
def check_history(clone, make_git, tmp_path, server):
    """A fresh mirror of a repo passes git's strictest check; returns {ref: commit}."""
    count = 0

    def check(user, repo, prefix=""):
        nonlocal count
        count += 1
        git = make_git(f"mirror-{count}")
        git.run("clone", "-q", "--mirror", remote(server, user, repo, prefix=prefix), git.folder, cwd=tmp_path)
        said = git.run("fsck", "--strict", "--full")
        assert "error" not in (said.stdout + said.stderr).lower()
        lines = git.out("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.split() for line in lines)

    return check
