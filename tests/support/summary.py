# SPDX-License-Identifier: Apache-2.0
"""Adds up JUnit reports and prints one line: "N passed, N failed, N skipped"."""
import sys
import xml.etree.ElementTree as ElementTree


def skips_inside(case):
    """Reasons of RAILHUB_SKIP (tests/support/catch.h): Catch2 2 cannot skip, its programs pass and say so."""
    printed = case.findtext("system-out") or ""
    return [line.split("SKIPPED: ", 1)[1] for line in printed.splitlines() if "SKIPPED: " in line]


def counts(path):
    passed = failed = skipped = 0
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        tags = {child.tag for child in case}
        if "failure" in tags or "error" in tags or case.get("status") == "fail":
            failed += 1
        elif "skipped" in tags or case.get("status") in ("notrun", "disabled"):
            skipped += 1
            reason = next((c.get("message") or "" for c in case if c.tag == "skipped"), "")
            print(f"skipped: {case.get('name')}: {reason}".rstrip(": "))
        else:
            passed += 1
            for reason in skips_inside(case):
                skipped += 1
                print(f"skipped: {case.get('name')}: {reason}")
    return passed, failed, skipped


def main(paths):
    totals = [sum(column) for column in zip(*map(counts, paths))]
    print("{} passed, {} failed, {} skipped".format(*totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
