// SPDX-License-Identifier: Apache-2.0
// A report with something of everything, for the formats.
#pragma once

#include "core/report/report.h"

namespace railhub::tests {

report::Report sample_report();
// Names and messages of somebody who means harm.
report::Report hostile_report();

} // namespace railhub::tests
