# SPDX-License-Identifier: Apache-2.0
# One step with a Python client: `python_steps.py NAME JSON`; prints its result as JSON. Runs in the venv of any
# version, so it uses nothing but that client.
import json
import shutil
import sys
from pathlib import Path

import huggingface_hub
from huggingface_hub import HfApi, HfFileSystem


def versions():
    import importlib.metadata

    return {name: importlib.metadata.version(name) for name in ("huggingface_hub", "hf_xet")}


def upload_file(repo, path, file):
    return str(HfApi().upload_file(repo_id=repo, path_in_repo=path, path_or_fileobj=file))


def upload_folder(repo, folder):
    return str(HfApi().upload_folder(repo_id=repo, folder_path=folder))


def upload_large_folder(repo, folder):
    HfApi().upload_large_folder(repo_id=repo, folder_path=folder, repo_type="model", print_report=False)


def has(name):
    return hasattr(HfApi(), name)


def download(repo, path, to):
    source = huggingface_hub.hf_hub_download(repo, path)
    Path(to).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, to)


def snapshot(repo, to):
    huggingface_hub.snapshot_download(repo, local_dir=to)


def read_range(repo, path, start, end):
    with HfFileSystem().open(f"{repo}/{path}", "rb", block_size=1 << 16) as source:
        source.seek(start)
        return source.read(end - start).hex()


def hash_files(paths):
    import hf_xet

    return [item.hash for item in hf_xet.hash_files(paths)]


print(json.dumps(globals()[sys.argv[1]](**json.loads(sys.argv[2]))))
