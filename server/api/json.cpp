// SPDX-License-Identifier: Apache-2.0
#include "server/api/json.h"

namespace railhub::server::api {

std::string iso_date_of_millis(std::int64_t millis) {
    return util::to_iso8601(util::from_millis(millis));
}

std::string iso_date(std::int64_t seconds) {
    // Commits can claim any time; a year has four digits.
    constexpr std::int64_t kLast = 253'402'300'799;
    const std::int64_t shown = seconds < 0 ? 0 : (seconds > kLast ? kLast : seconds);
    return iso_date_of_millis(shown * 1000);
}

util::Json entry_json(const repo::TreeEntry& entry, const std::optional<xet::Hash>& xet) {
    const bool is_folder = entry.kind == repo::EntryKind::Directory;
    auto json = util::Json::object(
        {{"type", is_folder ? "directory" : "file"},
         {"oid", entry.oid.hex()},
         {"size", entry.size},
         {"path", entry.path}}
    );
    if (entry.lfs) {
        json.set(
            "lfs",
            util::Json::object(
                {{"oid", entry.lfs->sha256.hex()},
                 {"size", entry.lfs->size},
                 {"pointerSize", entry.pointer_size}}
            )
        );
    }
    if (xet) {
        json.set("xetHash", xet->text());
    }
    if (entry.last_commit) {
        json.set(
            "lastCommit",
            util::Json::object(
                {{"id", entry.last_commit->oid.hex()},
                 {"title", entry.last_commit->title},
                 {"date", iso_date(entry.last_commit->seconds)}}
            )
        );
    }
    return json;
}

util::Result<std::vector<std::string>> text_list(const util::Json& body, std::string_view key) {
    std::vector<std::string> list;
    const util::Json* member = body.find(key);
    if (member == nullptr || member->is_null()) {
        return list;
    }
    if (const std::string* text = member->as_string()) {
        list.push_back(*text);
        return list;
    }
    const util::JsonArray* items = member->as_array();
    bool is_text = items != nullptr;
    for (std::size_t i = 0; is_text && i < items->size(); ++i) {
        const std::string* text = (*items)[i].as_string();
        is_text = text != nullptr;
        if (is_text) {
            list.push_back(*text);
        }
    }
    if (!is_text) {
        return util::fail(
            util::Code::InvalidInput, "'" + std::string(key) + "' is no list of strings"
        );
    }
    return list;
}

util::Result<std::string> text_member(const util::Json& body, std::string_view key) {
    const util::Json* member = body.find(key);
    if (member == nullptr || member->is_null()) {
        return std::string();
    }
    const std::string* text = member->as_string();
    if (text == nullptr) {
        return util::fail(util::Code::InvalidInput, "'" + std::string(key) + "' is no string");
    }
    return *text;
}

util::Result<std::optional<bool>> privacy_of(const util::Json& body) {
    RAILHUB_TRY(const std::string visibility, text_member(body, "visibility"));
    if (visibility == "private" || visibility == "public") {
        return std::optional(visibility == "private");
    }
    if (!visibility.empty()) {
        return util::fail(
            util::Code::InvalidInput,
            "visibility '" + visibility + "' is not known here",
            "it is public or private"
        );
    }
    const util::Json* flag = body.find("private");
    if (flag == nullptr || flag->is_null()) {
        return std::optional<bool>{};
    }
    const auto value = flag->as_bool();
    if (!value) {
        return util::fail(util::Code::InvalidInput, "'private' is neither true nor false");
    }
    return value;
}

} // namespace railhub::server::api
