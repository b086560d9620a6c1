// SPDX-License-Identifier: Apache-2.0
// Scans prose once for links; every identifier has a bounded length.
#include "core/card/mentions.h"

#include <algorithm>

namespace railhub::card {

namespace {

constexpr std::size_t kMaxMentions = 100;
constexpr std::size_t kMaxId =
    256; // bytes looked at per link, so that long prose costs linear time

bool is_digit(char ch) {
    return ch >= '0' && ch <= '9';
}

std::size_t count_digits(std::string_view text) {
    return static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), is_digit) - text.begin()
    );
}

// "2301.00001" at the start of `text`: four digits, a dot, four or five digits; else empty.
std::string_view arxiv_id_at(std::string_view text) {
    if (count_digits(text) != 4 || text.size() < 6 || text[4] != '.') {
        return {};
    }
    const std::size_t rest = count_digits(text.substr(5));
    return rest == 4 || rest == 5 ? text.substr(0, 5 + rest) : std::string_view();
}

// "10.1234/abc.def" at the start of `text`, up to a blank, quote or bracket, without a final dot or
// comma.
std::string_view doi_at(std::string_view text) {
    if (!text.starts_with("10.")) {
        return {};
    }
    const std::size_t registrant = count_digits(text.substr(3));
    if (registrant < 4 || registrant > 9 || 3 + registrant >= text.size() ||
        text[3 + registrant] != '/') {
        return {};
    }
    constexpr std::string_view kEnds = " \t\r\n\"'<>()[]{}`";
    std::string_view doi = text.substr(0, text.find_first_of(kEnds));
    while (doi.ends_with('.') || doi.ends_with(',') || doi.ends_with(';')) {
        doi.remove_suffix(1);
    }
    return doi.size() > 4 + registrant && doi.size() <= 200 ? doi : std::string_view();
}

void collect(
    std::string_view prose,
    std::string_view link,
    std::string_view (*id_at)(std::string_view),
    std::vector<std::string>& ids
) {
    for (std::size_t at = prose.find(link);
         at != std::string_view::npos && ids.size() < kMaxMentions;
         at = prose.find(link, at + link.size())) {
        const std::string_view id = id_at(prose.substr(at + link.size(), kMaxId));
        if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) {
            ids.emplace_back(id);
        }
    }
}

} // namespace

std::vector<std::string> arxiv_ids(std::string_view prose) {
    std::vector<std::string> ids;
    collect(prose, "arxiv.org/abs/", &arxiv_id_at, ids);
    collect(prose, "arxiv.org/pdf/", &arxiv_id_at, ids);
    return ids;
}

std::vector<std::string> doi_ids(std::string_view prose) {
    std::vector<std::string> ids;
    collect(prose, "doi.org/", &doi_at, ids);
    return ids;
}

} // namespace railhub::card
