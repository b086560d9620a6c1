# SPDX-License-Identifier: Apache-2.0
# Work that goes on while the server is killed: `hf upload` and git push in loops. Each program appends a line
# to its journal before it asks and after it was answered, so that a test knows what was acknowledged.
#   python load.py upload URL TOKEN REPO FOLDER JOURNAL SEED
#   python load.py push   URL TOKEN REPO FOLDER JOURNAL SEED
import contextlib
import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path


def note(journal, **facts):
    with open(journal, "a", encoding="utf-8") as out:
        out.write(json.dumps(facts) + "\n")
        out.flush()
        os.fsync(out.fileno())


def new_files(folder, number, source):
    """One text, one LFS file, sometimes a deep one: every commit of round `number` has exactly these."""
    files = {
        f"r{number}/note.txt": f"round {number}\n".encode() * 50,
        f"r{number}/weights.bin": source.randbytes(source.choice([2_000, 300_000, 3_000_000])),
    }
    if number % 3 == 0:
        files[f"r{number}/a/b/c/deep.txt"] = source.randbytes(100).hex().encode()
    for path, data in files.items():
        target = Path(folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return sorted(files)


def upload(url, token, repo, folder, journal, seed):
    """The `hf upload` command in one process, so that time goes to the server and not to imports."""
    from huggingface_hub.cli import hf

    source = random.Random(int(seed))
    for number in range(1, 10_000):
        title = f"upload {seed}.{number}"
        round_folder = Path(folder) / f"u{seed}-{number}"
        files = new_files(round_folder, number, source)
        note(journal, asked=title, files=files, base=f"u{seed}-{number}", folder=str(round_folder))
        sys.argv = ["hf", "upload", repo, str(round_folder), f"u{seed}-{number}", "--commit-message", title]
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
            hf.main()
        if "/commit/" in said.getvalue() or "/tree/" in said.getvalue():
            note(journal, acknowledged=title)


def push(url, token, repo, folder, journal, seed):
    source = random.Random(int(seed))
    for number in range(1, 10_000):
        title = f"push {seed}.{number}"
        base = f"p{seed}-{number}"
        files = new_files(Path(folder) / base, number, source)
        run("git", "add", "-A", cwd=folder)
        run("git", "commit", "-q", "-m", title, cwd=folder)
        commit = run("git", "rev-parse", "HEAD", cwd=folder).stdout.decode().strip()
        note(journal, asked=title, files=files, base=base, commit=commit, folder=str(Path(folder) / base))
        if run("git", "push", "-q", "origin", "HEAD:refs/heads/pushed", cwd=folder).returncode:
            return
        note(journal, acknowledged=title)


def run(*command, cwd):
    return subprocess.run(command, cwd=cwd, capture_output=True, check=False)


if __name__ == "__main__":
    {"upload": upload, "push": push}[sys.argv[1]](*sys.argv[2:])
