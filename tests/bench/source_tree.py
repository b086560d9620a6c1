# SPDX-License-Identifier: Apache-2.0
"""Benchmark of `railhub scan` on a large source tree against `git grep` of one word on the same tree."""
import os
import random
import statistics
import subprocess
import time

FILES = 100_000
FOLDER_FILES = 50
ROUNDS = 3
WORDS = ("value", "index", "result", "buffer", "request", "handler", "session", "config", "total", "item", "node", "state")

PYTHON_USE = 'from transformers import AutoModel\n\nmodel = AutoModel.from_pretrained("acme{0}/net-{0}")\n'
SCRIPT_USE = 'import {{ pipeline }} from "@huggingface/transformers";\nconst p = await pipeline("fill-mask", "acme{0}/net-{0}");\n'


def python_text(chance, number):
    parts = [PYTHON_USE.format(number)] if number % 200 == 0 else ["import os\nimport sys\n\n"]
    for block in range(chance.randrange(5, 40)):
        a, b = chance.choices(WORDS, k=2)
        parts.append(f'def {a}_{block}({b}, path="a/{b}"):\n    """Returns {a} of {b}."""\n'
                     f'    # {b} may be empty\n    {a} = [{b} + {block} for _ in range({block})]\n'
                     f'    return os.path.join(path, f"{{{a}}}/{b}")\n\n\n')
    return "".join(parts)


def script_text(chance, number):
    parts = [SCRIPT_USE.format(number)] if number % 200 == 0 else ["'use strict';\n"]
    for block in range(chance.randrange(5, 40)):
        a, b = chance.choices(WORDS, k=2)
        parts.append(f"export function {a}{block}({b}) {{\n  const {a} = {b} ? `${{{b}}}/{a}` : /[{a}]/;\n"
                     f"  return {{ {a}, type: 'text/{b}' }};\n}}\n")
    return "".join(parts)


def data_text(chance, _number):
    return "".join(f"{a}:\n  {b}: {chance.randrange(1000)}\n" for a, b in zip(WORDS, chance.choices(WORDS, k=12)))


KINDS = ([("py", python_text)] * 6 + [("ts", script_text)] * 2 + [("yaml", data_text)] + [("txt", data_text)])


def make_tree(root):
    chance = random.Random(1)
    for number in range(FILES):
        ending, text = KINDS[number % len(KINDS)]
        folder = f"{root}/p{number // FOLDER_FILES // 40}/q{number // FOLDER_FILES}"
        if number % FOLDER_FILES == 0:
            os.makedirs(folder)
        with open(f"{folder}/f{number}.{ending}", "w") as out:
            out.write(text(chance, number))


def run_and_measure(command, cwd):
    """Seconds and peak resident MB of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command}: exit code {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def scan(bench):
    """railhub scan of a tree of 100,000 files, taking turns with git grep."""
    root = bench.scratch / "tree"
    make_tree(str(root))
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=root, check=True)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(run_and_measure(["git", "grep", "-c", "from_pretrained"], root))
        ours.append(run_and_measure([str(bench.build / "railhub"), "scan", "--json"], root))
    seconds, reference = (statistics.median(row[0] for row in rows) for rows in (ours, theirs))
    bench.report("scan of 100,000 files", seconds, "s", f"git grep of a word ({reference:.2f} s)", seconds / reference, "< 5 s")
    bench.report("scan of 100,000 files, resident", max(row[1] for row in ours), "MB", aim="< 200 MB")
