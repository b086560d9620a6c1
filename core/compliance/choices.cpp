// SPDX-License-Identifier: Apache-2.0
// "GPL-2.0-or-later" is a choice among the versions that have records.
#include "core/compliance/choices.h"

#include "core/license/expression.h"

#include <algorithm>

namespace railhub::compliance {

namespace {

using license::SimpleLicense;

constexpr std::size_t kMaxLabelWays = 64;

// Labels any one of which will do for this license.
std::vector<std::string>
labels_for(const SimpleLicense& wanted, const license::Catalogue& catalogue) {
    const bool or_later = wanted.or_later || wanted.id.ends_with("-or-later");
    std::vector<std::string> labels;
    if (or_later) {
        SimpleLicense bare = wanted;
        bare.exception.clear();
        for (const license::Record& record : catalogue.records()) {
            if (!record.spdx.empty() && covers(bare, SimpleLicense{record.spdx, false, {}})) {
                labels.push_back(record.id);
            }
        }
    }
    return labels.empty() ? std::vector<std::string>{wanted.id} : labels;
}

// Appends one label to each way, for each of the labels that will do.
void extend(std::vector<LabelWay>& ways, const std::vector<std::string>& labels) {
    std::vector<LabelWay> longer;
    for (const LabelWay& way : ways) {
        for (const std::string& label : labels) {
            LabelWay next = way;
            if (std::find(next.begin(), next.end(), label) == next.end()) {
                next.push_back(label);
            }
            longer.push_back(std::move(next));
        }
    }
    ways = std::move(longer);
}

bool is_choice(const std::string& label, const license::Catalogue& catalogue) {
    return catalogue.find(label) == nullptr || label.ends_with('+') || label.ends_with("-or-later");
}

// Empty when the label is no expression.
std::vector<LabelWay> ways_of_label(const std::string& label, const license::Catalogue& catalogue) {
    const license::Record* record = catalogue.find(label);
    if (!is_choice(label, catalogue) || (record != nullptr && record->id == label)) {
        return {};
    }
    const auto known = [&catalogue](std::string_view id) {
        const license::Record* found = catalogue.find(id);
        return found != nullptr && found->id == id;
    };
    const auto expression = license::parse_expression(label, known);
    if (!expression.ok()) {
        return {};
    }
    const auto alternatives = license::alternatives(*expression);
    if (!alternatives.ok()) {
        return {};
    }
    std::vector<LabelWay> all;
    for (const std::vector<SimpleLicense>& alternative : *alternatives) {
        std::vector<LabelWay> ways(1);
        for (const SimpleLicense& one : alternative) {
            extend(ways, labels_for(one, catalogue));
            if (ways.size() > kMaxLabelWays) {
                return {};
            }
        }
        all.insert(all.end(), ways.begin(), ways.end());
    }
    return all.size() > kMaxLabelWays ? std::vector<LabelWay>() : all;
}

} // namespace

std::vector<LabelWay> ways_to_choose(const Node& node, const license::Catalogue& catalogue) {
    std::vector<LabelWay> ways(1);
    for (const std::string& label : node.licenses) {
        const std::vector<LabelWay> own = ways_of_label(label, catalogue);
        std::vector<LabelWay> longer;
        for (const LabelWay& way : ways) {
            for (const LabelWay& next : own.empty() ? std::vector<LabelWay>{{label}} : own) {
                LabelWay both = way;
                both.insert(both.end(), next.begin(), next.end());
                longer.push_back(std::move(both));
            }
        }
        ways = std::move(longer);
        if (ways.size() > kMaxLabelWays) {
            return {node.licenses};
        }
    }
    return ways;
}

} // namespace railhub::compliance
