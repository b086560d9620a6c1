// SPDX-License-Identifier: Apache-2.0
// Looks labels up in the catalogue; what a card says it carries is read from its tags.
#include "core/compliance/labels.h"

#include <algorithm>

namespace railhub::compliance {

namespace {

constexpr std::string_view kCarriedSet = "use-restrictions:";
constexpr std::string_view kCarriedId = "use-restriction:";

// "medical.advice#any" or "medical.advice"
license::Restriction parse_carried(std::string_view text) {
    const std::size_t mark = text.find('#');
    return {
        std::string(text.substr(0, mark)),
        mark == std::string_view::npos ? std::string() : std::string(text.substr(mark + 1)),
    };
}

void add_set(const license::RestrictionSet* set, std::vector<license::Restriction>& into) {
    if (set != nullptr) {
        const std::vector<license::Restriction> all = set->flat();
        into.insert(into.end(), all.begin(), all.end());
    }
}

} // namespace

std::vector<Label> labels_of(const Node& node, const license::Catalogue& catalogue) {
    std::vector<Label> labels;
    for (const std::string& text : node.licenses) {
        const license::Record* record = catalogue.find(text);
        if (record != nullptr && record->id == "other" && !node.license_name.empty()) {
            if (const license::Record* named = catalogue.find(node.license_name)) {
                record = named;
            }
        }
        labels.push_back({text, record});
    }
    if (labels.empty()) {
        labels.push_back({"", catalogue.find("no-license")});
    }
    return labels;
}

std::vector<const license::Record*>
licenses_of(const Node& node, const license::Catalogue& catalogue) {
    std::vector<const license::Record*> records;
    for (const Label& label : labels_of(node, catalogue)) {
        const bool known = std::find(records.begin(), records.end(), label.record) != records.end();
        if (label.record != nullptr && label.record->is_license() && !known) {
            records.push_back(label.record);
        }
    }
    return records;
}

bool is_labelled(
    const Node& node, const license::Record& license, const license::Catalogue& catalogue
) {
    const license::Term* same = license.obligation("same-license");
    for (const license::Record* record : licenses_of(node, catalogue)) {
        const bool accepted =
            same != nullptr && std::find(same->accepts.begin(), same->accepts.end(), record->id) !=
                                   same->accepts.end();
        if (record->id == license.id || accepted) {
            return true;
        }
    }
    return false;
}

std::vector<license::Restriction>
restrictions_of(const Node& node, const license::Catalogue& catalogue) {
    std::vector<license::Restriction> all;
    for (const license::Record* record : licenses_of(node, catalogue)) {
        add_set(catalogue.restriction_set(record->restriction_set), all);
    }
    for (const std::string& carried : node.carries) {
        if (carried.starts_with(kCarriedSet)) {
            add_set(catalogue.restriction_set(carried.substr(kCarriedSet.size())), all);
        } else if (carried.starts_with(kCarriedId)) {
            all.push_back(parse_carried(std::string_view(carried).substr(kCarriedId.size())));
        }
    }
    return all;
}

} // namespace railhub::compliance
