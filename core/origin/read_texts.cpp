// SPDX-License-Identifier: Apache-2.0
// License texts that lie beside weights: what they say of the artifact, and what they carry along.
#include "core/origin/read.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::origin {

namespace {

using compliance::Basis;
using compliance::LicenseClaim;
using license::LicenseMatch;

constexpr std::array<std::string_view, 3> kMainStems = {"license", "licence", "copying"};
constexpr std::array<std::string_view, 4> kTextEndings = {"", ".txt", ".md", ".rst"};
constexpr std::size_t kMaxMatches = 16;

// "LICENSE.txt" -> "license"; empty when the name has another ending.
std::string stem_of(std::string_view path) {
    const std::string name = util::lower(path);
    if (name.find('/') != std::string::npos) {
        return {};
    }
    const std::size_t dot = name.rfind('.');
    const std::string ending = dot == std::string::npos ? "" : name.substr(dot);
    const bool known =
        std::find(kTextEndings.begin(), kTextEndings.end(), ending) != kTextEndings.end();
    if (known) {
        return name.substr(0, dot);
    }
    // "LICENSE-2.0" has a dot and no ending.
    return ending.size() > 1 && ending[1] >= '0' && ending[1] <= '9' ? name : std::string();
}

// Of ids with the same text, the one that the card names.
std::string
chosen_id(const Facts& facts, const LicenseMatch& match, const license::Catalogue& catalogue) {
    for (const std::string& id : match.also) {
        for (const LicenseClaim& claim : facts.claims) {
            const bool same = util::equal_ignore_case(claim.license, id) ||
                              (catalogue.find(id) != nullptr &&
                               catalogue.find(id) == catalogue.find(claim.license));
            if (same) {
                return id;
            }
        }
    }
    return match.id;
}

std::string difference_note(const LicenseMatch& match) {
    std::uint64_t added = 0;
    std::uint64_t missing = 0;
    for (const license::Difference& difference : match.differences) {
        added += difference.added_words;
        missing += difference.missing_words;
    }
    std::string note(license::fit_word(match.fit));
    if (added > 0) {
        note += ", " + std::to_string(added) + " words added";
    }
    if (missing > 0) {
        note += ", " + std::to_string(missing) + " words missing";
    }
    return note;
}

} // namespace

bool is_license_file(std::string_view path) {
    const std::string stem = stem_of(path);
    return std::any_of(kMainStems.begin(), kMainStems.end(), [&stem](std::string_view word) {
        return stem.starts_with(word);
    });
}

bool is_main_license_file(std::string_view path) {
    const std::string stem = stem_of(path);
    return std::find(kMainStems.begin(), kMainStems.end(), stem) != kMainStems.end();
}

void read_license_text(
    Facts& facts,
    const license::Detection& detection,
    const license::Catalogue& catalogue,
    std::string_view where
) {
    std::size_t taken = 0;
    for (const LicenseMatch& match : detection.matches) {
        if (match.kind != license::MatchKind::Text || match.id.empty() || match.is_exception ||
            ++taken > kMaxMatches) {
            continue;
        }
        const std::string_view fit = license::fit_word(match.fit);
        const bool is_changed = fit == "changed";
        const bool is_partial = fit == "partial" || !match.candidates.empty();
        const std::string id = chosen_id(facts, match, catalogue);
        LicenseClaim claim;
        claim.basis = Basis::Detected;
        claim.license = is_changed ? license::own_reference("modified-" + id) : id;
        claim.where = std::string(where);
        claim.note = difference_note(match);
        claim.is_whole = is_main_license_file(where) && !is_partial;
        add_claim(facts, std::move(claim));
        if (!is_changed && !is_partial) {
            const license::Record* record = catalogue.find(id);
            facts.carries.push_back("license-text:" + (record != nullptr ? record->id : id));
        }
    }
}

} // namespace railhub::origin
