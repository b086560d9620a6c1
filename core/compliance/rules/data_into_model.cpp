// SPDX-License-Identifier: Apache-2.0
// R14: data in the weights of a model that is shared. Some texts settle it; for non-commercial,
// share-alike and no-derivatives data it is open in law, and the policy answers.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

#include <algorithm>
#include <array>

namespace railhub::compliance::rule {

namespace {

using license::Record;
using report::Severity;

bool is_free(const Record& data) {
    return data.derivatives.trained_model == "free" || data.family == "public-domain";
}

struct Aspect {
    std::string_view name; // of the switch
    const license::Term* term;
    Stance stance;
    bool is_met; // the declared license is no wider in this respect
};

std::vector<Aspect> aspects_of(const Case& subject, const Claim& claim) {
    const Record& data = *claim.license;
    const bool same = same_label(subject, claim);
    std::vector<Aspect> aspects;
    if (const license::Term* limit = data.withholds_commerce()) {
        const bool keeps_out = label_commerce(subject, data) == Commerce::No &&
                               label_state(subject) == LabelState::Stated &&
                               !is_commercial(subject.use);
        aspects.push_back({"nc-data-into-model", limit, subject.policy.nc_data, keeps_out});
    }
    if (const license::Term* alike = data.obligation("same-license");
        alike != nullptr && data.derivatives.trained_model != "notice") {
        aspects.push_back({"sa-data-into-model", alike, subject.policy.sa_data, same});
    }
    if (const license::Term* none = data.limit("no-derivatives")) {
        aspects.push_back({"nd-data-into-model", none, subject.policy.nd_data, same});
    }
    const license::Term* flow = data.obligation("flow-down-use-restrictions");
    if (flow == nullptr && data.derivatives.trained_model.empty()) {
        flow = data.limit("use-restrictions");
    }
    if (flow != nullptr) {
        const auto gaps = missing_restrictions(subject, data, subject.policy.restriction_cover);
        aspects.push_back({"", flow, Stance::NeedsHuman, same || (gaps && gaps->empty())});
    }
    return aspects;
}

std::optional<Severity> severity_of(Stance stance) {
    switch (stance) {
    case Stance::Ignore:
        return std::nullopt;
    case Stance::Warn:
        return Severity::Note;
    case Stance::NeedsHuman:
        return Severity::Warning;
    case Stance::Conflict:
        return Severity::Error;
    }
    return Severity::Warning;
}

report::Finding
data_finding(const Case& subject, const Claim& claim, const Aspect& aspect, Severity severity) {
    return finding_of(
        subject,
        claim,
        "R14",
        severity,
        aspect.term,
        "whether '" + aspect.term->term + "' of '" + claim.license->id +
            "' follows its data into weights is open" +
            (aspect.name.empty() ? std::string()
                                 : "; the policy '" + std::string(aspect.name) + "' answers"),
        "let a person decide, put the model under terms no wider than those of the data, or train "
        "without '" +
            node_of(subject, claim).id + "'"
    );
}

} // namespace

bool stays_with_model(const Record& data, std::string_view term) {
    return !is_free(data) && (term == "attribution" || term == "output-notice");
}

void data_into_model(const Case& subject, Findings& findings) {
    // Kept inside, data binds only those who use it for trade against its terms.
    const bool inside = !is_shared(subject.use);
    Once once;
    for (const Claim& claim : subject.claims) {
        if (!claim.judged || claim.ancestor->trace.way != Way::Trained || is_free(*claim.license)) {
            continue;
        }
        for (const Aspect& aspect : aspects_of(subject, claim)) {
            const bool bears =
                !inside || (is_commercial(subject.use) && aspect.name == "nc-data-into-model");
            const std::optional<Severity> severity =
                aspect.is_met || !bears ? std::nullopt : severity_of(aspect.stance);
            if (severity && once(claim.license->id + aspect.term->term)) {
                findings.push_back(data_finding(subject, claim, aspect, *severity));
            }
        }
    }
}

} // namespace railhub::compliance::rule
