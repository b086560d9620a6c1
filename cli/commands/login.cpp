// SPDX-License-Identifier: Apache-2.0
// railhub login, logout, whoami
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/login_store.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

util::Result<std::string> ask_token(Shell& shell) {
    if (shell.config.token_origin == TokenOrigin::Flag) {
        return shell.config.token;
    }
    const auto line = shell.terminal.ask("Token: ", Terminal::Echo::Off);
    const std::string token(line ? util::trim(*line) : std::string_view());
    if (token.empty()) {
        return util::fail(
            util::Code::InvalidInput,
            "no token given",
            "pass --token, or the token on standard input"
        );
    }
    return token;
}

util::Result<ExitCode> run_login(Shell& shell, const Args& /*args*/) {
    RAILHUB_TRY(const std::string token, ask_token(shell));
    if (shell.config.is_offline) {
        return util::fail(util::Code::Unavailable, "offline: the token cannot be checked");
    }
    Connection connection(shell, token);
    RAILHUB_TRY(const transfer::WhoAmI who, connection.hub.whoami(shell.ctx));
    const std::string name = who.token_name.empty() ? who.name : who.token_name;
    RAILHUB_TRY(store_token(shell.fs, shell.config, name, token));
    shell.print(
        util::Json::object(
            {{"user", who.name},
             {"token", name},
             {"role", who.token_role},
             {"endpoint", shell.config.endpoint},
             {"file", shell.config.token_path}}
        ),
        "logged in to " + shell.config.endpoint + " as " + who.name + " (token '" + name + "', " +
            (who.token_role.empty() ? "role unknown" : who.token_role) + ")\n"
    );
    if (shell.config.token_origin == TokenOrigin::Variable) {
        shell.terminal.warn("HF_TOKEN is set and wins over the stored token");
    }
    return ExitCode::Done;
}

util::Result<ExitCode> run_logout(Shell& shell, const Args& args) {
    const std::string name = args.text("NAME");
    RAILHUB_TRY(const auto removed, forget_tokens(shell.fs, shell.config, name));
    if (!name.empty() && removed.empty()) {
        return util::fail(
            util::Code::NotFound,
            "no stored token is called '" + name + "'",
            "the names are in '" + shell.config.stored_tokens_path + "'"
        );
    }
    shell.print(
        util::Json::object({{"removed", util::Json::array_of(removed)}}),
        removed.empty() ? "no token was stored\n" : "removed: " + util::join(removed, ", ") + "\n"
    );
    return ExitCode::Done;
}

std::string whoami_text(const Shell& shell, const transfer::WhoAmI& who) {
    std::vector<std::vector<std::string>> rows = {{"user", who.name}};
    if (!who.full_name.empty() && who.full_name != who.name) {
        rows.push_back({"name", who.full_name});
    }
    for (const auto& membership : who.orgs) {
        rows.push_back({"organisation", membership.org + " (" + membership.role + ")"});
    }
    if (!who.token_name.empty()) {
        rows.push_back({"token", who.token_name + " (" + who.token_role + ")"});
    }
    rows.push_back({"hub", shell.config.endpoint});
    return align(rows);
}

util::Result<ExitCode> run_whoami(Shell& shell, const Args& /*args*/) {
    RAILHUB_TRY(const auto connection, connect(shell));
    if (connection->session.token().empty()) {
        return util::fail(
            util::Code::Unauthenticated, "not logged in", "run 'railhub login' or set HF_TOKEN"
        );
    }
    RAILHUB_TRY(const transfer::WhoAmI who, connection->hub.whoami(shell.ctx));
    util::Json orgs = util::Json::array();
    for (const auto& membership : who.orgs) {
        orgs.push_back(util::Json::object({{"name", membership.org}, {"role", membership.role}}));
    }
    shell.print(
        util::Json::object(
            {{"user", who.name},
             {"full_name", who.full_name},
             {"email", who.email},
             {"orgs", std::move(orgs)},
             {"token", who.token_name},
             {"role", who.token_role},
             {"endpoint", shell.config.endpoint}}
        ),
        whoami_text(shell, who)
    );
    return ExitCode::Done;
}

} // namespace

Command login_command() {
    return {
        .name = "login",
        .group = "Identity",
        .summary = "Check a token and remember it",
        .page = "login",
        .run = run_login};
}

Command logout_command() {
    return {
        .name = "logout",
        .group = "Identity",
        .summary = "Forget stored tokens",
        .page = "logout",
        .options = {},
        .operands = {{"NAME", Need::Optional, "Forget this token only"}},
        .run = run_logout};
}

Command whoami_command() {
    return {
        .name = "whoami",
        .group = "Identity",
        .summary = "Show who the token belongs to",
        .page = "whoami",
        .run = run_whoami};
}

} // namespace railhub::cli
