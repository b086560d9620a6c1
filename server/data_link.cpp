// SPDX-License-Identifier: Apache-2.0
#include "server/data_link.h"

#include "core/util/text.h"

#include <limits>

namespace railhub::server {

namespace {

std::string_view data_value(const util::QueryPairs& query, std::string_view name) {
    for (const auto& [key, value] : query) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

constexpr auto kMostSigned = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

} // namespace

util::Error data_link_refused() {
    return util::fail(
        util::Code::PermissionDenied,
        "this link is not valid or has expired",
        "ask for the reconstruction again"
    );
}

std::string DataLinks::seal(const DataClaim& claim) const {
    std::string text = "railhub-data-1\n";
    text.append(claim.xorb).append("\n");
    text.append(std::to_string(claim.layout)).append("\n");
    text.append(std::to_string(claim.begin)).append("\n");
    text.append(std::to_string(claim.end)).append("\n");
    text.append(std::to_string(claim.expires_ms)).append("\n");
    return mac_.of(util::as_bytes(text)).hex();
}

std::string DataLinks::query_of(const DataClaim& claim) const {
    std::string query = "?layout=";
    query.append(std::to_string(claim.layout));
    query.append("&begin=").append(std::to_string(claim.begin));
    query.append("&end=").append(std::to_string(claim.end));
    query.append("&expires=").append(std::to_string(claim.expires_ms));
    return query.append("&sig=").append(seal(claim));
}

util::Result<DataClaim>
DataLinks::check(const util::QueryPairs& query, std::string_view xorb, std::int64_t now_ms) const {
    const auto layout = util::parse_decimal(data_value(query, "layout"));
    const auto begin = util::parse_decimal(data_value(query, "begin"));
    const auto end = util::parse_decimal(data_value(query, "end"));
    const auto expires = util::parse_decimal(data_value(query, "expires"));
    if (!layout || !begin || !end || !expires || *layout > kMostSigned || *expires > kMostSigned) {
        return data_link_refused();
    }
    DataClaim claim;
    claim.xorb = xorb;
    claim.layout = static_cast<std::int64_t>(*layout);
    claim.begin = *begin;
    claim.end = *end;
    claim.expires_ms = static_cast<std::int64_t>(*expires);
    const bool is_sealed = util::equal_constant_time(seal(claim), data_value(query, "sig"));
    if (!is_sealed || claim.expires_ms <= now_ms) {
        return data_link_refused();
    }
    return claim;
}

} // namespace railhub::server
