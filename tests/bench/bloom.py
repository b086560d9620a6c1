# SPDX-License-Identifier: Apache-2.0
"""A repo of the shape of BLOOM: 72 shards, 100 GB, pushed with three kills, resumed, read by range. Minutes; by hand."""
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from doors import GIB, MIB, environment

SHARDS = 72
SHARD_BYTES = 1_400_000_000
FRESH_BYTES = 32 * MIB  # new bytes of each shard; the rest are holes, so that the disk holds it
KILLS = 3


def shard_path(folder, number):
    return folder / f"model_{number:05}-of-{SHARDS:05}.safetensors"


def make_shards(folder):
    folder.mkdir()
    for number in range(1, SHARDS + 1):
        with open(shard_path(folder, number), "wb") as out:
            for part in range(4):  # spread between holes
                out.seek(part * SHARD_BYTES // 4)
                out.write(os.urandom(FRESH_BYTES // 4))
            out.truncate(SHARD_BYTES)


class PeakMemory:
    """Highest anonymous memory of a process, as far as it was looked at."""

    def __init__(self):
        self.megabytes = 0.0

    def look(self, pid):
        try:
            text = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return
        if found := re.search(r"RssAnon:\s+(\d+)", text):
            self.megabytes = max(self.megabytes, int(found.group(1)) / 1024)


def push_once(bench, command, env, client, server, kill_after):
    """Sent bytes as the summary says them, or nothing if it was killed."""
    started = time.monotonic()
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            client.look(process.pid)
            server.look(bench.hub.process.pid)
            if kill_after and time.monotonic() - started > kill_after:
                process.send_signal(signal.SIGKILL)
            time.sleep(0.2)
        output = process.stdout.read()
    if process.returncode == -signal.SIGKILL:
        return None
    if process.returncode:
        raise RuntimeError(f"the push failed with {process.returncode}")
    return json.loads(output)


def bloom(bench):
    """72 shards, 100 GB logical: three kills, resumed, ranges compared."""
    folder, repo = bench.scratch / "bloom", bench.hub.create_model("bloom")
    make_shards(folder)
    env = environment(bench, bench.scratch / "bloom-home")
    command = [str(bench.build / "railhub"), "push", repo, str(folder), "-q", "--json"]
    client, server = PeakMemory(), PeakMemory()
    started = time.monotonic()
    for kill in range(KILLS):
        if push_once(bench, command, env, client, server, 30 + 30 * kill) is not None:
            raise RuntimeError("the push ended before it was killed")
    summary = push_once(bench, command, env, client, server, None)
    seconds, logical = time.monotonic() - started, SHARDS * SHARD_BYTES
    bench.report(f"BLOOM shape pushed, {KILLS} kills", seconds, "s", f"{logical / 1e9:.0f} GB, {logical / seconds / 1e9:.2f} GB/s")
    bench.report("BLOOM shape, sent by the last push", summary["sent_bytes"] / 1e9, "GB",
                 f"new bytes in all: {SHARDS * FRESH_BYTES / 1e9:.1f} GB")
    compare_ranges(bench, repo, folder)
    bench.report("BLOOM shape, client (peak)", client.megabytes, "MB", aim="< 512 MB")
    server.look(bench.hub.process.pid)
    bench.report("BLOOM shape, server (peak)", server.megabytes, "MB", aim="< 256 MB")
    shutil.rmtree(folder)


def compare_ranges(bench, repo, folder, rounds=200):
    chance = random.Random(72)
    connection = http.client.HTTPConnection("127.0.0.1", bench.hub.port, timeout=120)
    started = time.monotonic()
    for _ in range(rounds):
        path = shard_path(folder, chance.randint(1, SHARDS))
        begin = chance.randrange(SHARD_BYTES - 4 * MIB)
        connection.request("GET", f"/{repo}/resolve/main/{path.name}", headers={
            "Authorization": f"Bearer {bench.hub.token}", "Range": f"bytes={begin}-{begin + 4 * MIB - 1}"})
        answer = connection.getresponse()
        got = answer.read()
        with open(path, "rb") as file:
            file.seek(begin)
            if answer.status != 206 or hashlib.sha256(got).digest() != hashlib.sha256(file.read(4 * MIB)).digest():
                raise RuntimeError(f"{path.name} at {begin}: {answer.status}, other bytes")
    bench.report("BLOOM shape, ranges of 4 MiB", rounds * 4 * MIB / GIB / (time.monotonic() - started), "GiB/s",
                 f"{rounds} compared, all equal")
