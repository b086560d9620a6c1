# SPDX-License-Identifier: Apache-2.0
# Harness of the client tests: a real server, raw HTTP, git, folders of test data.
