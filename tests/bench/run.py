# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of the hub as ratios against references measured in the same run, on loopback.

Run by ./dev bench. Each row of BENCHMARKS prints one line for a person and one JSON object to
build/bench/results.json. Absolute figures move with the machine; the ratios are what to compare.
"""
import argparse
import glob
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, os.path.dirname(__file__))
import bloom  # noqa: E402
import compliance  # noqa: E402
import doors  # noqa: E402
import edits  # noqa: E402
import source_tree  # noqa: E402
from doors import median_seconds, sha256_rate  # noqa: E402
from hub import Hub, free_port, small_file  # noqa: E402

GIB = 1 << 30
MIB = 1 << 20
ROUNDS = 3


class Bench:
    """What benchmarks share: a hub, a scratch folder, a 1 GiB file with its digest, a peer nginx."""

    def __init__(self, build, scratch):
        self.build = build
        self.scratch = Path(scratch).resolve()
        self.hub = Hub(str(build / "railhub"), scratch)
        self.idle_mb = self.hub.resident_mb()
        self.file, self.sha256 = self._random_file("large.bin", GIB)
        self.repo = self.hub.create_model("bench")
        self.nginx_port = free_port()
        self.nginx = self._start_nginx()
        self.results = []

    def _random_file(self, name, size):
        path = self.scratch / "files" / name
        path.parent.mkdir(exist_ok=True)
        digest = hashlib.sha256()
        with open(path, "wb") as out:
            for _ in range(size // (4 * MIB)):
                block = os.urandom(4 * MIB)
                digest.update(block)
                out.write(block)
        return path, digest.hexdigest()

    def _start_nginx(self):
        config = self.scratch / "nginx.conf"
        config.write_text(
            f"daemon off; worker_processes 2; pid {self.scratch}/nginx.pid; error_log {self.scratch}/nginx.log;\n"
            "events { worker_connections 4096; }\n"
            "http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;\n"
            f"  client_body_temp_path {self.scratch}; proxy_temp_path {self.scratch};\n"
            f"  fastcgi_temp_path {self.scratch}; uwsgi_temp_path {self.scratch}; scgi_temp_path {self.scratch};\n"
            f"  server {{ listen 127.0.0.1:{self.nginx_port}; root {self.scratch}/files; }} }}\n")
        os.chmod(self.scratch, 0o755)
        return subprocess.Popen(["nginx", "-c", str(config)], stderr=subprocess.DEVNULL)

    def close(self):
        self.nginx.terminate()
        self.nginx.wait(30)
        self.hub.stop()

    def report(self, name, value, unit, reference="", ratio=None, aim=""):
        self.results.append({"name": name, "value": round(value, 4), "unit": unit, "reference": reference,
                             "ratio": None if ratio is None else round(ratio, 3), "aim": aim})
        shown = f"{value:,.3f}" if value < 100 else f"{value:,.0f}"
        tail = f"  ratio {ratio:.2f} of {reference}" if ratio is not None else f"  {reference}"
        print(f"{name:<34} {shown:>10} {unit:<8}{tail}{'   aim ' + aim if aim else ''}", flush=True)


def dd_rate(bench):
    out = bench.scratch / "dd.out"
    def run():
        subprocess.run(["dd", f"if={bench.file}", f"of={out}", "bs=4M", "oflag=direct", "conv=fsync"],
                       check=True, stderr=subprocess.DEVNULL)
    seconds = median_seconds(run)
    out.unlink()
    return GIB / seconds


def put(bench):
    """LFS PUT of 1 GiB against one-core SHA-256 and against dd with fsync."""
    sha_rate, disk_rate = sha256_rate(bench.file), dd_rate(bench)
    times = []
    for _ in range(ROUNDS):
        # New bytes each round: what the hub has in part is stored another way.
        bench.file, bench.sha256 = bench._random_file("large.bin", GIB)
        href = bench.hub.upload_action(bench.repo, bench.sha256, GIB)
        start = time.perf_counter()
        bench.hub.put_file(href, bench.file)
        times.append(time.perf_counter() - start)
    rate = GIB / statistics.median(times)
    bench.hub.commit_lfs(bench.repo, "large.bin", bench.sha256, GIB)
    bench.report("PUT 1 GiB", rate / 1e9, "GB/s", f"one-core SHA-256 ({sha_rate / 1e9:.2f} GB/s)", rate / sha_rate)
    bench.report("PUT 1 GiB", rate / 1e9, "GB/s", f"dd + fsync ({disk_rate / 1e9:.2f} GB/s)", rate / disk_rate)
    bench.report("PUT 1 GiB", rate / 1e9, "GB/s", "the slower of both", rate / min(sha_rate, disk_rate), ">= 0.6")


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def curl_rate(url, token=None):
    headers = ["-H", f"Authorization: Bearer {token}"] if token else []
    return GIB / median_seconds(lambda: subprocess.run(["curl", "-sS", "-f", "-o", "/dev/null", *headers, url], check=True), 2)


def get(bench):
    """GET of 1 GiB, one stream, against nginx on the same file."""
    url = f"http://127.0.0.1:{bench.hub.port}/{bench.repo}/resolve/main/large.bin"
    ours, theirs = side_by_side(lambda: curl_rate(url, bench.hub.token),
                                lambda: curl_rate(f"http://127.0.0.1:{bench.nginx_port}/large.bin"))
    bench.report("GET 1 GiB, one stream", ours / 1e9, "GB/s", f"nginx ({theirs / 1e9:.2f} GB/s)", ours / theirs, ">= 1.0")


def load(bench, port, method, path, *headers):
    """Requests per second on 64 keep-alive connections, generator on the same cores."""
    command = [str(bench.build / "tests/bench/bench_load"), str(port), "64", "2", method, path, *headers]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"{method} {path} on port {port}: {result.stdout}{result.stderr}")
    return json.loads(result.stdout)["rate"]


def side_by_side(*actions):
    """Medians of actions that take turns, so that other load on the machine meets all of them."""
    rounds = [[action() for action in actions] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds)]


def head(bench):
    """resolve HEAD per second against nginx on the same file."""
    path = f"/{bench.repo}/resolve/main/large.bin"
    token = f"Authorization: Bearer {bench.hub.token}"
    ours, with_token, theirs = side_by_side(
        lambda: load(bench, bench.hub.port, "HEAD", path),
        lambda: load(bench, bench.hub.port, "HEAD", path, token),
        lambda: load(bench, bench.nginx_port, "HEAD", "/large.bin"))
    bench.report("HEAD resolve, anonymous", ours, "/s", f"nginx ({theirs:,.0f}/s)", ours / theirs, ">= 10,000/s")
    bench.report("HEAD resolve, with token", with_token, "/s", f"nginx ({theirs:,.0f}/s)", with_token / theirs)


def server(bench):
    """server/http alone, without hub: small answers, one large file, memory."""
    alone = subprocess.Popen([str(bench.build / "tests/bench/bench_http"), str(bench.file)],
                             stdout=subprocess.PIPE, text=True)
    try:
        port = int(alone.stdout.readline())
        idle = resident_mb(alone.pid)
        ours, theirs = side_by_side(lambda: load(bench, port, "HEAD", "/fd"),
                                    lambda: load(bench, bench.nginx_port, "HEAD", "/large.bin"))
        bench.report("server alone: HEAD", ours, "/s", f"nginx ({theirs:,.0f}/s)", ours / theirs)
        ours, theirs = side_by_side(lambda: curl_rate(f"http://127.0.0.1:{port}/fd"),
                                    lambda: curl_rate(f"http://127.0.0.1:{bench.nginx_port}/large.bin"))
        bench.report("server alone: GET 1 GiB", ours / 1e9, "GB/s", f"nginx ({theirs / 1e9:.2f} GB/s)", ours / theirs)
        bench.report("server alone: resident, idle", idle, "MB")
        bench.report("server alone: resident, after", resident_mb(alone.pid), "MB")
    finally:
        alone.terminate()
        alone.wait(30)


def commit(bench):
    """Commit of 100 small files, p50."""
    repo = bench.hub.create_model("commits")
    connection = bench.hub.connect()
    times = []
    for round_number in range(30):
        operations = [small_file(f"d{i % 10}/f{i}.txt", round_number) for i in range(100)]
        start = time.perf_counter()
        bench.hub.commit(repo, operations, connection)
        times.append((time.perf_counter() - start) * 1000)
    bench.report("commit of 100 files, p50", statistics.median(times), "ms", f"p95 {sorted(times)[28]:.1f} ms", aim="< 15 ms")


def clone(bench):
    """Clone of a repo of about 10,000 objects against a local clone of the same history."""
    repo = bench.hub.create_model("clones")
    for part in range(10):
        bench.hub.commit(repo, [small_file(f"d{i % 100}/p{part}-{i}.txt", i) for i in range(950)])
    url = f"http://127.0.0.1:{bench.hub.port}/{repo}"
    target, local = bench.scratch / "clone", bench.scratch / "local.git"
    def once(source):
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run(["git", "clone", "-q", "--no-local", source, str(target)], check=True)
    start = time.perf_counter()
    once(url)
    first = time.perf_counter() - start
    ours = median_seconds(lambda: once(url))
    subprocess.run(["git", "clone", "-q", "--bare", url, str(local)], check=True)
    objects = subprocess.run(["git", "-C", str(local), "count-objects", "-v"], capture_output=True, text=True).stdout
    theirs = median_seconds(lambda: once(f"file://{local}"))
    count = re.search(r"in-pack: (\d+)", objects).group(1)
    bench.report(f"clone of {count} objects, cached", ours, "s", f"local clone ({theirs:.2f} s); first {first:.2f} s",
                 ours / theirs, "<= 2")


def idle_connections(bench):
    """300 idle keep-alive connections cost nothing."""
    peers = []
    for _ in range(300):
        peer = socket.create_connection(("127.0.0.1", bench.hub.port))
        peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        peer.recv(65536)
        peers.append(peer)
    before = bench.hub.cpu_seconds()
    time.sleep(3)
    spent = (bench.hub.cpu_seconds() - before) / 3 * 100
    bench.report("300 idle connections", spent, "% CPU", aim="0")
    for peer in peers:
        peer.close()


def slow_downloads(bench):
    """Small requests while 500 slow downloads are held open."""
    request = (f"GET /{bench.repo}/resolve/main/large.bin HTTP/1.1\r\nHost: x\r\n"
               f"Authorization: Bearer {bench.hub.token}\r\n\r\n").encode()
    peers = []
    for _ in range(500):
        peer = socket.socket()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.connect(("127.0.0.1", bench.hub.port))
        peer.sendall(request)
        peers.append(peer)
    time.sleep(1)
    connection = bench.hub.connect()
    times = []
    for _ in range(200):
        start = time.perf_counter()
        bench.hub.call("GET", f"/api/models/{bench.repo}/refs", connection=connection)
        times.append((time.perf_counter() - start) * 1000)
        peers[_ % 500].recv(2048)
    bench.report("small request, 500 slow downloads", statistics.median(times), "ms",
                 f"p99 {sorted(times)[197]:.1f} ms, {bench.hub.resident_mb():.0f} MB resident", aim="< 5 ms")
    for peer in peers:
        peer.close()


def memory(bench):
    """Resident memory: idle after start, and the peak with 16 uploads and 16 downloads at once."""
    bench.report("resident, idle", bench.idle_mb, "MB", aim="< 40 MB")
    files = [bench._random_file(f"m{i}.bin", 64 * MIB) for i in range(16)]
    hrefs = [bench.hub.upload_action(bench.repo, digest, 64 * MIB) for _, digest in files]
    done, peak = threading.Event(), [0.0]
    def watch():
        while not done.is_set():
            peak[0] = max(peak[0], bench.hub.resident_mb() - mapped_mb(bench.hub.process.pid))
            time.sleep(0.05)
    def download():
        subprocess.run(["curl", "-sS", "-f", "--limit-rate", "200M", "-o", "/dev/null", "-H",
                        f"Authorization: Bearer {bench.hub.token}",
                        f"http://127.0.0.1:{bench.hub.port}/{bench.repo}/resolve/main/large.bin"], check=True)
    watcher = threading.Thread(target=watch)
    watcher.start()
    jobs = [threading.Thread(target=bench.hub.put_file, args=(href, path)) for href, (path, _) in zip(hrefs, files)]
    jobs += [threading.Thread(target=download) for _ in range(16)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    done.set()
    watcher.join()
    bench.report("resident, 32 transfers (peak)", peak[0], "MB", "file pages of mapped blobs not counted", aim="< 200 MB")


def mapped_mb(pid):
    """Pages of mapped files: they belong to the page cache, not to the process."""
    return int(re.search(r"RssFile:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def license_files(folder, count):
    """Copies of the license texts and copyright files of this machine and of the shared data, until there are `count`."""
    shared = Path(__file__).resolve().parents[3] / "shared/data/license-texts"
    sources = [p for pattern in ("/usr/share/common-licenses/*", "/usr/share/doc/*/copyright", f"{shared}/*/*.txt")
               for p in sorted(glob.glob(pattern)) if os.path.isfile(p)]
    total = 0
    for number in range(count):
        source = sources[number % len(sources)]
        target = folder / f"{number // 200:03}" / f"{number:05}-LICENSE"
        target.parent.mkdir(parents=True, exist_ok=True)
        total += target.write_bytes(Path(source).read_bytes())
    return total


def license_detect(bench):
    """4,000 license files, against Debian's licensecheck on the same files."""
    folder = bench.scratch / "licenses"
    size = license_files(folder, 4000)
    railhub = [str(bench.build / "railhub"), "license", "detect", str(folder), "--json"]

    def run(command):
        started = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return time.monotonic() - started

    ours = min(run(railhub) for _ in range(ROUNDS))
    theirs = run(["licensecheck", "--recursive", "--machine", "--check", ".*", str(folder)])
    bench.report("license detection, 4,000 files", ours, "s", "licensecheck", ours / theirs, "< 5 s")
    bench.report("license detection, input", size / MIB / ours, "MiB/s")


def engine(bench):
    """The storage engine without HTTP: ingest, xorb verification, reconstruction, chunk queries."""
    folder = bench.scratch / "engine"
    command = [str(bench.build / "tests/bench/bench_engine"), str(folder)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for row in map(json.loads, lines.splitlines()):
        bench.report(row["name"], row["value"], row["unit"], row["reference"], row["ratio"] or None, row["aim"])
    shutil.rmtree(folder)


BENCHMARKS = [
    put,
    get,
    head,
    server,
    engine,
    commit,
    clone,
    idle_connections,
    slow_downloads,
    memory,
    doors.hf_upload,
    doors.push,
    doors.pull,
    doors.virtual_xorb,
    doors.reconstruction,
    doors.chunk_query,
    doors.transfers,
    doors.small_files,
    edits.edits,
    edits.real_edits,
    license_detect,
    compliance.verdicts,
    compliance.check_folder,
    source_tree.scan,
]
BY_HAND = [bloom.bloom]  # only when named
READ_WHAT_PUT_COMMITS = {get, head, slow_downloads, memory, doors.pull, doors.virtual_xorb, doors.chunk_query,
                         doors.transfers}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, help="build folder with the railhub binary")
    parser.add_argument("--scratch", help="folder on the disk to measure (default: a temporary one in the build folder)")
    parser.add_argument("names", nargs="*", choices=[[], *[b.__name__ for b in BENCHMARKS + BY_HAND]], help="only these")
    options = parser.parse_args()
    wanted = [b for b in BENCHMARKS if not options.names or b.__name__ in options.names]
    wanted += [b for b in BY_HAND if b.__name__ in options.names]
    if wanted and wanted[0] is not put and READ_WHAT_PUT_COMMITS.intersection(wanted):
        wanted.insert(0, put)
    with tempfile.TemporaryDirectory(dir=options.scratch or options.build) as scratch:
        bench = Bench(Path(options.build).resolve(), scratch)
        try:
            for benchmark in wanted:
                benchmark(bench)
        finally:
            bench.close()
    Path(options.build, "results.json").write_text(json.dumps(bench.results, indent=2) + "\n")


if __name__ == "__main__":
    main()
