// SPDX-License-Identifier: Apache-2.0
// Looks up terms of a record and the words for how restrictions flow down.
#include "core/license/license.h"

#include <algorithm>
#include <array>

namespace railhub::license {

namespace {

template <class Item>
const Item* find_term(const std::vector<Item>& items, std::string_view term) {
    const auto found = std::find_if(items.begin(), items.end(), [term](const Item& item) {
        return item.term == term;
    });
    return found == items.end() ? nullptr : &*found;
}

struct FlowDownName {
    std::string_view detail;
    FlowDown mode;
};

constexpr std::array kFlowDowns = {
    FlowDownName{"verbatim-minimum", FlowDown::VerbatimMinimum},
    FlowDownName{"same-purpose", FlowDown::SamePurpose},
    FlowDownName{"contractual", FlowDown::Contractual},
    FlowDownName{"by-same-license", FlowDown::BySameLicense},
};

} // namespace

std::string_view grant_word(Grant grant) {
    switch (grant) {
    case Grant::Yes:
        return "yes";
    case Grant::No:
        return "no";
    case Grant::Conditional:
        return "cond";
    case Grant::Silent:
        return "silent";
    }
    return "";
}

std::string_view reading_word(Reading reading) {
    switch (reading) {
    case Reading::FullText:
        return "full-text";
    case Reading::WellKnownText:
        return "well-known-text";
    case Reading::PartOfText:
        return "part-of-text";
    case Reading::SecondarySources:
        return "secondary-sources";
    case Reading::NotALicense:
        return "not-a-license";
    }
    return "";
}

bool Term::is_also_when(std::string_view condition) const {
    return std::find(also_when.begin(), also_when.end(), condition) != also_when.end();
}

bool Term::is_only_when(std::string_view condition) const {
    return std::find(only_when.begin(), only_when.end(), condition) != only_when.end();
}

bool Term::spares(std::string_view role) const {
    return std::find(exempts.begin(), exempts.end(), role) != exempts.end();
}

const Term* Record::withholds_commerce() const {
    const Term* term = limit("non-commercial");
    return term != nullptr ? term : limit("research-only");
}

const Permission* Record::permission(std::string_view term) const {
    return find_term(permissions, term);
}

const Term* Record::obligation(std::string_view term) const {
    return find_term(obligations, term);
}

const Term* Record::limit(std::string_view term) const {
    return find_term(limits, term);
}

Grant Record::grant(std::string_view term) const {
    const Permission* found = permission(term);
    return found != nullptr ? found->value : Grant::Silent;
}

FlowDown Record::flow_down() const {
    const Term* term = obligation("flow-down-use-restrictions");
    if (term == nullptr) {
        return FlowDown::None;
    }
    for (const FlowDownName& entry : kFlowDowns) {
        if (entry.detail == term->detail) {
            return entry.mode;
        }
    }
    return FlowDown::Contractual; // record_parse refuses other details
}

} // namespace railhub::license
