// SPDX-License-Identifier: Apache-2.0
// A plan as JSON and back.
#include "core/collect/plan.h"
#include "core/util/clock.h"

namespace railhub::collect {

namespace {

using util::Json;

constexpr std::string_view kFormat = "gc-plan/1";
constexpr util::JsonLimits kPlanLimits{std::size_t{512} << 20, 16, 20'000'000};

util::Error bad_plan(const std::string& why) {
    return util::fail(
        util::Code::InvalidInput,
        "bad collection plan: " + why,
        "make a new one with `railhub admin gc --plan FILE`"
    );
}

Json blob_json(const types::BlobRef& blob) {
    return Json::object({{"sha256", blob.sha256.hex()}, {"size", blob.size}});
}

Json history_json(const HistoryItem& item) {
    Json objects = Json::array();
    for (const types::Oid& oid : item.objects) {
        objects.push_back(oid.hex());
    }
    Json links = Json::array();
    for (const types::BlobRef& link : item.links) {
        links.push_back(blob_json(link));
    }
    return Json::object(
        {{"repo", item.repo},
         {"row", item.row},
         {"public_id", item.public_id},
         {"bytes", item.bytes},
         {"objects", std::move(objects)},
         {"links", std::move(links)}}
    );
}

Json dead_repo_json(const DeadRepoItem& item) {
    return Json::object(
        {{"repo", item.repo},
         {"row", item.row},
         {"public_id", item.public_id},
         {"bytes", item.bytes}}
    );
}

Json upload_json(const UploadItem& item) {
    return Json::object(
        {{"repo", item.repo},
         {"row", item.row},
         {"sha256", item.blob.sha256.hex()},
         {"size", item.blob.size}}
    );
}

Json file_json(const FileItem& item) {
    return Json::object(
        {{"xet_hash", item.hash.text()},
         {"sha256", item.blob.sha256.hex()},
         {"size", item.blob.size}}
    );
}

Json segment_json(const SegmentItem& item) {
    return Json::object({{"xorb", item.hash.text()}, {"bytes", item.bytes}, {"repo", item.repo}});
}

Json object_json(const ObjectItem& item) {
    return Json::object({{"key", item.key}, {"bytes", item.bytes}, {"repo", item.repo}});
}

template <class Item>
Json list_json(const std::vector<Item>& items, Json (*to_json_of)(const Item&)) {
    Json list = Json::array();
    for (const Item& item : items) {
        list.push_back(to_json_of(item));
    }
    return list;
}

Json shares_json(const std::vector<PlanShare>& shares) {
    Json list = Json::array();
    for (const PlanShare& share : shares) {
        list.push_back(
            Json::object({{"name", share.name}, {"things", share.things}, {"bytes", share.bytes}})
        );
    }
    return list;
}

// --- and back ---

util::Result<types::BlobRef> blob_in(const Json& item) {
    RAILHUB_TRY(const auto sha256, util::Sha256::parse(item.text("sha256")));
    return types::BlobRef{sha256, item.number("size")};
}

util::Result<std::int64_t> integer_in(const Json& item, std::string_view key) {
    const Json* const member = item.find(key);
    const auto value = member != nullptr ? member->as_int() : std::nullopt;
    return value ? util::Result<std::int64_t>(*value)
                 : util::Result<std::int64_t>(bad_plan("no number '" + std::string(key) + "'"));
}

util::Result<> read_item(const Json& json, HistoryItem& item) {
    RAILHUB_TRY(item.row, integer_in(json, "row"));
    item.public_id = json.text("public_id");
    item.repo = json.text("repo");
    item.bytes = json.number("bytes");
    const Json* const objects = json.find("objects");
    const Json* const links = json.find("links");
    if (objects == nullptr || !objects->is_array() || links == nullptr || !links->is_array()) {
        return bad_plan("a history has no 'objects' or no 'links'");
    }
    for (const Json& object : *objects->as_array()) {
        const std::string* const hex = object.as_string();
        RAILHUB_TRY(const auto oid, types::Oid::parse(hex != nullptr ? *hex : std::string()));
        item.objects.push_back(oid);
    }
    for (const Json& link : *links->as_array()) {
        RAILHUB_TRY(const auto blob, blob_in(link));
        item.links.push_back(blob);
    }
    return {};
}

util::Result<> read_item(const Json& json, DeadRepoItem& item) {
    RAILHUB_TRY(item.row, integer_in(json, "row"));
    item.public_id = json.text("public_id");
    item.repo = json.text("repo");
    item.bytes = json.number("bytes");
    return {};
}

util::Result<> read_item(const Json& json, UploadItem& item) {
    RAILHUB_TRY(item.row, integer_in(json, "row"));
    RAILHUB_TRY(item.blob, blob_in(json));
    item.repo = json.text("repo");
    return {};
}

util::Result<> read_item(const Json& json, FileItem& item) {
    RAILHUB_TRY(item.hash, xet::Hash::parse(json.text("xet_hash")));
    RAILHUB_TRY(item.blob, blob_in(json));
    return {};
}

util::Result<> read_item(const Json& json, SegmentItem& item) {
    RAILHUB_TRY(item.hash, xet::Hash::parse(json.text("xorb")));
    item.bytes = json.number("bytes");
    item.repo = json.text("repo");
    return {};
}

util::Result<> read_item(const Json& json, ObjectItem& item) {
    item.key = json.text("key");
    item.bytes = json.number("bytes");
    item.repo = json.text("repo");
    return item.key.empty() ? util::Result<>(bad_plan("an object has no 'key'")) : util::Result<>();
}

util::Result<> read_item(const Json& json, std::string& item) {
    item = json.as_string() != nullptr ? *json.as_string() : std::string();
    return {};
}

template <class Item>
util::Result<> read_list(const Json& plan, std::string_view key, std::vector<Item>& items) {
    const Json* const list = plan.find(key);
    if (list == nullptr || !list->is_array()) {
        return bad_plan("no list '" + std::string(key) + "'");
    }
    std::size_t number = 0;
    for (const Json& json : *list->as_array()) {
        ++number;
        Item item{};
        RAILHUB_TRY(
            read_item(json, item)
                .with_context("item " + std::to_string(number) + " of '" + std::string(key) + "'")
        );
        items.push_back(std::move(item));
    }
    return {};
}

} // namespace

util::Json to_json(const Plan& plan) {
    return Json::object(
        {{"format", kFormat},
         {"made", util::to_iso8601(util::from_millis(plan.made_ms))},
         {"made_ms", plan.made_ms},
         {"cutoff_ms", plan.cutoff_ms},
         {"store_bytes", plan.store_bytes()},
         {"database_bytes", plan.database_bytes()},
         {"by_repo", shares_json(shares_by_repo(plan))},
         {"by_owner", shares_json(shares_by_owner(plan))},
         {"histories", list_json(plan.histories, history_json)},
         {"repos", list_json(plan.repos, dead_repo_json)},
         {"uploads", list_json(plan.uploads, upload_json)},
         {"files", list_json(plan.files, file_json)},
         {"segments", list_json(plan.segments, segment_json)},
         {"objects", list_json(plan.objects, object_json)},
         {"caches", list_json(plan.caches, object_json)},
         {"skipped", Json::array_of(plan.skipped)}}
    );
}

util::Result<Plan> parse_plan(std::string_view text) {
    RAILHUB_TRY(const Json json, util::parse_json(text, kPlanLimits));
    if (json.text("format") != kFormat) {
        return bad_plan("its format is '" + json.text("format") + "'");
    }
    Plan plan;
    RAILHUB_TRY(plan.made_ms, integer_in(json, "made_ms"));
    RAILHUB_TRY(plan.cutoff_ms, integer_in(json, "cutoff_ms"));
    RAILHUB_TRY(read_list(json, "histories", plan.histories));
    RAILHUB_TRY(read_list(json, "repos", plan.repos));
    RAILHUB_TRY(read_list(json, "uploads", plan.uploads));
    RAILHUB_TRY(read_list(json, "files", plan.files));
    RAILHUB_TRY(read_list(json, "segments", plan.segments));
    RAILHUB_TRY(read_list(json, "objects", plan.objects));
    RAILHUB_TRY(read_list(json, "caches", plan.caches));
    RAILHUB_TRY(read_list(json, "skipped", plan.skipped));
    return plan;
}

} // namespace railhub::collect
