# SPDX-License-Identifier: Apache-2.0
"""Runs the transcripts beside this file: commands, what they print and their exit codes.

A transcript (*.test) is text with three kinds of lines:

    $ command            run by bash in the transcript's own folder; "> " continues it
    expected output      what follows, both streams together; "[..]" is any text within a line,
                         "..." alone on a line any number of lines
    => 5                 the exit code, when it is not 0

"# " begins a comment. A first line "serve: OPTIONS" starts a hub on loopback for the transcript; then
$DATA is its folder, $HF_ENDPOINT its address and $HF_TOKEN the token of its admin. $SOURCE is the source tree.
"""
import argparse
import difflib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
READY = re.compile(r"listening on (http://\S+)")
TOKEN = re.compile(r"\bhf_[A-Za-z0-9]{20,}\b")
COMMAND_SECONDS = 120
START_SECONDS = 30


@dataclass
class Step:
    line: int
    command: str
    expected: list = field(default_factory=list)
    code: int = 0


@dataclass
class Transcript:
    name: str
    serve: str | None
    steps: list


def parse(path):
    serve, steps = None, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("serve:"):
            serve = line.removeprefix("serve:").strip()
        elif line.startswith("$ "):
            steps.append(Step(number, line[2:]))
        elif line.startswith("> ") and steps and not steps[-1].expected:
            steps[-1].command += "\n" + line[2:]
        elif line.startswith("=> "):
            steps[-1].code = int(line[3:])
        elif steps and line.strip() and not line.startswith("# "):
            steps[-1].expected.append(line)
    return Transcript(path.stem, serve, steps)


class Hub:
    """A server for one transcript."""

    def __init__(self, binary, folder, options, env):
        self.log = folder / "hub.log"
        command = [binary, "serve", "--data", folder / "data", "--listen", "127.0.0.1:0", *options.split()]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env)
        said = self.wait()
        self.url = READY.search(said).group(1)
        self.token = TOKEN.search(said).group(0)

    def wait(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            said = self.log.read_text(errors="replace")
            if READY.search(said) and TOKEN.search(said):
                return said
            time.sleep(0.01)
        self.process.kill()
        raise RuntimeError("the hub did not start:\n" + self.log.read_text(errors="replace"))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise RuntimeError("the hub did not stop within 30 s of SIGTERM") from None


def pattern_of(line):
    return re.compile(".*".join(re.escape(part) for part in line.split("[..]")))


def matches(expected, actual):
    """Line by line; "..." takes any number of lines."""
    if not expected:
        return not actual
    if expected[0] == "...":
        return any(matches(expected[1:], actual[skipped:]) for skipped in range(len(actual) + 1))
    return bool(actual) and bool(pattern_of(expected[0]).fullmatch(actual[0])) and matches(expected[1:], actual[1:])


def run_step(step, folder, env):
    """None when it went as written, else what was different."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", step.command],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    actual = [line for line in done.stdout.decode(errors="replace").splitlines() if line.strip()]
    if done.returncode == step.code and matches(step.expected, actual):
        return None
    diff = "\n".join(difflib.unified_diff(step.expected, actual, "expected", "actual", lineterm=""))
    codes = "" if done.returncode == step.code else f"exit code {done.returncode}, expected {step.code}\n"
    return f"line {step.line}: $ {step.command}\n{codes}{diff}"


def environment(folder, binary):
    programs = folder / "bin"
    programs.mkdir()
    (programs / "railhub").symlink_to(binary)
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    own = {"HOME": str(folder), "SOURCE": str(HERE.parent.parent), "NO_PROXY": "*", "no_proxy": "*"}
    return {**kept, **own, "PATH": f"{programs}:{os.environ['PATH']}"}


def run_transcript(transcript, binary):
    """None when all steps went as written, else the first difference."""
    folder = Path(tempfile.mkdtemp(prefix=f"railhub-{transcript.name}-"))
    hub = None
    try:
        env = environment(folder, binary)
        if transcript.serve is not None:
            hub = Hub(binary, folder, transcript.serve, env)
            env |= {"HF_ENDPOINT": hub.url, "HF_TOKEN": hub.token, "DATA": str(folder / "data")}
        work = folder / "work"
        work.mkdir()
        for step in transcript.steps:
            if problem := run_step(step, work, env):
                return problem
        return None
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return str(error)
    finally:
        if hub:
            hub.stop()
        shutil.rmtree(folder, ignore_errors=True)


def write_junit(path, results):
    suite = ElementTree.Element("testsuite", name="functional", tests=str(len(results)))
    for name, seconds, problem in results:
        case = ElementTree.SubElement(suite, "testcase", name=name, time=f"{seconds:.3f}")
        if problem:
            ElementTree.SubElement(case, "failure", message=problem.splitlines()[0]).text = problem
    ElementTree.ElementTree(suite).write(path, encoding="unicode")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--junit-xml", type=Path)
    parser.add_argument("names", nargs="*", help="transcripts to run; all when none is given")
    options = parser.parse_args()
    results = []
    for path in sorted(HERE.glob("*.test")):
        if options.names and path.stem not in options.names:
            continue
        begun = time.monotonic()
        problem = run_transcript(parse(path), options.binary.resolve())
        results.append((path.stem, time.monotonic() - begun, problem))
        print(f"{'FAILED' if problem else 'ok'}  {path.stem}  {results[-1][1]:.1f} s", flush=True)
        if problem:
            print(problem, flush=True)
    if options.junit_xml:
        write_junit(options.junit_xml, results)
    failed = sum(1 for _, _, problem in results if problem)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
