// SPDX-License-Identifier: Apache-2.0
// Reading the Hub's JSON; what no client needs is ignored.
#include "core/transfer/hub_json.h"

#include "core/types/repo_path.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::transfer {

namespace {

std::vector<std::string> read_texts(const util::Json* list, std::string_view member = {}) {
    std::vector<std::string> texts;
    const util::JsonArray* items = list == nullptr ? nullptr : list->as_array();
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        const util::Json* value = member.empty() ? &(*items)[i] : (*items)[i].find(member);
        if (value != nullptr && value->is_string()) {
            texts.push_back(*value->as_string());
        }
    }
    return texts;
}

// 16 TiB: above what hubs hold, below what would hurt us to plan for.
constexpr std::uint64_t kMaxFileSize = std::uint64_t{1} << 44;

util::Error bad_answer(const std::string& what) {
    return util::fail(util::Code::Corrupt, "the hub's answer makes no sense: " + what);
}

// Part URLs are the members with decimal names, ordered by number.
util::Result<> read_parts(const util::Json& header, const types::BlobRef& blob, LfsAction& action) {
    const auto part_size = util::parse_decimal(header.text("chunk_size"));
    std::vector<std::pair<std::uint64_t, std::string>> numbered;
    for (const auto& [name, value] : *header.as_object()) {
        const auto number = util::parse_decimal(name);
        if (number && value.is_string()) {
            numbered.emplace_back(*number, *value.as_string());
        }
    }
    std::sort(numbered.begin(), numbered.end());
    if (!part_size || *part_size == 0 ||
        numbered.size() != (blob.size + *part_size - 1) / *part_size) {
        return bad_answer("the parts of '" + blob.sha256.hex() + "' do not add up");
    }
    action.part_size = *part_size;
    for (auto& [number, href] : numbered) {
        action.parts.push_back(std::move(href));
    }
    return {};
}

util::Result<LfsAction> read_action(const util::Json& json, const types::BlobRef& blob) {
    LfsAction action;
    action.href = json.text("href");
    const util::Json* header = json.find("header");
    if (header != nullptr && header->find("chunk_size") != nullptr) {
        RAILHUB_TRY(read_parts(*header, blob, action));
        return action;
    }
    const util::JsonObject* fields = header == nullptr ? nullptr : header->as_object();
    for (std::size_t i = 0; fields != nullptr && i < fields->size(); ++i) {
        const auto& [name, value] = (*fields)[i];
        if (value.is_string()) {
            action.headers.emplace_back(name, *value.as_string());
        }
    }
    return action;
}

} // namespace

util::Result<WhoAmI> read_whoami(const util::Json& json) {
    WhoAmI who;
    who.name = json.text("name");
    if (who.name.empty()) {
        return bad_answer("whoami names nobody");
    }
    who.full_name = json.text("fullname");
    who.email = json.text("email");
    who.kind = json.text("type", "user");
    const util::Json* orgs = json.find("orgs");
    const util::JsonArray* items = orgs == nullptr ? nullptr : orgs->as_array();
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        who.orgs.push_back({(*items)[i].text("name"), (*items)[i].text("roleInOrg")});
    }
    const util::Json* auth = json.find("auth");
    const util::Json* token = auth == nullptr ? nullptr : auth->find("accessToken");
    if (token != nullptr) {
        who.token_name = token->text("displayName");
        who.token_role = token->text("role");
    }
    return who;
}

RepoInfo read_repo(const util::Json& json) {
    RepoInfo repo;
    repo.id = json.text("id");
    repo.sha = json.text("sha");
    repo.is_private = json.flag("private");
    repo.last_modified = json.text("lastModified");
    repo.created_at = json.text("createdAt");
    repo.tags = read_texts(json.find("tags"));
    repo.files = read_texts(json.find("siblings"), "rfilename");
    if (const util::Json* card = json.find("cardData")) {
        repo.card = *card;
    }
    return repo;
}

util::Result<RemoteEntry> read_entry(const util::Json& json) {
    RemoteEntry entry;
    entry.path = json.text("path");
    // What a server names becomes a file on this disk: the rules for paths hold here too.
    RAILHUB_TRY(types::RepoPath::parse(entry.path).with_context("a path the hub lists"));
    entry.is_folder = json.text("type") == "directory";
    entry.oid = json.text("oid");
    entry.size = json.number("size");
    if (const util::Json* lfs = json.find("lfs"); lfs != nullptr && lfs->is_object()) {
        RAILHUB_TRY(entry.lfs, util::Sha256::parse(lfs->text("oid", lfs->text("sha256"))));
        entry.size = lfs->number("size", entry.size);
        entry.xet_hash = json.text("xetHash");
    }
    if (entry.size > kMaxFileSize) {
        return bad_answer("'" + entry.path + "' has " + std::to_string(entry.size) + " bytes");
    }
    const bool is_object_id = entry.oid.size() == 40 &&
                              entry.oid.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_object_id) {
        return bad_answer("no object id for '" + entry.path + "'");
    }
    return entry;
}

std::vector<RemoteRef> read_refs(const util::Json* list) {
    std::vector<RemoteRef> refs;
    const util::JsonArray* items = list == nullptr ? nullptr : list->as_array();
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        const util::Json& item = (*items)[i];
        refs.push_back({item.text("name"), item.text("ref"), item.text("targetCommit")});
    }
    return refs;
}

RemoteCommit read_commit(const util::Json& json) {
    return {
        json.text("id"),
        json.text("title"),
        json.text("message"),
        json.text("date"),
        read_texts(json.find("authors"), "user")};
}

util::Result<LfsObject> read_lfs_object(const util::Json& json) {
    LfsObject object;
    RAILHUB_TRY(object.blob.sha256, util::Sha256::parse(json.text("oid")));
    object.blob.size = json.number("size");
    if (const util::Json* error = json.find("error")) {
        object.error = error->text("message", "refused");
    }
    const util::Json* actions = json.find("actions");
    const util::Json* upload = actions == nullptr ? nullptr : actions->find("upload");
    const util::Json* verify = actions == nullptr ? nullptr : actions->find("verify");
    if (upload != nullptr) {
        RAILHUB_TRY(object.upload, read_action(*upload, object.blob));
    }
    if (verify != nullptr) {
        RAILHUB_TRY(object.verify, read_action(*verify, object.blob));
    }
    return object;
}

} // namespace railhub::transfer
