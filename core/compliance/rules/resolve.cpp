// SPDX-License-Identifier: Apache-2.0
// R1: every artifact upstream is found, and its label is one license that the catalogue knows. What
// is not resolved is not judged by other rules, so this is where it must be heard.
#include "core/compliance/labels.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::compliance::rule {

namespace {

using report::Severity;

constexpr std::string_view kId = "R1";

struct Problem {
    Severity severity = Severity::Warning;
    std::string message;
    std::string fix;
};

std::vector<std::string> record_ids(const license::Catalogue& catalogue) {
    std::vector<std::string> ids;
    for (const license::Record& record : catalogue.records()) {
        ids.push_back(record.id);
    }
    return ids;
}

// Work that nobody can look up: the policy says how bad that is.
Severity unresolved_severity(const Policy& policy) {
    return policy.unresolved_upstream == Stance::Conflict ? Severity::Error : Severity::Warning;
}

std::optional<Problem> not_reached(const Policy& policy, const Node& node) {
    const std::string name = std::string(kind_word(node.kind)) + " '" + node.id + "'";
    switch (node.resolution) {
    case Resolution::Resolved:
        return std::nullopt;
    case Resolution::Absent:
        return Problem{
            unresolved_severity(policy),
            "upstream " + name + " was not found, so nothing is known of its terms",
            "correct the id, or push or mirror the " + std::string(kind_word(node.kind)) +
                " to this hub",
        };
    case Resolution::Unreachable:
        return Problem{
            unresolved_severity(policy),
            "upstream " + name + " could not be asked for its terms",
            "check again with a connection to the hub that has it",
        };
    case Resolution::Unreadable:
        return Problem{
            Severity::Warning,
            "the card of upstream " + name + " cannot be read, so nothing is known of its terms",
            "correct the front matter of its README.md",
        };
    case Resolution::TooDeep:
        return Problem{
            Severity::Warning,
            "the lineage goes on past upstream " + name + ", beyond the limits of a check",
            "check '" + node.id + "' by itself",
        };
    }
    return std::nullopt;
}

std::string fix_label(const Node& node) {
    return "look up the license of '" + node.id + "' and correct the 'license:' of its card";
}

// What is wrong with one label, apart from there being none.
std::optional<Problem> unfit_label(const Case& subject, const Node& node, const Label& label) {
    if (label.record == nullptr) {
        const std::string near = util::nearest(label.text, record_ids(subject.knowledge));
        return Problem{
            Severity::Warning,
            "license '" + label.text + "' of '" + node.id + "' is not in the catalogue" +
                (near.empty() ? "" : "; did you mean '" + near + "'?"),
            "add a record for it to a license data folder (docs/license-record.md), or let a "
            "person read it",
        };
    }
    if (!label.record->is_license()) {
        const std::string why = label.record->id == "other"
                                    ? "stands for terms of its own that no record describes"
                                    : "is a label that does not say which terms apply";
        return Problem{
            Severity::Warning,
            "license '" + label.text + "' of '" + node.id + "' " + why,
            fix_label(node)};
    }
    const bool unread = label.record->reading == license::Reading::SecondarySources &&
                        subject.policy.unread_record == Policy::UnreadRecord::NeedsHuman;
    if (unread) {
        return Problem{
            Severity::Warning,
            "the record of license '" + label.record->id + "' rests on secondary sources",
            "let a person read the license text of '" + node.id + "'",
        };
    }
    return std::nullopt;
}

std::vector<Problem> label_problems(const Case& subject, const Node& node) {
    std::vector<Problem> problems;
    const std::vector<Label> labels = labels_of(node, subject.knowledge);
    for (const Label& label : labels) {
        if (std::optional<Problem> problem = unfit_label(subject, node, label)) {
            problems.push_back(std::move(*problem));
        }
    }
    if (labels.size() > 1 && node.expression.empty()) {
        problems.push_back({
            Severity::Warning,
            "'" + node.id +
                "' names several licenses and not which part each covers; all are taken to apply",
            "say in the card which files are under which license",
        });
    }
    if (contradicts(subject, node)) {
        problems.push_back({
            Severity::Warning,
            "the label of '" + node.id + "' says " + declared(node) + ", " +
                (node.prose_where.empty() ? "its text" : "'" + node.prose_where + "'") + " says '" +
                node.prose_license + "'",
            "ask the publisher; until then the narrower of the two holds",
        });
    }
    return problems;
}

// No label, or one that says there is none.
bool states_none(const Case& subject, const Node& node) {
    const std::vector<Label> labels = labels_of(node, subject.knowledge);
    return std::all_of(labels.begin(), labels.end(), [](const Label& label) {
        return label.record != nullptr && label.record->id == "no-license";
    });
}

// Labels that are known and yet settle nothing are cited, so that their records can be looked up.
void cite_labels(const Case& subject, const Node& node, report::Finding& finding) {
    for (const Label& label : labels_of(node, subject.knowledge)) {
        if (label.record != nullptr) {
            cite(finding, *label.record, nullptr);
        }
    }
}

void judge_ancestor(const Case& subject, const Ancestor& ancestor, Once& once, Findings& findings) {
    const Node& node = subject.lineage.nodes[ancestor.node];
    std::vector<Problem> problems;
    if (ancestor.trace.way == Way::Taught && node.resolution == Resolution::Resolved &&
        is_service(subject, node)) {
        return; // R9 speaks of terms of service
    }
    if (std::optional<Problem> missed = not_reached(subject.policy, node)) {
        problems.push_back(std::move(*missed));
    } else if (states_none(subject, node)) {
        const bool copied = ancestor.trace.way == Way::Work && copies_leave(subject.use);
        problems.push_back({
            copied ? Severity::Error : Severity::Warning,
            "upstream '" + node.id + "' states no license, so nothing permits passing its work on",
            "ask its publisher for a license, or replace it",
        });
    } else {
        problems = label_problems(subject, node);
    }
    for (Problem& problem : problems) {
        if (!once(node.id + problem.message + std::string(severity_word(problem.severity)))) {
            continue;
        }
        report::Finding finding = because_of(subject, ancestor, kId, problem.severity);
        cite_labels(subject, node, finding);
        if (const auto& named = subject.lineage.edges[ancestor.first_edge].location) {
            finding.location = named; // the line that names it, not the license line
        }
        finding.message = std::move(problem.message);
        finding.fix = std::move(problem.fix);
        findings.push_back(std::move(finding));
    }
}

// The subject may have terms of its own (`other`), and without upstream a label that the catalogue
// does not know constrains nobody.
void judge_subject(const Case& subject, Findings& findings) {
    const Node& root = subject.lineage.nodes.front();
    if (subject.use.delivery == Use::Delivery::Internal) {
        return;
    }
    const bool has_upstream = !subject.ancestors.empty();
    std::vector<Problem> problems;
    if (states_none(subject, root)) {
        problems.push_back({
            has_upstream && copies_leave(subject.use) ? Severity::Error : Severity::Warning,
            "no license is stated",
            "add 'license:' to the front matter of README.md",
        });
    } else {
        for (Problem& problem : label_problems(subject, root)) {
            problems.push_back(std::move(problem));
        }
        const std::vector<Label> labels = labels_of(root, subject.knowledge);
        const bool own_terms =
            labels.size() == 1 && labels[0].record != nullptr && labels[0].record->id == "other";
        const bool unknown = labels.size() == 1 && labels[0].record == nullptr;
        if (own_terms) {
            problems.clear();
        } else if (unknown && !has_upstream) {
            problems.front().severity = Severity::Note;
        }
    }
    for (Problem& problem : problems) {
        report::Finding finding = about_subject(subject, kId, problem.severity);
        cite_labels(subject, root, finding);
        finding.message = std::move(problem.message);
        finding.fix = std::move(problem.fix);
        findings.push_back(std::move(finding));
    }
}

} // namespace

bool contradicts(const Case& subject, const Node& node) {
    if (node.prose_license.empty()) {
        return false;
    }
    const license::Record* prose = subject.knowledge.find(node.prose_license);
    const std::vector<Label> labels = labels_of(node, subject.knowledge);
    return prose == nullptr ||
           std::none_of(labels.begin(), labels.end(), [prose](const Label& label) {
               return label.record == prose;
           });
}

void resolve(const Case& subject, Findings& findings) {
    judge_subject(subject, findings);
    Once once;
    for (const Ancestor& ancestor : subject.ancestors) {
        judge_ancestor(subject, ancestor, once, findings);
    }
}

} // namespace railhub::compliance::rule
