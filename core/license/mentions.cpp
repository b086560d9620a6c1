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
constexpr std::uint32_t kOptionReach = 30; // words between the names of "either A or B"
constexpr std::size_t kShortName = 12;     // letters of a name that may be an ordinary word
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

bool one_of(std::string_view word, std::span<const std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
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

// "any later version accepted by ..." is not any later version.
bool is_picked(const NormalText& text, Words later) {
    const Words last = std::min<Words>(later + 4, static_cast<Words>(text.words.size()));
    for (Words i = later; i < last; ++i) {
        if (text.spelling(i) == "accepted" || text.spelling(i) == "approved") {
            return true;
        }
    }
    return false;
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
            (text.spelling(i - 1) == "or" || text.spelling(i - 1) == "any") &&
            !is_picked(text, i)) {
            if (i > at + 1 && text.spelling(i - 2) == "not") { // "and not any later version"
                return false;
            }
            end = i + 1;
            return true;
        }
    }
    return false;
}

// The other version of "version 2 or 3", "version 2.1 or (at your option) version 3".
std::string second_version(const NormalText& text, Words at, Words& end) {
    constexpr std::array<std::string_view, 9> kBetween = {
        "of", "the", "this", "license", "or", "at", "your", "option", "version"};
    const Words last = std::min<Words>(at + kLaterReach, static_cast<Words>(text.words.size()));
    bool alternates = false;
    for (Words i = at; i < last; ++i) {
        const std::string_view word = text.spelling(i);
        if (std::string version = version_of_word(word); alternates && !version.empty()) {
            end = i + 1;
            return version;
        }
        if (!one_of(word, kBetween)) {
            return {};
        }
        alternates = alternates || word == "or";
    }
    return {};
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
        hit.family = version.empty() ? family : std::string();
        return version.empty() ? std::string() : family + "-" + version;
    }
    if (version.empty()) {
        hit.is_any_version = true;
        return family == "GPL" ? "GPL-1.0-or-later" : family == "LGPL" ? "LGPL-2.0-or-later" : "";
    }
    const bool later = says_later(text, hit.end, hit.end) || stated.or_later;
    if (const std::string second = later ? "" : second_version(text, hit.end, hit.end);
        !second.empty()) {
        hit.second = family + "-" + second + "-only";
    }
    return family + "-" + version + (later ? "-or-later" : "-only");
}

// Short names that stand for nothing but a license.
bool is_common_name(std::string_view word) {
    constexpr std::array<std::string_view, 25> kCommon = {
        "cpl",  "afl",       "cecill", "cpal", "eupl", "npl",  "odbl", "ofl", "osl",
        "sspl", "unlicense", "gpl",    "lgpl", "agpl", "gfdl", "fdl",  "mit", "isc",
        "zlib", "wtfpl",     "asl",    "bsd",  "cddl", "mpl",  "epl"};
    return one_of(word, kCommon);
}

constexpr std::array<std::string_view, 11> kNegations = {
    "compatible",
    "incompatible",
    "unlike",
    "instead",
    "rather",
    "not",
    "than",
    "like",
    "versus",
    "example",
    "doesnt"};
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

// "ITU-T General Public License": another license, whose name ends like one that is known.
bool goes_on_from_name(const NormalText& text, Words at) {
    constexpr std::array<std::string_view, 16> kBeforeName = {
        "the",
        "gnu",
        "gnus",
        "under",
        "of",
        "this",
        "a",
        "by",
        "or",
        "and",
        "to",
        "see",
        "with",
        "in",
        "from",
        "license"};
    return text.spelling(at) == "general" && at > 0 && !one_of(text.spelling(at - 1), kBeforeName);
}

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
    const bool says_license = has_word(text, hit.end, hit.end + 1, "license");
    return starts && other_line(hit.end + (says_license ? 1 : 0));
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

// /usr/share/common-licenses/GPL-2
bool is_debian_path(const NormalText& text, const NameHit& hit) {
    return hit.begin > 0 && text.spelling(hit.begin - 1) == "commonlicenses";
}

// A full stop or an empty line stands between a word and the next.
bool ends_sentence(const NormalText& text, std::string_view bytes, Words at) {
    if (at + 1 >= text.words.size() || text.words[at + 1].begin <= text.words[at].end) {
        return false;
    }
    const std::uint32_t begin = text.words[at].end;
    const std::string_view gap = bytes.substr(begin, text.words[at + 1].begin - begin);
    return gap.find(". ") != std::string_view::npos || gap.find(".\n") != std::string_view::npos ||
           gap.find(".\r") != std::string_view::npos || gap.find("\n\n") != std::string_view::npos;
}

// "software that is not under the GPL", "compatible with the GPL", "other programs under the GPL"
bool is_denied(const NormalText& text, std::string_view bytes, const NameHit& hit) {
    for (Words back = 1; back <= kTriggerReach && back <= hit.begin; ++back) {
        if (ends_sentence(text, bytes, hit.begin - back)) {
            break;
        }
        const std::string_view word = text.spelling(hit.begin - back);
        const bool is_elsewhere =
            word == "other" && one_of(text.spelling(hit.begin - back + 1), kOtherWorks);
        if (one_of(word, kNegations) || is_elsewhere) {
            return true;
        }
    }
    return has_word(text, hit.end, hit.end + 1, "compatible") ||
           (has_word(text, hit.end, hit.end + kOrReach, "not") &&
            has_word(text, hit.end, hit.end + kOrReach + 1, "apply"));
}

// Does the text around the name put something under it?
bool is_used(const NormalText& text, std::string_view bytes, const NameHit& hit) {
    const bool named = has_word(text, hit.end, hit.end + 1, "license") ||
                       has_word(text, hit.end, hit.end + 1, "licensed");
    const bool is_german = bytes.substr(text.words[hit.begin].begin, 3) == "mit"; // "with"
    if (((is_german || is_ambiguous(text, hit)) && !named) || is_denied(text, bytes, hit)) {
        return false;
    }
    bool used = is_debian_path(text, hit) || hit.is_stated;
    for (Words back = 1; back <= kTriggerReach && back <= hit.begin; ++back) {
        const std::string_view word = text.spelling(hit.begin - back);
        used = used || (one_of(word, kTriggers) && (word != "license" || back <= 2));
    }
    return used || has_word(text, hit.end, hit.end + 1, "licensed") ||
           has_word(text, hit.end, hit.end + 1, "lic") ||
           (!is_ambiguous(text, hit) && is_title(text, hit));
}

// "or" right after a name, or "alternatively" further on.
bool offers_choice(const NormalText& text, Words begin, Words end) {
    const Words gap = end - begin;
    return (gap <= kListReach && has_word(text, begin, std::min(end, begin + kOrReach), "or")) ||
           (gap <= kInsteadReach && has_word(text, begin, end, "alternatively"));
}

// "LGPL-2.0-or-later" -> "LGPL", "SGI-B-1.1" -> "SGI-B"
std::string family_of(std::string_view id) {
    for (std::size_t at = id.find('-'); at != std::string_view::npos; at = id.find('-', at + 1)) {
        if (at + 1 < id.size() && id[at + 1] >= '0' && id[at + 1] <= '9') {
            return std::string(id.substr(0, at));
        }
    }
    return std::string(id);
}

// "dual licensed under A and B"
bool begins_choice(const NormalText& text, const NameHit& hit) {
    const Words begin = hit.begin > kTriggerReach ? hit.begin - kTriggerReach : 0;
    return has_word(text, begin, hit.begin, "dual") || has_word(text, begin, hit.begin, "either") ||
           has_word(text, begin, hit.begin, "triple") || has_word(text, begin, hit.begin, "tri") ||
           has_word(text, begin, hit.begin, "multi");
}

std::string expression_of_hit(const NameHit& hit) {
    std::string expression = hit.is_spdx ? hit.id : own_reference(hit.id);
    return hit.second.empty() ? expression : expression + " OR " + hit.second;
}

// "under the terms of any of the following licenses:"
bool begins_list_of_choices(const NormalText& text, const NameHit& hit) {
    const Words begin = hit.begin > kLaterReach ? hit.begin - kLaterReach : 0;
    for (Words at = begin; at + 3 < hit.begin; ++at) {
        const std::string_view word = text.spelling(at);
        const bool picks = word == "any" || word == "one" || word == "either";
        if (picks && text.spelling(at + 1) == "of" && text.spelling(at + 3) == "following") {
            return true;
        }
    }
    return false;
}

LicenseMatch mention_match(const NormalText& text, const NameHit& hit) {
    LicenseMatch match;
    match.kind = MatchKind::Mention;
    match.expression = expression_of_hit(hit);
    const bool is_single = match.expression.find(' ') == std::string::npos;
    match.id = is_single ? hit.id : std::string();
    match.is_spdx = hit.is_spdx;
    match.is_exception = hit.is_exception;
    match.place = place_of(text, {hit.begin, hit.end});
    return match;
}

// "the GNU General Public License (GPL)": one license, said twice.
bool says_same(const NameHit& a, const NameHit& b) {
    const auto family = [](const std::string& id) { return id.substr(0, id.find('-')); };
    return a.id == b.id || ((a.is_any_version || b.is_any_version) && family(a.id) == family(b.id));
}

void join_choice(LicenseMatch& match, const NormalText& text, const NameHit& hit) {
    const std::string choice = expression_of_hit(hit);
    if ((match.expression + " OR ").find(choice + " OR ") == std::string::npos) {
        match.expression += " OR " + choice;
        match.id.clear();
    }
    const Place place = place_of(text, {hit.begin, hit.end});
    match.place.end = place.end;
    match.place.last_line = place.last_line;
}

} // namespace

std::string modern_id(const std::string& id) {
    if (!has_later_forms(std::string_view(id).substr(0, id.find('-')))) {
        return id;
    }
    const bool later = id.ends_with('+');
    Expression one;
    one.license = {later ? id.substr(0, id.size() - 1) : id, later, {}};
    return to_text(normalised(one));
}

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
        } else if (reference.kind == ReferenceKind::Exception) {
            exceptions_.insert(reference.id);
        }
    }
    for (const Reference& reference : fingerprints.references()) {
        if (reference.kind == ReferenceKind::License && reference.is_spdx) {
            add_family(reference);
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

// "Apple Public Source License 1.2" is also found as "Apple Public Source License, version 1.2",
// and "APSL-1.2" as "APSL v1.2".
void LicenseNames::add_family(const Reference& reference) {
    const std::size_t dash = reference.id.rfind('-');
    if (dash == std::string::npos ||
        reference.id.find_first_not_of("0123456789.", dash + 1) != std::string::npos) {
        return;
    }
    const std::string version = reference.id.substr(dash + 1);
    const std::string pattern = reference.id.substr(0, dash) + "-*";
    std::string_view name = reference.name;
    if (const std::size_t at = name.rfind(version); at != std::string_view::npos) {
        name = util::trim(name.substr(0, at));
        for (const std::string_view end : {" version", " Version", " v", " v.", ","}) {
            name = name.ends_with(end) ? name.substr(0, name.size() - end.size()) : name;
        }
        const bool is_full = name.find(' ') != std::string_view::npos &&
                             (name.ends_with("License") || name.ends_with("Licence"));
        if (is_full) {
            add(name, pattern);
        }
    }
    // Abbreviations of "... License": other capitals are as likely the names of programs.
    const std::string_view family = std::string_view(reference.id).substr(0, dash);
    const bool is_short =
        family.size() >= 3 && family.ends_with("L") &&
        std::all_of(family.begin(), family.end(), [](char ch) { return ch >= 'A' && ch <= 'Z'; });
    if (is_short) {
        add(family, pattern);
    }
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
    NameHit hit;
    hit.begin = hit.end = at;
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
    if (best != nullptr && !goes_on_from_name(text, at)) {
        hit.end = at + static_cast<Words>(best->words.size());
        if (best->id.find(' ') != std::string::npos) { // a choice of its own
            hit.id = best->id;
            hit.is_spdx = hit.is_stated = true;
            return hit;
        }
        complete(best->id, text, hit);
    }
    return hit;
}

void LicenseNames::complete(const std::string& pattern, const NormalText& text, NameHit& hit)
    const {
    const bool is_family = pattern.ends_with('*');
    hit.id = modern_id(is_family ? complete_id(pattern, text, hit) : pattern);
    const auto known = ids_.find(hit.id);
    hit.is_spdx = known != ids_.end() && known->second;
    hit.is_exception = exceptions_.contains(hit.id);
    hit.id = known == ids_.end() ? std::string() : hit.id;
    hit.second = knows(hit.second) ? hit.second : std::string();
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
        return !hit.is_any_version && !hit.is_exception;
    });
    const auto is_ordinary = [&](const NameHit& hit) {
        return hit.is_exception || is_ambiguous(text, hit) || (versioned && hit.is_any_version);
    };
    hits.erase(std::remove_if(hits.begin(), hits.end(), is_ordinary), hits.end());
    return hits;
}

LicenseMatch mention_of(const NormalText& text, const NameHit& hit) {
    return mention_match(text, hit);
}

namespace {

// Finds the names that are used, joined where the text offers them as a choice.
class MentionFinder {
  public:
    MentionFinder(
        const NormalText& text,
        std::string_view bytes,
        const std::vector<bool>& taken,
        Detection& out
    )
        : text_(text), bytes_(bytes), taken_(taken), out_(out), first_(out.matches.size()) {}

    void run() {
        for (Words at = 0; at < text_.words.size(); ++at) {
            NameHit hit = LicenseNames::built_in().match(text_, at);
            if (taken_[at] && (!hit.is_exception || is_in_text(hit))) {
                continue;
            }
            if (hit.id.empty() && !hit.family.empty()) {
                resolve(hit);
            }
            if (!hit.id.empty()) {
                take(hit);
                at = hit.end - 1;
            }
        }
        drop_vague();
    }

  private:
    // License texts speak of exceptions, too.
    [[nodiscard]] bool is_in_text(const NameHit& hit) const {
        const std::uint32_t begin = text_.words[hit.begin].begin;
        return std::any_of(
            out_.matches.begin(),
            out_.matches.end(),
            [&](const LicenseMatch& match) {
                return match.kind == MatchKind::Text && match.place.begin <= begin &&
                       begin < match.place.end;
            }
        );
    }

    // A version that is said elsewhere in the file, and no other one.
    void resolve(NameHit& hit) const {
        for (const LicenseMatch& match : out_.matches) {
            if (match.id.empty() || family_of(match.id) != hit.family) {
                continue;
            }
            if (!hit.id.empty() && hit.id != match.id) {
                hit.id.clear();
                return;
            }
            hit.id = match.id;
            hit.is_spdx = match.is_spdx;
        }
    }

    void take(const NameHit& hit) {
        if (hit.is_exception) {
            out_.matches.push_back(mention_match(text_, hit));
            return;
        }
        const bool follows = last_match_ != kNone && hit.begin >= last_.end &&
                             hit.begin - last_.end <= kInsteadReach;
        const bool near = follows && hit.begin - last_.end <= kListReach;
        if (near && says_same(last_, hit) && out_.matches[last_match_].id == last_.id) {
            if (last_.is_any_version && !hit.is_any_version) {
                out_.matches[last_match_] = mention_match(text_, hit);
            }
            last_ = last_.is_any_version ? hit : last_;
        } else if (follows && !says_same(last_, hit) && !is_ambiguous(text_, hit) && is_offered(hit)) {
            if (!hit.is_any_version || !offers_family_of(hit)) {
                join_choice(out_.matches[last_match_], text_, hit);
            }
            last_ = hit;
        } else if (is_list_of_denied(hit) || is_denied(text_, bytes_, hit)) {
            denied_end_ = hit.end;
        } else if ((is_used(text_, bytes_, hit) || leads_used(hit)) && out_.matches.size() - first_ < kMostMentions) {
            out_.matches.push_back(mention_match(text_, hit));
            last_match_ = out_.matches.size() - 1;
            chooses_ = begins_choice(text_, hit);
            chooses_list_ = begins_list_of_choices(text_, hit);
            last_ = hit;
        }
    }

    // "... version 2.1 or the MPL or the LGPL"
    [[nodiscard]] bool offers_family_of(const NameHit& hit) const {
        const std::string choices = " " + out_.matches[last_match_].expression;
        return choices.find(" " + family_of(hit.id) + "-") != std::string::npos;
    }

    [[nodiscard]] bool is_offered(const NameHit& hit) const {
        const Words gap = hit.begin - last_.end;
        Words from = last_.end; // an address may stand between a name and its "or"
        while (from < hit.begin && taken_[from]) {
            ++from;
        }
        return (chooses_list_ && gap <= kInsteadReach) || (chooses_ && gap <= kListReach) ||
               (chooses_ && gap <= kOptionReach && has_word(text_, last_.end, hit.begin, "or")) ||
               is_slash_between(last_, hit) || offers_choice(text_, from, hit.begin);
    }

    // "MIT/GPL"
    [[nodiscard]] bool is_slash_between(const NameHit& before, const NameHit& after) const {
        const std::uint32_t begin = text_.words[before.end - 1].end;
        const std::uint32_t end = text_.words[after.begin].begin;
        return before.end == after.begin && end > begin && end - begin <= 3 &&
               bytes_.substr(begin, end - begin).find('/') != std::string_view::npos;
    }

    // The first of "MIT/GPL license".
    [[nodiscard]] bool leads_used(const NameHit& hit) const {
        if (hit.end >= text_.words.size() || taken_[hit.end] || is_ambiguous(text_, hit)) {
            return false;
        }
        const NameHit next = LicenseNames::built_in().match(text_, hit.end);
        const bool is_version_line = hit.begin > 0 && text_.spelling(hit.begin - 1) == "version";
        return !next.id.empty() && is_slash_between(hit, next) &&
               (is_version_line || has_word(text_, next.end, next.end + 1, "license") ||
                has_word(text_, next.end, next.end + 1, "licensed") ||
                has_word(text_, next.end, next.end + 1, "lic"));
    }

    // "not under the GPL or the LGPL"
    [[nodiscard]] bool is_list_of_denied(const NameHit& hit) const {
        return denied_end_ > 0 && hit.begin - denied_end_ <= kOrReach &&
               has_word(text_, denied_end_, hit.begin, "or");
    }

    // Pages and paths without a version say nothing where the file states the version.
    void drop_vague() {
        std::vector<bool> vague(out_.matches.size(), false);
        for (std::size_t i = 0; i < out_.matches.size(); ++i) {
            vague[i] = is_vague(out_.matches[i]);
        }
        std::vector<LicenseMatch> kept;
        for (std::size_t i = 0; i < out_.matches.size(); ++i) {
            if (!vague[i] || !is_stated_beside(vague, i)) {
                kept.push_back(out_.matches[i]);
            }
        }
        out_.matches = std::move(kept);
        name_lesser();
    }

    // The "Lesser" license begins with version 2.1: before, it was the "Library" license.
    void name_lesser() {
        bool says_lesser = false;
        for (const LicenseMatch& match : out_.matches) {
            const bool is_any = match.kind == MatchKind::Mention && match.id == kAnyLesser;
            if (!is_any && match.expression.find("LGPL-") == std::string::npos &&
                !match.id.starts_with("LGPL-")) {
                continue;
            }
            const std::string words =
                small_letters(bytes_.substr(match.place.begin, match.place.end - match.place.begin)
                );
            if (!is_any || words.find_first_of("0123456789") != std::string::npos) {
                return;
            }
            says_lesser = says_lesser || words.find("lesser") != std::string::npos;
        }
        for (LicenseMatch& match : out_.matches) {
            if (says_lesser && match.id == kAnyLesser) {
                match.id = match.expression = "LGPL-2.1-or-later";
            }
        }
    }

    [[nodiscard]] bool is_vague(const LicenseMatch& match) const {
        if (match.kind != MatchKind::Mention || match.id.empty()) {
            return false;
        }
        const std::string_view words =
            bytes_.substr(match.place.begin, match.place.end - match.place.begin);
        const bool is_page = bytes_.substr(0, match.place.begin).ends_with("://");
        if (is_page) {
            return words.find_first_of("0123456789") == std::string_view::npos;
        }
        return match.place.begin >= kDebianPath.size() &&
               bytes_.substr(match.place.begin - kDebianPath.size(), kDebianPath.size()) ==
                   kDebianPath;
    }

    [[nodiscard]] bool is_stated_beside(const std::vector<bool>& vague, std::size_t index) const {
        const std::string family = family_of(out_.matches[index].id);
        for (std::size_t i = 0; i < out_.matches.size(); ++i) {
            const LicenseMatch& other = out_.matches[i];
            // A choice is joined from several.
            const bool is_same =
                family_of(other.id) == family ||
                (other.id.empty() && other.expression.find(family + "-") != std::string::npos);
            if (i != index && !vague[i] && !other.is_exception && is_same) {
                return true;
            }
        }
        return false;
    }

    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    static constexpr std::string_view kDebianPath = "common-licenses/";
    static constexpr std::string_view kAnyLesser = "LGPL-2.0-or-later";

    const NormalText& text_;
    std::string_view bytes_;
    const std::vector<bool>& taken_;
    Detection& out_;
    std::size_t first_;
    std::size_t last_match_ = kNone;
    NameHit last_;
    Words denied_end_ = 0;
    bool chooses_ = false;
    bool chooses_list_ = false;
};

} // namespace

void add_mentions(
    const NormalText& text, std::string_view bytes, const std::vector<bool>& taken, Detection& out
) {
    if (!text.is_binary) {
        MentionFinder(text, bytes, taken, out).run();
    }
}

} // namespace railhub::license
