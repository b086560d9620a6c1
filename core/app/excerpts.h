// SPDX-License-Identifier: Apache-2.0
// Reads the lines that findings point at, so that a report can show them.
#pragma once

#include "core/app/source.h"
#include "core/report/report.h"

namespace railhub::app {

// Fills report.sources from `source`, whose paths the findings name. What cannot be read, is larger
// than 1 MiB, is a notebook or lies past the first 500 files is left out: an excerpt is a help and
// no finding.
void add_excerpts(const util::Context& ctx, Source& source, report::Report& report);

} // namespace railhub::app
