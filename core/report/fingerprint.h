// SPDX-License-Identifier: Apache-2.0
// What makes a finding the same finding tomorrow: for baselines, waivers and code hosts.
#pragma once

#include "core/report/report.h"
#include "core/util/json.h"
#include "core/util/result.h"

#include <map>
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

// Findings of an earlier report, to tell new ones from known ones. As many findings of a
// fingerprint are known as the earlier report had.
class Baseline {
  public:
    // InvalidInput when `json` is no check-report/1.
    static util::Result<Baseline> parse(const util::Json& json);

    // Takes the known findings out of `report` and counts them there.
    void apply(Report& report) const;

  private:
    std::map<std::string, std::size_t> counts_;
};

} // namespace railhub::report
