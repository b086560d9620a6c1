// SPDX-License-Identifier: Apache-2.0
// Scan: the models and datasets that a code base uses. Reads files, runs
// nothing, asks nobody.
#pragma once

#include "core/scan/tables.h"
#include "core/scan/use.h"
#include "core/scan/walk.h"

#include <string>
#include <vector>

namespace railhub::scan {

struct ScanOptions {
    WalkOptions walk = {};
    std::vector<Part> skipped = {};            // parts of the project that are left out
    std::size_t threads = 2;                   // that read and parse
    std::uint64_t max_source_bytes = 4U << 20; // larger files are noted, not read
    std::uint64_t max_notebook_bytes = 48U << 20;
};

// A folder or one file. Deterministic: the same tree gives the same findings.
// Fails when the root cannot be read or somebody asked to stop; everything else
// is a note.
util::Result<Findings> scan(
    const util::Context& ctx,
    util::Fs& fs,
    const Tables& tables,
    const std::string& root,
    const ScanOptions& options
);

} // namespace railhub::scan
