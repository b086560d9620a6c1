// SPDX-License-Identifier: Apache-2.0
// R0: an answer of "ok" must mean that somebody looked. Terms that bear on the lineage, but whose
// rule is not in the table, go to a person. Each row here goes away with the rule that judges it.
#include "core/compliance/labels.h"
#include "core/compliance/obligations.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

#include <algorithm>
#include <array>
#include <set>

namespace railhub::compliance::rule {

namespace {

using license::FlowDown;
using license::Grant;
using license::Record;

struct Look {
    const Case& subject;
    const Ancestor& ancestor;
    const Record& license;
};

const Node& root_of(const Look& look) {
    return look.subject.lineage.nodes.front();
}

bool same_label(const Look& look) {
    return is_labelled(root_of(look), look.license, look.subject.knowledge);
}

bool is_work(const Look& look) {
    return look.ancestor.way == Way::Work;
}

bool is_shared(const Look& look) {
    return look.subject.use.delivery != Use::Delivery::Internal;
}

const Edge& last_edge(const Look& look) {
    return look.subject.lineage.edges[look.ancestor.path.back()];
}

bool passes(const Look& look, Role role) {
    return std::any_of(
        look.ancestor.path.begin(),
        look.ancestor.path.end(),
        [&look, role](std::size_t index) { return look.subject.lineage.edges[index].role == role; }
    );
}

bool grant_missing(const Look& look) {
    if (!is_work(look)) {
        return false;
    }
    const Use& use = look.subject.use;
    const bool modified = is_modified(look.subject, look.ancestor);
    switch (use.delivery) {
    case Use::Delivery::Internal:
        return look.license.grant(modified ? "modify" : "use") != Grant::Yes;
    case Use::Delivery::Serve:
        return look.license.grant("host-as-service") != Grant::Yes;
    case Use::Delivery::Distribute:
        return look.license.grant(modified ? "distribute-derivatives" : "distribute") != Grant::Yes;
    }
    return true;
}

bool other_flow_down(const Look& look) {
    const FlowDown mode = look.license.flow_down();
    return is_work(look) && is_shared(look) && !same_label(look) && mode != FlowDown::None &&
           mode != FlowDown::VerbatimMinimum;
}

bool no_derivatives(const Look& look) {
    return is_work(look) && is_shared(look) && look.license.limit("no-derivatives") != nullptr;
}

bool taught(const Look& look) {
    if (is_work(look) || !passes(look, Role::Teacher)) {
        return false;
    }
    const auto settled = [&look](std::string_view term) {
        return look.license.grant(term) == Grant::Yes;
    };
    return look.license.limit("training-ban") != nullptr ||
           look.license.limit("outputs-restricted") != nullptr || !settled("train-on-outputs") ||
           !settled("distil");
}

bool trained_on(const Look& look) {
    if (is_work(look) || last_edge(look).role != Role::Dataset) {
        return false;
    }
    constexpr std::array<std::string_view, 4> kLimits = {
        "non-commercial", "research-only", "no-derivatives", "use-restrictions"};
    return look.license.obligation("same-license") != nullptr ||
           std::any_of(kLimits.begin(), kLimits.end(), [&look](std::string_view limit) {
               return look.license.limit(limit) != nullptr;
           });
}

bool extra_terms(const Look& look) {
    if (!is_work(look) || !is_shared(look) || look.license.limit("no-extra-terms") == nullptr) {
        return false;
    }
    return !restrictions_of(root_of(look), look.subject.knowledge).empty();
}

bool code_beside_weights(const Look& look) {
    return is_work(look) && is_shared(look) && !same_label(look) &&
           look.license.obligation("same-license") != nullptr &&
           (passes(look, Role::Code) || passes(look, Role::Component));
}

bool is_public_domain(const Record& license) {
    return license.family == "public-domain";
}

bool relabelled_copy(const Look& look) {
    const auto keeps_content = [&look](std::size_t index) {
        const Activity activity = look.subject.lineage.edges[index].activity;
        return activity == Activity::Copy || activity == Activity::Convert ||
               activity == Activity::Quantize;
    };
    const std::vector<std::size_t>& path = look.ancestor.path;
    const bool copy = std::all_of(path.begin(), path.end(), keeps_content) &&
                      look.subject.use.modification != Use::Modification::Modified;
    const std::vector<Carried>& carries = root_of(look).carries;
    const bool keeps_text =
        std::find(carries.begin(), carries.end(), "license-text:" + look.license.id) !=
        carries.end();
    return is_work(look) && is_shared(look) && copy && !same_label(look) && !keeps_text &&
           !is_public_domain(look.license);
}

bool mixed_merge(const Look& look) {
    if (!is_work(look) || last_edge(look).role != Role::MergeSource) {
        return false;
    }
    const auto easy = [](const Record& license) {
        return is_public_domain(license) || license.family == "permissive";
    };
    return !easy(look.license) && is_shared(look) &&
           std::any_of(
               look.subject.ancestors.begin(),
               look.subject.ancestors.end(),
               [&look](const Ancestor& other) {
                   const auto licenses =
                       licenses_of(look.subject.lineage.nodes[other.node], look.subject.knowledge);
                   return look.subject.lineage.edges[other.path.back()].role == Role::MergeSource &&
                          std::any_of(
                              licenses.begin(),
                              licenses.end(),
                              [&look](const Record* license) {
                                  return license->id != look.license.id;
                              }
                          );
               }
           );
}

struct Row {
    std::string_view term; // of the record, to cite; may be empty
    bool (*bears)(const Look&);
    std::string_view message; // after "'license'"
};

constexpr std::array kRows = {
    Row{"", &grant_missing, "does not plainly permit what is done with it"},
    Row{"flow-down-use-restrictions",
        &other_flow_down,
        "ties what is made from it to terms that are not compared here"},
    Row{"no-derivatives", &no_derivatives, "does not let adaptations be shared"},
    Row{"training-ban", &taught, "limits models that learn from outputs"},
    Row{"", &trained_on, "has terms that may follow data into weights"},
    Row{"no-extra-terms", &extra_terms, "lets nobody add restrictions, and some are added"},
    Row{"same-license", &code_beside_weights, "may reach what it is shipped with"},
    Row{"", &relabelled_copy, "covers a copy that carries another label"},
    Row{"", &mixed_merge, "is merged with work under another license"},
};

void judge(const Look& look, std::set<std::string>& said, Findings& findings) {
    for (const Row& row : kRows) {
        const std::string key = look.license.id + " " + std::string(row.message);
        if (!row.bears(look) || !said.insert(key).second) {
            continue;
        }
        report::Finding finding =
            because_of(look.subject, look.ancestor, "R0", report::Severity::Warning, &look.license);
        finding.message = "'" + look.license.id + "' " + std::string(row.message);
        finding.fix = "let a person compare its terms with what is done";
        const license::Term* term = look.license.obligation(row.term);
        cite(finding, look.license, term != nullptr ? term : look.license.limit(row.term));
        findings.push_back(std::move(finding));
    }
}

} // namespace

void unjudged(const Case& subject, Findings& findings) {
    std::set<std::string> said;
    for (const Ancestor& ancestor : subject.ancestors) {
        for (const Record* license :
             licenses_of(subject.lineage.nodes[ancestor.node], subject.knowledge)) {
            judge({subject, ancestor, *license}, said, findings);
        }
    }
}

} // namespace railhub::compliance::rule
