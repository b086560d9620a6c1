// SPDX-License-Identifier: Apache-2.0
// Xet tokens and data links: what they allow, for how long, and that a changed one is refused.
#include "server/data_link.h"
#include "server/xet_token.h"
#include "tests/support/value.h"

namespace railhub::server {

namespace {

const XetTokens kTokens(util::Bytes(32, 7));
const DataLinks kLinks(util::Bytes(32, 7));
const std::string kXorb(64, 'a');

XetClaim token_claim() {
    XetClaim claim;
    claim.access = XetClaim::Access::Write;
    claim.repo_row = 42;
    claim.repo = "0123456789abcdef01234567";
    claim.user = "alice";
    claim.hub_token = 3;
    claim.expires_ms = 5000;
    return claim;
}

util::QueryPairs link_query() {
    const DataClaim claim{kXorb, 2, 100, 300, 5000};
    return tests::value(util::parse_query(kLinks.query_of(claim).substr(1)));
}

} // namespace

TEST_CASE("a Xet token says what it said") {
    CHECK(tests::value(kTokens.check(kTokens.token_of(token_claim()), 4999)) == token_claim());
    XetClaim anonymous;
    anonymous.repo = "x";
    anonymous.expires_ms = 1;
    CHECK(tests::value(kTokens.check(kTokens.token_of(anonymous), 0)) == anonymous);
}

TEST_CASE("a Xet token is bound to every byte of it") {
    const auto refused = [](const std::string& token, std::int64_t now) {
        const auto result = kTokens.check(token, now);
        REQUIRE_ERROR(result, util::Code::Unauthenticated);
        CHECK(result.error().message == "this Xet token is not valid or has expired");
    };
    const std::string good = kTokens.token_of(token_claim());
    refused(good, 5000);
    refused("", 1);
    refused("xet_", 1);
    refused("hf_0123456789", 1);
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string changed = good;
        changed[i] = changed[i] == '1' ? '2' : '1';
        refused(changed, 1);
        refused(good.substr(0, i), 1);
    }
    refused(good + "0", 1);
    REQUIRE_ERROR(XetTokens(util::Bytes(32, 8)).check(good, 1), util::Code::Unauthenticated);
}

TEST_CASE("a data link is bound to xorb, span, layout and time") {
    const auto good = link_query();
    const auto claim = tests::value(kLinks.check(good, kXorb, 4999));
    CHECK(claim.layout == 2);
    CHECK(claim.begin == 100);
    CHECK(claim.end == 300);
    const auto refused = [](const util::QueryPairs& query, const std::string& xorb, std::int64_t now
                         ) {
        const auto result = kLinks.check(query, xorb, now);
        REQUIRE_ERROR(result, util::Code::PermissionDenied);
        CHECK(result.error().message == "this link is not valid or has expired");
    };
    refused(good, kXorb, 5000);
    refused(good, std::string(64, 'b'), 1);
    refused({}, kXorb, 1);
    for (std::size_t i = 0; i < good.size(); ++i) {
        INFO(good[i].first);
        auto changed = good;
        changed[i].second += "1";
        refused(changed, kXorb, 1);
        changed[i].second.clear();
        refused(changed, kXorb, 1);
        auto fewer = good;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        refused(fewer, kXorb, 1);
    }
}

} // namespace railhub::server
