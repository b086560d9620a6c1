// SPDX-License-Identifier: Apache-2.0
// A table from terms to the deliveries that make them due.
#include "core/compliance/obligations.h"

#include "core/compliance/labels.h"

#include <algorithm>
#include <array>

namespace railhub::compliance {

namespace {

using Delivery = Use::Delivery;

// When an obligation is due. Leaving: copies leave, or hosting counts as that. Remote: others use
// it, whether or not that counts as leaving. Any: even if nothing leaves.
enum class Due : std::uint8_t { Leaving, LeavingModified, Remote, RemoteModified, Any };

struct DueRow {
    std::string_view term;
    Due due;
};

// Terms without a row are due when copies leave.
constexpr std::array kDue = {
    DueRow{"state-changes", Due::LeavingModified},
    DueRow{"same-license", Due::LeavingModified},
    DueRow{"derivative-disclaimer", Due::LeavingModified},
    DueRow{"impact-report", Due::LeavingModified},
    DueRow{"network-disclose", Due::RemoteModified},
    DueRow{"require-users-comply", Due::Remote},
    DueRow{"name-prefix", Due::Remote},
    DueRow{"display-built-with", Due::Remote},
    DueRow{"no-endorsement", Due::Remote},
    DueRow{"content-filter", Due::Remote},
    DueRow{"use-latest-version", Due::Any},
    DueRow{"follow-updated-policy", Due::Any},
    DueRow{"register", Due::Any},
    DueRow{"publication-ack", Due::Any},
    DueRow{"output-disclosure", Due::Any},
    DueRow{"output-notice", Due::Any},
    DueRow{"preserve-provenance", Due::Any},
    DueRow{"indemnify", Due::Any},
};

Due due_of(std::string_view term) {
    const auto row =
        std::find_if(kDue.begin(), kDue.end(), [term](const DueRow& r) { return r.term == term; });
    return row == kDue.end() ? Due::Leaving : row->due;
}

bool is_due(
    const Case& subject,
    const Ancestor& ancestor,
    const license::Record& license,
    std::string_view term
) {
    const bool remote = subject.use.delivery != Delivery::Internal;
    const bool leaving = leaves(subject.use, license);
    switch (due_of(term)) {
    case Due::Leaving:
        return leaving;
    case Due::LeavingModified:
        return leaving && is_modified(subject, ancestor);
    case Due::Remote:
        return remote;
    case Due::RemoteModified:
        return remote && is_modified(subject, ancestor);
    case Due::Any:
        return true;
    }
    return true;
}

bool keeps_work(Activity activity) {
    return activity == Activity::Copy || activity == Activity::Serve;
}

} // namespace

bool leaves(const Use& use, const license::Record& license) {
    switch (use.delivery) {
    case Delivery::Internal:
        return false;
    case Delivery::Serve:
        return license.flow_down() == license::FlowDown::VerbatimMinimum;
    case Delivery::Distribute:
        return true;
    }
    return true;
}

bool is_modified(const Case& subject, const Ancestor& ancestor) {
    if (subject.use.modification) {
        return *subject.use.modification == Use::Modification::Modified;
    }
    return std::any_of(ancestor.path.begin(), ancestor.path.end(), [&subject](std::size_t index) {
        return !keeps_work(subject.lineage.edges[index].activity);
    });
}

std::vector<report::Obligation> obligations_of(const Case& subject) {
    std::vector<report::Obligation> due;
    for (const Ancestor& ancestor : subject.ancestors) {
        if (ancestor.way != Way::Work) {
            continue; // what teachers and training data ask for is not a duty to pass on
        }
        const Node& node = subject.lineage.nodes[ancestor.node];
        for (const license::Record* license : licenses_of(node, subject.knowledge)) {
            for (const license::Term& term : license->obligations) {
                if (is_due(subject, ancestor, *license, term.term)) {
                    due.push_back({term.term, license->id, term.section, node.id, term.note});
                }
            }
        }
    }
    return due;
}

} // namespace railhub::compliance
