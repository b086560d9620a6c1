# SPDX-License-Identifier: Apache-2.0
"""Each foreign library has one home: one wrapper to get right, one thing to replace."""
import re

# Header pattern -> files or folders (ending in "/") that may include it.
HOMES = (
    (r"sqlite3\.h", ("core/db/",)),
    (r"git2(\.h|/.*)", ("core/repo/detail/",)),
    (r"curl/.*", ("core/transfer/",)),
    (r"openssl/.*", ("core/util/digest.cpp", "server/http/")),
    (r"nlohmann/.*", ("core/util/json.cpp", "core/util/json_schema.cpp")),
    (r"valijson/.*", ("core/util/json_schema.cpp",)),
    (r"yaml-cpp/.*", ("core/card/front_matter.cpp",)),
    (r"CLI/.*", ("cli/args.cpp",)),
    (r"toml(\.hpp|\+\+/.*)", ("core/project/document.cpp", "server/config_file.cpp")),
    (r"zlib\.h", ("core/repo/detail/", "server/http/")),
    (r"lz4(frame|hc)?\.h", ("core/xet/",)),
    (r"liburing\.h", ("core/storage/detail/",)),
)
# Foreign headers not named above; anything else with a folder or ".h" is C, POSIX or Linux.
_UNKNOWN = re.compile(r"(fmt|httplib|spdlog|boost|absl|simdjson|libpq.*|zstd.*|ctemplate|graphviz|cmark.*)([./].*)?")


def home_of(header):
    for pattern, homes in HOMES:
        if re.fullmatch(pattern, header):
            return homes
    return () if _UNKNOWN.fullmatch(header) else None


def is_at_home(path, homes):
    return any(path == home or (home.endswith("/") and path.startswith(home)) for home in homes)


def check(tree):
    problems = []
    for path in tree.code("core", "server", "cli"):
        for include in tree.includes(path):
            homes = home_of(include.target)
            if homes is not None and not is_at_home(path, homes):
                where = " or ".join(homes) or "no place yet: add a row to tests/lint/checks/foreign.py"
                problems.append(f"{include}: '{include.target}' belongs in {where}")
    return problems
