// SPDX-License-Identifier: Apache-2.0
// Worked cases: "compliance-cases/1" files (licenses 7.1) with upstreams, action, what is declared
// and what the verdict should be.
#pragma once

#include "core/compliance/evaluate.h"
#include "core/util/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace railhub::compliance {

struct Expectation {
    report::Verdict verdict = report::Verdict::Ok;
    std::vector<std::string> obligations_at_least; // vocabulary ids
    std::vector<std::string> missing;              // restriction ids, complete and sorted
};

struct WorkedCase {
    std::string id;
    std::string title;
    std::string problem; // why it cannot be run; empty when it can
    Lineage lineage;
    Use use;
    Policy policy;
    Expectation expect;
    std::vector<std::string> notes; // facts that nothing reads
};

struct CaseResult {
    bool has_passed = false;
    report::Report report;
    std::vector<std::string> differences; // "verdict is conflict, not ok"
};

// InvalidInput when it is no case file. A case that makes no sense is kept, with its problem: one
// slip does not hide the other cases. Limits: 10,000 cases, 1,000 upstreams each.
util::Result<std::vector<WorkedCase>> parse_cases(const util::Json& json);

// Runs a case and compares verdict, obligations and missing restrictions (rules R3 to R5).
CaseResult run_case(const WorkedCase& worked, const license::Catalogue& knowledge);

} // namespace railhub::compliance
