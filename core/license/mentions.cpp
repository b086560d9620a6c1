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
constexpr std::string_view kAddressesFile = "addresses.tsv";
constexpr std::uint32_t kVersionReach = 4; // words between a name and its version
constexpr std::uint32_t kLaterReach = 16;  // words between a name and "any later version"
constexpr std::uint32_t kTriggerReach = 8; // words before a name
constexpr std::uint32_t kListReach = 14;   // words between the names of a choice
constexpr std::uint32_t kOrReach = 4;      // words after a name in which its "or" stands
constexpr std::uint32_t kInsteadReach = 40;
constexpr std::uint32_t kStatedReach = 16; // words between a name and "version 2"
constexpr std::uint32_t kNameReach = 12;   // words around a notice in which its license is named
constexpr std::size_t kShortName = 6;      // letters of a name that may be an ordinary word
constexpr std::size_t kMostMentions = 100;

using Words = std::uint32_t;

std::string small_letters(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char ch) {
        return static_cast<char>(ch >= 'A' && ch <= 'Z' ? ch + ('a' - 'A') : ch);
    });
    return out;
}

// Calls fn(left, right) for each row with a tab.
template <class Fn>
void each_row(std::string_view rows, Fn fn) {
    for (const std::string_view row : util::split(rows, '\n')) {
        const std::size_t tab = row.find('\t');
        if (tab != std::string_view::npos && row[0] != '#') {
            fn(row.substr(0, tab), util::trim(row.substr(tab + 1)));
        }
    }
}

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

std::string version_beside(const NormalText& text, Words& end) {
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

// Another license of GNU begins there: its version is not that of this one.
bool is_other_family(std::string_view word, std::string_view family) {
    constexpr std::array<std::string_view, 7> kFamilyWords = {
        "gpl", "lgpl", "agpl", "gfdl", "lesser", "library", "affero"};
    return std::find(kFamilyWords.begin(), kFamilyWords.end(), word) != kFamilyWords.end() &&
           word != family;
}

// "GNU General Public License as published by the Free Software Foundation, version 2"
std::string version_after(const NormalText& text, Words& end, std::string_view family) {
    if (std::string version = version_beside(text, end); !version.empty()) {
        return version;
    }
    const Words last = std::min<Words>(end + kStatedReach, static_cast<Words>(text.words.size()));
    for (Words at = end; at + 1 < last && !is_other_family(text.spelling(at), family); ++at) {
        const std::string_view word = text.spelling(at);
        if (word != "version" && word != "versions" && word != family) {
            continue;
        }
        if (std::string version = version_of_word(text.spelling(at + 1)); !version.empty()) {
            end = at + 2;
            return version;
        }
    }
    return {};
}

struct StatedVersion {
    std::string version;
    bool or_later = false;
};

// "version 2 of the GNU General Public License", "version 3 or later of the ..."
StatedVersion version_before(const NormalText& text, Words begin) {
    StatedVersion out;
    for (Words back = 1; back <= kStatedReach && back < begin; ++back) {
        const std::string_view word = text.spelling(begin - back);
        const std::string_view before = text.spelling(begin - back - 1);
        if (word == "license" || is_other_family(word, {})) {
            return {};
        }
        out.or_later = out.or_later || word == "later";
        if (before == "version" || before == "v") {
            out.version = version_of_word(word);
            return out;
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
    StatedVersion stated{std::string(pattern.substr(dash + 1, pattern.size() - dash - 2)), false};
    if (stated.version.empty()) {
        stated.version = version_after(text, hit.end, small_letters(family));
    }
    if (stated.version.empty()) {
        stated = version_before(text, hit.begin);
    }
    const std::string& version = stated.version;
    if (!has_later_forms(family)) {
        return version.empty() ? std::string() : family + "-" + version;
    }
    if (version.empty()) {
        hit.is_any_version = true;
        return family == "GPL" ? "GPL-1.0-or-later" : family == "LGPL" ? "LGPL-2.0-or-later" : "";
    }
    const bool later = says_later(text, hit.end, hit.end) || stated.or_later;
    return family + "-" + version + (later ? "-or-later" : "-only");
}

// "GPL-3.0+" and "GPL-3.0" as they are written now.
std::string modern_id(const std::string& id) {
    if (!has_later_forms(std::string_view(id).substr(0, id.find('-')))) {
        return id;
    }
    const bool later = id.ends_with('+');
    Expression one;
    one.license = {later ? id.substr(0, id.size() - 1) : id, later, {}};
    return to_text(normalised(one));
}

bool one_of(std::string_view word, std::span<const std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Short names that stand for nothing but a license.
bool is_common_name(std::string_view word) {
    constexpr std::array<std::string_view, 14> kCommon = {
        "gpl",
        "lgpl",
        "agpl",
        "gfdl",
        "fdl",
        "mit",
        "isc",
        "zlib",
        "wtfpl",
        "asl",
        "bsd",
        "cddl",
        "mpl",
        "epl"};
    return one_of(word, kCommon);
}

constexpr std::array<std::string_view, 9> kNegations = {
    "compatible", "incompatible", "unlike", "instead", "rather", "not", "than", "like", "versus"};
// "combine it with other software that is released under the GPL"
constexpr std::array<std::string_view, 4> kOtherWorks = {"software", "code", "programs", "works"};
constexpr std::array<std::string_view, 14> kTriggers = {
    "under",
    "subject",
    "terms",
    "according",
    "via",
    "distribution",
    "licensed",
    "released",
    "licensing",
    "governed",
    "covered",
    "dual",
    "licenses",
    "license"};

bool has_word(const NormalText& text, Words begin, Words end, std::string_view wanted) {
    for (Words at = begin; at < std::min<Words>(end, static_cast<Words>(text.words.size())); ++at) {
        if (text.spelling(at) == wanted) {
            return true;
        }
    }
    return false;
}

// Nothing but the name stands in its line.
bool is_title(const NormalText& text, const NameHit& hit) {
    const std::uint32_t line = text.line_of(text.words[hit.begin].begin);
    const auto other_line = [&](Words at) {
        return at >= text.words.size() || text.line_of(text.words[at].begin) != line;
    };
    const bool starts =
        hit.begin == 0 || other_line(hit.begin - 1) ||
        (text.spelling(hit.begin - 1) == "the" && (hit.begin == 1 || other_line(hit.begin - 2)));
    return starts && other_line(hit.end);
}

// A single word that may be an ordinary one ("doc", "curl") names a license only where it says so.
bool is_ambiguous(const NormalText& text, const NameHit& hit) {
    if (hit.end - hit.begin > 1) {
        return false;
    }
    const std::string_view word = text.spelling(hit.begin);
    const bool plain =
        std::all_of(word.begin(), word.end(), [](char ch) { return ch >= 'a' && ch <= 'z'; });
    return plain && word.size() <= kShortName && !is_common_name(word);
}

// Does the text around the name put something under it?
bool is_used(const NormalText& text, const NameHit& hit) {
    const bool named = has_word(text, hit.end, hit.end + 1, "license") ||
                       has_word(text, hit.end, hit.end + 1, "licensed");
    if ((is_ambiguous(text, hit) && !named) || has_word(text, hit.end, hit.end + 1, "compatible")) {
        return false;
    }
    bool used = false;
    for (Words back = 1; back <= kTriggerReach && back <= hit.begin; ++back) {
        const std::string_view word = text.spelling(hit.begin - back);
        const bool is_elsewhere =
            word == "other" && one_of(text.spelling(hit.begin - back + 1), kOtherWorks);
        if (one_of(word, kNegations) || is_elsewhere) {
            return false;
        }
        used = used || (one_of(word, kTriggers) && (word != "license" || back <= 2));
    }
    return used || has_word(text, hit.end, hit.end + 1, "licensed") ||
           (!is_ambiguous(text, hit) && is_title(text, hit));
}

// "or" right after a name, or "alternatively" further on.
bool offers_choice(const NormalText& text, Words begin, Words end) {
    const Words gap = end - begin;
    return (gap <= kListReach && has_word(text, begin, std::min(end, begin + kOrReach), "or")) ||
           (gap <= kInsteadReach && has_word(text, begin, end, "alternatively"));
}

// "dual licensed under A and B"
bool begins_choice(const NormalText& text, const NameHit& hit) {
    const Words begin = hit.begin > kTriggerReach ? hit.begin - kTriggerReach : 0;
    return has_word(text, begin, hit.begin, "dual") || has_word(text, begin, hit.begin, "either") ||
           has_word(text, begin, hit.begin, "triple") || has_word(text, begin, hit.begin, "tri") ||
           has_word(text, begin, hit.begin, "multi");
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

// "the GNU General Public License (GPL)": one license, said twice.
bool says_same(const NameHit& a, const NameHit& b) {
    const auto family = [](const std::string& id) { return id.substr(0, id.find('-')); };
    return a.id == b.id || ((a.is_any_version || b.is_any_version) && family(a.id) == family(b.id));
}

void join_choice(LicenseMatch& match, const NormalText& text, const NameHit& hit) {
    match.expression += " OR " + (hit.is_spdx ? hit.id : own_reference(hit.id));
    match.id.clear();
    const Place place = place_of(text, {hit.begin, hit.end});
    match.place.end = place.end;
    match.place.last_line = place.last_line;
}

} // namespace

LicenseNames::LicenseNames(
    std::string_view rows, std::string_view addresses, const Fingerprints& fingerprints
) {
    each_row(rows, [this](std::string_view name, std::string_view id) { add(name, id); });
    for (const Reference& reference : fingerprints.references()) {
        add_id(reference.id, reference.is_spdx);
        for (const std::string& id : reference.also) {
            add_id(id, reference.is_spdx);
        }
        if (reference.kind == ReferenceKind::License) {
            add(reference.name, reference.id);
            add(reference.id, reference.id);
        }
    }
    add_id("bsd", false); // a BSD license; which one is not said
    each_row(addresses, [this](std::string_view address, std::string_view id) {
        addresses_.emplace(address, id);
    });
}

const LicenseNames& LicenseNames::built_in() {
    static const LicenseNames kBuiltIn = [] {
        std::string_view rows;
        std::string_view addresses;
        for (const util::EmbeddedFile& file : licenses_fingerprints::files()) {
            rows = file.path.ends_with(kMentionsFile) ? file.text : rows;
            addresses = file.path.ends_with(kAddressesFile) ? file.text : addresses;
        }
        return LicenseNames(rows, addresses, Fingerprints::built_in());
    }();
    return kBuiltIn;
}

void LicenseNames::add_id(const std::string& id, bool is_spdx) {
    ids_.emplace(id, is_spdx);
    spelled_.emplace(small_letters(id), id);
}

bool LicenseNames::knows(std::string_view id) const {
    return !spelled(id).empty();
}

std::string LicenseNames::spelled(std::string_view id) const {
    const auto found = spelled_.find(small_letters(id));
    return found == spelled_.end() ? std::string() : found->second;
}

bool LicenseNames::is_spdx(const std::string& id) const {
    const auto found = ids_.find(id);
    return found != ids_.end() && found->second;
}

std::string LicenseNames::of_address(const std::string& address) const {
    const auto found = addresses_.find(address);
    return found == addresses_.end() ? std::string() : found->second;
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
        hit.id = modern_id(hit.id);
        const auto known = ids_.find(hit.id);
        hit.is_spdx = known != ids_.end() && known->second;
        hit.id = known == ids_.end() ? std::string() : hit.id;
    }
    return hit;
}

std::vector<NameHit> LicenseNames::within(const NormalText& text, Words begin, Words end) const {
    std::vector<NameHit> found;
    for (Words at = begin; at < std::min<Words>(end, static_cast<Words>(text.words.size())); ++at) {
        if (NameHit hit = match(text, at); !hit.id.empty()) {
            at = hit.end - 1;
            found.push_back(std::move(hit));
        }
    }
    return found;
}

std::vector<NameHit> named_in_notice(const NormalText& text, WordRange notice) {
    const Words begin = notice.begin > kNameReach ? notice.begin - kNameReach : 0;
    std::vector<NameHit> hits =
        LicenseNames::built_in().within(text, begin, notice.end + kNameReach);
    const bool versioned = std::any_of(hits.begin(), hits.end(), [](const NameHit& hit) {
        return !hit.is_any_version;
    });
    const auto is_ordinary = [&](const NameHit& hit) {
        return is_ambiguous(text, hit) || (versioned && hit.is_any_version);
    };
    hits.erase(std::remove_if(hits.begin(), hits.end(), is_ordinary), hits.end());
    return hits;
}

LicenseMatch mention_of(const NormalText& text, const NameHit& hit) {
    return mention_match(text, hit);
}

void add_mentions(const NormalText& text, const std::vector<bool>& taken, Detection& out) {
    const LicenseNames& names = LicenseNames::built_in();
    const std::size_t first = out.matches.size();
    NameHit last;
    bool chooses = false;
    for (Words at = 0; at < text.words.size(); ++at) {
        NameHit hit = taken[at] ? NameHit() : names.match(text, at);
        if (hit.id.empty()) {
            continue;
        }
        const bool follows = out.matches.size() > first && !last.id.empty() &&
                             hit.begin >= last.end && hit.begin - last.end <= kInsteadReach;
        const bool near = follows && hit.begin - last.end <= kListReach;
        if (near && says_same(last, hit) && out.matches.back().id == last.id) {
            if (last.is_any_version && !hit.is_any_version) {
                out.matches.back() = mention_match(text, hit);
            }
            last = last.is_any_version ? hit : last;
        } else if (follows && !says_same(last, hit) && !is_ambiguous(text, hit) && ((chooses && near) || offers_choice(text, last.end, hit.begin))) {
            join_choice(out.matches.back(), text, hit);
            last = hit;
        } else if (is_used(text, hit) && out.matches.size() - first < kMostMentions) {
            out.matches.push_back(mention_match(text, hit));
            chooses = begins_choice(text, hit);
            last = hit;
        }
        at = hit.end - 1;
    }
}

} // namespace railhub::license
