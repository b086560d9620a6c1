// SPDX-License-Identifier: Apache-2.0
// What makes a finding the same finding tomorrow, for baselines, waivers and code hosts.
#pragma once

#include "core/report/finding.h"

#include <string>
#include <vector>

namespace railhub::report {

// 64 lower-case hex characters over rule, subject, the artifacts of the chain and the cited
// sections. Lines, wording, severity and fix do not count, so it survives edits around a finding
// and better sentences. Findings of one report may share it.
std::string fingerprint(const Finding& finding);

// Fingerprints of a report's findings in their order, each unique within it: the second of the
// same gets "-2", the third "-3".
std::vector<std::string> fingerprints(const std::vector<Finding>& findings);

} // namespace railhub::report
