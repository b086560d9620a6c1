// SPDX-License-Identifier: Apache-2.0
// Chooses what a label that leaves it open stands for, and finds the claim that contradicts.
#include "core/app/describe_node.h"

#include "core/compliance/choices.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::app {

namespace {

using compliance::Basis;
using compliance::LicenseClaim;
using compliance::Node;
using license::Record;

bool is_known_license(const Record* record) {
    return record != nullptr && record->is_license();
}

// A text that was found settles a label that leaves open which terms apply: "other", a family.
void settle_open_label(Node& node, const license::Catalogue& catalogue) {
    if (node.licenses.size() != 1) {
        return;
    }
    const Record* label = catalogue.find(node.licenses.front());
    if (label == nullptr || label->is_license() || label->id == "no-license" ||
        is_known_license(catalogue.find(node.license_name))) {
        return;
    }
    const LicenseClaim* only = nullptr;
    for (const LicenseClaim& claim : node.claims) {
        if (claim.basis != Basis::Detected || !claim.is_whole) {
            continue;
        }
        if (only != nullptr || !is_known_license(catalogue.find(claim.license))) {
            return;
        }
        only = &claim;
    }
    if (only == nullptr) {
        return;
    }
    if (label->id == "other") {
        node.license_name = only->license;
    } else {
        node.licenses.front() = only->license;
    }
}

std::vector<std::string> labels_in_all_ways(const Node& node, const license::Catalogue& catalogue) {
    std::vector<std::string> labels;
    for (const compliance::LabelWay& way : compliance::ways_to_choose(node, catalogue)) {
        labels.insert(labels.end(), way.begin(), way.end());
    }
    if (!node.license_name.empty()) {
        labels.push_back(node.license_name);
    }
    return labels;
}

// The strongest claim against the labels in force. What a person overrides is settled.
void find_contradiction(Node& node, const license::Catalogue& catalogue) {
    if (node.claims.empty() || node.claims.front().basis == Basis::Override) {
        return;
    }
    const std::vector<std::string> labels = labels_in_all_ways(node, catalogue);
    const Basis in_force = node.claims.front().basis;
    // Labels that say nothing ("unknown", a family, own terms) cannot be contradicted by a tool.
    const bool is_open = std::none_of(labels.begin(), labels.end(), [&](const std::string& label) {
        const Record* record = catalogue.find(label);
        return record == nullptr || record->is_license();
    });
    for (const LicenseClaim& claim : node.claims) {
        const bool agrees =
            std::any_of(labels.begin(), labels.end(), [&](const std::string& label) {
                return is_same_license(label, claim.license, catalogue);
            });
        const Record* record = catalogue.find(claim.license);
        const bool says_nothing = record != nullptr && !record->is_license();
        if (claim.basis == in_force || !claim.is_whole || agrees || says_nothing || is_open) {
            continue;
        }
        node.prose_license = claim.license;
        node.prose_where = claim.where;
        return;
    }
}

} // namespace

bool is_same_license(
    const std::string& label, const std::string& claim, const license::Catalogue& catalogue
) {
    if (util::equal_ignore_case(label, claim)) {
        return true;
    }
    const Record* record = catalogue.find(label);
    return record != nullptr && record == catalogue.find(claim);
}

void describe_node(Node& node, const origin::Facts& facts, const license::Catalogue& catalogue) {
    node.licenses = facts.licenses;
    node.license_name = facts.license_name;
    node.license_link = facts.license_link;
    node.carries = facts.carries;
    node.modality =
        compliance::parse_modality(facts.task).value_or(compliance::Node::Modality::Unstated);
    node.claims = facts.claims;
    node.new_version = facts.new_version;
    node.problems = facts.problems;
    node.notes.insert(node.notes.end(), facts.notes.begin(), facts.notes.end());
    settle_open_label(node, catalogue);
    find_contradiction(node, catalogue);
}

} // namespace railhub::app
