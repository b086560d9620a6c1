#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Kills a process at its system calls that change something, one after the other: a xorb upload, the registration of
# a shard, an upload with its commit, changes of refs, and the collector. After each kill the check finds nothing,
# what was acknowledged is there, and the same thing can be done again. A few calls of each kind are sampled;
# RAILHUB_CRASH_POINTS=all takes every one, a number takes that many of each.
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CALLS = (
    "write,pwrite64,pwritev,pwritev2,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,ftruncate,"
    "fallocate,link,linkat,io_uring_enter,flock"
)
SKIPPED = 77
ACTIONS = ("xorb", "shard", "commit", "refs", "gc")


class Points:
    def __init__(self, door, railhub, folder):
        self.door, self.railhub, self.folder = door, railhub, folder
        self.base = folder / "base"
        self.plan = folder / "plan.json"
        self.run(door, self.base, "prepare")
        self.admin("gc", "--plan", self.plan, "--grace-hours", "0", hub=self.base)

    def run(self, *command, **more):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **more)
        if done.returncode:
            raise SystemExit(f"{command} gave {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def admin(self, *words, hub):
        return self.run(self.railhub, "admin", "--data", hub, *words)

    def command(self, action, hub):
        if action == "gc":
            return [self.railhub, "admin", "--data", hub, "gc", "--apply", self.plan]
        return [self.door, hub, action]

    def fresh(self):
        hub = self.folder / "hub"
        shutil.rmtree(hub, ignore_errors=True)
        shutil.copytree(self.base, hub, symlinks=True)
        return hub

    def traced(self, action, hub, inject):
        log = self.folder / "strace.log"
        command = ["strace", "-f", "-qq", "-o", log, "-e", f"trace={CALLS}", *inject, *self.command(action, hub)]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        return done, log.read_text(errors="replace").splitlines()

    def all_of(self, action):
        """(call, number) of each; strace counts every kind of call in every thread by itself."""
        done, lines = self.traced(action, self.fresh(), [])
        if done.returncode:
            raise SystemExit(f"{action} fails without a kill\n{done.stderr}")
        seen = {}
        for line in lines:
            thread, _, rest = line.partition(" ")
            call = rest.strip().partition("(")
            if call[1] and call[0].isidentifier():
                seen[thread, call[0]] = seen.get((thread, call[0]), 0) + 1
        most = {}
        for (_, call), count in seen.items():
            most[call] = max(most.get(call, 0), count)
        return [(call, number) for call, count in sorted(most.items()) for number in range(1, count + 1)]

    def kill_at(self, action, call, number):
        hub = self.fresh()
        done, _ = self.traced(action, hub, ["-e", f"inject={call}:signal=KILL:when={number}"])
        acknowledged = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("ok ")]
        where = f"{action}, {call} number {number}"
        try:
            self.check(hub, acknowledged)
            again = self.run(*self.command(action, hub)) if action != "refs" else ""
            acknowledged += [line.split()[1] for line in again.splitlines() if line.startswith("ok ")]
            self.check(hub, acknowledged)
            if action == "gc":
                self.admin("gc", "--yes", "--grace-hours", "0", hub=hub)
                self.admin("trash", "empty", "--older-than-hours", "0", hub=hub)
                self.check(hub, [])
        except SystemExit as failure:
            raise SystemExit(f"{where}: {failure}") from None
        return done.returncode != 0

    def check(self, hub, acknowledged):
        self.admin("fsck", "--read-data", "--restart", hub=hub)
        self.run(self.door, hub, "verify", *acknowledged)


def sample(points, wanted):
    if wanted == "all" or int(wanted) >= len(points):
        return points
    return sorted(random.Random(len(points)).sample(points, int(wanted)))


def main():
    door, railhub = map(Path, sys.argv[1:3])
    if not shutil.which("strace"):
        print("SKIPPED: no strace here")
        return SKIPPED
    wanted = os.environ.get("RAILHUB_CRASH_POINTS", "6")
    with tempfile.TemporaryDirectory(prefix="railhub-points-") as folder:
        points = Points(door, railhub, Path(folder))
        for action in ACTIONS:
            calls = points.all_of(action)
            chosen = sample(calls, wanted)
            killed = sum(points.kill_at(action, *point) for point in chosen)
            print(f"{action}: {len(calls)} calls, {len(chosen)} tried, killed at {killed}, nothing lost", flush=True)
            assert killed, f"{action} was never killed: nothing is proven"
    return 0


sys.exit(main())
