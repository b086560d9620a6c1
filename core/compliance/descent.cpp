// SPDX-License-Identifier: Apache-2.0
// Sets lie one behind the other in one array; equal ones are found by hash.
#include "core/compliance/descent.h"

#include "core/util/assert.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::compliance {

namespace {

constexpr std::size_t kMaxProfiles = std::size_t{1} << 24U; // keys of tables pack the number

std::uint64_t hash_of(const std::vector<std::uint64_t>& keys) {
    std::uint64_t hash = 0xCBF29CE484222325U + keys.size();
    for (const std::uint64_t key : keys) {
        hash = (hash ^ key) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 31U;
    }
    return hash >> 1U; // never the key that the map cannot hold
}

// Lower case letters and digits: how rules compare names.
std::string letters_only(std::string_view text) {
    std::string letters;
    for (const char ch : util::lower(text)) {
        if ((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9')) {
            letters += ch;
        }
    }
    return letters;
}

void put(std::string& key, std::string_view text) {
    key += std::to_string(text.size());
    key += ':';
    key += text;
}

void put_all(std::string& key, const std::vector<std::string>& texts) {
    key += std::to_string(texts.size());
    key += ';';
    for (const std::string& text : texts) {
        put(key, text);
    }
}

std::string key_of(const Node& node) {
    std::string key = {
        static_cast<char>('a' + static_cast<int>(node.kind)),
        static_cast<char>('a' + static_cast<int>(node.resolution)),
        static_cast<char>('a' + static_cast<int>(node.modality)),
    };
    put_all(key, node.licenses);
    put_all(key, node.carries);
    for (const std::string* text :
         {&node.license_name, &node.prose_license, &node.expression, &node.id}) {
        put(key, *text);
    }
    return key;
}

} // namespace

Profiles::Profiles(const license::Catalogue& knowledge) {
    for (const license::Record& record : knowledge.records()) {
        const license::Term* name = record.obligation("name-prefix");
        if (name != nullptr && !letters_only(name->detail).empty()) {
            prefixes_.push_back(letters_only(name->detail));
        }
        for (const license::Term& term : record.obligations) {
            if (term.is_only_when("named-model")) {
                words_.push_back(util::lower(term.detail.substr(term.detail.rfind(' ') + 1)));
            }
        }
    }
    std::sort(prefixes_.begin(), prefixes_.end(), [](const auto& a, const auto& b) {
        return a.size() > b.size();
    });
    std::sort(words_.begin(), words_.end());
}

ProfileId Profiles::intern(const Node& node, const std::string& declared_name) {
    Profile profile{node, {}};
    Node& kept = profile.node;
    kept.id.clear();
    const std::string name = util::lower(node.id);
    for (const std::string& word : words_) {
        kept.id += name.find(word) != std::string::npos ? word + " " : "";
    }
    kept.revision.clear();
    kept.license_link.clear();
    kept.location.reset();
    if (!declared_name.empty()) {
        const std::string letters =
            letters_only(std::string_view(declared_name).substr(declared_name.rfind('/') + 1));
        const auto prefix = std::find_if(prefixes_.begin(), prefixes_.end(), [&](const auto& p) {
            return letters.starts_with(p);
        });
        profile.declared_name = prefix == prefixes_.end() ? "-" : *prefix;
    }
    return intern_kept(std::move(profile));
}

ProfileId Profiles::relabelled(ProfileId id, std::vector<std::string> licenses) {
    Profile profile = profiles_[id];
    profile.node.licenses = std::move(licenses);
    return intern_kept(std::move(profile));
}

ProfileId Profiles::intern_kept(Profile profile) {
    std::string key = key_of(profile.node) + profile.declared_name;
    const auto [found, is_new] =
        ids_.emplace(std::move(key), static_cast<ProfileId>(profiles_.size()));
    if (is_new) {
        RAILHUB_ASSERT(profiles_.size() < kMaxProfiles);
        profiles_.push_back(std::move(profile));
    }
    return found->second;
}

Descents::Descents() : starts_{0} {
    intern_sorted({});
}

SetId Descents::intern_sorted(const std::vector<std::uint64_t>& keys) {
    std::uint64_t hash = hash_of(keys);
    for (SetId found = set_ids_.find(hash); found != IdMap::kNone; found = set_ids_.find(++hash)) {
        const auto there = forebears(found);
        if (std::equal(there.begin(), there.end(), keys.begin(), keys.end())) {
            return found;
        }
    }
    const auto id = static_cast<SetId>(sets());
    RAILHUB_ASSERT(id != IdMap::kNone);
    arena_.insert(arena_.end(), keys.begin(), keys.end());
    starts_.push_back(arena_.size());
    set_ids_.insert(hash, id);
    return id;
}

SetId Descents::intern(std::vector<Forebear> forebears) {
    std::vector<std::uint64_t> keys;
    keys.reserve(forebears.size());
    for (const Forebear& forebear : forebears) {
        keys.push_back(forebear.key());
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return intern_sorted(keys);
}

SetId Descents::through(DescentId parent, std::uint8_t edge) {
    const std::uint64_t key = (std::uint64_t{parent} << 8U) | edge;
    if (const SetId known = through_.find(key); known != IdMap::kNone) {
        return known;
    }
    const Course first = unpacked(edge);
    std::vector<Forebear> all = {{profile_of(parent), edge}};
    for (const std::uint64_t at : forebears(set_of(parent))) {
        const Forebear further = Forebear::from(at);
        all.push_back({further.profile, packed(join(first, unpacked(further.course)))});
    }
    const SetId set = intern(std::move(all));
    through_.insert(key, set);
    return set;
}

SetId Descents::unite(SetId a, SetId b) {
    if (a == b || b == kNobody) {
        return a;
    }
    if (a == kNobody) {
        return b;
    }
    const std::uint64_t key = (std::uint64_t{std::min(a, b)} << 32U) | std::max(a, b);
    if (const SetId known = united_.find(key); known != IdMap::kNone) {
        return known;
    }
    const auto one = forebears(a);
    const auto other = forebears(b);
    std::vector<std::uint64_t> keys;
    std::set_union(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(keys));
    const SetId set = intern_sorted(keys);
    united_.insert(key, set);
    return set;
}

std::span<const std::uint64_t> Descents::forebears(SetId set) const {
    return std::span(arena_).subspan(starts_[set], starts_[set + 1] - starts_[set]);
}

DescentId Descents::descent(ProfileId profile, SetId set) {
    const std::uint64_t key = (std::uint64_t{profile} << 32U) | set;
    if (const DescentId known = pair_ids_.find(key); known != IdMap::kNone) {
        return known;
    }
    const auto id = static_cast<DescentId>(pairs_.size());
    RAILHUB_ASSERT(id != IdMap::kNone);
    pairs_.push_back({profile, set});
    pair_ids_.insert(key, id);
    return id;
}

} // namespace railhub::compliance
