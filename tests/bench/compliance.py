# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of the compliance engine: a whole hub, and one folder including start-up."""
import json
import os
import statistics
import subprocess
import time

STARTS = 21


def verdicts(bench):
    """Verdicts of a synthetic hub of 2.2 million models, cold and after a change of license."""
    done = subprocess.run([bench.build / "tests/bench/bench_verdicts"], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    judged = f"{said['judged']:,} judgements for {said['artifacts']:,} artifacts"
    bench.report("verdicts of 2.2 M models, cold", said["cold_seconds"], "s", judged, aim="< 10 s")
    bench.report("... CPU time of that", said["cold_cpu"], "s")
    bench.report("... one model relabelled, median", said["median_seconds"] * 1e3, "ms", aim="< 100 ms")
    bench.report("... one model relabelled, p99", said["p99_seconds"] * 1e3, "ms", aim="< 100 ms")
    reached = f"{said['popular_reached']:,} models below it; {said['popular_cpu'] * 1e3:.0f} ms of CPU"
    bench.report("... the most used model relabelled", said["popular_seconds"] * 1e3, "ms", reached, aim="< 100 ms")


def seconds_of(command, env):
    times = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def check_folder(bench):
    """`railhub check` of a local folder whose base is in the cache or on the hub, the process included."""
    railhub = bench.build / "railhub"
    home = bench.scratch / "check-home"
    model = bench.scratch / "check-model"
    model.mkdir()
    (model / "README.md").write_text("---\nlicense: llama3.1\nbase_model: admin/base\n---\n# Tuned\n")
    base = bench.scratch / "check-base"
    base.mkdir()
    (base / "README.md").write_text("---\nlicense: llama3.1\n---\n# Base\n")
    env = {**os.environ, "HOME": str(home), "HF_ENDPOINT": f"http://127.0.0.1:{bench.hub.port}",
           "HF_TOKEN": bench.hub.token}
    subprocess.run([railhub, "push", "admin/base", base, "-q"], env=env, stdout=subprocess.DEVNULL, check=True)
    start_up = seconds_of([railhub, "version"], env)
    one = seconds_of([railhub, "check", model], env)
    bench.report("check of a folder, its base asked for", one * 1e3, "ms",
                 f"of that {start_up * 1e3:.1f} ms start-up", aim="< 50 ms")
    offline = seconds_of([railhub, "check", model, "--offline"], env)
    bench.report("check of a folder, offline", offline * 1e3, "ms", aim="< 50 ms")
