# SPDX-License-Identifier: Apache-2.0
# One railhub server on loopback with its own data folder: start, kill, restart, users, fsck, memory.
import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.clients import IN_CI, ROOT

START_SECONDS = 30
FIELD = re.compile(r"(\w+)=(\S+)")
READY = re.compile(r"listening on (http://127\.0\.0\.1:(\d+)\S*)")
TOKEN = re.compile(r"\bhf_[A-Za-z0-9]{20,}\b")


def binary():
    """RAILHUB_BINARY, or the newest of the built ones."""
    given = os.environ.get("RAILHUB_BINARY")
    if given:
        return Path(given)
    built = [path for preset in ("release", "dev") if (path := ROOT / "build" / preset / "railhub").is_file()]
    if not built:
        message = "no railhub binary under build/; build it or set RAILHUB_BINARY"
        pytest.fail(message) if IN_CI else pytest.skip(message)
    return max(built, key=lambda path: path.stat().st_mtime)


@dataclass(frozen=True)
class User:
    name: str
    token: str


class Server:
    """A server process. `stop` ends it in the orderly way, `kill` does not."""

    def __init__(self, data, *, options=(), env=None):
        self.data = Path(data)
        self.options = list(options)
        self.env = {**clean_environment(), **(env or {})}
        self.log = self.data.parent / f"{self.data.name}.log"
        self.port = 0
        self.process = None
        self.admin_token = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.data.mkdir(parents=True, exist_ok=True)
        seen = self.log.stat().st_size if self.log.exists() else 0
        command = [binary(), "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", *self.options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.env)
        self._wait_until_ready(seen)
        return self

    def _wait_until_ready(self, seen):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            said = self.log.read_bytes()[seen:].decode(errors="replace")
            if ready := READY.search(said):
                self.port = int(ready.group(2))
                if token := TOKEN.search(said):
                    self.admin_token = self.admin_token or token.group(0)
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text(errors='replace')[-4000:]}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise RuntimeError("the server did not stop within 60 s of SIGTERM") from None
        return self.process.returncode if self.process else None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def is_alive(self):
        return self.process.poll() is None

    def admin(self, *words, check=True):
        command = [binary(), "admin", "--data", self.data, *words]
        done = subprocess.run(command, capture_output=True, text=True, env=self.env, check=False)
        if check and done.returncode:
            raise RuntimeError(f"railhub admin {' '.join(map(str, words))}: {done.stdout}{done.stderr}")
        return done

    def add_user(self, name, *, role="write"):
        self.admin("user", "create", name)
        return User(name, self.add_token(name, role=role))

    def add_token(self, user, *, name="test", role="write"):
        said = self.admin("token", "create", "--user", user, "--name", name, "--role", role)
        return TOKEN.search(said.stdout + said.stderr).group(0)

    def fsck(self):
        return self.admin("fsck", check=False)

    def cli(self, *words, user=None, check=True, cwd=None, env=None, timeout=300):
        """A client command of the product against this server."""
        everything = {**self.env, "HF_ENDPOINT": self.url, **({"HF_TOKEN": user.token} if user else {}), **(env or {})}
        done = subprocess.run(
            [binary(), *words], capture_output=True, text=True, env=everything, cwd=cwd, timeout=timeout, check=False
        )
        if check and done.returncode:
            raise RuntimeError(
                f"railhub {' '.join(map(str, words))} gave {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done

    def requests(self):
        """What the access log says, one dict a request."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [dict(FIELD.findall(line)) for line in lines if " route=" in line]

    def routes_used(self):
        return Counter(line["route"] for line in self.requests())

    def bytes_received(self):
        with urllib.request.urlopen(f"{self.url}/metrics") as reply:
            return int(float(re.search(r"^railhub_received_bytes_total (\S+)", reply.read().decode(), re.M).group(1)))

    def peak_memory(self):
        """Highest resident size of the running server, in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024

    def reset_peak_memory(self):
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


def clean_environment():
    """The environment without anything of the user's that a client or server would read."""
    dropped = ("HF_", "HUGGING", "RAILHUB_", "GIT_", "XDG_", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    return {key: value for key, value in os.environ.items() if not key.startswith(dropped)}


def as_json(done):
    return json.loads(done.stdout)
