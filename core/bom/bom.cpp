// SPDX-License-Identifier: Apache-2.0
// Words and ids that every format shares.
#include "core/bom/bom.h"

#include "core/util/clock.h"
#include "core/util/text.h"
#include "core/util/url.h"

#include <array>
#include <chrono>

namespace railhub::bom {

namespace {

// Names the bills of Railhub among all that UUIDs of version 5 are made of (RFC 9562, 5.5).
constexpr std::array<std::uint8_t, 16> kNamespace = {
    0x8D, 0x1C, 0x5B, 0x0E, 0x61, 0x7A, 0x4F, 0x63, 0x9A, 0x0B, 0x52, 0xD4, 0xC7, 0x38, 0x2E, 0x91};

constexpr std::string_view kPublicHub = "https://huggingface.co";

} // namespace

std::string_view kind_word(Kind kind) {
    switch (kind) {
    case Kind::Project:
        return "project";
    case Kind::Model:
        return "model";
    case Kind::Dataset:
        return "dataset";
    case Kind::Code:
        return "code";
    case Kind::Service:
        return "service";
    }
    return "model";
}

std::string timestamp_text(std::int64_t seconds) {
    // "2026-11-22T21:35:00.000Z" without the milliseconds, which SPDX does not take.
    std::string text = util::to_iso8601(util::from_millis(seconds * 1000));
    const std::size_t dot = text.find('.');
    return text.substr(0, dot) + "Z";
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
    constexpr std::int64_t kEnd = 253'402'300'800; // year 10000
    constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
    const bool is_day = text.size() == 10;
    if (!is_day && text.size() != kForm.size()) {
        const auto seconds = util::parse_decimal(text);
        return seconds && *seconds < static_cast<std::uint64_t>(kEnd)
                   ? std::optional(static_cast<std::int64_t>(*seconds))
                   : std::nullopt;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool fits = kForm[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == kForm[i];
        if (!fits) {
            // Ten digits are seconds, too.
            const auto seconds = is_day ? util::parse_decimal(text) : std::nullopt;
            return seconds ? std::optional(static_cast<std::int64_t>(*seconds)) : std::nullopt;
        }
    }
    const auto number = [text](std::size_t at, std::size_t length) {
        return static_cast<unsigned>(util::parse_decimal(text.substr(at, length)).value_or(0));
    };
    const std::chrono::year_month_day day{
        std::chrono::year(static_cast<int>(number(0, 4))),
        std::chrono::month(number(5, 2)),
        std::chrono::day(number(8, 2))};
    const unsigned hour = is_day ? 0 : number(11, 2);
    const unsigned minute = is_day ? 0 : number(14, 2);
    const unsigned second = is_day ? 0 : number(17, 2);
    if (!day.ok() || day.year() < std::chrono::year(1970) || hour > 23 || minute > 59 ||
        second > 59) {
        return std::nullopt;
    }
    const auto days = std::chrono::sys_days(day).time_since_epoch().count();
    return std::int64_t{days} * 86'400 + std::int64_t{hour} * 3'600 + std::int64_t{minute} * 60 +
           std::int64_t{second};
}

std::string uuid_of(std::string_view content) {
    util::Sha1Hasher hasher;
    hasher.update(kNamespace);
    hasher.update(util::as_bytes(content));
    util::Sha1 digest = hasher.finish();
    digest.bytes[6] = static_cast<std::uint8_t>((digest.bytes[6] & 0x0FU) | 0x50U);
    digest.bytes[8] = static_cast<std::uint8_t>((digest.bytes[8] & 0x3FU) | 0x80U);
    std::string text = digest.hex().substr(0, 32);
    for (const std::size_t at : {8U, 13U, 18U, 23U}) {
        text.insert(at, "-");
    }
    return text;
}

std::string package_url(const Component& component, const std::string& endpoint) {
    const bool is_on_hub = component.kind == Kind::Model && !component.url.empty();
    if (!is_on_hub || component.id.find('/') == std::string::npos) {
        return {};
    }
    std::string purl = "pkg:huggingface/" + util::percent_encode(component.id, "/");
    if (!component.revision.empty()) {
        purl += "@" + util::percent_encode(component.revision);
    }
    if (!endpoint.empty() && endpoint != kPublicHub) {
        purl += "?repository_url=" + util::percent_encode(endpoint, ":/");
    }
    return purl;
}

} // namespace railhub::bom
