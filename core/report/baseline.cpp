// SPDX-License-Identifier: Apache-2.0
// Reads of an earlier report what identifies its findings.
#include "core/report/baseline.h"

#include "core/report/fingerprint.h"

#include <algorithm>

namespace railhub::report {

namespace {

// The parts of a finding in a JSON report that identify it.
Finding identity_of(const util::Json& json) {
    Finding finding;
    finding.rule = json.text("rule");
    finding.subject = json.text("subject");
    if (const util::Json* chain = json.find("chain"); chain != nullptr && chain->is_array()) {
        for (const util::Json& link : *chain->as_array()) {
            finding.chain.push_back({link.text("artifact"), {}, {}});
        }
    }
    const util::Json* citations = json.find("citations");
    if (citations != nullptr && citations->is_array()) {
        for (const util::Json& citation : *citations->as_array()) {
            finding.citations.push_back({citation.text("license"), citation.text("section")});
        }
    }
    return finding;
}

} // namespace

util::Result<Baseline> Baseline::parse(const util::Json& json) {
    const util::Json* findings = json.find("findings");
    if (json.text("format") != "check-report/1" || findings == nullptr || !findings->is_array()) {
        return util::fail(
            util::Code::InvalidInput,
            "this is no check report",
            "make one with 'railhub check --write-baseline FILE'"
        );
    }
    Baseline baseline;
    for (const util::Json& finding : *findings->as_array()) {
        ++baseline.counts_[fingerprint(identity_of(finding))];
    }
    return baseline;
}

void Baseline::apply(Report& report) const {
    std::map<std::string, std::size_t> left = counts_;
    std::vector<Finding> fresh;
    for (Finding& finding : report.findings) {
        const auto known = left.find(fingerprint(finding));
        if (known != left.end() && known->second > 0) {
            --known->second;
            ++report.known;
        } else {
            fresh.push_back(std::move(finding));
        }
    }
    report.findings = std::move(fresh);
}

void keep_changed(Report& report, const std::set<std::string>& paths) {
    const auto is_elsewhere = [&paths](const Finding& finding) {
        return finding.location && !paths.contains(finding.location->path);
    };
    const auto rest = std::remove_if(report.findings.begin(), report.findings.end(), is_elsewhere);
    report.unchanged += static_cast<std::size_t>(report.findings.end() - rest);
    report.findings.erase(rest, report.findings.end());
}

} // namespace railhub::report
