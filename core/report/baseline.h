// SPDX-License-Identifier: Apache-2.0
// What a report leaves out: findings that are known from before, and those in files that did not
// change.
#pragma once

#include "core/report/report.h"
#include "core/util/json.h"
#include "core/util/result.h"

#include <map>
#include <set>
#include <string>

namespace railhub::report {

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

// Takes findings out that stand in other files than `paths`, and counts them. Those that stand
// nowhere stay: they are about the whole.
void keep_changed(Report& report, const std::set<std::string>& paths);

} // namespace railhub::report
