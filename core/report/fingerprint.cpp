// SPDX-License-Identifier: Apache-2.0
// A hash over a canonical list of what identifies a finding.
#include "core/report/fingerprint.h"

#include "core/util/digest.h"

#include <utility>

namespace railhub::report {

namespace {

// Part of every hash; another number when what is hashed changes.
constexpr std::string_view kKind = "railhub-finding/1";

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

std::string fingerprint(const Finding& finding) {
    util::Json chain = util::Json::array();
    for (const ChainLink& link : finding.chain) {
        chain.push_back(link.artifact);
    }
    util::Json citations = util::Json::array();
    for (const Citation& citation : finding.citations) {
        citations.push_back(util::Json::array_of(std::vector{citation.license, citation.section}));
    }
    util::Json parts = util::Json::array();
    parts.push_back(kKind);
    parts.push_back(finding.rule);
    parts.push_back(finding.subject);
    parts.push_back(std::move(chain));
    parts.push_back(std::move(citations));
    return util::sha256(util::as_bytes(parts.dump_canonical())).hex();
}

std::vector<std::string> fingerprints(const std::vector<Finding>& findings) {
    std::map<std::string, std::size_t> seen;
    std::vector<std::string> all;
    all.reserve(findings.size());
    for (const Finding& finding : findings) {
        std::string print = fingerprint(finding);
        const std::size_t count = ++seen[print];
        if (count > 1) {
            print += "-" + std::to_string(count);
        }
        all.push_back(std::move(print));
    }
    return all;
}

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

} // namespace railhub::report
