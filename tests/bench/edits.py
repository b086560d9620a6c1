# SPDX-License-Identifier: Apache-2.0
"""What a change costs on the wire: bytes that `railhub push` sends after an edit, and the store that branches share."""
import json
import os
import shutil
import subprocess

from doors import GIB, MIB, environment, random_folder

PLACES = 7  # chunks differ in size, so one edit says little


class Pusher:
    """Pushes one folder to one repo and says what went over the wire."""

    def __init__(self, bench, name, folder):
        self.bench, self.folder, self.repo = bench, folder, bench.hub.create_model(name)
        self.env = environment(bench, bench.scratch / f"{name}-home")

    def push(self, *options):
        command = [str(self.bench.build / "railhub"), "push", self.repo, str(self.folder), "-q", "--json", *options]
        return json.loads(subprocess.run(command, env=self.env, check=True, capture_output=True, text=True).stdout)

    def sent(self, *options):
        return self.push(*options).get("sent_bytes", 0)


def overwrite(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def insert(path, offset, data):
    """Through a second file: 1 GiB does not belong into memory."""
    with open(path, "rb") as old, open(path.with_suffix(".new"), "wb") as new:
        copy(old, new, offset)
        new.write(data)
        shutil.copyfileobj(old, new, MIB)
    path.with_suffix(".new").replace(path)


def copy(source, target, count):
    while count > 0:
        block = source.read(min(MIB, count))
        if not block:
            raise RuntimeError("the file ended early")
        target.write(block)
        count -= len(block)


def report_sent(bench, what, counts, aim):
    counts = sorted(counts)
    bench.report(f"{what}, p50 sent", counts[len(counts) // 2] / 1000, "kB",
                 f"least {counts[0] / 1000:.0f} kB, most {counts[-1] / 1000:.0f} kB", aim=aim)


def edits(bench):
    """One GiB of new bytes: one byte changed, 137 inserted, nothing changed, a branch that shares 90%."""
    pusher = Pusher(bench, "edits", random_folder(bench, "edits", GIB))
    path = pusher.folder / "model.safetensors"
    pusher.push()
    changed, inserted = [], []
    for place in range(PLACES):
        overwrite(path, (place + 1) * 123_456_789, b"\x00" if place % 2 else b"\x01")
        changed.append(pusher.sent())
        insert(path, (place + 1) * 111_111_111, os.urandom(137))
        inserted.append(pusher.sent())
    report_sent(bench, "1 byte of 1 GiB changed", changed, "<= 100 kB")
    report_sent(bench, "137 bytes inserted into 1 GiB", inserted, "<= 150 kB")
    os.utime(path)  # same bytes, looked at again
    bench.report("1 GiB pushed again unchanged, sent", pusher.sent() / 1000, "kB", aim="0")
    before = stored_bytes(bench)
    overwrite(path, 300_000_000, os.urandom(GIB // 10))
    bench.hub.call("POST", f"/api/models/{pusher.repo}/branch/other", {})
    sent = pusher.sent("--revision", "other")
    bench.report("a branch that shares 90% of 1 GiB, sent", 100 * sent / GIB, "%", aim="10 %")
    bench.report("a branch that shares 90% of 1 GiB, stored", 100 * (stored_bytes(bench) - before) / GIB, "%", aim="10 %")
    shutil.rmtree(pusher.folder)


def stored_bytes(bench):
    objects = bench.scratch / "hub" / "objects"
    return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(objects) for name in names)


MAKE_TABLE = """
import sys, numpy, pyarrow, pyarrow.parquet
rows, path = int(sys.argv[1]), sys.argv[2]
numbers = numpy.random.default_rng(1)
with pyarrow.parquet.ParquetWriter(path, pyarrow.schema([("id", pyarrow.int64()), ("text", pyarrow.binary())])) as out:
    for group in range(rows // 10000):
        ids = numpy.arange(group * 10000, (group + 1) * 10000)
        texts = [numbers.bytes(200) for _ in range(10000)]
        out.write_table(pyarrow.table({"id": ids, "text": pyarrow.array(texts, pyarrow.binary())}))
"""
MAKE_SHARDS = """
import sys, numpy, safetensors.numpy
shards, folder = int(sys.argv[1]), sys.argv[2]
numbers = numpy.random.default_rng(2)
names = [f"layer.{i:02}.weight" for i in range(48)]
tensors = {name: numbers.standard_normal((1024, 1024), dtype=numpy.float32) for name in names}
for shard in range(shards):
    own = names[shard * 48 // shards:(shard + 1) * 48 // shards]
    safetensors.numpy.save_file({n: tensors[n] for n in own}, f"{folder}/model-{shard + 1:05}-of-{shards:05}.safetensors")
"""


def real_edits(bench):
    """A Parquet data set with rows appended, and a safetensors model cut into other shards."""
    python = bench.build.parent / "clients" / "venv" / "bin" / "python"
    if not python.exists():
        raise RuntimeError(f"no official clients at '{python}': run tests/clients/install.sh")
    table = bench.scratch / "table"
    table.mkdir()
    pusher = Pusher(bench, "table", table)
    make(python, MAKE_TABLE, 1_000_000, table / "train.parquet")
    pusher.push()
    make(python, MAKE_TABLE, 1_020_000, table / "train.parquet")
    size = os.path.getsize(table / "train.parquet")
    bench.report("Parquet with 2% more rows, sent", 100 * pusher.sent() / size, "%", f"of {size / 1e6:.0f} MB", aim="about 2 %")
    model = bench.scratch / "shards"
    model.mkdir()
    pusher = Pusher(bench, "shards", model)
    make(python, MAKE_SHARDS, 2, model)
    pusher.push()
    shutil.rmtree(model)
    model.mkdir()
    make(python, MAKE_SHARDS, 5, model)
    size = sum(file.stat().st_size for file in model.iterdir())
    bench.report("safetensors in 5 shards instead of 2, sent", 100 * pusher.sent() / size, "%", f"of {size / 1e6:.0f} MB",
                 aim="a few chunks a shard")


def make(python, program, count, target):
    subprocess.run([str(python), "-c", program, str(count), str(target)], check=True)
