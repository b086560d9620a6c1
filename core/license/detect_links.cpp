// SPDX-License-Identifier: Apache-2.0
// Web addresses of licenses: those of the tables, and families whose addresses are made by a rule.
#include "core/license/detect_parts.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::license {

namespace {

constexpr std::size_t kLongestLink = 300;
constexpr std::size_t kMostLinks = 200;

std::string lower_case(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char ch) {
        return static_cast<char>(ch >= 'A' && ch <= 'Z' ? ch + ('a' - 'A') : ch);
    });
    return out;
}

// Without what does not name the page.
std::string plain_address(std::string_view link) {
    std::string out = lower_case(link);
    if (const std::size_t scheme = out.rfind("://"); scheme != std::string::npos) {
        out.erase(0, scheme + 3); // an archive's address holds another one
    }
    if (out.starts_with("www.")) {
        out.erase(0, 4);
    }
    out.resize(std::min(out.size(), out.find('#')));
    const auto drop_end = [&out] {
        for (const std::string_view end :
             {".",
              ",",
              ";",
              ":",
              "/",
              ".html",
              ".htm",
              ".txt",
              ".php",
              ".md",
              ".rdf",
              ".xml",
              ".pdf",
              "/legalcode",
              "/deed.en",
              "/deed",
              "/legalcode.en"}) {
            if (out.ends_with(end)) {
                out.resize(out.size() - end.size());
                return true;
            }
        }
        return false;
    };
    while (drop_end()) {
    }
    return out;
}

// Pages named after the license: "<start><id>".
constexpr std::array<std::string_view, 9> kNamedPages = {
    "opensource.org/licenses/",
    "opensource.org/license/",
    "spdx.org/licenses/",
    "choosealicense.com/licenses/",
    "directory.fsf.org/wiki/license:",
    "licenses.nuget.org/",
    "scancode-licensedb.aboutcode.org/",
    "tldrlegal.com/license/",
    "apache.org/licenses/"};

std::string named_page(std::string_view address, const LicenseNames& names) {
    for (const std::string_view start : kNamedPages) {
        if (!address.starts_with(start)) {
            continue;
        }
        std::string name(address.substr(start.size()));
        if (start.starts_with("apache.org") && name.starts_with("license-")) {
            name.replace(0, 8, "apache-");
        }
        if (std::string id = names.spelled(name); !id.empty()) {
            return id;
        }
        if (const std::size_t word = name.find("-license"); word != std::string::npos) {
            std::string rest = name;
            if (std::string id = names.spelled(rest.erase(word, 8)); !id.empty()) {
                return id;
            }
        }
        const NormalText text = normalize(name);
        const std::vector<NameHit> hits =
            names.within(text, 0, static_cast<std::uint32_t>(text.words.size()));
        return hits.size() == 1 ? hits[0].id : std::string();
    }
    return {};
}

// "creativecommons.org/licenses/by-nc/4.0", with a country or not.
std::string creative_commons(std::string_view address, const LicenseNames& names) {
    constexpr std::string_view kStart = "creativecommons.org/";
    if (!address.starts_with(kStart)) {
        return {};
    }
    const auto parts = util::split(address.substr(kStart.size()), '/');
    if (parts.size() >= 3 && parts[0] == "publicdomain" && parts[1] == "zero") {
        return "CC0-1.0";
    }
    if (parts.size() >= 2 && parts[0] == "licenses" && parts[1] == "publicdomain") {
        return "CC-PDDC";
    }
    if (parts.size() < 3 || parts[0] != "licenses") {
        return {};
    }
    const std::string id = "cc-" + std::string(parts[1]) + "-" + std::string(parts[2]);
    const std::string ported =
        parts.size() > 3 ? names.spelled(id + "-" + std::string(parts[3])) : "";
    return ported.empty() ? names.spelled(id) : ported;
}

struct GnuPage {
    std::string_view page;
    std::string_view family;
    std::string_view any; // the license that a page without version stands for
};

constexpr std::array kGnuPages = {
    GnuPage{"gpl", "GPL", "GPL-1.0-or-later"},
    GnuPage{"lgpl", "LGPL", "LGPL-2.0-or-later"},
    GnuPage{"lesser", "LGPL", "LGPL-2.0-or-later"},
    GnuPage{"library", "LGPL", "LGPL-2.0-or-later"},
    GnuPage{"agpl", "AGPL", "AGPL-3.0-only"},
    GnuPage{"fdl", "GFDL", "GFDL-1.1-or-later"}};

// "gnu.org/licenses/old-licenses/gpl-2.0"
std::string gnu(std::string_view address, const LicenseNames& names) {
    if (!address.starts_with("gnu.org/") && !address.starts_with("fsf.org/")) {
        return {};
    }
    const auto parts = util::split(address, '/');
    if (parts.size() < 3 || (parts[1] != "licenses" && parts[1] != "copyleft")) {
        return {};
    }
    const std::string_view page = parts.back();
    const std::size_t dash = page.find('-');
    for (const GnuPage& row : kGnuPages) {
        if (page.substr(0, dash) != row.page) {
            continue;
        }
        const std::string version(dash == std::string_view::npos ? "" : page.substr(dash + 1, 3));
        const std::string id = std::string(row.family) + "-" + version + "-only";
        return names.knows(id) ? id : std::string(row.any);
    }
    return {};
}

std::string license_of_link(std::string_view link) {
    const LicenseNames& names = LicenseNames::built_in();
    const std::string address = plain_address(link);
    if (std::string id = names.of_address(address); !id.empty()) {
        return modern_id(id);
    }
    for (const auto& rule : {named_page, creative_commons, gnu}) {
        if (std::string id = rule(address, names); !id.empty()) {
            return modern_id(id);
        }
    }
    return {};
}

bool ends_link(char ch) {
    return static_cast<unsigned char>(ch) <= ' ' ||
           std::string_view("\"'<>()[]{}|\\^`,;").find(ch) != std::string_view::npos;
}

} // namespace

WordRange words_between(const NormalText& text, std::uint32_t begin, std::uint32_t end) {
    const auto first = std::lower_bound(
        text.words.begin(),
        text.words.end(),
        begin,
        [](const Word& word, std::uint32_t byte) { return word.begin < byte; }
    );
    const auto last =
        std::lower_bound(first, text.words.end(), end, [](const Word& word, std::uint32_t byte) {
            return word.begin < byte;
        });
    return {
        static_cast<std::uint32_t>(first - text.words.begin()),
        static_cast<std::uint32_t>(last - text.words.begin())};
}

void add_links(
    const NormalText& text, std::string_view bytes, std::vector<bool>& taken, Detection& out
) {
    if (text.is_binary) {
        return;
    }
    bytes = bytes.substr(0, kMaxTextBytes);
    std::size_t found = 0;
    for (std::size_t at = bytes.find("://"); at != std::string_view::npos && found < kMostLinks;
         at = bytes.find("://", at + 3)) {
        std::size_t end = at + 3;
        while (end < bytes.size() && end - at < kLongestLink && !ends_link(bytes[end])) {
            ++end;
        }
        NameHit hit;
        hit.id = license_of_link(bytes.substr(at, end - at));
        const WordRange words =
            words_between(text, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end));
        if (hit.id.empty() || (words.size() > 0 && taken[words.begin])) {
            continue;
        }
        ++found;
        hit.is_spdx = LicenseNames::built_in().is_spdx(hit.id);
        hit.begin = words.begin;
        hit.end = words.end;
        std::fill(taken.begin() + words.begin, taken.begin() + words.end, true);
        out.matches.push_back(mention_of(text, hit));
        at = end - 3;
    }
}

} // namespace railhub::license
