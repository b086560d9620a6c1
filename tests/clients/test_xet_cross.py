# SPDX-License-Identifier: Apache-2.0
# Every way up times every way down: the same bytes.
import pytest

from support.clients import git_lfs
from support.files import noise, read_tree, write_tree
from support.git import Git, prepare_home, remote
from support.hub import api
from support.js import JsHub
from support.python import PythonClient
from support.server import Server

MIB = 1 << 20
REPEATED = noise(3 * MIB, seed=50)
FILES = {
    "empty.bin": b"",
    "one.bin": b"x",
    "small.bin": noise(8192, seed=51),
    "random.bin": noise(5 * MIB, seed=52),
    "repeats.bin": REPEATED + noise(3 * MIB, seed=53) + REPEATED + bytes(3 * MIB),
}


class HfXet:
    def __init__(self, hub, home, *, xet=True):
        self.client = PythonClient(hub.server, hub.user, home, xet=xet)

    def up(self, repo, folder):
        self.client.upload_folder(repo=repo, folder=folder)

    def down(self, repo, to):
        self.client.snapshot(repo=repo, to=to)


class Lfs(HfXet):
    def __init__(self, hub, home):
        super().__init__(hub, home, xet=False)


class JsXet:
    def __init__(self, hub, _home):
        self.js = JsHub(hub.server, hub.user)

    def up(self, repo, folder):
        self.js.uploadFolder(repo={"type": "model", "name": repo}, folder=f"{folder}/", useXet=True)

    def down(self, repo, to):
        to.mkdir(parents=True, exist_ok=True)
        for path in FILES:
            self.js.downloadTo(repo={"type": "model", "name": repo}, path=path, to=str(to / path))


class GitLfs:
    def __init__(self, hub, home):
        git_lfs()
        self.hub = hub
        self.home = prepare_home(home)

    def clone(self, repo, folder):
        git = Git(folder, self.home)
        git.run("clone", "-q", remote(self.hub.server, self.hub.user, repo), folder, cwd=self.home)
        return git

    def up(self, repo, folder):
        git = self.clone(repo, self.home / repo.replace("/", "-"))
        write_tree(git.folder, read_tree(folder))
        git.commit_all("all files")
        git.run("push", "-q", "origin", "main")

    def down(self, repo, to):
        self.clone(repo, to)


class Railhub:
    def __init__(self, hub, home):
        self.hub = hub
        self.env = {"HF_HOME": str(home), "HOME": str(home)}

    def up(self, repo, folder):
        self.hub.server.cli("push", repo, folder, user=self.hub.user, env=self.env)

    def down(self, repo, to):
        self.hub.server.cli("pull", repo, "--to", to, user=self.hub.user, env=self.env)


WAYS = {"hf-xet": HfXet, "js-xet": JsXet, "lfs": Lfs, "git-lfs": GitLfs, "railhub": Railhub}


class Hub:
    def __init__(self, folder):
        self.server = Server(folder).start()
        self.user = self.server.add_user("alice")


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    hub = Hub(tmp_path_factory.mktemp("hub") / "data")
    yield hub
    hub.server.stop()


@pytest.mark.parametrize("up", WAYS)
def test_up_one_way_and_down_all_ways(hub, tmp_path, up):
    repo = f"alice/{up}"
    source = write_tree(tmp_path / "source", FILES)
    api(hub.server, hub.user).create_repo(repo)
    seen = hub.server.routes_used()
    WAYS[up](hub, tmp_path / f"home-{up}").up(repo, source)
    used = hub.server.routes_used() - seen
    assert bool(used["cas.shard.v1"] + used["cas.shard.v2"]) == (up.endswith("xet") or used["lfs.put"] == 0)
    for down, way in WAYS.items():
        to = tmp_path / f"down-{down}"
        seen = hub.server.routes_used()
        way(hub, tmp_path / f"home-{up}-{down}").down(repo, to)
        assert read_tree(to) == FILES, f"{up} up, {down} down"
        if down.endswith("xet"):
            assert (hub.server.routes_used() - seen)["cas.data"], f"{down} did not use Xet"
