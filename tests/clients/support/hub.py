# SPDX-License-Identifier: Apache-2.0
# The official Python client pointed at a test server, in process and as the `hf` program.
import subprocess

from support.clients import module, program
from support.server import clean_environment

huggingface_hub = module("huggingface_hub")


def api(server, user=None):
    """HfApi of a user; without one it is anonymous, whatever the machine has stored."""
    return huggingface_hub.HfApi(endpoint=server.url, token=user.token if user else False)


def client_environment(server, user, home):
    """For programs that read everything from variables."""
    return {
        **clean_environment(),
        "HF_ENDPOINT": server.url,
        **({"HF_TOKEN": user.token} if user else {}),
        "HF_HOME": str(home),
        "HOME": str(home),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "NO_COLOR": "1",
        "NO_PROXY": "*",
    }


def hf(server, user, home, *words, check=True, cwd=None):
    """The `hf` program."""
    done = subprocess.run(
        [program("hf"), *map(str, words)],
        env=client_environment(server, user, home),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if check and done.returncode:
        raise RuntimeError(f"hf {' '.join(map(str, words))} gave {done.returncode}:\n{done.stdout}{done.stderr}")
    return done
