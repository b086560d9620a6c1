// SPDX-License-Identifier: Apache-2.0
// railhub repo create|list|show|delete
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/repo_spec.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

using Visibility = transfer::HubClient::Visibility;

util::Result<ExitCode> run_create(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    RAILHUB_TRY(const auto connection, connect(shell));
    auto url = connection->hub.create_repo(
        shell.ctx, spec.id, args.has("private") ? Visibility::Private : Visibility::Public
    );
    const bool exists = !url.ok() && url.error().code == util::Code::AlreadyExists;
    if (exists && args.has("exist-ok")) {
        shell.print(
            util::Json::object({{"id", spec.id.full_name()}, {"created", false}}),
            spec.id.describe() + " is there already\n"
        );
        return ExitCode::Done;
    }
    RAILHUB_TRY(url);
    shell.print(
        util::Json::object({{"id", spec.id.full_name()}, {"url", *url}, {"created", true}}),
        "created " + *url + "\n"
    );
    shell.terminal.say("next: railhub push " + args.text("REPO") + " FOLDER");
    return ExitCode::Done;
}

util::Json repo_json(const transfer::RepoInfo& repo) {
    return util::Json::object(
        {{"id", repo.id},
         {"private", repo.is_private},
         {"sha", repo.sha},
         {"last_modified", repo.last_modified},
         {"created_at", repo.created_at},
         {"tags", util::Json::array_of(repo.tags)}}
    );
}

// License as the tags say it: "license:mit".
std::string license_of(const transfer::RepoInfo& repo) {
    for (const auto& tag : repo.tags) {
        if (tag.starts_with("license:")) {
            return tag.substr(8);
        }
    }
    return "-";
}

util::Result<ExitCode> run_list(Shell& shell, const Args& args) {
    transfer::RepoQuery query;
    const std::string type = args.text("type");
    RAILHUB_TRY(query.kind, types::parse_kind(type.empty() ? "model" : type));
    query.author = args.text("owner");
    query.search = args.text("SEARCH");
    query.limit = static_cast<std::size_t>(args.number("limit"));
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(const auto repos, connection->hub.list_repos(shell.ctx, query));
    util::Json list = util::Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& repo : repos) {
        list.push_back(repo_json(repo));
        rows.push_back(
            {repo.id,
             repo.is_private ? "private" : "public",
             license_of(repo),
             repo.last_modified.substr(0, 10)}
        );
    }
    shell.print(list, align(rows));
    if (rows.empty()) {
        shell.terminal.say("no " + std::string(types::kind_plural(query.kind)) + " found");
    }
    return ExitCode::Done;
}

util::Result<ExitCode> run_show(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(const auto repo, connection->hub.info(shell.ctx, spec.id, spec.revision));
    util::Json json = repo_json(repo);
    json.set("files", util::Json::array_of(repo.files));
    json.set("card", repo.card);
    shell.print(
        json,
        align(
            {{"id", repo.id},
             {"visibility", repo.is_private ? "private" : "public"},
             {"license", license_of(repo)},
             {"commit", repo.sha},
             {"changed", repo.last_modified},
             {"files", std::to_string(repo.files.size())},
             {"tags", util::join(repo.tags, ", ")}}
        )
    );
    return ExitCode::Done;
}

util::Result<> confirm_delete(Shell& shell, const Args& args, const types::RepoId& id) {
    if (args.has("yes")) {
        return {};
    }
    const std::string name = id.full_name();
    if (shell.terminal.in_is_tty()) {
        const auto typed = shell.terminal.ask(
            "This deletes " + id.describe() + " with all its history. Type '" + name +
                "' to go on: ",
            Terminal::Echo::On
        );
        if (typed && util::trim(*typed) == name) {
            return {};
        }
    }
    return util::fail(
        util::Code::InvalidInput,
        id.describe() + " is not deleted: nobody confirmed it",
        "pass --yes"
    );
}

util::Result<ExitCode> run_delete(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(confirm_delete(shell, args, spec.id));
    auto deleted = connection->hub.delete_repo(shell.ctx, spec.id);
    const bool is_missing = !deleted.ok() && deleted.error().code == util::Code::NotFound;
    if (!is_missing || !args.has("missing-ok")) {
        RAILHUB_TRY(deleted);
    }
    shell.print(
        util::Json::object({{"id", spec.id.full_name()}, {"deleted", !is_missing}}),
        is_missing ? spec.id.describe() + " was not there\n"
                   : "deleted " + spec.id.describe() + "\n"
    );
    return ExitCode::Done;
}

} // namespace

Command repo_create_command() {
    return {
        .name = "repo create",
        .group = "Repositories",
        .summary = "Create a repository",
        .page = "repo_create",
        .options =
            {type_option(),
             {.name = "private",
              .kind = OptionKind::Switch,
              .help = "Only members of the owner can see it"},
             {.name = "exist-ok", .kind = OptionKind::Switch, .help = "Be content if it is there"}},
        .operands = {repo_operand()},
        .run = run_create};
}

Command repo_list_command() {
    return {
        .name = "repo list",
        .group = "Repositories",
        .summary = "List the repositories you can see",
        .page = "repo_list",
        .options =
            {type_option(),
             {.name = "owner", .value = "NAME", .help = "Of this user or organisation only"},
             {.name = "limit",
              .kind = OptionKind::Number,
              .value = "N",
              .help = "At most so many",
              .fallback = "100"}},
        .operands = {{"SEARCH", Need::Optional, "Text that the name must contain"}},
        .run = run_list};
}

Command repo_show_command() {
    return {
        .name = "repo show",
        .group = "Repositories",
        .summary = "Show one repository",
        .page = "repo_show",
        .options = {type_option()},
        .operands = {repo_operand()},
        .run = run_show};
}

Command repo_delete_command() {
    return {
        .name = "repo delete",
        .group = "Repositories",
        .summary = "Delete a repository with all its history",
        .page = "repo_delete",
        .options =
            {type_option(),
             {.name = "yes", .letter = 'y', .kind = OptionKind::Switch, .help = "Do not ask"},
             {.name = "missing-ok",
              .kind = OptionKind::Switch,
              .help = "Be content if it is not there"}},
        .operands = {repo_operand()},
        .run = run_delete};
}

} // namespace railhub::cli
