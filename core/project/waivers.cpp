// SPDX-License-Identifier: Apache-2.0
// Each finding is taken by the first waiver that fits and holds; what a waiver met tells whether it
// is of use.
#include "core/project/waivers.h"

#include "core/project/codes.h"
#include "core/report/fingerprint.h"
#include "core/util/text.h"

#include <algorithm>
#include <map>

namespace railhub::project {

namespace {

constexpr int kWarnDays = 14;
constexpr std::string_view kNoRevision = "unknown";
constexpr std::string_view kNoText = "none";

std::string revision_word(const ArtifactState* state) {
    return state == nullptr || state->revision.empty() ? std::string(kNoRevision) : state->revision;
}

std::string text_word(const ArtifactState* state) {
    return state == nullptr || state->license_sha256.empty() ? std::string(kNoText)
                                                             : state->license_sha256;
}

bool is_about(const Waiver& waiver, const report::Finding& finding, const std::string& print) {
    return (waiver.rule.empty() || waiver.rule == finding.rule) &&
           (waiver.fingerprint.empty() || waiver.fingerprint == print) &&
           util::equal_ignore_case(waiver.artifact.text, artifact_of(finding));
}

// What differs from what was accepted; empty when nothing does.
std::string difference(const Waiver& waiver, const ArtifactState* state) {
    if (waiver.artifact.text == ".") {
        return {};
    }
    if (waiver.license_sha256 != text_word(state)) {
        return "its license text is now " + text_word(state) + ", not " + waiver.license_sha256;
    }
    if (waiver.revision != revision_word(state)) {
        return "it is now at revision " + revision_word(state) + ", not " + waiver.revision;
    }
    return {};
}

std::string shown_waiver(const Waiver& waiver) {
    const std::string what =
        waiver.rule.empty() ? "finding " + waiver.fingerprint.substr(0, 12) : waiver.rule;
    return "the waiver of " + what + " for '" +
           (waiver.artifact.text == "." ? std::string("the project") : waiver.artifact.text) + "'";
}

// A toml basic string.
std::string toml_text(std::string_view text) {
    std::string out = "\"";
    for (const char ch : text) {
        if (ch == '"' || ch == '\\') {
            out += '\\';
        }
        out += static_cast<unsigned char>(ch) < 0x20 || ch == 0x7F ? '?' : ch;
    }
    return out + '"';
}

class WaiverRound {
  public:
    WaiverRound(const std::vector<Waiver>& waivers, const StateOf& state_of, const Date& today)
        : waivers_(waivers), state_of_(state_of), today_(today), met_(waivers.size(), false) {}

    void run(report::Report& report) {
        std::vector<report::Finding> left;
        for (report::Finding& finding : report.findings) {
            const Waiver* waiver = waiver_of(finding);
            if (waiver == nullptr) {
                left.push_back(std::move(finding));
                continue;
            }
            report.waived.push_back(
                {std::move(finding), waiver->owner, waiver->reason, to_text(waiver->expires)}
            );
        }
        report.findings = std::move(left);
        for (std::size_t i = 0; i < waivers_.size(); ++i) {
            if (auto finding = about(waivers_[i], met_[i])) {
                report.findings.push_back(std::move(*finding));
            }
        }
    }

  private:
    [[nodiscard]] const ArtifactState* state(const Waiver& waiver) const {
        return waiver.artifact.text == "." ? nullptr : state_of_(waiver.artifact.text);
    }

    [[nodiscard]] bool holds(const Waiver& waiver) const {
        return today_ <= waiver.expires && difference(waiver, state(waiver)).empty();
    }

    const Waiver* waiver_of(const report::Finding& finding) {
        const std::string print = report::fingerprint(finding);
        const Waiver* taken = nullptr;
        for (std::size_t i = 0; i < waivers_.size(); ++i) {
            if (is_about(waivers_[i], finding, print)) {
                met_[i] = true;
                taken = taken == nullptr && holds(waivers_[i]) ? &waivers_[i] : taken;
            }
        }
        return taken;
    }

    [[nodiscard]] std::optional<report::Finding> about(const Waiver& waiver, bool is_met) const {
        report::Finding finding;
        if (!is_met) {
            finding = finding_of(
                "waiver.unused", waiver.artifact.text, shown_waiver(waiver) + " waives nothing"
            );
            finding.fix = "remove the [[waivers]] entry";
        } else if (waiver.expires < today_) {
            finding = finding_of(
                "waiver.expired",
                waiver.artifact.text,
                shown_waiver(waiver) + " expired on " + to_text(waiver.expires)
            );
            finding.fix = "fix the finding, or ask " + waiver.owner + " for a later 'expires'";
        } else if (const std::string changed = difference(waiver, state(waiver));
                   !changed.empty()) {
            finding = finding_of(
                "waiver.stale",
                waiver.artifact.text,
                shown_waiver(waiver) + " is for something else: " + changed
            );
            finding.fix = "look at what changed; if it is still acceptable, update the entry from "
                          "the stub of the finding";
        } else if (days_between(today_, waiver.expires) <= kWarnDays) {
            finding = finding_of(
                "waiver.expiring",
                waiver.artifact.text,
                shown_waiver(waiver) + " ends on " + to_text(waiver.expires)
            );
            finding.fix = "fix the finding, or ask " + waiver.owner + " for a later 'expires'";
        } else {
            return std::nullopt;
        }
        finding.location = waiver.at;
        return finding;
    }

    const std::vector<Waiver>& waivers_;
    const StateOf& state_of_;
    const Date& today_;
    std::vector<bool> met_; // was there a finding it is about?
};

} // namespace

std::string artifact_of(const report::Finding& finding) {
    return finding.chain.size() > 1 ? finding.chain.back().artifact : ".";
}

void apply_waivers(
    report::Report& report,
    const std::vector<Waiver>& waivers,
    const StateOf& state_of,
    const Date& today
) {
    WaiverRound(waivers, state_of, today).run(report);
}

std::string
waiver_stub(const report::Finding& finding, const ArtifactState* state, const Date& expires) {
    const std::string artifact = artifact_of(finding);
    std::string stub = "[[waivers]]\nfinding = " + toml_text(finding.rule) +
                       "\nfingerprint = " + toml_text(report::fingerprint(finding)) +
                       "\nartifact = " + toml_text(artifact);
    if (artifact != ".") {
        stub += "\nrevision = " + toml_text(revision_word(state)) +
                "\nlicense-sha256 = " + toml_text(text_word(state));
    }
    return stub +
           "\nowner = \"who answers for it\"\nreason = \"why it is acceptable\"\nexpires = " +
           to_text(expires);
}

} // namespace railhub::project
