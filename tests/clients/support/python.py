# SPDX-License-Identifier: Apache-2.0
# A Python client of any installed version, one call per process, with caches of its own.
import json
import subprocess
from pathlib import Path

from support.clients import CLIENTS, missing
from support.hub import client_environment

STEPS = Path(__file__).resolve().parents[1] / "python_steps.py"
CURRENT = "venv"
OLD = {"0.36": "venv-0.36", "1.0": "venv-1.0"}


class PythonClient:
    """`client.upload_file(repo=..., path=..., file=...)` runs that step; `xet=False` turns Xet off."""

    def __init__(self, server, user, home, *, venv=CURRENT, xet=True, env=None):
        self.python = CLIENTS / venv / "bin" / "python"
        if not self.python.exists():
            missing(f"the Python client in '{venv}'")
        self.env = client_environment(server, user, home) | (env or {})
        if not xet:
            self.env["HF_HUB_DISABLE_XET"] = "1"

    def __getattr__(self, name):
        return lambda **arguments: self.call(name, arguments)

    def call(self, name, arguments):
        done = subprocess.run(
            [self.python, STEPS, name, json.dumps(arguments, default=str)],
            capture_output=True,
            text=True,
            env=self.env,
            timeout=600,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the client gave {done.returncode}:\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout.splitlines()[-1])
