# SPDX-License-Identifier: Apache-2.0
"""One check a module: check(tree) gives messages of the form "path:line: what is wrong"."""
