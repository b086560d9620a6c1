// SPDX-License-Identifier: Apache-2.0
// R7: a non-commercial or research-only work is not used commercially, and no label downstream
// promises what upstream withholds.
#include "core/compliance/labels.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

#include <algorithm>
#include <set>

namespace railhub::compliance::rule {

namespace {

using report::Severity;

const license::Term* withheld(const license::Record& license) {
    const license::Term* term = license.limit("non-commercial");
    return term != nullptr ? term : license.limit("research-only");
}

bool allows_commerce(const license::Record& license) {
    const license::Grant grant = license.grant("commercial-use");
    return withheld(license) == nullptr &&
           (grant == license::Grant::Yes || grant == license::Grant::Conditional);
}

bool has_own_terms(const Node& node, const license::Catalogue& catalogue) {
    const std::vector<Label> labels = labels_of(node, catalogue);
    return std::any_of(labels.begin(), labels.end(), [](const Label& label) {
        return label.record != nullptr && label.record->id == "other";
    });
}

struct Answer {
    Severity severity;
    std::string message;
    std::string fix;
};

std::optional<Answer> answer_for(const Case& subject, const license::Record& license) {
    const Node& root = subject.lineage.nodes.front();
    if (subject.use.purpose == Use::Purpose::Commercial) {
        return Answer{
            Severity::Error,
            "'" + license.id + "' excludes the commercial use that is stated",
            "replace the artifact, or ask its licensor for another license",
        };
    }
    if (subject.use.delivery == Use::Delivery::Internal) {
        return std::nullopt;
    }
    for (const license::Record* label : licenses_of(root, subject.knowledge)) {
        if (allows_commerce(*label)) {
            return Answer{
                Severity::Error,
                "'" + label->id + "' allows commercial use, which '" + license.id + "' withholds",
                "set 'license: " + license.hub_key + "' in the README.md of '" + root.id +
                    "', or another license that keeps commercial use out",
            };
        }
    }
    if (has_own_terms(root, subject.knowledge)) {
        return Answer{
            Severity::Warning,
            "nobody can tell from '" + std::string("other") +
                "' whether its terms keep out the commercial use that '" + license.id +
                "' withholds",
            "read the terms of '" + root.id + "'; they must not allow commercial use",
        };
    }
    return std::nullopt;
}

} // namespace

void non_commercial(const Case& subject, Findings& findings) {
    std::set<std::string> judged;
    for (const Ancestor& ancestor : subject.ancestors) {
        if (ancestor.way != Way::Work) {
            continue;
        }
        for (const license::Record* license :
             licenses_of(subject.lineage.nodes[ancestor.node], subject.knowledge)) {
            const license::Term* term = withheld(*license);
            if (term == nullptr || !judged.insert(license->id).second) {
                continue;
            }
            if (std::optional<Answer> answer = answer_for(subject, *license)) {
                report::Finding finding =
                    because_of(subject, ancestor, "R7", answer->severity, license);
                finding.message = std::move(answer->message);
                finding.fix = std::move(answer->fix);
                cite(finding, *license, term);
                findings.push_back(std::move(finding));
            }
        }
    }
}

} // namespace railhub::compliance::rule
