# SPDX-License-Identifier: Apache-2.0
# The official JavaScript client, one call per process.
import base64
import json
import subprocess
from pathlib import Path

from support.clients import node_modules, program
from support.server import clean_environment

STEPS = Path(__file__).resolve().parents[1] / "js" / "steps.cjs"


def node_major():
    said = subprocess.run([program("node"), "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.lstrip("v").split(".")[0])


class JsError(Exception):
    def __init__(self, answer):
        super().__init__(f"{answer.get('error')}\n{answer.get('stack')}")
        self.status = answer.get("status")
        self.request_id = answer.get("requestId")


class JsHub:
    """`hub.uploadFile(repo=..., file=...)` runs that function in node and returns its JSON."""

    def __init__(self, server, user=None):
        self.environment = {
            **clean_environment(),
            "NODE_PATH": str(node_modules()),
            "HUB_URL": server.url,
            "HUB_TOKEN": user.token if user else "",
        }

    def __getattr__(self, name):
        return lambda **arguments: self.call(name, arguments)

    def call(self, name, arguments):
        done = subprocess.run(
            [program("node"), STEPS, name],
            input=json.dumps(arguments),
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"node gave {done.returncode}:\n{done.stderr}")
        answer = json.loads(done.stdout.splitlines()[-1])
        if "error" in answer:
            raise JsError(answer)
        return answer.get("ok")


def file(path, data):
    return {"path": path, "base64": base64.b64encode(data).decode()}


def decoded(text):
    return None if text is None else base64.b64decode(text)
