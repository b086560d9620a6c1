# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of one store under several doors: official client, our client, data URLs of virtual xorbs."""
import hashlib
import json
import os
import re
import shutil
import statistics
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

GIB = 1 << 30
MIB = 1 << 20


def median_seconds(action, rounds=3):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def sha256_rate(path):
    """Bytes per second of one core over a file in the page cache."""
    def run():
        digest = hashlib.sha256()
        buffer = bytearray(MIB)
        with open(path, "rb", buffering=0) as file:
            while count := file.readinto(buffer):
                digest.update(buffer[:count] if count < MIB else buffer)
    return os.path.getsize(path) / median_seconds(run)


def environment(bench, home):
    """Settings under which a client knows nothing but this hub."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "RAILHUB_"))}
    return {**kept, "HF_ENDPOINT": f"http://127.0.0.1:{bench.hub.port}", "HF_TOKEN": bench.hub.token,
            "HF_HOME": str(home), "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def random_folder(bench, name, size):
    """A folder with one file of new random bytes."""
    folder = bench.scratch / name
    folder.mkdir()
    with open(folder / "model.safetensors", "wb") as out:
        for _ in range(size // (4 * MIB)):
            out.write(os.urandom(4 * MIB))
    os.sync()  # the disk is the measured one's alone
    return folder


def timed(command, env):
    """Seconds and peak resident MB of a command that must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:3]}: {output.decode(errors='replace')[-600:]}")
    return seconds, usage.ru_maxrss / 1024


def hf_upload(bench):
    """`hf upload` of 2 GiB that nobody has, over Xet."""
    hf = Path(bench.build).parent / "clients" / "venv" / "bin" / "hf"
    if not hf.exists():
        raise RuntimeError(f"no official client at '{hf}': run tests/clients/install.sh")
    repo, folder = bench.hub.create_model("hf-upload"), random_folder(bench, "hf-upload", 2 * GIB)
    env = environment(bench, bench.scratch / "hf-home")
    seconds, _ = timed([str(hf), "upload", repo, str(folder)], env)
    bench.report("hf upload of 2 GiB", 2 * GIB / seconds / 1e6, "MB/s", f"server peak {bench.hub.resident_mb():.0f} MB",
                 aim=">= 200 MB/s")
    shutil.rmtree(folder)


def push(bench):
    """`railhub push` of 1 GiB of new data, end to end, against one-core SHA-256."""
    repo, folder = bench.hub.create_model("push"), random_folder(bench, "push", GIB)
    env = environment(bench, bench.scratch / "push-home")
    rate = sha256_rate(folder / "model.safetensors")
    seconds, peak = timed([str(bench.build / "railhub"), "push", repo, str(folder)], env)
    bench.report("railhub push of 1 GiB", GIB / seconds / 1e9, "GB/s", f"one-core SHA-256 ({rate / 1e9:.2f} GB/s)",
                 GIB / seconds / rate, ">= 0.5")
    bench.report("railhub push, resident (peak)", peak, "MB", aim="< 512 MB")
    seconds, _ = timed([str(bench.build / "railhub"), "push", repo, str(folder)], env)
    bench.report("railhub push, nothing changed", seconds * 1000, "ms")


def pull(bench):
    """`railhub pull` of 1 GiB, verified and synced, against curl of the same bytes to disk."""
    url = f"http://127.0.0.1:{bench.hub.port}/{bench.repo}/resolve/main/large.bin"
    ours, theirs = [], []
    for index in range(3):
        out = bench.scratch / "pull.out"
        os.sync()
        start = time.perf_counter()
        subprocess.run(["curl", "-sS", "-f", "-o", str(out), "-H", f"Authorization: Bearer {bench.hub.token}", url],
                       check=True)
        theirs.append(time.perf_counter() - start)
        out.unlink()
        home = bench.scratch / f"pull-home-{index}"
        os.sync()
        ours.append(timed([str(bench.build / "railhub"), "pull", bench.repo], environment(bench, home))[0])
        shutil.rmtree(home)
    ours, theirs = sorted(ours)[1], sorted(theirs)[1]
    bench.report("railhub pull of 1 GiB", GIB / ours / 1e9, "GB/s", f"curl to disk ({GIB / theirs / 1e9:.2f} GB/s)",
                 theirs / ours, ">= 0.8")


def xet_token(bench, repo, scope):
    return bench.hub.call("GET", f"/api/models/{repo}/xet-{scope}-token/main")


def cas(bench, token, path):
    base = urlsplit(token["casUrl"])
    connection = bench.hub.connect()
    connection.request("GET", base.path + path, headers={"Authorization": f"Bearer {token['accessToken']}"})
    answer = connection.getresponse()
    body = answer.read()
    return answer.status, body


def virtual_xorb(bench):
    """Bytes of a loose blob served as xorbs, per CPU second of the server, against plain GET."""
    connection = bench.hub.connect()
    connection.request("HEAD", f"/{bench.repo}/resolve/main/large.bin",
                       headers={"Authorization": f"Bearer {bench.hub.token}"})
    answer = connection.getresponse()
    answer.read()
    token = xet_token(bench, bench.repo, "read")
    times = []
    for _ in range(50):
        start = time.perf_counter()
        status, body = cas(bench, token, f"/v2/reconstructions/{answer.getheader('X-Xet-Hash')}")
        times.append((time.perf_counter() - start) * 1000)
    if status != 200:
        raise RuntimeError(f"reconstruction answered {status} {body[:200]!r}")
    bench.report("reconstruction of 1 GiB, p50", sorted(times)[25], "ms", "a 10 GB file has ten times the terms",
                 aim="<= 1 ms for 10 GB")
    urls = [(fetch["url"], span["bytes"]) for fetches in json.loads(body)["xorbs"].values()
            for fetch in fetches for span in fetch["ranges"]]
    config = bench.scratch / "urls"
    config.write_text("".join(f'url = "{url}"\nrange = "{span["start"]}-{span["end"]}"\noutput = "/dev/null"\n'
                              for url, span in urls))
    plain = f"http://127.0.0.1:{bench.hub.port}/{bench.repo}/resolve/main/large.bin"
    def per_cpu_second(command):
        before = bench.hub.cpu_seconds()
        for _ in range(3):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return 3 * GIB / max(bench.hub.cpu_seconds() - before, 0.01)
    ours = per_cpu_second(["curl", "-sS", "-f", "-K", str(config)])
    theirs = per_cpu_second(["curl", "-sS", "-f", "-o", "/dev/null", "-H", f"Authorization: Bearer {bench.hub.token}", plain])
    bench.report("virtual xorbs per CPU second", ours / 1e9, "GB", f"plain GET ({theirs / 1e9:.2f} GB)", ours / theirs,
                 ">= 2 GB or 0.7")


def reconstruction(bench):
    """Reconstruction of a 10 GB file: one MiB of new bytes in each 64, holes between, so that it costs little to make."""
    path = bench.scratch / "ten.bin"
    with open(path, "wb") as out:
        for index in range(150):
            out.seek(index * 64 * MIB)
            out.write(os.urandom(MIB))
        out.truncate(150 * 64 * MIB)
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else sha256_of(file)
    repo = bench.hub.create_model("ten")
    bench.hub.put_file(bench.hub.upload_action(repo, sha256, size), path)
    bench.hub.commit_lfs(repo, "ten.bin", sha256, size)
    path.unlink()
    connection = bench.hub.connect()
    connection.request("HEAD", f"/{repo}/resolve/main/ten.bin", headers={"Authorization": f"Bearer {bench.hub.token}"})
    answer = connection.getresponse()
    answer.read()
    token = xet_token(bench, repo, "read")
    path = f"/v2/reconstructions/{answer.getheader('X-Xet-Hash')}"
    status, body = cas(bench, token, path)
    if status != 200:
        raise RuntimeError(f"reconstruction answered {status} {body[:200]!r}")
    p50 = load(bench, token, path, clients=1)["p50_us"] / 1000
    bench.report("reconstruction of 10 GB, p50", p50, "ms",
                 f"{len(json.loads(body)['terms'])} terms, {len(body) / 1000:.0f} kB", aim="<= 1 ms")


def load(bench, token, path, clients, *options):
    """Two seconds of one request to the CAS routes over kept connections."""
    command = [str(bench.build / "tests/bench/bench_load"), *options, str(bench.hub.port), str(clients), "2", "GET",
               urlsplit(token["casUrl"]).path + path, f"Authorization: Bearer {token['accessToken']}"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def sha256_of(file):
    digest = hashlib.sha256()
    while block := file.read(MIB):
        digest.update(block)
    return digest.hexdigest()


def chunk_query(bench):
    """CPU of the server for a chunk query that finds nothing."""
    token = xet_token(bench, bench.repo, "read")
    path = "/v1/chunks/default/" + os.urandom(32).hex()
    before = bench.hub.cpu_seconds()
    rate = load(bench, token, path, 16, "--expect=404")["rate"]
    micros = (bench.hub.cpu_seconds() - before) / (rate * 2) * 1e6
    bench.report("chunk query, unknown", micros, "us CPU", f"{rate:,.0f}/s", aim="<= 50 us")


def small_files(bench):
    """200,000 files of 5 KB by `railhub push`."""
    folder = bench.scratch / "many"
    for part in range(200):
        (folder / f"{part:03}").mkdir(parents=True)
        for index in range(1000):
            (folder / f"{part:03}" / f"{index:04}.bin").write_bytes(os.urandom(5000))
    os.sync()
    repo = bench.hub.create_model("many")
    seconds, peak = timed([str(bench.build / "railhub"), "push", repo, str(folder)],
                          environment(bench, bench.scratch / "many-home"))
    bench.report("railhub push of 200,000 files", seconds, "s", f"client peak {peak:.0f} MB", aim="< 60 s")
    shutil.rmtree(folder)


def transfers(bench):
    """Server memory with 64 transfers: 32 clients up, 32 down."""
    folders = [random_folder(bench, f"t{i}", 64 * MIB) for i in range(32)]
    repo = bench.hub.create_model("transfers")
    done, peak, failures = threading.Event(), [0.0], []
    def watch():
        status = Path(f"/proc/{bench.hub.process.pid}/status")
        while not done.is_set():
            anonymous = re.search(r"RssAnon:\s+(\d+)", status.read_text())
            peak[0] = max(peak[0], int(anonymous.group(1)) / 1024)
            time.sleep(0.05)
    def up(index):
        try:
            timed([str(bench.build / "railhub"), "push", repo, str(folders[index]), f"t{index}"],
                  environment(bench, bench.scratch / f"t{index}-home"))
        except RuntimeError as problem:
            failures.append(str(problem))
    def down():
        subprocess.run(["curl", "-sS", "-f", "--limit-rate", "100M", "-o", "/dev/null", "-H",
                        f"Authorization: Bearer {bench.hub.token}",
                        f"http://127.0.0.1:{bench.hub.port}/{bench.repo}/resolve/main/large.bin"], check=True)
    watcher = threading.Thread(target=watch)
    watcher.start()
    jobs = [threading.Thread(target=up, args=(i,)) for i in range(32)] + [threading.Thread(target=down) for _ in range(32)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    done.set()
    watcher.join()
    if failures:
        raise RuntimeError(f"{len(failures)} of 32 pushes failed: {failures[0]}")
    bench.report("resident, 64 transfers (peak)", peak[0], "MB", "file pages of mapped blobs not counted", aim="< 256 MB")
