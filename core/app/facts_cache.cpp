// SPDX-License-Identifier: Apache-2.0
// Files named by the hash of their key; each says its key, so that a clash is seen.
#include "core/app/facts_cache.h"

#include "core/util/digest.h"

#include <algorithm>

namespace railhub::app {

namespace {

constexpr std::size_t kShards = 256;

std::string name_key(std::string_view what, std::string_view endpoint, const UpstreamName& name) {
    return std::string(what) + "\n" + std::string(endpoint) + "\n" +
           std::string(types::kind_word(name.kind)) + "\n" + name.id;
}

std::string facts_key(
    std::string_view endpoint,
    const UpstreamName& name,
    std::string_view commit,
    const std::string& knowledge
) {
    return name_key("facts", endpoint, name) + "\n" + std::string(commit) + "\n" + knowledge;
}

std::string seen_key(std::string_view endpoint, const UpstreamName& name) {
    return name_key("seen", endpoint, name) + "\n" + name.revision;
}

} // namespace

std::string FactsCache::path_of(const std::string& key) const {
    const std::string hash = util::sha256(util::as_bytes(std::string_view(key))).hex();
    return util::join_path(folder_, hash.substr(0, 2) + "/" + hash.substr(2) + ".json");
}

std::optional<util::Json> FactsCache::read(const std::string& key) {
    const auto text = util::read_file(fs_, path_of(key), limits_.max_entry_bytes);
    if (!text.ok()) {
        return std::nullopt;
    }
    auto entry = util::parse_json(*text, {.max_bytes = limits_.max_entry_bytes});
    if (!entry.ok() || entry->text("key") != key) {
        return std::nullopt;
    }
    return std::move(entry).value();
}

void FactsCache::write(const std::string& key, util::Json entry) {
    entry.set("key", key);
    const std::string text = entry.dump();
    const std::string path = path_of(key);
    const std::string folder = util::parent_path(path);
    if (text.size() > limits_.max_entry_bytes || !fs_.make_dirs(folder).ok()) {
        return;
    }
    make_room(folder);
    static_cast<void>(util::write_atomic(fs_, path, util::as_bytes(std::string_view(text))));
}

// Keys spread evenly, so each folder holds its share.
void FactsCache::make_room(const std::string& folder) {
    const auto names = fs_.list(folder);
    const std::size_t share = std::max<std::size_t>(limits_.max_entries / kShards, 1);
    if (!names.ok() || names->size() < share) {
        return;
    }
    std::vector<std::pair<std::int64_t, std::string>> by_age;
    for (const std::string& name : *names) {
        std::string path = util::join_path(folder, name);
        const auto info = fs_.info(path);
        if (info.ok() && *info) {
            by_age.emplace_back((*info)->modified_ns, std::move(path));
        }
    }
    std::sort(by_age.begin(), by_age.end());
    for (std::size_t i = 0; i + share <= by_age.size(); ++i) {
        static_cast<void>(fs_.remove(by_age[i].second));
    }
}

std::optional<origin::Facts>
FactsCache::facts(std::string_view endpoint, const UpstreamName& name, std::string_view commit) {
    const auto entry = read(facts_key(endpoint, name, commit, knowledge_));
    const util::Json* kept = entry ? entry->find("facts") : nullptr;
    if (kept == nullptr) {
        return std::nullopt;
    }
    auto facts = origin::parse_facts(*kept);
    return facts.ok() ? std::optional(std::move(facts).value()) : std::nullopt;
}

std::optional<Upstream> FactsCache::seen(std::string_view endpoint, const UpstreamName& name) {
    const auto entry = read(seen_key(endpoint, name));
    if (!entry || entry->text("commit").empty()) {
        return std::nullopt;
    }
    Upstream upstream;
    upstream.id = entry->text("id");
    upstream.revision = entry->text("commit");
    return upstream;
}

void FactsCache::keep(
    std::string_view endpoint,
    const UpstreamName& name,
    std::string_view commit,
    const origin::Facts& facts
) {
    write(
        facts_key(endpoint, name, commit, knowledge_),
        util::Json::object({{"facts", origin::to_json(facts)}})
    );
}

void FactsCache::saw(
    std::string_view endpoint, const UpstreamName& name, const Upstream& upstream
) {
    write(
        seen_key(endpoint, name),
        util::Json::object({{"id", upstream.id}, {"commit", upstream.revision}})
    );
}

} // namespace railhub::app
