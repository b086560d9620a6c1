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

namespace railhub::license {

namespace {

using util::Code;
using util::fail;
using util::Json;
using util::Result;

constexpr std::string_view kTaxonomyPath = "restrictions/taxonomy.json";
constexpr std::string_view kVocabularyPath = "vocabulary.json";
constexpr std::string_view kSetFolder = "restrictions/sets/";
constexpr std::string_view kRecordFile = "/license.json";
constexpr std::size_t kVersionDigits = 12;

using Files = std::map<std::string, std::string>;

Files embedded_files() {
    Files files;
    for (const util::EmbeddedFile& file : licenses_data::files()) {
        files.emplace(file.path, file.text);
    }
    return files;
}

bool is_record_path(std::string_view path) {
    return path.ends_with(kRecordFile) && std::count(path.begin(), path.end(), '/') == 1;
}

bool is_set_path(std::string_view path) {
    return path.starts_with(kSetFolder) && path.ends_with(".json");
}

bool is_data_path(std::string_view path) {
    return is_record_path(path) || is_set_path(path) || path == kTaxonomyPath ||
           path == kVocabularyPath;
}

// Length before content, so that no two sets of files give the same bytes.
std::string version_of(const Files& files) {
    util::Sha256Hasher hasher;
    const auto add = [&hasher](const std::string& text) {
        hasher.update(util::as_bytes(std::to_string(text.size()) + ":"));
        hasher.update(util::as_bytes(text));
    };
    for (const auto& [path, text] : files) {
        add(path);
        add(text);
    }
    return hasher.finish().hex().substr(0, kVersionDigits);
}

} // namespace

Result<Catalogue> Catalogue::built_in() {
    return with_files({});
}

Result<Catalogue> Catalogue::with_files(std::span<const DataFile> files) {
    Files all = embedded_files();
    for (const DataFile& file : files) {
        if (is_data_path(file.path)) {
            all[file.path] = file.text;
        }
    }
    Catalogue catalogue;
    RAILHUB_TRY(catalogue.load(all));
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
    const auto taxonomy = files.find(std::string(kTaxonomyPath));
    if (taxonomy == files.end()) {
        return fail(
            Code::InvalidInput, "license data without '" + std::string(kTaxonomyPath) + "'"
        );
    }
    RAILHUB_TRY(
        load_file(taxonomy->first, taxonomy->second).with_context("'" + taxonomy->first + "'")
    );
    for (const auto& [path, text] : files) {
        if (path != kTaxonomyPath) {
            RAILHUB_TRY(load_file(path, text).with_context("'" + path + "'"));
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

Result<> Catalogue::load_file(const std::string& path, const std::string& text) {
    RAILHUB_TRY(const Json json, util::parse_json(text));
    if (path == kTaxonomyPath) {
        RAILHUB_TRY(taxonomy_, Taxonomy::parse(json));
        return {};
    }
    if (path == kVocabularyPath) {
        for (const std::string_view group :
             {"permissions", "obligations", "limits", "families", "readings"}) {
            const Json* entries = json.find(group);
            for (const Json& entry : entries != nullptr && entries->is_array()
                                         ? *entries->as_array()
                                         : util::JsonArray()) {
                vocabulary_.emplace(entry.text("id"), entry.text("meaning"));
            }
        }
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
        if (record.flow_down() == FlowDown::VerbatimMinimum && record.restriction_set.empty()) {
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
    const auto found = names_.find(util::lower(util::trim(name)));
    return found == names_.end() ? nullptr : &records_[found->second];
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
