// SPDX-License-Identifier: Apache-2.0
// How grave each finding of the project check is; mistakes in railhub.toml are errors.
#include "core/project/codes.h"

#include "core/compliance/rules.h"
#include "core/report/codes.h"
#include "core/util/assert.h"

#include <algorithm>
#include <array>

namespace railhub::project {

namespace {

using report::Severity;

struct CodeSeverity {
    std::string_view id;
    Severity severity;
};

// In alphabetical order.
constexpr std::array kSeverityOfCodes = {
    CodeSeverity{"allow.denied", Severity::Error},
    CodeSeverity{"allow.not-listed", Severity::Error},
    CodeSeverity{"artifact.component", Severity::Note},
    CodeSeverity{"attestation.file", Severity::Error},
    CodeSeverity{"attestation.passage", Severity::Error},
    CodeSeverity{"attestation.terms", Severity::Warning},
    CodeSeverity{"attestation.text", Severity::Error},
    CodeSeverity{"attestation.unknown", Severity::Error},
    CodeSeverity{"policy.clarification-stale", Severity::Error},
    CodeSeverity{"policy.unknown-license", Severity::Error},
    CodeSeverity{"policy.unused", Severity::Warning},
    CodeSeverity{"project.bad-value", Severity::Error},
    CodeSeverity{"project.extends", Severity::Error},
    CodeSeverity{"project.license", Severity::Warning},
    CodeSeverity{"project.missing-key", Severity::Error},
    CodeSeverity{"project.syntax", Severity::Error},
    CodeSeverity{"project.too-large", Severity::Error},
    CodeSeverity{"project.unknown-key", Severity::Error},
    CodeSeverity{"project.wrong-kind", Severity::Error},
    CodeSeverity{"use.forbidden", Severity::Error},
    CodeSeverity{"use.needs-statement", Severity::Warning},
    CodeSeverity{"use.not-stated", Severity::Warning},
    CodeSeverity{"waiver.expired", Severity::Error},
    CodeSeverity{"waiver.expiring", Severity::Note},
    CodeSeverity{"waiver.stale", Severity::Error},
    CodeSeverity{"waiver.unused", Severity::Warning},
};

} // namespace

std::vector<std::string> code_ids() {
    std::vector<std::string> ids;
    for (const compliance::Rule& rule : compliance::rules()) {
        ids.emplace_back(rule.id);
    }
    for (const report::Code& code : report::codes()) {
        ids.emplace_back(code.id);
    }
    return ids;
}

bool is_code(std::string_view id) {
    const std::vector<std::string> ids = code_ids();
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

report::Finding finding_of(std::string_view code, std::string subject, std::string message) {
    const auto row = std::find_if(
        kSeverityOfCodes.begin(),
        kSeverityOfCodes.end(),
        [code](const CodeSeverity& one) { return one.id == code; }
    );
    RAILHUB_ASSERT(row != kSeverityOfCodes.end());
    report::Finding finding;
    finding.rule = std::string(code);
    finding.severity = row->severity;
    finding.subject = std::move(subject);
    finding.message = std::move(message);
    return finding;
}

} // namespace railhub::project
