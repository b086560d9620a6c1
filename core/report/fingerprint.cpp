// SPDX-License-Identifier: Apache-2.0
// A hash over a canonical list of what identifies a finding.
#include "core/report/fingerprint.h"

#include "core/util/digest.h"
#include "core/util/json.h"

#include <map>
#include <utility>

namespace railhub::report {

namespace {

// Part of every hash; another number when what is hashed changes.
constexpr std::string_view kKind = "railhub-finding/1";

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

} // namespace railhub::report
