// SPDX-License-Identifier: Apache-2.0
#include "server/api/info_json.h"

#include "core/util/text.h"
#include "server/api/json.h"

#include <algorithm>
#include <array>

namespace railhub::server::api {

namespace {

using util::Json;
using Answer = util::Result<Json>;

enum KindBits : std::uint8_t { kModel = 1, kDataset = 2, kSpace = 4, kAll = 7 };

std::uint8_t bit_of(types::RepoKind kind) {
    switch (kind) {
    case types::RepoKind::Model:
        return kModel;
    case types::RepoKind::Dataset:
        return kDataset;
    case types::RepoKind::Space:
        return kSpace;
    }
    return 0;
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json card_member(const InfoSource& source, std::string_view key) {
    const Json* value = source.summary.card.find(key);
    return value != nullptr ? *value : Json();
}

Answer siblings(const InfoSource& source) {
    RAILHUB_TRY(auto files, source.files());
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
        return a.path < b.path;
    });
    auto list = Json::array();
    for (const repo::TreeEntry& file : files) {
        auto item = Json::object({{"rfilename", file.path}});
        if (source.blobs == InfoSource::Blobs::Include) {
            item.set("size", file.size);
            item.set("blobId", file.oid.hex());
            if (file.lfs) {
                item.set(
                    "lfs",
                    Json::object(
                        {{"size", file.lfs->size},
                         {"sha256", file.lfs->sha256.hex()},
                         {"pointerSize", file.pointer_size}}
                    )
                );
            }
        }
        list.push_back(std::move(item));
    }
    return list;
}

// What the files of this revision take, large ones with their real size.
Answer used_storage(const InfoSource& source) {
    RAILHUB_TRY(const auto files, source.files());
    std::uint64_t bytes = 0;
    for (const repo::TreeEntry& file : files) {
        bytes += file.size;
    }
    return Json(bytes);
}

Answer pipeline_tag(const InfoSource& source) {
    const std::string& declared = source.summary.pipeline_tag;
    return declared.empty() ? text_or_null(source.summary.transformers_info.text("pipeline_tag"))
                            : Json(declared);
}

// "baseModels": what the card names, as far as the relation is told by a tag.
Answer base_models(const InfoSource& source) {
    constexpr std::string_view kPrefix = "base_model:";
    auto models = Json::array();
    std::string relation;
    for (const std::string& tag : source.summary.tags) {
        if (!tag.starts_with(kPrefix)) {
            continue;
        }
        const std::string rest = tag.substr(kPrefix.size());
        const std::size_t colon = rest.find(':');
        if (colon != std::string::npos) {
            relation = rest.substr(0, colon);
            models.push_back(Json::object({{"_id", ""}, {"id", rest.substr(colon + 1)}}));
        }
    }
    if (relation.empty()) {
        return Json();
    }
    return Json::object({{"relation", relation}, {"models", std::move(models)}});
}

Answer nothing(const InfoSource& /*source*/) {
    return Json();
}

Answer zero(const InfoSource& /*source*/) {
    return Json(0);
}

Answer empty_list(const InfoSource& /*source*/) {
    return Json::array();
}

Answer no(const InfoSource& /*source*/) {
    return Json(false);
}

// A field, for which kinds `expand` takes it, and its value; null is left out.
struct Field {
    std::string_view name;
    std::uint8_t kinds;
    Answer (*value)(const InfoSource&);
};

// Alphabetical within what hubs know (hub-api section 5.1).
constexpr Field kFields[] = {
    {"author", kAll, [](const InfoSource& s) -> Answer { return Json(s.record.id.owner); }},
    {"baseModels", kModel, &base_models},
    {"cardData", kAll, [](const InfoSource& s) -> Answer { return s.summary.card; }},
    {"childrenModelCount", kModel, &nothing},
    {"citation", kDataset, &nothing},
    {"config", kModel, [](const InfoSource& s) -> Answer { return s.summary.config; }},
    {"createdAt",
     kAll,
     [](const InfoSource& s) -> Answer { return Json(iso_date_of_millis(s.record.created_ms)); }},
    {"datasets", kSpace, &nothing},
    {"description", kDataset, &nothing},
    {"disabled", kAll, &no},
    {"downloads", kModel | kDataset, &zero},
    {"downloadsAllTime", kModel | kDataset, &zero},
    {"evalResults", kModel, &nothing},
    {"gated", kModel | kDataset, &no},
    {"gguf", kModel, &nothing},
    {"inference", kModel, &nothing},
    {"inferenceProviderMapping", kModel, &nothing},
    {"lastModified",
     kAll,
     [](const InfoSource& s) -> Answer { return Json(iso_date_of_millis(s.changed_ms)); }},
    {"library_name",
     kModel,
     [](const InfoSource& s) -> Answer { return text_or_null(s.summary.library_name); }},
    {"likes", kAll, &zero},
    {"mainSize", kDataset, &nothing},
    {"mask_token", kModel, &nothing},
    {"model-index",
     kModel,
     [](const InfoSource& s) -> Answer { return card_member(s, "model-index"); }},
    {"models", kSpace, &nothing},
    {"paperswithcode_id",
     kDataset,
     [](const InfoSource& s) -> Answer { return card_member(s, "paperswithcode_id"); }},
    {"pipeline_tag", kModel, &pipeline_tag},
    {"private", kAll, [](const InfoSource& s) -> Answer { return Json(s.record.is_private); }},
    {"region", kSpace, &nothing},
    {"resourceGroup", kAll, &nothing},
    {"runtime", kSpace, &nothing},
    {"safetensors", kModel, [](const InfoSource& s) -> Answer { return s.summary.safetensors; }},
    {"sdk", kSpace, [](const InfoSource& s) -> Answer { return card_member(s, "sdk"); }},
    {"sha", kAll, [](const InfoSource& s) -> Answer { return text_or_null(s.sha); }},
    {"siblings", kAll, &siblings},
    {"spaces", kModel, &empty_list},
    {"subdomain", kSpace, &nothing},
    {"tags", kAll, [](const InfoSource& s) -> Answer { return Json::array_of(s.summary.tags); }},
    {"transformersInfo",
     kModel,
     [](const InfoSource& s) -> Answer { return s.summary.transformers_info; }},
    {"trendingScore", kAll, &zero},
    {"usedStorage", kAll, &used_storage},
    {"widgetData", kModel, &nothing},
};

// Taken, but not in the list that the error message gives.
constexpr Field kQuietFields[] = {
    {"gitalyUid", kAll, [](const InfoSource& s) -> Answer { return Json(s.record.public_id); }},
    {"modelId",
     kModel,
     [](const InfoSource& s) -> Answer { return Json(s.record.id.full_name()); }},
    {"xetEnabled", kAll, [](const InfoSource& /*source*/) -> Answer { return Json(true); }},
};

constexpr std::array<std::string_view, 20> kModelInfo = {
    "modelId",     "author",   "private",      "disabled",
    "gated",       "sha",      "lastModified", "createdAt",
    "downloads",   "likes",    "pipeline_tag", "library_name",
    "tags",        "cardData", "config",       "transformersInfo",
    "model-index", "siblings", "spaces",       "usedStorage"};
constexpr std::array<std::string_view, 14> kDatasetInfo = {
    "author",
    "private",
    "disabled",
    "gated",
    "sha",
    "lastModified",
    "createdAt",
    "downloads",
    "likes",
    "tags",
    "cardData",
    "paperswithcode_id",
    "siblings",
    "usedStorage"};
constexpr std::array<std::string_view, 9> kModelList = {
    "modelId",
    "likes",
    "trendingScore",
    "private",
    "downloads",
    "tags",
    "pipeline_tag",
    "library_name",
    "createdAt"};
constexpr std::array<std::string_view, 6> kDatasetList = {
    "likes", "trendingScore", "private", "downloads", "tags", "createdAt"};
constexpr std::array<std::string_view, 6> kFullList = {
    "author", "sha", "lastModified", "siblings", "gated", "disabled"};

const Field* find_field(std::string_view name) {
    for (const std::span<const Field> table :
         {std::span<const Field>(kFields), std::span<const Field>(kQuietFields)}) {
        for (const Field& field : table) {
            if (field.name == name) {
                return &field;
            }
        }
    }
    return nullptr;
}

} // namespace

FileList remembered(FileList list) {
    auto known = std::make_shared<std::optional<std::vector<repo::TreeEntry>>>();
    return [known, list = std::move(list)]() -> util::Result<std::vector<repo::TreeEntry>> {
        if (!*known) {
            RAILHUB_TRY(*known, list());
        }
        return **known;
    };
}

std::vector<std::string_view> expandable_fields(types::RepoKind kind) {
    // Downloads and gates are no matter of spaces, and neither are the model's own fields.
    std::vector<std::string_view> names;
    for (const Field& field : kFields) {
        if ((field.kinds & bit_of(kind)) != 0) {
            names.push_back(field.name);
        }
    }
    return names;
}

util::Result<> check_expand(types::RepoKind kind, std::span<const std::string> names) {
    for (const std::string& name : names) {
        const Field* field = find_field(name);
        if (field != nullptr && (field->kinds & bit_of(kind)) != 0) {
            continue;
        }
        std::string list;
        for (const std::string_view known : expandable_fields(kind)) {
            list += (list.empty() ? "" : ", ") + std::string(known);
        }
        return util::fail(util::Code::InvalidInput, "\"expand\" must be one of [" + list + "]");
    }
    return {};
}

util::Result<util::Json>
info_json(const InfoSource& source, std::span<const std::string_view> fields) {
    auto json =
        Json::object({{"_id", source.record.public_id}, {"id", source.record.id.full_name()}});
    for (const std::string_view name : fields) {
        const Field* field = find_field(name);
        if (field == nullptr) {
            continue;
        }
        RAILHUB_TRY(auto value, field->value(source));
        if (!value.is_null()) {
            json.set(name, std::move(value));
        }
    }
    return json;
}

std::span<const std::string_view> info_fields(types::RepoKind kind) {
    return kind == types::RepoKind::Model ? std::span<const std::string_view>(kModelInfo)
                                          : kDatasetInfo;
}

std::span<const std::string_view> list_fields(types::RepoKind kind) {
    return kind == types::RepoKind::Model ? std::span<const std::string_view>(kModelList)
                                          : kDatasetList;
}

std::span<const std::string_view> full_list_fields(types::RepoKind /*kind*/) {
    return kFullList;
}

} // namespace railhub::server::api
