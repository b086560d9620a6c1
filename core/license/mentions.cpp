// SPDX-License-Identifier: Apache-2.0
// The table of names, versions beside a name, and which names put something under a license.
#include "core/license/mentions.h"

#include "core/license/detect_parts.h"
#include "core/util/text.h"
#include "licenses/fingerprints/data.h"

#include <algorithm>
#include <array>

namespace railhub::license {

namespace {

constexpr std::string_view kMentionsFile = "mentions.tsv";
constexpr std::uint32_t kVersionReach = 4; // words between a name and its version
constexpr std::uint32_t kLaterReach = 16;  // words between a name and "any later version"
constexpr std::uint32_t kTriggerReach = 8; // words before a name
constexpr std::uint32_t kListReach = 5;    // words between the names of a choice
constexpr std::size_t kMostMentions = 100;

using Words = std::uint32_t;

bool is_version(std::string_view word) {
    return !word.empty() && word[0] >= '0' && word[0] <= '9' && word.size() <= 3;
}

// "v2", "2" or "2.1" as "2.0" or "2.1"; empty when it is none.
std::string version_of_word(std::string_view word) {
    if (word.size() > 1 && word[0] == 'v') {
        word.remove_prefix(1);
    }
    if (!is_version(word)) {
        return {};
    }
    return std::string(word) + (word.find('.') == std::string_view::npos ? ".0" : "");
}

bool is_filler(std::string_view word) {
    return word == "license" || word == "version" || word == "v" || word == "public" ||
           word == "international" || word == "unported" || word == "either" || word == "the";
}

std::string version_after(const NormalText& text, Words& end) {
    for (Words at = end;
         at < std::min<Words>(end + kVersionReach, static_cast<Words>(text.words.size()));
         ++at) {
        if (std::string version = version_of_word(text.spelling(at)); !version.empty()) {
            end = at + 1;
            return version;
        }
        if (!is_filler(text.spelling(at))) {
            return {};
        }
    }
    return {};
}

// "version 2 of the GNU General Public License"
std::string version_before(const NormalText& text, Words begin) {
    for (Words back = 1; back <= kVersionReach && back < begin; ++back) {
        const std::string_view before = text.spelling(begin - back - 1);
        if (before == "version" || before == "v") {
            return version_of_word(text.spelling(begin - back));
        }
    }
    return {};
}

bool says_later(const NormalText& text, Words at, Words& end) {
    const Words last = std::min<Words>(at + kLaterReach, static_cast<Words>(text.words.size()));
    for (Words i = at; i < last; ++i) {
        const std::string_view word = text.spelling(i);
        if (word == "+" && i == at) {
            end = i + 1;
            return true;
        }
        if ((word == "later" || word == "newer" || word == "higher") && i > at &&
            (text.spelling(i - 1) == "or" || text.spelling(i - 1) == "any")) {
            end = i + 1;
            return true;
        }
    }
    return false;
}

bool has_later_forms(std::string_view family) {
    return family == "GPL" || family == "LGPL" || family == "AGPL" || family == "GFDL";
}

// "GPL-*" or "GPL-2.0*" with what stands beside the name; empty when no version can be told.
std::string complete_id(std::string_view pattern, const NormalText& text, NameHit& hit) {
    const std::size_t dash = pattern.rfind('-');
    const std::string family(pattern.substr(0, dash));
    std::string version(pattern.substr(dash + 1, pattern.size() - dash - 2));
    if (version.empty()) {
        version = version_after(text, hit.end);
    }
    if (version.empty()) {
        version = version_before(text, hit.begin);
    }
    if (!has_later_forms(family)) {
        return version.empty() ? std::string() : family + "-" + version;
    }
    if (version.empty()) {
        return family == "GPL" ? "GPL-1.0-or-later" : family == "LGPL" ? "LGPL-2.0-or-later" : "";
    }
    return family + "-" + version + (says_later(text, hit.end, hit.end) ? "-or-later" : "-only");
}

bool one_of(std::string_view word, std::span<const std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 9> kNegations = {
    "compatible", "incompatible", "unlike", "instead", "rather", "not", "than", "like", "versus"};
constexpr std::array<std::string_view, 9> kTriggers = {
    "under",
    "licensed",
    "released",
    "licensing",
    "governed",
    "covered",
    "dual",
    "licenses",
    "license"};

// Does the text before the name put something under it?
bool is_used(const NormalText& text, const NameHit& hit) {
    bool used = false;
    for (Words back = 1; back <= kTriggerReach && back <= hit.begin; ++back) {
        const std::string_view word = text.spelling(hit.begin - back);
        if (one_of(word, kNegations)) {
            return false;
        }
        used = used || (one_of(word, kTriggers) && (word != "license" || back <= 2));
    }
    return used;
}

bool has_or_between(const NormalText& text, Words begin, Words end) {
    for (Words at = begin; at < end; ++at) {
        if (text.spelling(at) == "or") {
            return true;
        }
    }
    return false;
}

LicenseMatch mention_match(const NormalText& text, const NameHit& hit) {
    LicenseMatch match;
    match.kind = MatchKind::Mention;
    match.id = hit.id;
    match.is_spdx = hit.is_spdx;
    match.expression = hit.is_spdx ? hit.id : own_reference(hit.id);
    match.place = place_of(text, {hit.begin, hit.end});
    return match;
}

void join_choice(LicenseMatch& match, const NormalText& text, const NameHit& hit) {
    match.expression += " OR " + (hit.is_spdx ? hit.id : own_reference(hit.id));
    match.id.clear();
    const Place place = place_of(text, {hit.begin, hit.end});
    match.place.end = place.end;
    match.place.last_line = place.last_line;
}

} // namespace

LicenseNames::LicenseNames(std::string_view rows, const Fingerprints& fingerprints) {
    for (const std::string_view row : util::split(rows, '\n')) {
        if (const std::size_t tab = row.find('\t');
            tab != std::string_view::npos && row[0] != '#') {
            add(row.substr(0, tab), util::trim(row.substr(tab + 1)));
        }
    }
    for (const Reference& reference : fingerprints.references()) {
        ids_.emplace(reference.id, reference.is_spdx);
        for (const std::string& id : reference.also) {
            ids_.emplace(id, reference.is_spdx);
        }
        if (reference.kind == ReferenceKind::License) {
            add(reference.name, reference.id);
            add(reference.id, reference.id);
        }
    }
}

const LicenseNames& LicenseNames::built_in() {
    static const LicenseNames kBuiltIn = [] {
        std::string_view rows;
        for (const util::EmbeddedFile& file : licenses_fingerprints::files()) {
            rows = file.path.ends_with(kMentionsFile) ? file.text : rows;
        }
        return LicenseNames(rows, Fingerprints::built_in());
    }();
    return kBuiltIn;
}

void LicenseNames::add(std::string_view name, std::string_view id) {
    const NormalText text = normalize(name);
    if (text.words.empty() || (text.words.size() == 1 && text.words[0].length < 3)) {
        return;
    }
    Name entry{{}, std::string(id)};
    for (const Word& word : text.words) {
        entry.words.push_back(word.hash);
    }
    std::vector<Name>& names = by_first_[entry.words[0]];
    const bool known = std::any_of(names.begin(), names.end(), [&](const Name& other) {
        return other.words == entry.words;
    });
    if (!known) {
        names.push_back(std::move(entry));
    }
}

NameHit LicenseNames::match(const NormalText& text, std::uint32_t at) const {
    NameHit hit{{}, false, at, at};
    const auto names = by_first_.find(text.words[at].hash);
    if (names == by_first_.end()) {
        return hit;
    }
    const Name* best = nullptr;
    for (const Name& name : names->second) {
        const auto fits = [&](std::size_t i) { return text.words[at + i].hash == name.words[i]; };
        bool all = at + name.words.size() <= text.words.size();
        for (std::size_t i = 0; all && i < name.words.size(); ++i) {
            all = fits(i);
        }
        if (all && (best == nullptr || name.words.size() > best->words.size())) {
            best = &name;
        }
    }
    if (best != nullptr) {
        hit.end = at + static_cast<Words>(best->words.size());
        hit.id = best->id.ends_with('*') ? complete_id(best->id, text, hit) : best->id;
        const auto known = ids_.find(hit.id);
        hit.is_spdx = known != ids_.end() && known->second;
        hit.id = known == ids_.end() ? std::string() : hit.id;
    }
    return hit;
}

void add_mentions(const NormalText& text, const std::vector<bool>& taken, Detection& out) {
    const LicenseNames& names = LicenseNames::built_in();
    const std::size_t first = out.matches.size();
    NameHit last;
    for (Words at = 0; at < text.words.size(); ++at) {
        NameHit hit = taken[at] ? NameHit() : names.match(text, at);
        if (hit.id.empty()) {
            continue;
        }
        const bool follows = out.matches.size() > first && !last.id.empty() &&
                             hit.begin >= last.end && hit.begin - last.end <= kListReach;
        if (follows && hit.id != last.id && has_or_between(text, last.end, hit.begin)) {
            join_choice(out.matches.back(), text, hit);
            last = hit;
        } else if (is_used(text, hit) && out.matches.size() - first < kMostMentions) {
            out.matches.push_back(mention_match(text, hit));
            last = hit;
        }
        at = hit.end - 1;
    }
}

} // namespace railhub::license
