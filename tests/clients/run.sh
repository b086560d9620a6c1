#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the official-client, crash and bad-input tests against the built server. Arguments go to pytest.
# Without CI a missing client is a skip that is counted; with CI=true it is a failure.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=${RAILHUB_CLIENTS_DIR:-$root/build/clients}
export RAILHUB_CLIENTS_DIR="$out"

"$here/install.sh" || echo "clients: some clients are missing, see above" >&2
if [ ! -x "$out/venv/bin/python" ] || ! "$out/venv/bin/python" -c "import pytest" 2>/dev/null; then
    echo "0 passed, 0 failed, 1 skipped"
    echo "clients: SKIPPED, the Python clients could not be installed" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 77
fi
cd "$here"
exec "$out/venv/bin/python" -m pytest "$@"
