// SPDX-License-Identifier: Apache-2.0
// railhub admin: users, organisations, tokens, gate, straight on a data folder.
#include "core/app/admin.h"

#include "cli/admin_hub.h"
#include "cli/commands.h"
#include "cli/repo_spec.h"
#include "cli/shell.h"
#include "core/app/check.h"
#include "core/app/hub.h"
#include "core/app/repos.h"
#include "core/util/text.h"
#include "server/serve.h"

namespace railhub::cli {

namespace {

std::string default_data_folder() {
    for (const auto& setting : server::serve_settings()) {
        if (setting.name == kDataSetting) {
            return std::string(setting.default_value);
        }
    }
    return {};
}

// Whoever can read and write the data folder may do everything.
access::Identity local_operator() {
    access::Identity who;
    who.user = "(command line)";
    who.is_site_admin = true;
    return who;
}

util::Json account_json(const access::Account& account) {
    return util::Json::object(
        {{"name", account.name},
         {"kind", account.is_org ? "org" : "user"},
         {"full_name", account.full_name},
         {"email", account.email},
         {"admin", account.is_site_admin},
         {"created", util::to_iso8601(util::from_millis(account.created_ms))}}
    );
}

util::Result<ExitCode> create_account(Shell& shell, const Args& args, bool is_org) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    app::AccountRequest request;
    request.name = args.text("NAME");
    request.full_name = args.text("full-name");
    request.email = args.text("email");
    using Site = app::AccountRequest::Site;
    request.site = args.has("admin") ? Site::Admin : Site::Ordinary;
    RAILHUB_TRY(
        const access::Account account,
        is_org ? app::add_org(shell.ctx, hub->deps(), request)
               : app::add_user(shell.ctx, hub->deps(), request)
    );
    shell.print(
        account_json(account),
        std::string("created ") + (is_org ? "organisation '" : "user '") + account.name + "'\n"
    );
    if (!is_org) {
        shell.terminal.say(
            "next: railhub admin --data " + data_folder(shell, args) + " token create --user " +
            account.name + " --name laptop --role write"
        );
    }
    return ExitCode::Done;
}

util::Result<ExitCode> run_user_create(Shell& shell, const Args& args) {
    return create_account(shell, args, false);
}

util::Result<ExitCode> run_org_create(Shell& shell, const Args& args) {
    return create_account(shell, args, true);
}

util::Result<ExitCode> list_accounts(Shell& shell, const Args& args, bool is_org) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    RAILHUB_TRY(const auto accounts, app::accounts(shell.ctx, hub->deps()));
    util::Json list = util::Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& account : accounts) {
        if (account.is_org == is_org) {
            list.push_back(account_json(account));
            rows.push_back({account.name, account.is_site_admin ? "admin" : "-", account.full_name}
            );
        }
    }
    shell.print(list, align(rows));
    return ExitCode::Done;
}

util::Result<ExitCode> run_user_list(Shell& shell, const Args& args) {
    return list_accounts(shell, args, false);
}

util::Result<ExitCode> run_org_list(Shell& shell, const Args& args) {
    return list_accounts(shell, args, true);
}

util::Result<ExitCode> run_account_delete(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    const std::string name = args.text("NAME");
    RAILHUB_TRY(app::remove_account(shell.ctx, hub->deps(), name));
    shell.print(util::Json::object({{"deleted", name}}), "deleted '" + name + "'\n");
    return ExitCode::Done;
}

util::Result<ExitCode> run_org_add(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    const std::string org = args.text("ORG");
    const std::string user = args.text("USER");
    RAILHUB_TRY(const access::OrgRole role, access::parse_org_role(args.text("role")));
    RAILHUB_TRY(app::set_member(shell.ctx, hub->deps(), org, user, role));
    shell.print(
        util::Json::object({{"org", org}, {"user", user}, {"role", args.text("role")}}),
        "'" + user + "' is in '" + org + "' with role " + args.text("role") + "\n"
    );
    return ExitCode::Done;
}

util::Result<ExitCode> run_org_remove(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    const std::string org = args.text("ORG");
    const std::string user = args.text("USER");
    RAILHUB_TRY(app::remove_member(shell.ctx, hub->deps(), org, user));
    shell.print(
        util::Json::object({{"org", org}, {"removed", user}}),
        "'" + user + "' is no longer in '" + org + "'\n"
    );
    return ExitCode::Done;
}

util::Result<ExitCode> run_org_members(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    RAILHUB_TRY(const auto members, app::members(shell.ctx, hub->deps(), args.text("ORG")));
    util::Json list = util::Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& member : members) {
        const std::string role(access::role_word(member.role));
        list.push_back(util::Json::object({{"user", member.user}, {"role", role}}));
        rows.push_back({member.user, role});
    }
    shell.print(list, align(rows));
    return ExitCode::Done;
}

util::Result<std::optional<std::chrono::milliseconds>> read_lifetime(const Args& args) {
    if (!args.has("days")) {
        return std::optional<std::chrono::milliseconds>();
    }
    constexpr std::uint64_t kLongest = 36'500;
    const std::uint64_t days = args.number("days");
    if (days == 0 || days > kLongest) {
        return util::fail(util::Code::InvalidInput, "'--days' must be between 1 and 36500");
    }
    return std::optional<std::chrono::milliseconds>(
        std::chrono::hours(24) * static_cast<std::int64_t>(days)
    );
}

util::Result<app::TokenRequest> read_token_request(const Args& args) {
    app::TokenRequest request;
    request.user = args.text("user");
    request.name = args.text("name");
    if (request.user.empty() || request.name.empty()) {
        return util::fail(util::Code::InvalidInput, "'--user' and '--name' are both needed");
    }
    const std::string role = args.text("role");
    RAILHUB_TRY(
        request.role, access::parse_token_role(role == "fine-grained" ? "fineGrained" : role)
    );
    for (const auto& text : args.list("grant")) {
        RAILHUB_TRY(access::TokenGrant grant, app::parse_grant(text));
        request.grants.push_back(std::move(grant));
    }
    const bool is_fine = request.role == access::TokenRole::FineGrained;
    if (is_fine == request.grants.empty()) {
        return util::fail(
            util::Code::InvalidInput,
            is_fine ? "a fine-grained token needs at least one --grant"
                    : "--grant is for tokens with --role fine-grained",
            "for example --grant models/acme/bert:write"
        );
    }
    RAILHUB_TRY(request.lifetime, read_lifetime(args));
    return request;
}

util::Result<ExitCode> run_token_create(Shell& shell, const Args& args) {
    RAILHUB_TRY(const app::TokenRequest request, read_token_request(args));
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    RAILHUB_TRY(const access::NewToken token, app::issue_token(shell.ctx, hub->deps(), request));
    shell.print(
        util::Json::object(
            {{"token", token.secret},
             {"user", request.user},
             {"name", request.name},
             {"role", access::role_word(request.role)}}
        ),
        token.secret + "\n"
    );
    shell.terminal.say("it is shown only now; the hub keeps a hash of it");
    return ExitCode::Done;
}

util::Result<ExitCode> run_token_list(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    RAILHUB_TRY(const auto tokens, app::tokens(shell.ctx, hub->deps(), args.text("USER")));
    util::Json list = util::Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& token : tokens) {
        const std::string created = util::to_iso8601(util::from_millis(token.created_ms));
        const std::string expires =
            token.expires_ms ? util::to_iso8601(util::from_millis(*token.expires_ms)) : "";
        const std::string role(access::role_word(token.role));
        list.push_back(util::Json::object(
            {{"name", token.display_name},
             {"role", role},
             {"created", created},
             {"expires", expires}}
        ));
        rows.push_back(
            {token.display_name,
             role,
             created,
             expires.empty() ? "never expires" : "until " + expires}
        );
    }
    shell.print(list, align(rows));
    return ExitCode::Done;
}

util::Result<ExitCode> run_token_revoke(Shell& shell, const Args& args) {
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    const std::string user = args.text("USER");
    const std::string name = args.text("NAME");
    RAILHUB_TRY(app::revoke_token(shell.ctx, hub->deps(), user, name));
    shell.print(
        util::Json::object({{"user", user}, {"revoked", name}}),
        "revoked token '" + name + "' of '" + user + "'\n"
    );
    return ExitCode::Done;
}

util::Result<ExitCode> run_gate(Shell& shell, const Args& args) {
    RAILHUB_TRY(const RepoSpec spec, parse_repo(args.text("REPO"), args.text("type")));
    const std::string mode = args.text("MODE");
    if (mode != "inherit" && !app::parse_gate_mode(mode)) {
        return util::fail(
            util::Code::InvalidInput,
            "no gate mode '" + mode + "'",
            "choose off, warn, enforce, strict or inherit"
        );
    }
    RAILHUB_TRY(const auto hub, open_hub(shell, args));
    app::RepoSettings settings;
    settings.license_gate = mode == "inherit" ? std::string() : mode;
    RAILHUB_TRY(app::change_settings(shell.ctx, hub->deps(), local_operator(), spec.id, settings));
    shell.print(
        util::Json::object({{"repo", spec.id.full_name()}, {"license_gate", mode}}),
        "license gate of " + spec.id.describe() + ": " + mode + "\n"
    );
    return ExitCode::Done;
}

Command with_name(Command command, const std::string& operand) {
    command.operands.push_back({operand, Need::Required, "Its name"});
    return command;
}

std::vector<Command> account_commands() {
    const OptionSpec full_name{
        .name = "full-name", .value = "TEXT", .help = "How people call them"};
    Command user = with_name(admin_row("user create", "Create a user", run_user_create), "NAME");
    user.options = {
        full_name,
        {.name = "email", .value = "ADDRESS", .help = "Address for commits"},
        {.name = "admin", .kind = OptionKind::Switch, .help = "May do everything on this hub"}};
    Command org =
        with_name(admin_row("org create", "Create an organisation", run_org_create), "NAME");
    org.options = {full_name};
    Command add = admin_row("org add", "Put a user into an organisation", run_org_add);
    add.operands = {
        {"ORG", Need::Required, "Organisation"},
        {"USER", Need::Required, "User; a member gets the new role"}};
    add.options = {
        {.name = "role",
         .kind = OptionKind::Choice,
         .value = "ROLE",
         .help = "What they may do",
         .fallback = "write",
         .choices = {"read", "contributor", "write", "admin"}}};
    Command remove = admin_row("org remove", "Take a user out of an organisation", run_org_remove);
    remove.operands = {{"ORG", Need::Required, "Organisation"}, {"USER", Need::Required, "User"}};
    return {
        user,
        admin_row("user list", "List users", run_user_list),
        with_name(admin_row("user delete", "Delete a user", run_account_delete), "NAME"),
        org,
        admin_row("org list", "List organisations", run_org_list),
        with_name(admin_row("org delete", "Delete an organisation", run_account_delete), "NAME"),
        add,
        remove,
        with_name(
            admin_row("org members", "List the members of an organisation", run_org_members), "ORG"
        ),
    };
}

std::vector<Command> token_commands() {
    Command create = admin_row("token create", "Create a token and print it", run_token_create);
    create.options = {
        {.name = "user", .value = "NAME", .help = "Whose token"},
        {.name = "name", .value = "NAME", .help = "What it is called"},
        {.name = "role",
         .kind = OptionKind::Choice,
         .value = "ROLE",
         .help = "What it may do",
         .fallback = "write",
         .choices = {"read", "write", "fine-grained"}},
        {.name = "grant",
         .kind = OptionKind::List,
         .value = "WHAT",
         .help = "For fine-grained tokens: models/acme/bert:write, or acme:read for all of acme"},
        {.name = "days",
         .kind = OptionKind::Number,
         .value = "N",
         .help = "Expires after so many days"}};
    Command revoke = admin_row("token revoke", "End a token", run_token_revoke);
    revoke.operands = {
        {"USER", Need::Required, "Whose token"}, {"NAME", Need::Required, "What it is called"}};
    return {
        create,
        with_name(admin_row("token list", "List the tokens of a user", run_token_list), "USER"),
        revoke,
    };
}

} // namespace

std::vector<Command> admin_commands() {
    std::vector<Command> commands = {
        {.name = "admin",
         .group = std::string(kAdminGroup),
         .summary = "Manage a data folder",
         .page = {},
         .options =
             {{.name = std::string(kDataSetting),
               .value = "FOLDER",
               .help = "Data folder of the hub, which may be running (variable RAILHUB_DATA)",
               .fallback = default_data_folder()}},
         .operands = {},
         .run = nullptr}};
    for (auto& command : account_commands()) {
        commands.push_back(std::move(command));
    }
    for (auto& command : token_commands()) {
        commands.push_back(std::move(command));
    }
    Command gate = admin_row("gate", "Set the license gate of a repository", run_gate);
    gate.options = {type_option()};
    gate.operands = {
        repo_operand(),
        {"MODE",
         Need::Required,
         "off, warn, enforce, strict, or inherit for the hub's own setting"}};
    commands.push_back(std::move(gate));
    for (auto& command : collect_commands()) {
        commands.push_back(std::move(command));
    }
    return commands;
}

} // namespace railhub::cli
