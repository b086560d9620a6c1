// SPDX-License-Identifier: Apache-2.0
// R6: what is made from share-alike work goes out under the same license, or one it accepts. Parts
// that keep their own text and source beside the rest are another question (R22), and so is data in
// weights (R14).
#include "core/compliance/obligations.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"
#include "core/util/text.h"

namespace railhub::compliance::rule {

namespace {

// Its text and source are offered with the product, so that it may be a part of its own.
bool is_kept_apart(const Case& subject, const Claim& claim) {
    return carries(subject, "license-text:", *claim.license) && carries(subject, "source");
}

bool reaches_the_whole(const Case& subject, const Claim& claim) {
    if (whole_share_alike(*claim.license) == nullptr) {
        return false;
    }
    switch (subject.use.delivery) {
    case Use::Delivery::Internal:
        return false;
    case Use::Delivery::Serve:
        return discloses_to_remote(claim) && !carries(subject, "source");
    case Use::Delivery::Distribute:
        break;
    }
    if (claim.ancestor->trace.part == Part::One) {
        return true;
    }
    return reaches_parts(claim) && claim.ancestor->trace.in_product &&
           !is_kept_apart(subject, claim);
}

// A library may be used by programs under other terms if users can put a changed one in its place.
bool locks_library(const Case& subject, const Claim& claim) {
    const license::Term* same = claim.license->obligation("same-license");
    return same != nullptr && same->detail == "library" && copies_leave(subject.use) &&
           claim.ancestor->trace.part != Part::One && claim.ancestor->trace.in_product &&
           !carries(subject, "relinkable") && !carries(subject, "source");
}

} // namespace

void share_alike(const Case& subject, Findings& findings) {
    if (!is_comparable(subject)) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        if (!binds(claim) || claim.stays_away || same_label(subject, claim) ||
            fits_as_part(subject, claim)) {
            continue;
        }
        const license::Term* same = claim.license->obligation("same-license");
        const Node& root = subject_of(subject);
        if (reaches_the_whole(subject, claim) && once(claim.license->id)) {
            std::string fix = "set 'license: " + label_for(*claim.license) +
                              "' in the README.md of '" + root.id + "'";
            if (!same->accepts.empty()) {
                fix += ", or one that it accepts: " + util::join(same->accepts, ", ");
            }
            findings.push_back(finding_of(
                subject,
                claim,
                "R6",
                report::Severity::Error,
                same,
                "'" + claim.license->id +
                    "' asks for the same license on what is made from it, but " + declared(root) +
                    " is declared",
                std::move(fix)
            ));
        } else if (locks_library(subject, claim) && once(claim.license->id)) {
            findings.push_back(finding_of(
                subject,
                claim,
                "R6",
                report::Severity::Error,
                same,
                "'" + claim.license->id +
                    "' covers a library in a product whose users cannot put a changed one in its "
                    "place",
                "link it so that it can be replaced (carry 'relinkable'), or offer the source"
            ));
        }
    }
}

} // namespace railhub::compliance::rule
