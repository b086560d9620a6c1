// SPDX-License-Identifier: Apache-2.0
// railhub pull
#include "core/transfer/pull.h"

#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/pull_policy.h"
#include "cli/repo_spec.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

using transfer::PullState;

std::string_view state_word(PullState state) {
    switch (state) {
    case PullState::Present:
        return "present";
    case PullState::Linked:
        return "linked";
    case PullState::Fetched:
        return "fetch";
    }
    return "fetch";
}

util::Json plan_json(const transfer::PullPlan& plan) {
    util::Json files = util::Json::array();
    for (const auto& item : plan.items) {
        files.push_back(util::Json::object(
            {{"path", item.entry.path},
             {"size", item.entry.size},
             {"state", state_word(item.state)}}
        ));
    }
    return util::Json::object(
        {{"commit", plan.commit},
         {"path", plan.target},
         {"total_bytes", plan.total_bytes()},
         {"fetch_bytes", plan.fetch_bytes()},
         {"files", std::move(files)}}
    );
}

std::string plan_text(const transfer::PullPlan& plan) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& item : plan.items) {
        rows.push_back(
            {std::string(state_word(item.state)),
             util::human_bytes(item.entry.size),
             item.entry.path}
        );
    }
    return align(rows) + "to fetch: " + std::to_string(plan.count(PullState::Fetched)) + " of " +
           std::to_string(plan.items.size()) + " files, " + util::human_bytes(plan.fetch_bytes()) +
           " of " + util::human_bytes(plan.total_bytes()) + ", into " + plan.target + "\n";
}

util::Result<transfer::PullRequest> make_request(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    transfer::PullRequest request;
    request.id = spec.id;
    RAILHUB_TRY(request.revision, choose_revision(spec, args, "main"));
    request.files = args.list("FILE");
    request.include = args.list("include");
    request.exclude = args.list("exclude");
    request.cache_folder = args.has("cache") ? args.text("cache") : shell.config.cache_folder;
    request.local_folder = args.text("to");
    request.way = shell.config.uses_xet ? transfer::PullWay::Best : transfer::PullWay::Plain;
    request.download.connections =
        static_cast<std::size_t>(std::max<std::uint64_t>(1, args.number("jobs")));
    return request;
}

util::Result<ExitCode>
show_done(Shell& shell, const transfer::PullPlan& plan, const transfer::PullResult& result) {
    const std::uint64_t fetched =
        plan.fetch_bytes() - std::min(plan.fetch_bytes(), result.reused_bytes);
    shell.terminal.say(
        "pulled " + std::to_string(plan.items.size()) + " files at " + plan.commit.substr(0, 12) +
        ": " + util::human_bytes(fetched) + " fetched, the rest was there"
    );
    util::Json json = plan_json(plan);
    json.set("reused_bytes", result.reused_bytes);
    json.set("xet_bytes", result.xet_bytes);
    shell.print(json, plan.target + "\n");
    return ExitCode::Done;
}

// Whether the policy that was named lets the planned commit in; without one everything may.
util::Result<ExitCode> ask_policy(
    Shell& shell,
    const Args& args,
    const transfer::PullRequest& request,
    const transfer::PullPlan& plan
) {
    return args.has("policy") ? judge_pull(shell, args, {request.id, plan.commit})
                              : util::Result<ExitCode>(ExitCode::Done);
}

util::Result<ExitCode> run_pull(Shell& shell, const Args& args) {
    RAILHUB_TRY(const transfer::PullRequest request, make_request(shell, args));
    if (shell.config.is_offline) {
        RAILHUB_TRY(const auto plan, transfer::plan_offline(shell.fs, request));
        RAILHUB_TRY(const ExitCode allowed, ask_policy(shell, args, request, plan));
        if (allowed != ExitCode::Done) {
            return allowed;
        }
        RAILHUB_TRY(transfer::run_offline(shell.fs, request, plan));
        return show_done(shell, plan, {});
    }
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(
        const transfer::PullPlan plan,
        transfer::plan_pull(shell.ctx, connection->hub, shell.fs, request)
    );
    RAILHUB_TRY(const ExitCode allowed, ask_policy(shell, args, request, plan));
    if (allowed != ExitCode::Done) {
        return allowed;
    }
    if (args.has("dry-run")) {
        shell.print(plan_json(plan), plan_text(plan));
        return ExitCode::Done;
    }
    RAILHUB_TRY(
        const transfer::PullResult result,
        transfer::run_pull(shell.ctx, connection->hub, shell.random, shell.fs, request, plan)
    );
    return show_done(shell, plan, result);
}

} // namespace

Command pull_command() {
    return {
        .name = "pull",
        .group = "Everyday",
        .summary = "Download a repository, verified, into the cache or a folder",
        .page = "pull",
        .options =
            {type_option(),
             revision_option("Branch, tag or commit [main]"),
             {.name = "to", .value = "FOLDER", .help = "Into this folder instead of the cache"},
             {.name = "include",
              .kind = OptionKind::List,
              .value = "GLOB",
              .help = "Only these paths; * also crosses slashes"},
             {.name = "exclude",
              .kind = OptionKind::List,
              .value = "GLOB",
              .help = "Not these paths"},
             {.name = "cache", .value = "FOLDER", .help = "Cache folder (variable HF_HUB_CACHE)"},
             {.name = "jobs",
              .letter = 'j',
              .kind = OptionKind::Number,
              .value = "N",
              .help = "Connections",
              .fallback = "8"},
             policy_file_option(),
             {.name = "dry-run",
              .letter = 'n',
              .kind = OptionKind::Switch,
              .help = "Show what would be fetched, with sizes"}},
        .operands = {repo_operand(), {"FILE", Need::AnyNumber, "Only these files"}},
        .run = run_pull};
}

} // namespace railhub::cli
