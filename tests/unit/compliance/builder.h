// SPDX-License-Identifier: Apache-2.0
// Short ways to write down lineages in tests.
#pragma once

#include "core/compliance/evaluate.h"

#include <string>
#include <vector>

namespace railhub::tests {

const license::Catalogue& built_in_catalogue();

// Builds the graph node by node; the first node is the subject.
class LineageBuilder {
  public:
    // A model named `id` with these labels; returns its index.
    std::size_t model(std::string id, std::vector<std::string> licenses);
    std::size_t dataset(std::string id, std::vector<std::string> licenses);
    void edge(
        std::size_t from,
        std::size_t to,
        compliance::Role role = compliance::Role::BaseModel,
        compliance::Activity activity = compliance::Activity::Finetune
    );

    compliance::Lineage lineage;
};

// subject <- base, a fine-tune.
compliance::Lineage fine_tune(const std::string& subject_license, const std::string& base_license);

report::Report evaluate_default(const compliance::Lineage& lineage);

// Ids of the rules with findings of at least this severity, in report order, no doubles. Notes are
// for information and stand in most reports.
std::vector<std::string>
rules_of(const report::Report& report, report::Severity least = report::Severity::Warning);

// The finding of a rule; fails the test when there is not exactly one.
const report::Finding& only_finding(const report::Report& report, const std::string& rule);

// Restriction ids that findings say are missing, sorted, no doubles.
std::vector<std::string> missing_ids(const report::Report& report);

} // namespace railhub::tests
