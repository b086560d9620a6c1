// SPDX-License-Identifier: Apache-2.0
// R26: a text that defines its model as one named model does not fit another one.
#include "core/compliance/labels.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

// Work of a model that is under another label.
const Ancestor* foreign_base(const Case& subject, const license::Record& label) {
    for (const Ancestor& ancestor : subject.ancestors) {
        const Node& node = subject.lineage.nodes[ancestor.node];
        if (ancestor.trace.way == Way::Work && ancestor.trace.part == Part::One &&
            node.kind == ArtifactKind::Model && node.resolution == Resolution::Resolved &&
            !is_labelled(node, label, subject.knowledge)) {
            return &ancestor;
        }
    }
    return nullptr;
}

} // namespace

void locked_label(const Case& subject, Findings& findings) {
    if (!is_shared(subject.use)) {
        return;
    }
    for (const license::Record* label : licenses_of(subject_of(subject), subject.knowledge)) {
        const license::Term* locked = label->limit("model-locked");
        if (locked == nullptr || locked->detail == "no") {
            continue;
        }
        const Ancestor* base = foreign_base(subject, *label);
        if (base == nullptr) {
            continue;
        }
        report::Finding finding = because_of(subject, *base, "R26", report::Severity::Warning);
        finding.message = "'" + label->id + "' is written for one named model, and '" +
                          subject.lineage.nodes[base->node].id + "' is another";
        finding.fix = "use a label that is not tied to a model";
        cite(finding, *label, locked);
        findings.push_back(std::move(finding));
    }
}

} // namespace railhub::compliance::rule
