#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The license check for a pipeline that has a shell: reports for machines beside the one on the screen. Exit code of
# `railhub check`: 0 fine, 1 findings, others: it could not be checked.
set -eu

# A binary on this machine, or built from source once.
if [ -z "${RAILHUB:-}" ]; then
    git clone --quiet --depth 1 "${RAILHUB_SOURCE:?set RAILHUB to a binary or RAILHUB_SOURCE to a git address}" railhub-source
    (cd railhub-source && ./dev build)
    RAILHUB=$PWD/railhub-source/build/release/railhub
fi

"$RAILHUB" check "${1:-.}" \
    --report sarif=railhub.sarif \
    --report junit=railhub-junit.xml \
    --report json=railhub.json
