// SPDX-License-Identifier: Apache-2.0
// railhub ls, log, branch list|create|delete, tag list|create|delete
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/repo_spec.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

util::Json entry_json(const transfer::RemoteEntry& entry) {
    util::Json json = util::Json::object(
        {{"path", entry.path},
         {"type", entry.is_folder ? "folder" : "file"},
         {"size", entry.size},
         {"oid", entry.oid}}
    );
    if (entry.lfs) {
        json.set("sha256", entry.lfs->hex());
    }
    return json;
}

// A file that was named is listed by itself.
util::Result<std::vector<transfer::RemoteEntry>> list_entries(
    Shell& shell,
    const transfer::HubClient& hub,
    const types::RepoId& id,
    const std::string& revision,
    const Args& args
) {
    using Depth = transfer::HubClient::Depth;
    std::string path = args.text("PATH");
    while (path.ends_with('/')) {
        path.pop_back();
    }
    const Depth depth = args.has("recursive") ? Depth::Recursive : Depth::OneLevel;
    auto entries = hub.tree(shell.ctx, id, revision, path, depth);
    const bool may_be_file = !entries.ok() && entries.error().reason == "EntryNotFound";
    if (!may_be_file || path.empty()) {
        return entries;
    }
    RAILHUB_TRY(auto named, hub.paths_info(shell.ctx, id, revision, {path}));
    return named.empty() ? std::move(entries) : std::move(named);
}

util::Result<ExitCode> run_ls(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    RAILHUB_TRY(const std::string revision, choose_revision(spec, args, "main"));
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(const auto entries, list_entries(shell, connection->hub, spec.id, revision, args));
    util::Json list = util::Json::array();
    std::vector<std::vector<std::string>> rows;
    std::string names;
    for (const auto& entry : entries) {
        list.push_back(entry_json(entry));
        const std::string shown = entry.is_folder ? entry.path + "/" : entry.path;
        names += shown + "\n";
        rows.push_back(
            {entry.is_folder ? "-" : util::human_bytes(entry.size),
             entry.lfs ? "large" : "-",
             shown}
        );
    }
    shell.print(list, args.has("long") ? align(rows) : names);
    return ExitCode::Done;
}

util::Result<ExitCode> run_log(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    RAILHUB_TRY(const std::string revision, choose_revision(spec, args, "main"));
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(
        const auto log,
        connection->hub.log(
            shell.ctx, spec.id, revision, static_cast<std::size_t>(args.number("limit"))
        )
    );
    util::Json list = util::Json::array();
    std::string text;
    for (const auto& commit : log.commits) {
        list.push_back(util::Json::object(
            {{"id", commit.id},
             {"title", commit.title},
             {"message", commit.message},
             {"date", commit.date},
             {"authors", util::Json::array_of(commit.authors)}}
        ));
        text += shell.terminal.styled(Style::Yellow, commit.id.substr(0, 12)) + "  " +
                commit.date.substr(0, 16) + "  " + util::join(commit.authors, ", ") + "  " +
                commit.title + "\n";
    }
    shell.print(list, text);
    return ExitCode::Done;
}

enum class RefKind : std::uint8_t { Branch, Tag };

util::Result<ExitCode> list_refs(Shell& shell, const Args& args, RefKind kind) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(const auto refs, connection->hub.refs(shell.ctx, spec.id));
    util::Json list = util::Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& ref : kind == RefKind::Branch ? refs.branches : refs.tags) {
        list.push_back(util::Json::object({{"name", ref.name}, {"commit", ref.commit}}));
        rows.push_back({ref.commit.substr(0, 12), ref.name});
    }
    shell.print(list, align(rows));
    return ExitCode::Done;
}

util::Result<ExitCode> run_branch_list(Shell& shell, const Args& args) {
    return list_refs(shell, args, RefKind::Branch);
}

util::Result<ExitCode> run_tag_list(Shell& shell, const Args& args) {
    return list_refs(shell, args, RefKind::Tag);
}

util::Result<ExitCode>
say_done(Shell& shell, std::string_view verb, const Args& args, std::string_view noun) {
    const std::string name = args.text("NAME");
    shell.print(
        util::Json::object({{"repo", args.text("REPO")}, {"name", name}, {std::string(verb), true}}
        ),
        std::string(verb) + " " + std::string(noun) + " '" + name + "'\n"
    );
    return ExitCode::Done;
}

util::Result<ExitCode> run_branch_create(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    RAILHUB_TRY(const std::string from, choose_revision(spec, args, ""));
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(connection->hub.create_branch(shell.ctx, spec.id, args.text("NAME"), from));
    return say_done(shell, "created", args, "branch");
}

util::Result<ExitCode> run_branch_delete(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(connection->hub.delete_branch(shell.ctx, spec.id, args.text("NAME")));
    return say_done(shell, "deleted", args, "branch");
}

util::Result<ExitCode> run_tag_create(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    RAILHUB_TRY(const std::string revision, choose_revision(spec, args, "main"));
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(connection->hub.create_tag(
        shell.ctx, spec.id, args.text("NAME"), revision, args.text("message")
    ));
    return say_done(shell, "created", args, "tag");
}

util::Result<ExitCode> run_tag_delete(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    RAILHUB_TRY(const auto connection, connect(shell));
    RAILHUB_TRY(connection->hub.delete_tag(shell.ctx, spec.id, args.text("NAME")));
    return say_done(shell, "deleted", args, "tag");
}

Command ref_command(std::string name, std::string summary, RunFunction run) {
    Command command{
        .name = std::move(name),
        .group = "Repositories",
        .summary = std::move(summary),
        .page = {},
        .options = {type_option()},
        .operands = {repo_operand()},
        .run = run};
    command.page = command.name;
    command.page[command.page.find(' ')] = '_';
    return command;
}

} // namespace

Command ls_command() {
    return {
        .name = "ls",
        .group = "Everyday",
        .summary = "List the files of a repository",
        .page = "ls",
        .options =
            {type_option(),
             revision_option("Branch, tag or commit [main]"),
             {.name = "recursive",
              .letter = 'R',
              .kind = OptionKind::Switch,
              .help = "Also below folders"},
             {.name = "long", .letter = 'l', .kind = OptionKind::Switch, .help = "With sizes"}},
        .operands = {repo_operand(), {"PATH", Need::Optional, "Folder or file in it"}},
        .run = run_ls};
}

Command log_command() {
    return {
        .name = "log",
        .group = "Everyday",
        .summary = "Show the commits of a repository",
        .page = "log",
        .options =
            {type_option(),
             revision_option("Branch, tag or commit to start from [main]"),
             {.name = "limit",
              .letter = 'n',
              .kind = OptionKind::Number,
              .value = "N",
              .help = "At most so many",
              .fallback = "20"}},
        .operands = {repo_operand()},
        .run = run_log};
}

Command branch_list_command() {
    return ref_command("branch list", "List branches", run_branch_list);
}

Command branch_create_command() {
    Command command = ref_command("branch create", "Create a branch", run_branch_create);
    command.options.push_back(revision_option("Where it starts [tip of main]"));
    command.operands.push_back({"NAME", Need::Required, "Name of the branch"});
    return command;
}

Command branch_delete_command() {
    Command command = ref_command("branch delete", "Delete a branch", run_branch_delete);
    command.operands.push_back({"NAME", Need::Required, "Name of the branch"});
    return command;
}

Command tag_list_command() {
    return ref_command("tag list", "List tags", run_tag_list);
}

Command tag_create_command() {
    Command command = ref_command("tag create", "Tag a revision", run_tag_create);
    command.options.push_back(revision_option("What to tag [main]"));
    command.options.push_back(
        {.name = "message", .letter = 'm', .value = "TEXT", .help = "Makes an annotated tag"}
    );
    command.operands.push_back({"NAME", Need::Required, "Name of the tag"});
    return command;
}

Command tag_delete_command() {
    Command command = ref_command("tag delete", "Delete a tag", run_tag_delete);
    command.operands.push_back({"NAME", Need::Required, "Name of the tag"});
    return command;
}

} // namespace railhub::cli
