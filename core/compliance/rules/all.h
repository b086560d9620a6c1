// SPDX-License-Identifier: Apache-2.0
// One function per rule; each has the file of its name. rules.cpp is the table over them.
#pragma once

#include "core/compliance/rules.h"

#include <optional>

namespace railhub::compliance::rule {

using Findings = std::vector<report::Finding>;

void resolve(const Case& subject, Findings& findings);            // R1
void grant(const Case& subject, Findings& findings);              // R2
void flow_down_verbatim(const Case& subject, Findings& findings); // R3
void flow_down_purpose(const Case& subject, Findings& findings);  // R4
void flow_down_contract(const Case& subject, Findings& findings); // R5
void share_alike(const Case& subject, Findings& findings);        // R6
void non_commercial(const Case& subject, Findings& findings);     // R7
void no_derivatives(const Case& subject, Findings& findings);     // R8
void training_ban(const Case& subject, Findings& findings);       // R9
void outputs(const Case& subject, Findings& findings);            // R10
void names(const Case& subject, Findings& findings);              // R11
void thresholds(const Case& subject, Findings& findings);         // R12
void territory(const Case& subject, Findings& findings);          // R13
void data_into_model(const Case& subject, Findings& findings);    // R14
void hosting(const Case& subject, Findings& findings);            // R15
void merge(const Case& subject, Findings& findings);              // R16
void adapter(const Case& subject, Findings& findings);            // R17
void conversion(const Case& subject, Findings& findings);         // R18
void embedding(const Case& subject, Findings& findings);          // R19
void moving_policy(const Case& subject, Findings& findings);      // R20
void extra_terms(const Case& subject, Findings& findings);        // R21
void beside(const Case& subject, Findings& findings);             // R22
void relabel(const Case& subject, Findings& findings);            // R23
void suits(const Case& subject, Findings& findings);              // R24
void known_pairs(const Case& subject, Findings& findings);        // R25
void locked_label(const Case& subject, Findings& findings);       // R26
void versions(const Case& subject, Findings& findings);           // R27

// R1 finds that the prose of the artifact names another license than its label.
bool contradicts(const Case& subject, const Node& node);
// Outputs of a service: terms that are a contract (R9 answers, not R1).
bool is_service(const Case& subject, const Node& node);
// R9: what the training ban of a teacher makes of the student; nullopt when it does not reach it.
std::optional<report::Severity> ban_severity(const Case& subject, const Claim& claim);

// What is left to do about a number or place that is not stated (R12, R13).
struct Confirmation {
    const Claim* claim;
    const license::Term* term;
    std::string note;
};

std::vector<Confirmation> unconfirmed_thresholds(const Case& subject);
std::vector<Confirmation> unconfirmed_territory(const Case& subject);

// R14: the duties of data that stay with a model made from it.
bool stays_with_model(const license::Record& data, std::string_view term);

// R12: a number above which a duty starts is exceeded (R11 and the obligations ask).
bool is_above_threshold(const Case& subject, const license::Record& license);

} // namespace railhub::compliance::rule
