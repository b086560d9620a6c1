// SPDX-License-Identifier: Apache-2.0
// Writing, reading and checking plans.
#include "core/transfer/push_plan_file.h"

#include "core/transfer/file_scan.h"
#include "core/transfer/local_folder.h"
#include "core/types/repo_path.h"

#include <algorithm>
#include <array>

namespace railhub::transfer {

namespace {

constexpr std::string_view kPlanFormat = "push-plan/1";
constexpr std::size_t kMaxPlanFiles = 1'000'000;

struct StateWord {
    PushState state;
    std::string_view word;
};

constexpr std::array<StateWord, 5> kStateWords{{
    {PushState::Ignored, "ignored"},
    {PushState::Unchanged, "unchanged"},
    {PushState::Known, "known"},
    {PushState::Inline, "commit"},
    {PushState::Sent, "upload"},
}};

util::Error bad_plan(const std::string& what) {
    return util::fail(
        util::Code::InvalidInput,
        "this is no push plan: " + what,
        "'railhub push REPO PATH --plan FILE' writes one"
    );
}

util::Error changed_since(const std::string& what) {
    return util::fail(
        util::Code::Conflict,
        what + " since the plan was made; nothing was pushed",
        "make a new plan with 'railhub push --plan'"
    );
}

util::Result<std::string> git_oid_of(util::Fs& fs, const PushItem& item) {
    return hash_file(fs, item.local, {item.stamp.size, std::nullopt, std::string(40, '0')});
}

util::Result<util::Json> print_item(util::Fs& fs, const PushItem& item) {
    util::Json json = util::Json::object(
        {{"path", item.path},
         {"local", item.local},
         {"state", push_state_word(item.state)},
         {"size", item.stamp.size},
         {"modified_ns", item.stamp.modified_ns},
         {"inode", item.stamp.inode},
         {"sha256", nullptr},
         {"git_oid", nullptr}}
    );
    if (item.blob) {
        json.set("sha256", item.blob->sha256.hex());
    } else if (item.state != PushState::Ignored) {
        RAILHUB_TRY(const std::string oid, git_oid_of(fs, item));
        json.set("git_oid", oid);
    }
    return json;
}

util::Result<PushItem> parse_item(const util::Json& json) {
    PushItem item;
    item.path = json.text("path");
    RAILHUB_TRY(types::RepoPath::parse(item.path).with_context("a path of the plan"));
    item.local = json.text("local");
    const util::Json* modified = json.find("modified_ns");
    item.stamp = {
        json.number("size"),
        modified == nullptr ? 0 : modified->as_int().value_or(0),
        json.number("inode")};
    const auto state =
        std::find_if(kStateWords.begin(), kStateWords.end(), [&](const StateWord& word) {
            return word.word == json.text("state");
        });
    if (item.local.empty() || state == kStateWords.end()) {
        return bad_plan("'" + item.path + "' has no state or no local file");
    }
    item.state = state->state;
    const util::Json* sha256 = json.find("sha256");
    if (sha256 != nullptr && sha256->is_string()) {
        RAILHUB_TRY(const util::Sha256 parsed, util::Sha256::parse(*sha256->as_string()));
        item.blob = types::BlobRef{parsed, item.stamp.size};
    }
    item.git_oid = json.text("git_oid");
    const bool is_large = item.state == PushState::Known || item.state == PushState::Sent;
    if ((is_large && !item.blob) || (item.state == PushState::Inline && item.git_oid.empty())) {
        return bad_plan("'" + item.path + "' has no hash");
    }
    return item;
}

// Same content as planned; a new time stamp alone is no change.
util::Result<>
check_item(const util::Context& ctx, const PushTools& tools, PushItem& item, util::Task& task) {
    const std::string change = "'" + item.local + "' changed";
    RAILHUB_TRY(const auto info, tools.fs.info(item.local));
    if (!info) {
        return changed_since("'" + item.local + "' was removed");
    }
    if (!info->is_symlink && info->size != item.stamp.size) {
        return changed_since(change);
    }
    if (!item.blob) {
        RAILHUB_TRY(const std::string oid, git_oid_of(tools.fs, item));
        return oid == item.git_oid ? util::Result<>() : changed_since(change);
    }
    const bool is_untouched = !info->is_symlink && item.stamp.inode == info->inode &&
                              item.stamp.modified_ns == info->modified_ns;
    if (!is_untouched) {
        RAILHUB_TRY(
            const FileScan scan, scan_file(ctx, tools.fs, item.local, ScanDepth::Sha256, task)
        );
        if (scan.sha256 != item.blob->sha256) {
            return changed_since(change);
        }
    }
    if (const auto memo = tools.memo.find_file(item.local, item.stamp)) {
        item.chunks = memo->chunks;
    }
    return {};
}

} // namespace

std::string_view push_state_word(PushState state) {
    const auto found =
        std::find_if(kStateWords.begin(), kStateWords.end(), [&](const StateWord& word) {
            return word.state == state;
        });
    return found->word;
}

util::Result<util::Json> print_push_plan(util::Fs& fs, const PlannedPush& planned) {
    const PushRequest& request = planned.request;
    util::Json files = util::Json::array();
    for (const PushItem& item : planned.plan.items) {
        RAILHUB_TRY(util::Json json, print_item(fs, item));
        files.push_back(std::move(json));
    }
    util::Json deletions = util::Json::array();
    for (const auto& path : planned.plan.deletions) {
        deletions.push_back(util::Json::object({{"path", path}}));
    }
    return util::Json::object(
        {{"format", kPlanFormat},
         {"endpoint", planned.endpoint},
         {"repo",
          util::Json::object(
              {{"kind", types::kind_word(request.id.kind)},
               {"owner", request.id.owner},
               {"name", request.id.name}}
          )},
         {"branch", request.branch},
         {"parent", planned.plan.tip.empty() ? util::Json() : util::Json(planned.plan.tip)},
         {"title", request.title},
         {"description", request.description},
         {"source", request.source},
         {"total_bytes", planned.plan.total_bytes()},
         {"send_bytes", planned.plan.send_bytes()},
         {"files", std::move(files)},
         {"deletions", std::move(deletions)}}
    );
}

util::Result<PlannedPush> parse_push_plan(const util::Json& json) {
    if (json.text("format") != kPlanFormat) {
        return bad_plan("its format is '" + json.text("format") + "'");
    }
    PlannedPush planned;
    PushRequest& request = planned.request;
    planned.endpoint = json.text("endpoint");
    const util::Json* repo = json.find("repo");
    const util::Json* files = json.find("files");
    const util::JsonArray* items = files == nullptr ? nullptr : files->as_array();
    if (repo == nullptr || items == nullptr || items->size() > kMaxPlanFiles) {
        return bad_plan("it has no repository or no files");
    }
    RAILHUB_TRY(const types::RepoKind kind, types::parse_kind(repo->text("kind")));
    RAILHUB_TRY(
        request.id, types::RepoId::parse(kind, repo->text("owner") + "/" + repo->text("name"))
    );
    request.branch = json.text("branch");
    request.title = json.text("title");
    request.description = json.text("description");
    request.source = json.text("source");
    request.on_move = OnMove::Refuse;
    planned.plan.tip = json.text("parent");
    for (const auto& file : *items) {
        RAILHUB_TRY(PushItem item, parse_item(file));
        planned.plan.items.push_back(std::move(item));
    }
    const util::Json* list = json.find("deletions");
    const util::JsonArray* deletions = list == nullptr ? nullptr : list->as_array();
    for (std::size_t i = 0; deletions != nullptr && i < deletions->size(); ++i) {
        const std::string path = (*deletions)[i].text("path");
        RAILHUB_TRY(types::RepoPath::parse(path).with_context("a path of the plan"));
        planned.plan.deletions.push_back(path);
    }
    return planned;
}

util::Result<>
renew_push_plan(const util::Context& ctx, const PushTools& tools, PlannedPush& planned) {
    const PushRequest& request = planned.request;
    RAILHUB_TRY(const RepoInfo info, tools.hub.info(ctx, request.id, request.branch));
    if (info.sha != planned.plan.tip) {
        return changed_since(
            "branch '" + request.branch + "' of " + request.id.describe() + " moved"
        );
    }
    util::Task task(ctx.progress, "checking", planned.plan.total_bytes(), "B");
    bool has_large = false;
    for (PushItem& item : planned.plan.items) {
        RAILHUB_TRY(ctx.check_stop());
        if (item.state != PushState::Ignored) {
            RAILHUB_TRY(check_item(ctx, tools, item, task));
        }
        has_large = has_large || item.state == PushState::Sent;
    }
    if (has_large && request.way == PushWay::Best) {
        RAILHUB_TRY(
            planned.plan.cas,
            CasClient::open(ctx, tools.hub.session(), request.id, request.branch, CasScope::Write)
        );
    }
    return {};
}

} // namespace railhub::transfer
