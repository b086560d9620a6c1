// SPDX-License-Identifier: Apache-2.0
// The table of countries that licenses exclude, with their other names.
#include "core/compliance/places.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::compliance {

namespace {

enum class Union : std::uint8_t { Member, Outside };

struct Country {
    std::string_view code;
    std::string_view long_code;
    std::string_view name; // lower case
    Union standing = Union::Member;
};

// "EL" and "UK" are what the Union itself writes.
constexpr std::array kCountries = {
    Country{"AT", "AUT", "austria"},
    Country{"BE", "BEL", "belgium"},
    Country{"BG", "BGR", "bulgaria"},
    Country{"CY", "CYP", "cyprus"},
    Country{"CZ", "CZE", "czechia"},
    Country{"CZ", "CZE", "czech republic"},
    Country{"DE", "DEU", "germany"},
    Country{"DK", "DNK", "denmark"},
    Country{"EE", "EST", "estonia"},
    Country{"EL", "GRC", "greece"},
    Country{"ES", "ESP", "spain"},
    Country{"EU", "EU", "european union"},
    Country{"FI", "FIN", "finland"},
    Country{"FR", "FRA", "france"},
    Country{"GR", "GRC", "greece"},
    Country{"HR", "HRV", "croatia"},
    Country{"HU", "HUN", "hungary"},
    Country{"IE", "IRL", "ireland"},
    Country{"IT", "ITA", "italy"},
    Country{"LT", "LTU", "lithuania"},
    Country{"LU", "LUX", "luxembourg"},
    Country{"LV", "LVA", "latvia"},
    Country{"MT", "MLT", "malta"},
    Country{"NL", "NLD", "netherlands"},
    Country{"PL", "POL", "poland"},
    Country{"PT", "PRT", "portugal"},
    Country{"RO", "ROU", "romania"},
    Country{"SE", "SWE", "sweden"},
    Country{"SI", "SVN", "slovenia"},
    Country{"SK", "SVK", "slovakia"},
    Country{"GB", "GBR", "united kingdom", Union::Outside},
    Country{"GB", "UK", "great britain", Union::Outside},
    Country{"KR", "KOR", "south korea", Union::Outside},
    Country{"KR", "KOR", "republic of korea", Union::Outside},
    Country{"US", "USA", "united states", Union::Outside},
};

bool is_letter(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

} // namespace

std::optional<std::string> parse_place(std::string_view text) {
    const std::string low = util::lower(text);
    for (const Country& country : kCountries) {
        if (low == country.name || low == util::lower(country.long_code)) {
            return std::string(country.code);
        }
    }
    // A part of a country: "KR-11".
    const std::string_view code = text.substr(0, text.find('-'));
    if (code.size() != 2 || !std::all_of(code.begin(), code.end(), is_letter)) {
        return std::nullopt;
    }
    std::string upper(code);
    for (char& ch : upper) {
        ch = ch >= 'a' ? static_cast<char>(ch - 'a' + 'A') : ch;
    }
    return upper == "UK" ? "GB" : upper;
}

bool is_in_union(std::string_view place) {
    return std::any_of(kCountries.begin(), kCountries.end(), [place](const Country& country) {
        return country.code == place && country.standing == Union::Member;
    });
}

} // namespace railhub::compliance
