// SPDX-License-Identifier: Apache-2.0
// What happens to a report once it is there: what is known already goes out, every asked form is
// written, and the exit code says whether the threshold was met. Every command that checks ends
// here.
#pragma once

#include "cli/shell.h"
#include "core/app/source.h"
#include "core/report/report.h"

#include <string>
#include <vector>

namespace railhub::cli {

// --format, --output, --report, --baseline, --write-baseline, --changed-since, --explain
std::vector<OptionSpec> report_options();

// --fail-on
OptionSpec fail_on_option();
// What --fail-on says, else `fallback`.
report::Verdict fail_on_of(const Args& args, report::Verdict fallback);

struct CheckedPlace {
    app::Source& source; // the paths of the findings are paths in it
    std::string folder;  // as the user named it; empty when it is no folder on this disk
};

// ExitCode::Findings when what is left is at `fail_on` or worse.
util::Result<ExitCode> deliver_report(
    Shell& shell,
    const Args& args,
    report::Report report,
    const CheckedPlace& place,
    report::Verdict fail_on
);

} // namespace railhub::cli
