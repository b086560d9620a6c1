// SPDX-License-Identifier: Apache-2.0
// R24: what ends a license: suits and breach. For information.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

#include <array>

namespace railhub::compliance::rule {

namespace {

struct Trigger {
    std::string_view term;
    std::string_view what;
};

constexpr std::array kTriggers = {
    Trigger{"litigation-trigger", "a suit over"},
    Trigger{"terminate-on-breach", "breach,"},
    Trigger{"safety-bypass", "removal of safety measures"},
};

} // namespace

void suits(const Case& subject, Findings& findings) {
    Once once;
    for (const Claim& claim : subject.claims) {
        if (!binds(claim) || !once(claim.license->id)) {
            continue;
        }
        report::Finding finding =
            because_of(subject, *claim.ancestor, "R24", report::Severity::Note);
        std::string list;
        for (const Trigger& trigger : kTriggers) {
            const license::Term* limit = claim.license->limit(trigger.term);
            if (limit != nullptr) {
                list += (list.empty() ? "" : "; ") + std::string(trigger.what) +
                        (limit->detail.empty() ? "" : " " + limit->detail);
                cite(finding, *claim.license, limit);
            }
        }
        if (!list.empty()) {
            finding.message = "what ends '" + claim.license->id + "': " + list;
            findings.push_back(std::move(finding));
        }
    }
}

} // namespace railhub::compliance::rule
