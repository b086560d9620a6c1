# SPDX-License-Identifier: Apache-2.0
# The real git, away from the user's configuration, with a token in the remote's address.
import subprocess
from pathlib import Path

from support.clients import program
from support.server import clean_environment


class Git:
    """Git commands in one working folder."""

    def __init__(self, folder, home):
        self.folder = Path(folder)
        self.home = Path(home)

    def run(self, *words, check=True, cwd=None, stdin=None, timeout=300):
        done = subprocess.run(
            [program("git"), *map(str, words)],
            cwd=cwd or self.folder,
            env=git_environment(self.home),
            capture_output=True,
            input=stdin,
            timeout=timeout,
            check=False,
        )
        done.stdout = done.stdout.decode(errors="replace")
        done.stderr = done.stderr.decode(errors="replace")
        if check and done.returncode:
            raise RuntimeError(f"git {' '.join(map(str, words))} gave {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def out(self, *words):
        return self.run(*words).stdout.strip()

    def head(self):
        return self.out("rev-parse", "HEAD")

    def commit_all(self, message):
        self.run("add", "-A")
        self.run("commit", "-q", "-m", message)
        return self.head()


def git_environment(home):
    return {
        **clean_environment(),
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "LC_ALL": "C.UTF-8",
    }


def remote(server, user, repo, *, prefix=""):
    name = f"{user.name}:{user.token}@" if user else ""
    return f"http://{name}127.0.0.1:{server.port}/{prefix}{repo}"


def prepare_home(home):
    """A home folder in which git-lfs is set up, as `git lfs install` leaves it."""
    home.mkdir(parents=True, exist_ok=True)
    git = Git(home, home)
    git.run("config", "--global", "init.defaultBranch", "main")
    git.run("config", "--global", "protocol.version", "2")
    if subprocess.run(["git", "lfs", "version"], capture_output=True, check=False).returncode == 0:
        git.run("lfs", "install", "--skip-repo")
    return home
