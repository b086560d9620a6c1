// SPDX-License-Identifier: Apache-2.0
// R9: some licenses forbid that outputs teach other models; each protects a class of its own. What
// the outputs of a hosted service may teach is a contract, which the policy answers for.
#include "core/compliance/labels.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

#include <algorithm>

namespace railhub::compliance::rule {

namespace {

using report::Severity;

// The student stays in the family of its teacher: it is labelled so, and all it was made from is.
bool is_same_family(const Case& subject, const Claim& claim) {
    if (!same_label(subject, claim)) {
        return false;
    }
    return std::all_of(subject.ancestors.begin(), subject.ancestors.end(), [&](const Ancestor& a) {
        const bool is_base = a.trace.way == Way::Work && a.trace.part == Part::One;
        return !is_base ||
               is_labelled(subject.lineage.nodes[a.node], *claim.license, subject.knowledge);
    });
}

// A student that is no text model, where the ban protects language models.
bool is_other_class(const Case& subject, std::string_view protected_class) {
    return protected_class == "llm-other" && subject_of(subject).modality == Node::Modality::Other;
}

// "any-commercial": only models for trade may not be taught.
std::optional<Severity> commercial_ban(const Case& subject, const Claim& claim) {
    if (is_commercial(subject.use)) {
        return Severity::Error;
    }
    switch (label_commerce(subject, *claim.license)) {
    case Commerce::Yes:
        return Severity::Error;
    case Commerce::Unknown:
        return subject.use.purpose ? std::nullopt : std::optional(Severity::Warning);
    case Commerce::No:
        return std::nullopt;
    }
    return std::nullopt;
}

void judge_service(const Case& subject, const Ancestor& ancestor, Findings& findings) {
    if (subject.policy.service_terms == Stance::Ignore) {
        return;
    }
    const Node& node = subject.lineage.nodes[ancestor.node];
    report::Finding finding = because_of(
        subject,
        ancestor,
        "R9",
        subject.policy.service_terms == Stance::Conflict ? Severity::Error : Severity::Warning
    );
    if (const license::Record* own_terms = subject.knowledge.find("other")) {
        cite(finding, *own_terms, nullptr);
    }
    finding.message = "outputs of '" + node.id +
                      "' are under terms of service, which may bar what is trained on them";
    finding.fix = "read the terms that held when the outputs were made, and keep a record of them";
    findings.push_back(std::move(finding));
}

} // namespace

bool is_service(const Case& subject, const Node& node) {
    if (node.kind == ArtifactKind::Service) {
        return true;
    }
    const std::vector<Label> labels = labels_of(node, subject.knowledge);
    return std::any_of(labels.begin(), labels.end(), [](const Label& label) {
        return label.record != nullptr && label.record->id == "other";
    });
}

std::optional<report::Severity> ban_severity(const Case& subject, const Claim& claim) {
    const license::Term* ban = claim.license->limit("training-ban");
    if (ban == nullptr || claim.ancestor->trace.way != Way::Taught ||
        is_publishing(subject, *claim.ancestor) || is_same_family(subject, claim)) {
        return std::nullopt;
    }
    if (ban->detail == "any-commercial") {
        return commercial_ban(subject, claim);
    }
    if (is_other_class(subject, ban->detail)) {
        return std::nullopt;
    }
    if (ban->detail == "ai-model-other") {
        return Severity::Error;
    }
    // A model that is not to perform like its teacher may be outside the protected class.
    return subject.use.is_similar.value_or(true) ? Severity::Error : Severity::Warning;
}

void training_ban(const Case& subject, Findings& findings) {
    Once once;
    for (const Ancestor& ancestor : subject.ancestors) {
        const Node& node = subject.lineage.nodes[ancestor.node];
        if (ancestor.trace.way == Way::Taught && node.resolution == Resolution::Resolved &&
            is_service(subject, node) && once("service " + node.id)) {
            judge_service(subject, ancestor, findings);
        }
    }
    for (const Claim& claim : subject.claims) {
        const std::optional<Severity> severity =
            claim.judged ? ban_severity(subject, claim) : std::nullopt;
        if (!severity || !once(claim.license->id)) {
            continue;
        }
        const license::Term* ban = claim.license->limit("training-ban");
        findings.push_back(finding_of(
            subject,
            claim,
            "R9",
            *severity,
            ban,
            "'" + claim.license->id + "' bars models of the class '" + ban->detail +
                "' from learning from its outputs" +
                (*severity == Severity::Error ? "" : "; whether this is one is open"),
            "train without outputs of '" + node_of(subject, claim).id + "', or ask its licensor"
        ));
    }
}

} // namespace railhub::compliance::rule
