// SPDX-License-Identifier: Apache-2.0
// railhub push
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/repo_spec.h"
#include "core/transfer/push_plan_file.h"
#include "core/util/digest.h"
#include "core/util/text.h"

#include <filesystem>

namespace railhub::cli {

namespace {

using transfer::push_state_word;
using transfer::PushState;

constexpr std::size_t kMaxPlanFile = std::size_t{1} << 29;

util::Json push_plan_json(const transfer::PushPlan& plan) {
    util::Json files = util::Json::array();
    for (const auto& item : plan.items) {
        files.push_back(util::Json::object(
            {{"path", item.path}, {"size", item.stamp.size}, {"state", push_state_word(item.state)}}
        ));
    }
    return util::Json::object(
        {{"total_bytes", plan.total_bytes()},
         {"send_bytes", plan.send_bytes()},
         {"files", std::move(files)},
         {"deletions", util::Json::array_of(plan.deletions)}}
    );
}

std::string push_plan_text(const transfer::PushPlan& plan) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& item : plan.items) {
        rows.push_back(
            {std::string(push_state_word(item.state)),
             util::human_bytes(item.stamp.size),
             item.path}
        );
    }
    for (const auto& path : plan.deletions) {
        rows.push_back({"delete", "-", path});
    }
    const std::size_t moving = plan.count(PushState::Inline) + plan.count(PushState::Sent);
    return align(rows) + "to send: " + std::to_string(moving) + " of " +
           std::to_string(plan.items.size()) + " files, " + util::human_bytes(plan.send_bytes()) +
           " of " + util::human_bytes(plan.total_bytes()) + "\n";
}

std::string default_title(const std::string& source) {
    std::string name = std::filesystem::path(source).lexically_normal().filename().string();
    if (name.empty() || name == ".") {
        name = "folder";
    }
    return "Upload " + name + " with railhub";
}

void set_transport(const Shell& shell, const Args& args, transfer::PushRequest& request) {
    request.connections = static_cast<std::size_t>(std::max<std::uint64_t>(1, args.number("jobs")));
    request.way = shell.config.uses_xet ? transfer::PushWay::Best : transfer::PushWay::Lfs;
}

util::Result<transfer::PushRequest> make_push_request(const Shell& shell, const Args& args) {
    if (args.text("PATH").empty()) {
        return util::fail(
            util::Code::InvalidInput,
            "REPO and PATH are missing",
            "only --apply goes without them; see 'railhub push --help'"
        );
    }
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    transfer::PushRequest request;
    request.id = spec.id;
    RAILHUB_TRY(request.branch, choose_revision(spec, args, "main"));
    request.source = args.text("PATH");
    while (request.source.size() > 1 && request.source.ends_with('/')) {
        request.source.pop_back();
    }
    request.path_in_repo = args.text("PATH_IN_REPO");
    while (request.path_in_repo.ends_with('/')) {
        request.path_in_repo.pop_back();
    }
    request.include = args.list("include");
    request.exclude = args.list("exclude");
    request.remove = args.list("delete");
    request.title = args.has("message") ? args.text("message") : default_title(request.source);
    request.description = args.text("description");
    request.parent = args.text("parent");
    set_transport(shell, args, request);
    return request;
}

// One memo per folder and hub: the same folder may go to several.
std::string memo_path(const Shell& shell, const std::string& source) {
    std::error_code ignored;
    const std::string whole = std::filesystem::weakly_canonical(source, ignored).string();
    const std::string key = shell.config.endpoint + "\n" + whole;
    const std::string name = util::sha256(util::as_bytes(key)).hex().substr(0, 24);
    return util::join_path(shell.config.state_folder, "push/" + name + ".jsonl");
}

// Plans; a repo that is not there yet is made, unless nothing may be changed.
util::Result<transfer::PushPlan> plan_or_create(
    Shell& shell,
    const transfer::PushTools& tools,
    const transfer::PushRequest& request,
    const Args& args
) {
    auto plan = transfer::plan_push(shell.ctx, tools, request);
    const bool is_missing = !plan.ok() && plan.error().reason == "RepoNotFound" &&
                            plan.error().code == util::Code::NotFound;
    if (!is_missing || args.has("no-create")) {
        return plan;
    }
    if (args.has("dry-run") || args.has("plan")) {
        util::Error error = plan.error();
        error.message = request.id.describe() + " is not there";
        error.hint = args.has("plan") ? "create it with 'railhub repo create', then plan"
                                      : "without --dry-run it would be created";
        return error;
    }
    using Visibility = transfer::HubClient::Visibility;
    RAILHUB_TRY(
        const std::string url,
        tools.hub.create_repo(
            shell.ctx, request.id, args.has("private") ? Visibility::Private : Visibility::Public
        )
    );
    shell.terminal.say("created " + url);
    return transfer::plan_push(shell.ctx, tools, request);
}

// The report of the gate in short: one line per finding.
void show_refusal(Shell& shell, const util::Json& report) {
    if (shell.is_json()) {
        shell.terminal.print(util::Json::object({{"refused", true}, {"report", report}}
        ).dump_pretty());
        return;
    }
    const util::Json* findings = report.find("findings");
    const util::JsonArray* list = findings == nullptr ? nullptr : findings->as_array();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        const util::Json& finding = (*list)[i];
        shell.terminal.complain(
            finding.text("severity") + " " + finding.text("rule") + ":", finding.text("message")
        );
        if (const std::string fix = finding.text("fix"); !fix.empty()) {
            shell.terminal.complain("  fix:", fix);
        }
    }
    shell.terminal.complain("refused:", "the hub's license gate does not let this commit pass");
    shell.terminal.complain("hint:", "'railhub check' on the folder shows the whole report");
}

// Bytes of a push: new to the hub, that travelled for it, and that need not travel because the hub
// had them, as files or in parts of others.
struct Traffic {
    std::uint64_t fresh = 0;
    std::uint64_t sent = 0;
    std::uint64_t saved = 0;
};

Traffic traffic_of(const transfer::PushResult& result) {
    std::uint64_t small = 0;
    for (const auto& item : result.plan.items) {
        small += item.state == PushState::Inline ? item.stamp.size : 0;
    }
    return {
        result.totals.new_bytes + small,
        result.totals.sent_bytes + small,
        result.totals.known_bytes + result.plan.known_bytes()};
}

std::string pushed_text(const transfer::PushResult& result, const Traffic& traffic) {
    std::string text = "pushed " + std::to_string(result.plan.items.size()) +
                       " files: " + util::human_bytes(traffic.sent) + " sent";
    if (traffic.saved > 0) {
        text += ", " + util::human_bytes(traffic.saved) + " saved by deduplication";
    }
    return text;
}

util::Result<ExitCode> show_pushed(Shell& shell, const transfer::PushResult& result) {
    if (!result.refusal.is_null()) {
        show_refusal(shell, result.refusal);
        return ExitCode::Findings;
    }
    util::Json json = push_plan_json(result.plan);
    const Traffic traffic = traffic_of(result);
    json.set("new_bytes", traffic.fresh);
    json.set("sent_bytes", traffic.sent);
    json.set("saved_bytes", traffic.saved);
    json.set("commit", result.commit);
    json.set("url", result.url);
    const bool is_new = !result.plan.is_empty();
    shell.terminal.say(
        is_new ? pushed_text(result, traffic) : "nothing to do: the hub has all of it"
    );
    if (!result.notes.empty()) {
        shell.terminal.say(result.notes);
    }
    const std::string shown = result.url.empty() ? result.commit : result.url;
    shell.print(json, shown.empty() ? std::string() : shown + "\n");
    return ExitCode::Done;
}

util::Result<ExitCode>
write_plan(Shell& shell, const Args& args, transfer::PushRequest request, transfer::PushPlan plan) {
    const transfer::PlannedPush planned{shell.config.endpoint, std::move(request), std::move(plan)};
    RAILHUB_TRY(const util::Json json, transfer::print_push_plan(shell.fs, planned));
    const std::string path = args.text("plan");
    RAILHUB_TRY(util::write_atomic(shell.fs, path, util::as_bytes(json.dump_pretty())));
    shell.terminal.say("wrote '" + path + "'; 'railhub push --apply " + path + "' carries it out");
    shell.print(push_plan_json(planned.plan), push_plan_text(planned.plan));
    return ExitCode::Done;
}

util::Result<ExitCode> apply_plan(Shell& shell, const Args& args) {
    const std::string path = args.text("apply");
    if (!args.text("REPO").empty() || args.has("plan")) {
        return util::fail(
            util::Code::InvalidInput, "--apply takes all else from the plan '" + path + "'"
        );
    }
    RAILHUB_TRY(const std::string text, util::read_file(shell.fs, path, kMaxPlanFile));
    RAILHUB_TRY(const util::Json json, util::parse_json(text, {.max_bytes = kMaxPlanFile}));
    RAILHUB_TRY(transfer::PlannedPush planned, transfer::parse_push_plan(json));
    if (planned.endpoint != shell.config.endpoint) {
        return util::fail(
            util::Code::Conflict,
            "the plan was made for the hub '" + planned.endpoint + "', not for '" +
                shell.config.endpoint + "'",
            "set --endpoint or HF_ENDPOINT"
        );
    }
    set_transport(shell, args, planned.request);
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(
        transfer::PushMemo memo,
        transfer::PushMemo::open(shell.fs, memo_path(shell, planned.request.source))
    );
    const transfer::PushTools tools{connection->hub, shell.fs, memo, shell.random};
    RAILHUB_TRY(transfer::renew_push_plan(shell.ctx, tools, planned));
    RAILHUB_TRY(
        const transfer::PushResult result,
        transfer::run_push(shell.ctx, tools, planned.request, std::move(planned.plan))
    );
    return show_pushed(shell, result);
}

util::Result<ExitCode> run_push_command(Shell& shell, const Args& args) {
    if (args.has("apply")) {
        return apply_plan(shell, args);
    }
    RAILHUB_TRY(transfer::PushRequest request, make_push_request(shell, args));
    if (args.has("plan")) { // carried out wherever that is called
        request.source = std::filesystem::absolute(request.source).lexically_normal().string();
    }
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(
        transfer::PushMemo memo,
        transfer::PushMemo::open(shell.fs, memo_path(shell, request.source))
    );
    const transfer::PushTools tools{connection->hub, shell.fs, memo, shell.random};
    RAILHUB_TRY(transfer::PushPlan plan, plan_or_create(shell, tools, request, args));
    if (args.has("plan")) {
        return write_plan(shell, args, std::move(request), std::move(plan));
    }
    if (args.has("dry-run")) {
        shell.print(push_plan_json(plan), push_plan_text(plan));
        return ExitCode::Done;
    }
    RAILHUB_TRY(
        const transfer::PushResult result,
        transfer::run_push(shell.ctx, tools, request, std::move(plan))
    );
    return show_pushed(shell, result);
}

std::vector<OptionSpec> push_options() {
    return {
        type_option(),
        revision_option("Branch to commit to [main]"),
        {.name = "message", .letter = 'm', .value = "TEXT", .help = "Title of the commit"},
        {.name = "description", .value = "TEXT", .help = "More about the commit"},
        {.name = "include", .kind = OptionKind::List, .value = "GLOB", .help = "Only these paths"},
        {.name = "exclude", .kind = OptionKind::List, .value = "GLOB", .help = "Not these paths"},
        {.name = "delete",
         .kind = OptionKind::List,
         .value = "GLOB",
         .help = "Delete these paths of the repository in the same commit, except what is pushed"},
        {.name = "parent",
         .value = "COMMIT",
         .help = "Only if the branch is at this commit; otherwise changes made meanwhile are kept"},
        {.name = "private",
         .kind = OptionKind::Switch,
         .help = "A repository created by this push is private"},
        {.name = "no-create",
         .kind = OptionKind::Switch,
         .help = "Do not create a repository that is not there"},
        {.name = "jobs",
         .letter = 'j',
         .kind = OptionKind::Number,
         .value = "N",
         .help = "Connections",
         .fallback = "4"},
        {.name = "dry-run",
         .letter = 'n',
         .kind = OptionKind::Switch,
         .help = "Show what would be sent, with sizes"},
        {.name = "plan", .value = "FILE", .help = "Send nothing, write to FILE what would be done"},
        {.name = "apply",
         .value = "FILE",
         .help = "Do what such a plan says, or nothing if files or branch changed since"}};
}

} // namespace

Command push_command() {
    return {
        .name = "push",
        .group = "Everyday",
        .summary = "Upload a file or folder as one commit",
        .page = "push",
        .options = push_options(),
        .operands =
            {{"REPO", Need::Optional, "Repository: OWNER/NAME or datasets/OWNER/NAME"},
             {"PATH", Need::Optional, "File or folder to upload"},
             {"PATH_IN_REPO",
              Need::Optional,
              "Folder in the repository, or name for a single file"}},
        .run = run_push_command};
}

} // namespace railhub::cli
