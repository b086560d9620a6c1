// SPDX-License-Identifier: Apache-2.0
// Words for verdicts, the order of findings, and the verdict that follows.
#include "core/report/report.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace railhub::report {

namespace {

struct VerdictName {
    Verdict verdict;
    std::string_view word;
};

constexpr std::array kVerdicts = {
    VerdictName{Verdict::Ok, "ok"},
    VerdictName{Verdict::OkWithObligations, "ok-with-obligations"},
    VerdictName{Verdict::NeedsHuman, "needs-human"},
    VerdictName{Verdict::Conflict, "conflict"},
};

// "R3" before "R16": letters first, then the number.
std::tuple<std::string_view, unsigned long> rule_order(const std::string& rule) {
    const std::size_t digits = rule.find_first_of("0123456789");
    if (digits == std::string::npos || rule.size() - digits > 6) {
        return {rule, 0};
    }
    unsigned long number = 0;
    for (std::size_t i = digits; i < rule.size() && rule[i] >= '0' && rule[i] <= '9'; ++i) {
        number = number * 10 + static_cast<unsigned long>(rule[i] - '0');
    }
    return {std::string_view(rule).substr(0, digits), number};
}

bool finding_before(const Finding& a, const Finding& b) {
    static const Location kNowhere;
    const auto key = [](const Finding& f) {
        const Location& place = f.location ? *f.location : kNowhere;
        return std::tuple(
            -static_cast<int>(f.severity),
            rule_order(f.rule),
            std::string_view(f.rule),
            std::string_view(f.subject),
            std::string_view(place.path),
            place.line,
            place.column,
            std::string_view(f.message)
        );
    };
    return key(a) < key(b);
}

} // namespace

std::string_view verdict_word(Verdict verdict) {
    return kVerdicts.at(static_cast<std::size_t>(verdict)).word;
}

std::optional<Verdict> parse_verdict(std::string_view word) {
    for (const VerdictName& name : kVerdicts) {
        if (name.word == word) {
            return name.verdict;
        }
    }
    return std::nullopt;
}

void Report::finish() {
    std::stable_sort(findings.begin(), findings.end(), finding_before);
    findings.erase(std::unique(findings.begin(), findings.end()), findings.end());
    std::stable_sort(waived.begin(), waived.end(), [](const Waived& a, const Waived& b) {
        return finding_before(a.finding, b.finding);
    });
    std::sort(obligations.begin(), obligations.end(), [](const Obligation& a, const Obligation& b) {
        return std::tie(a.id, a.artifact, a.license, a.section, a.note) <
               std::tie(b.id, b.artifact, b.license, b.section, b.note);
    });
    obligations.erase(std::unique(obligations.begin(), obligations.end()), obligations.end());
}

Verdict Report::verdict() const {
    if (count(Severity::Error) > 0) {
        return Verdict::Conflict;
    }
    if (count(Severity::Warning) > 0) {
        return Verdict::NeedsHuman;
    }
    return obligations.empty() ? Verdict::Ok : Verdict::OkWithObligations;
}

std::size_t Report::count(Severity severity) const {
    return static_cast<std::size_t>(std::count_if(
        findings.begin(),
        findings.end(),
        [severity](const Finding& f) { return f.severity == severity; }
    ));
}

} // namespace railhub::report
