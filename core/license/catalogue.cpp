// SPDX-License-Identifier: Apache-2.0
// Reads taxonomy, restriction sets and records, checks their references, and hashes them to a
// version.
#include "core/license/catalogue.h"

#include "core/license/record_parse.h"
#include "core/util/digest.h"
#include "core/util/json.h"
#include "core/util/text.h"
#include "licenses/data.h"

#include <algorithm>
#include <set>

namespace railhub::license {

namespace {

using util::Code;
using util::fail;
using util::Json;
using util::Result;

constexpr std::string_view kTaxonomyPath = "restrictions/taxonomy.json";
constexpr std::string_view kVocabularyPath = "vocabulary.json";
constexpr std::string_view kSetFolder = "restrictions/sets/";
constexpr std::string_view kCompatibilityFolder = "compatibility/";
constexpr std::string_view kScanCodeRef = "LicenseRef-scancode-";
constexpr std::string_view kRecordFile = "/license.json";
constexpr std::size_t kVersionDigits = 12;

bool is_record_path(std::string_view path) {
    return path.ends_with(kRecordFile) && std::count(path.begin(), path.end(), '/') == 1;
}

bool is_set_path(std::string_view path) {
    return path.starts_with(kSetFolder) && path.ends_with(".json");
}

bool is_compatibility_path(std::string_view path) {
    return path.starts_with(kCompatibilityFolder) && path.ends_with(".json");
}

bool is_data_path(std::string_view path) {
    return is_record_path(path) || is_set_path(path) || is_compatibility_path(path) ||
           path == kTaxonomyPath || path == kVocabularyPath;
}

// "The Apache License 2.0" and "apache_2.0" both become "apache-2.0".
std::string forgiving(std::string_view name) {
    std::string folded;
    std::string word;
    const auto end_word = [&folded, &word] {
        if (!word.empty() && word != "the" && word != "license" && word != "licence" &&
            word != "version") {
            folded += (folded.empty() ? "" : "-") + word;
        }
        word.clear();
    };
    for (const char ch : name) {
        if (ch == ' ' || ch == '_' || ch == '-' || ch == ',' || ch == '\t') {
            end_word();
        } else {
            word += ch;
        }
    }
    end_word();
    return folded;
}

} // namespace

// Length before content, so that no two sets of files give the same bytes.
std::string Catalogue::version_of(const Files& files) {
    util::Sha256Hasher hasher;
    const auto add = [&hasher](std::string_view text) {
        hasher.update(util::as_bytes(std::to_string(text.size()) + ":"));
        hasher.update(util::as_bytes(text));
    };
    for (const auto& [path, text] : files) {
        add(path);
        add(text);
    }
    return hasher.finish().hex().substr(0, kVersionDigits);
}

Result<Catalogue> Catalogue::built_in() {
    return with_files({});
}

Result<Catalogue> Catalogue::with_files(std::span<const DataFile> files) {
    Files all;
    for (const util::EmbeddedFile& file : licenses_data::files()) {
        all.emplace(file.path, file.text);
    }
    std::vector<std::string> replaced;
    std::vector<std::string> added;
    for (const DataFile& file : files) {
        if (is_data_path(file.path)) {
            (all.contains(file.path) ? replaced : added).push_back(file.path);
            all[file.path] = file.text;
        }
    }
    std::sort(replaced.begin(), replaced.end());
    std::sort(added.begin(), added.end());
    Catalogue catalogue;
    RAILHUB_TRY(catalogue.load(all));
    catalogue.replaced_ = std::move(replaced);
    catalogue.added_ = std::move(added);
    return catalogue;
}

Result<Catalogue> Catalogue::from_files(std::span<const DataFile> files) {
    Files all;
    for (const DataFile& file : files) {
        if (is_data_path(file.path)) {
            all[file.path] = file.text;
        }
    }
    Catalogue catalogue;
    RAILHUB_TRY(catalogue.load(all));
    return catalogue;
}

Result<> Catalogue::load(const Files& files) {
    // Sets name taxonomy ids, so the taxonomy comes first.
    const auto taxonomy = files.find(kTaxonomyPath);
    if (taxonomy == files.end()) {
        return fail(
            Code::InvalidInput, "license data without '" + std::string(kTaxonomyPath) + "'"
        );
    }
    RAILHUB_TRY(load_file(taxonomy->first, taxonomy->second)
                    .with_context("'" + std::string(taxonomy->first) + "'"));
    for (const auto& [path, text] : files) {
        if (path != kTaxonomyPath) {
            RAILHUB_TRY(load_file(path, text).with_context("'" + std::string(path) + "'"));
        }
    }
    std::sort(records_.begin(), records_.end(), [](const Record& a, const Record& b) {
        return a.id < b.id;
    });
    index_names();
    RAILHUB_TRY(check_references());
    version_ = version_of(files);
    return {};
}

Result<> Catalogue::load_file(std::string_view path, std::string_view text) {
    RAILHUB_TRY(const Json json, util::parse_json(text));
    if (path == kTaxonomyPath) {
        RAILHUB_TRY(taxonomy_, Taxonomy::parse(json));
        return {};
    }
    if (path == kVocabularyPath) {
        for (const std::string_view group :
             {"permissions", "obligations", "limits", "families", "readings", "conditions"}) {
            const Json* entries = json.find(group);
            for (const Json& entry : entries != nullptr && entries->is_array()
                                         ? *entries->as_array()
                                         : util::JsonArray()) {
                vocabulary_.emplace(entry.text("id"), entry.text("meaning"));
            }
        }
        return {};
    }
    if (is_compatibility_path(path)) {
        RAILHUB_TRY(CompatibilitySource source, parse_compatibility(json));
        std::string id = source.id;
        compatibility_.insert_or_assign(std::move(id), std::move(source));
        return {};
    }
    if (is_set_path(path)) {
        RAILHUB_TRY(RestrictionSet set, parse_restriction_set(json, taxonomy_));
        std::string id = set.id;
        sets_.insert_or_assign(std::move(id), std::move(set));
        return {};
    }
    RAILHUB_TRY(Record record, parse_record(json));
    if (path != record.id + std::string(kRecordFile)) {
        return fail(
            Code::InvalidInput,
            "license record '" + record.id + "' lies in a folder of another name"
        );
    }
    records_.push_back(std::move(record));
    return {};
}

void Catalogue::index_names() {
    const auto add_all = [this](const std::string& (*name_of)(const Record&)) {
        for (std::size_t i = 0; i < records_.size(); ++i) {
            if (const std::string& name = name_of(records_[i]); !name.empty()) {
                names_.emplace(util::lower(name), i); // an earlier kind of name wins
            }
        }
    };
    add_all([](const Record& r) -> const std::string& { return r.id; });
    add_all([](const Record& r) -> const std::string& { return r.hub_key; });
    add_all([](const Record& r) -> const std::string& { return r.spdx; });
    for (std::size_t i = 0; i < records_.size(); ++i) {
        for (const std::string& alias : records_[i].aliases) {
            names_.emplace(util::lower(alias), i);
        }
    }
    for (std::size_t i = 0; i < records_.size(); ++i) {
        if (const std::string& key = records_[i].scancode; !key.empty()) {
            names_.emplace(util::lower(key), i);
            names_.emplace(util::lower(std::string(kScanCodeRef) + key), i);
        }
    }
    index_forgiving_names();
}

void Catalogue::index_forgiving_names() {
    std::set<std::string> ambiguous;
    for (const auto& [name, index] : names_) {
        const auto [found, is_new] = folded_names_.emplace(forgiving(name), index);
        if (!is_new && found->second != index) {
            ambiguous.insert(found->first);
        }
    }
    for (const std::string& name : ambiguous) {
        folded_names_.erase(name);
    }
}

Result<> Catalogue::check_references() const {
    for (const Record& record : records_) {
        if (!record.restriction_set.empty() && !sets_.contains(record.restriction_set)) {
            return fail(
                Code::InvalidInput,
                "license record '" + record.id + "' names the unknown restriction set '" +
                    record.restriction_set + "'",
                "add '" + std::string(kSetFolder) + record.restriction_set + ".json'"
            );
        }
        // Without a set the list is not known, and the rules then count nothing as carried; the
        // record has to say so.
        if (record.flow_down() == FlowDown::VerbatimMinimum && record.restriction_set.empty() &&
            record.limit("use-restrictions") == nullptr) {
            return fail(
                Code::InvalidInput,
                "license record '" + record.id +
                    "' has restrictions to pass on but no restriction set"
            );
        }
    }
    return {};
}

const Record* Catalogue::find(std::string_view name) const {
    const std::string key = util::lower(util::trim(name));
    if (const auto found = names_.find(key); found != names_.end()) {
        return &records_[found->second];
    }
    const auto found = folded_names_.find(forgiving(key));
    return found == folded_names_.end() ? nullptr : &records_[found->second];
}

const CompatibilitySource* Catalogue::compatibility(std::string_view id) const {
    const auto found = compatibility_.find(id);
    return found == compatibility_.end() ? nullptr : &found->second;
}

std::vector<std::string> Catalogue::compatibility_ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, source] : compatibility_) {
        ids.push_back(id);
    }
    return ids;
}

std::vector<std::string> Catalogue::restriction_set_ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, set] : sets_) {
        ids.push_back(id);
    }
    return ids;
}

std::string Catalogue::description() const {
    constexpr std::size_t kMaxNamed = 5;
    std::string text = "license data " + version_;
    std::vector<std::string> own = added_;
    for (const std::string& path : replaced_) {
        own.push_back(path + " (replaces)");
    }
    if (own.empty()) {
        return text;
    }
    const std::size_t count = own.size();
    std::reverse(own.begin(), own.end()); // what replaces comes first
    own.resize(std::min(count, kMaxNamed));
    text += ", with " + std::to_string(count) + " own file" + (count == 1 ? "" : "s") + ": " +
            util::join(own, ", ");
    return count > kMaxNamed ? text + ", ..." : text;
}

const RestrictionSet* Catalogue::restriction_set(std::string_view id) const {
    const auto found = sets_.find(id);
    return found == sets_.end() ? nullptr : &found->second;
}

std::string_view Catalogue::meaning(std::string_view vocabulary_id) const {
    const auto found = vocabulary_.find(vocabulary_id);
    return found == vocabulary_.end() ? std::string_view() : found->second;
}

} // namespace railhub::license
