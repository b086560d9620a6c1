// SPDX-License-Identifier: Apache-2.0
// Signed links: what they allow, for how long, and that a changed one is refused.
#include "server/signed_link.h"
#include "tests/support/value.h"

namespace railhub::server {

namespace {

const LinkSigner kSigner(util::Bytes(32, 7));
const std::string kObject(64, 'a');

LinkClaim claim() {
    LinkClaim claim;
    claim.action = "put";
    claim.repo = "0123456789abcdef01234567";
    claim.object = kObject;
    claim.size = 10;
    claim.user = "al ice";
    claim.expires_ms = 1000;
    return claim;
}

util::QueryPairs query_of(const LinkClaim& claim) {
    return tests::value(util::parse_query(kSigner.query_of(claim).substr(1)));
}

} // namespace

TEST_CASE("a signed link says what it said") {
    const auto back = tests::value(kSigner.check(query_of(claim()), "put", kObject, 999));
    CHECK(back.repo == claim().repo);
    CHECK(back.size == 10);
    CHECK(back.user == "al ice");
    CHECK(back.expires_ms == 1000);
}

TEST_CASE("a link is bound to everything in it") {
    const auto refused = [](const util::QueryPairs& query,
                            std::string_view action,
                            std::string_view object,
                            std::int64_t now) {
        const auto result = kSigner.check(query, action, object, now);
        REQUIRE_ERROR(result, util::Code::PermissionDenied);
        CHECK(result.error().message == "this link is not valid or has expired");
    };
    const auto good = query_of(claim());
    refused(good, "get", kObject, 1);
    refused(good, "put", std::string(64, 'b'), 1);
    refused(good, "put", kObject, 1000);
    refused({}, "put", kObject, 1);
    for (std::size_t i = 0; i < good.size(); ++i) {
        INFO(good[i].first);
        auto changed = good;
        changed[i].second += "1";
        refused(changed, "put", kObject, 1);
        auto fewer = good;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        refused(fewer, "put", kObject, 1);
    }
    auto more = good;
    more.emplace_back("part", "1");
    refused(more, "put", kObject, 1);
    const LinkSigner other(util::Bytes(32, 8));
    REQUIRE_ERROR(other.check(good, "put", kObject, 1), util::Code::PermissionDenied);
}

} // namespace railhub::server
