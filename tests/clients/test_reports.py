# SPDX-License-Identifier: Apache-2.0
# Reports of `railhub check` as others read them: the schema and the official validator of SARIF, JUnit and code quality
# by their schemas and an independent reader; and the same findings in every form.
import csv
import io
import json
import os
import re
import subprocess
import urllib.parse
import xml.etree.ElementTree as ElementTree

import pytest

from support.clients import ROOT, missing, module, node_program
from support.server import binary, clean_environment
from support.files import write_tree

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv")
NO_PLACE = "README.md"  # stands where a form must name a file and the finding has none
ACCEPTED = {"SARIF2005"}  # wants the address of a web site, and there is none
SHARED = ROOT.parent / "shared" / "data" / "standards"

BASE = "---\nlicense: bigscience-bloom-rail-1.0\n---\n# Base\n"
TUNED = """---
license: apache-2.0
base_model: ../base
datasets:
  - talks/of, people
use_restrictions:
  - "=cmd|' /C calc'!A0"
  - "a,b:c%0A::error::x"
---
# Tuned
"""


def run(folder, *words, env=None, check=True):
    command = [binary(), "check", *words]
    environment = {**clean_environment(), "HF_HUB_OFFLINE": "1", "HOME": str(folder), **(env or {})}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False)
    assert not check or done.returncode in (0, 1), done.stderr
    return done


@pytest.fixture
def project(tmp_path):
    return write_tree(tmp_path / "project", {"base/README.md": BASE, "a model/README.md": TUNED})


@pytest.fixture
def reports(project):
    """{format: text}, all of one run."""
    words = [word for name in FORMATS for word in ("--report", f"{name}=out.{name}")]
    done = run(project, "./a model", *words, "--format", "json")
    assert done.returncode == 1
    return {name: (project / f"out.{name}").read_bytes().decode() for name in FORMATS}


# --- (severity, rule, subject, path, line) of each finding, read by other people's parsers -----------------------


def of_json(text):
    for finding in json.loads(text)["findings"]:
        place = finding["location"] or {"path": NO_PLACE, "line": 0}
        yield finding["severity"], finding["rule"], finding["subject"], place["path"], place["line"]


def of_sarif(text):
    (sarif_run,) = json.loads(text)["runs"]
    for result in sarif_run["results"]:
        place = result["locations"][0]["physicalLocation"]
        line = place["region"]["startLine"]
        path = urllib.parse.unquote(place["artifactLocation"]["uri"])
        assert sarif_run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        yield result["level"], result["ruleId"], result["properties"]["subject"], path, line


def of_junit(text):
    for case in ElementTree.fromstring(text).iter("testcase"):
        yield (case.get("status"), case.get("classname").removeprefix("railhub."), case.get("name").split(": ")[0],
               case.get("file"), int(case.get("line", 0)))


def of_github(text):
    pattern = r"::(\w+) file=([^,:]*)(?:,line=(\d+))?(?:,col=\d+)?,title=(\S+) ([^:]*)::"
    for line in text.splitlines():
        if line.startswith("::"):
            kind, path, number, rule, subject = re.match(pattern, line).groups()
            decoded = [urllib.parse.unquote(part) for part in (rule, subject, path)]
            yield {"notice": "note"}.get(kind, kind), *decoded, int(number or 0)


def of_gitlab(text):
    words = {"info": "note", "major": "warning", "critical": "error"}
    for issue in json.loads(text):
        place = issue["location"]
        yield (words[issue["severity"]], issue["check_name"], issue["description"].split(": ")[0], place["path"],
               place["lines"]["begin"])


def of_csv(text):
    for row in csv.DictReader(io.StringIO(text, newline="")):
        yield row["severity"], row["rule"], row["subject"], row["path"] or NO_PLACE, int(row["line"] or 0)


def of_markdown(text):
    for line in text.splitlines():
        cells = [cell.strip().replace("\\", "") for cell in line.split(" | ")]
        if len(cells) == 5 and line.startswith("| ") and "rule" not in cells and "---" not in cells:
            place = cells[4].rstrip("|").strip().strip("`")
            path, number = re.match(r"(.*?)(?::(\d+)(?::\d+)?)?$", place or NO_PLACE).groups()
            yield cells[0].lstrip("| ").strip("*"), cells[1], cells[2].strip("`"), path, int(number or 0)


def of_text(text):
    found = []
    for line in text.splitlines():
        if match := re.match(r"(error|warning|note) (\S+) (.*?): ", line):
            found.append([*match.groups(), NO_PLACE, 0])
        elif match := re.match(r"  at: +(.*?)(?::(\d+)(?::\d+)?)?$", line):
            found[-1][3:] = [match[1], int(match[2] or 0)]
    yield from map(tuple, found)


READERS = {"json": of_json, "sarif": of_sarif, "junit": of_junit, "github": of_github, "gitlab": of_gitlab,
           "csv": of_csv, "markdown": of_markdown, "text": of_text}


def test_every_form_has_the_same_findings(reports):
    expected = list(of_json(reports["json"]))
    assert {rule for _, rule, *_ in expected} >= {"R1", "R3", "card.use_restrictions"}
    for name, reader in READERS.items():
        found = list(reader(reports[name]))
        if name in ("gitlab", "sarif"):  # a line is asked for where there is none
            assert found == [(*finding[:4], max(finding[4], 1)) for finding in expected]
        else:
            assert found == expected, name


def test_paths_are_as_seen_from_the_working_folder(reports):
    assert {path for *_, path, _ in of_json(reports["json"])} == {"a model/README.md"}


def test_the_same_run_gives_the_same_bytes(project, reports):
    for name in FORMATS:
        assert run(project, "./a model", "--format", name).stdout == reports[name].replace("\r\n", "\n"), name


# --- schemas and validators --------------------------------------------------------------------------------------


def test_sarif_by_its_schema(reports):
    jsonschema = module("jsonschema")
    path = SHARED / "sarif-schema-2.1.0.json"
    if not path.is_file():
        missing("the shared reference data")
    jsonschema.validate(json.loads(reports["sarif"]), json.loads(path.read_text()))


def test_sarif_by_the_multitool(reports, project):
    tool = node_program("@microsoft/sarif-multitool-linux", "Sarif.Multitool")
    result = project / "validation.sarif"
    done = subprocess.run(
        [tool, "validate", project / "out.sarif", "--output", result, "--log", "ForceOverwrite", "--rule-kind", "Sarif;Ghas"],
        capture_output=True, text=True, check=False,
        env={**clean_environment(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(project)},
    )
    said = done.stdout + done.stderr
    assert result.is_file(), said
    problems = [
        f"{item['ruleId']}: {item['message']}"
        for sarif_run in json.loads(result.read_text(encoding="utf-8-sig"))["runs"]
        for item in sarif_run.get("results", [])
        if item.get("level", "warning") in ("error", "warning") and item["ruleId"] not in ACCEPTED
    ]
    assert done.returncode == 0 and not problems, "\n".join(problems) + said


def test_junit_by_its_schema_and_an_independent_reader(reports):
    xmlschema = module("xmlschema")
    xmlschema.XMLSchema(str(ROOT / "tests/data/report/junit.xsd")).validate(reports["junit"])
    junitparser = module("junitparser")
    (suite,) = junitparser.JUnitXml.fromstring(reports["junit"].encode())
    assert (suite.tests, suite.errors) == (len(list(of_json(reports["json"]))), 0)
    failed = [case for case in suite if not case.is_passed]
    assert len(failed) == suite.failures == sum(severity == "error" for severity, *_ in of_json(reports["json"]))


def test_code_quality_by_its_schema(reports):
    jsonschema = module("jsonschema")
    schema = json.loads((ROOT / "tests/data/report/gitlab-code-quality.schema.json").read_text())
    jsonschema.validate(json.loads(reports["gitlab"]), schema)
    prints = [issue["fingerprint"] for issue in json.loads(reports["gitlab"])]
    assert len(prints) == len(set(prints))


def test_csv_is_what_spreadsheets_read_and_do_not_run(reports):
    for row in csv.reader(io.StringIO(reports["csv"], newline="")):
        assert len(row) == 12
        assert not any(cell[:1] in ("=", "+", "-", "@", "\t") for cell in row)


def test_a_clean_check_is_valid_in_every_form(project):
    jsonschema, xmlschema = module("jsonschema"), module("xmlschema")
    assert run(project, "base", "--format", "sarif").returncode == 0
    xmlschema.XMLSchema(str(ROOT / "tests/data/report/junit.xsd")).validate(run(project, "base", "--format", "junit").stdout)
    jsonschema.validate(json.loads(run(project, "base", "--format", "gitlab").stdout), {"type": "array"})


# --- what is left out --------------------------------------------------------------------------------------------


def test_a_baseline_hides_what_was_there(project):
    written = run(project, "a model", "--write-baseline", "known.json")
    assert written.returncode == 0 and "known finding" in written.stdout
    again = run(project, "a model", "--baseline", "known.json")
    assert again.returncode == 0 and "verdict: conflict" not in again.stdout
    # Other lines and words: still known. Another base: new.
    card = project / "a model" / "README.md"
    card.write_text(TUNED.replace("---\nlicense", "---\n# moved\nlicense", 1))
    assert run(project, "a model", "--baseline", "known.json").returncode == 0
    write_tree(project, {"other/README.md": BASE})
    card.write_text(TUNED.replace("../base", "../other"))
    new = run(project, "a model", "--baseline", "known.json", "--format", "json")
    assert new.returncode == 1
    report = json.loads(new.stdout)
    assert {finding["rule"] for finding in report["findings"]} >= {"R3"} and report["known"] > 0
    broken = run(project, "a model", "--baseline", "a model/README.md", check=False)
    assert broken.returncode == 2 and "README.md" in broken.stderr


def test_changed_since_looks_at_touched_files_only(project):
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@localhost"]
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for words in (["init", "-q", "-b", "main", "."], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *words], cwd=project, check=True, env=quiet)
    untouched = run(project, "a model", "--changed-since", "HEAD")
    assert untouched.returncode == 0 and "in unchanged files hidden" in untouched.stdout
    with (project / "a model" / "README.md").open("a") as card:
        card.write("more\n")
    assert run(project, "a model", "--changed-since", "HEAD").returncode == 1
    assert run(project, "a model", "--changed-since", "nothing", check=False).returncode == 5


def test_output_goes_to_a_file_and_explains(project):
    done = run(project, "a model", "--format", "markdown", "--explain", "--output", "comment.md")
    assert done.returncode == 1 and done.stdout == "" and "comment.md" in done.stderr
    assert "The rule: " in (project / "comment.md").read_text()
    assert run(project, "a model", "--report", "nosuch=x", check=False).returncode == 2
    assert run(project, "a model", "--report", "sarif", check=False).returncode == 2
    assert run(project, "a model", "--report", "sarif=no/such/folder/x", check=False).returncode in (3, 5)


def test_no_colour_without_a_terminal(project):
    assert "\x1b" not in run(project, "a model").stdout
    assert "\x1b[31m" in run(project, "a model", "--color", "always").stdout
