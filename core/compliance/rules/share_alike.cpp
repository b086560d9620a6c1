// SPDX-License-Identifier: Apache-2.0
// R6: what is made from share-alike work goes out under the same license, or one it accepts. Code
// and components beside the weights are another question (R22), and so is data in weights (R14).
#include "core/compliance/labels.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::compliance::rule {

namespace {

constexpr std::array<std::string_view, 5> kScopes = {
    "whole-work", "work", "model", "data", "database"};

bool is_one_work(const Case& subject, const Ancestor& ancestor) {
    return ancestor.way == Way::Work &&
           std::none_of(ancestor.path.begin(), ancestor.path.end(), [&subject](std::size_t index) {
               const Role role = subject.lineage.edges[index].role;
               return role == Role::Code || role == Role::Component;
           });
}

bool applies(const Use& use, const license::Record& license, const license::Term& same) {
    if (std::find(kScopes.begin(), kScopes.end(), same.detail) == kScopes.end()) {
        return false;
    }
    switch (use.delivery) {
    case Use::Delivery::Internal:
        return false;
    case Use::Delivery::Serve:
        return license.obligation("network-disclose") != nullptr;
    case Use::Delivery::Distribute:
        return true;
    }
    return true;
}

void judge(
    const Case& subject,
    const Ancestor& ancestor,
    const license::Record& license,
    Findings& findings
) {
    const license::Term* same = license.obligation("same-license");
    const Node& root = subject.lineage.nodes.front();
    report::Finding finding =
        because_of(subject, ancestor, "R6", report::Severity::Error, &license);
    finding.message = "'" + license.id +
                      "' asks for the same license on what is made from it, but " + declared(root) +
                      " is declared";
    cite(finding, license, same);
    finding.fix = "set 'license: " + license.hub_key + "' in the README.md of '" + root.id + "'";
    if (!same->accepts.empty()) {
        finding.fix += ", or one that it accepts: " + util::join(same->accepts, ", ");
    }
    findings.push_back(std::move(finding));
}

} // namespace

void share_alike(const Case& subject, Findings& findings) {
    const Node& root = subject.lineage.nodes.front();
    std::set<std::string> judged;
    for (const Ancestor& ancestor : subject.ancestors) {
        if (!is_one_work(subject, ancestor)) {
            continue;
        }
        for (const license::Record* license :
             licenses_of(subject.lineage.nodes[ancestor.node], subject.knowledge)) {
            const license::Term* same = license->obligation("same-license");
            if (same != nullptr && applies(subject.use, *license, *same) &&
                !is_labelled(root, *license, subject.knowledge) &&
                judged.insert(license->id).second) {
                judge(subject, ancestor, *license, findings);
            }
        }
    }
}

} // namespace railhub::compliance::rule
