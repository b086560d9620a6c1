// SPDX-License-Identifier: Apache-2.0
// R12: limits on users, visits and revenue, each with its own moment and scope (licenses 4.5).
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

#include <array>

namespace railhub::compliance::rule {

namespace {

using license::Term;
using report::Severity;

constexpr std::array<std::string_view, 3> kThresholds = {
    "mau-threshold", "revenue-threshold", "visits-threshold"};

// Exchange rates move; outside these bounds the answer is sure.
constexpr std::uint64_t kLeastYuanPerDollar = 6;
constexpr std::uint64_t kMostYuanPerDollar = 9;
constexpr std::uint64_t kMaxAmount = std::uint64_t{1} << 58; // products stay in range

struct Limit {
    std::uint64_t number = 0;
    std::string_view unit; // "USD", "CNY", or empty
    std::string_view kind; // "release-snapshot", "ongoing", "monthly", "yearly", "duty", ...
};

// "700000000-release-snapshot", "10000000USD-ongoing"
std::optional<Limit> parse_limit(std::string_view detail) {
    Limit limit;
    std::size_t i = 0;
    for (; i < detail.size() && i < 18 && detail[i] >= '0' && detail[i] <= '9'; ++i) {
        limit.number = limit.number * 10 + static_cast<std::uint64_t>(detail[i] - '0');
    }
    if (i == 0) {
        return std::nullopt;
    }
    const std::size_t dash = std::min(detail.find('-', i), detail.size());
    limit.unit = detail.substr(i, dash - i);
    limit.kind = dash < detail.size() ? detail.substr(dash + 1) : std::string_view();
    return limit;
}

enum class Side : std::uint8_t { Below, Above, Unknown, Unsure };

Side side_of(const std::optional<std::uint64_t>& value, std::uint64_t limit) {
    if (!value) {
        return Side::Unknown;
    }
    return *value > limit ? Side::Above : Side::Below;
}

Side yuan_side(const Use& use, std::uint64_t limit) {
    if (use.revenue_cny) {
        return side_of(use.revenue_cny, limit);
    }
    if (!use.revenue_usd) {
        return Side::Unknown;
    }
    const std::uint64_t dollars = std::min(*use.revenue_usd, kMaxAmount / kMostYuanPerDollar);
    if (dollars * kLeastYuanPerDollar > limit) {
        return Side::Above;
    }
    return dollars * kMostYuanPerDollar <= limit ? Side::Below : Side::Unsure;
}

Side side_for(const Use& use, const Term& term, const Limit& limit) {
    if (term.term == "visits-threshold") {
        return side_of(use.visits_monthly, limit.number);
    }
    if (term.term == "mau-threshold") {
        return side_of(
            limit.kind.starts_with("release-snapshot") ? use.mau_at_release : use.mau_now,
            limit.number
        );
    }
    if (limit.unit == "CNY") {
        return yuan_side(use, limit.number);
    }
    return side_of(
        limit.kind.starts_with("monthly") ? use.monthly_revenue_usd : use.revenue_usd, limit.number
    );
}

bool is_duty(const Limit& limit) {
    return limit.kind.ends_with("duty");
}

// Whom and what the limit spares.
bool is_spared(const Use& use, const Term& term) {
    return (!use.role.empty() && term.spares(use.role)) ||
           (term.is_only_when("commercial") && use.purpose == Use::Purpose::NonCommercial);
}

template <class Visit>
void for_each_threshold(const Case& subject, const Visit& visit) {
    for (const Claim& claim : subject.claims) {
        if (!claim.judged || claim.ancestor->trace.way != Way::Work) {
            continue;
        }
        for (const std::string_view name : kThresholds) {
            const Term* term = claim.license->limit(name);
            if (term != nullptr && !is_spared(subject.use, *term)) {
                visit(claim, *term, parse_limit(term->detail));
            }
        }
    }
}

Side side_of_limit(const Case& subject, const Term& term, const std::optional<Limit>& limit) {
    return limit ? side_for(subject.use, term, *limit) : Side::Unknown;
}

void say_above(
    const Case& subject,
    const Claim& claim,
    const Term& term,
    const Limit& limit,
    Findings& findings
) {
    if (is_duty(limit)) {
        findings.push_back(finding_of(
            subject,
            claim,
            "R12",
            Severity::Note,
            &term,
            "the '" + term.term + "' of '" + claim.license->id + "' is exceeded, so a duty starts",
            ""
        ));
        return;
    }
    findings.push_back(finding_of(
        subject,
        claim,
        "R12",
        Severity::Error,
        &term,
        "the '" + term.term + "' of '" + claim.license->id + "' is exceeded (" + term.detail + ")",
        "ask the licensor for another license"
    ));
}

} // namespace

bool is_above_threshold(const Case& subject, const license::Record& license) {
    for (const std::string_view name : kThresholds) {
        const Term* term = license.limit(name);
        if (term != nullptr &&
            side_of_limit(subject, *term, parse_limit(term->detail)) == Side::Above) {
            return true;
        }
    }
    return false;
}

std::vector<Confirmation> unconfirmed_thresholds(const Case& subject) {
    std::vector<Confirmation> open;
    for_each_threshold(
        subject,
        [&](const Claim& claim, const Term& term, const std::optional<Limit>& limit) {
            if (side_of_limit(subject, term, limit) == Side::Unknown) {
                open.push_back({&claim, &term, "confirm that " + term.detail + " is not exceeded"});
            }
        }
    );
    return open;
}

void thresholds(const Case& subject, Findings& findings) {
    Once once;
    for_each_threshold(
        subject,
        [&](const Claim& claim, const Term& term, const std::optional<Limit>& limit) {
            const Side side = side_of_limit(subject, term, limit);
            const bool asks = side == Side::Unsure ||
                              (side == Side::Unknown && subject.policy.unknown_threshold ==
                                                            Policy::UnknownThreshold::NeedsHuman);
            if ((side != Side::Above && !asks) || !once(claim.license->id + term.term)) {
                return;
            }
            if (side == Side::Above) {
                say_above(subject, claim, term, *limit, findings);
                return;
            }
            findings.push_back(finding_of(
                subject,
                claim,
                "R12",
                Severity::Warning,
                &term,
                "nobody can tell whether the '" + term.term + "' of '" + claim.license->id +
                    "' is exceeded (" + term.detail + ")",
                "state the number (--fact)"
            ));
        }
    );
}

} // namespace railhub::compliance::rule
