// SPDX-License-Identifier: Apache-2.0
// railhub doctor: is everything in place on the way to the hub?
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/login_store.h"
#include "core/util/text.h"

#include <ctime>
#include <sys/statvfs.h>
#include <unistd.h>

namespace railhub::cli {

namespace {

enum class Health : std::uint8_t { Good, Warning, Bad };

struct Examination {
    std::string name;
    Health health = Health::Good;
    std::string said;
    std::string fix = {};
};

std::string_view health_word(Health health) {
    switch (health) {
    case Health::Good:
        return "ok";
    case Health::Warning:
        return "warning";
    case Health::Bad:
        return "bad";
    }
    return "bad";
}

// Difference between the hub's clock and ours, from the Date header.
Examination examine_clock(Shell& shell, const transfer::HttpResponse& response) {
    const std::string date(response.text("date"));
    std::tm parts{};
    if (date.empty() || ::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr) {
        return {"clock", Health::Good, "the hub does not say what time it is"};
    }
    const std::int64_t theirs = ::timegm(&parts);
    const std::int64_t ours = util::to_millis(shell.ctx.clock.now()) / 1000;
    const std::int64_t apart = theirs > ours ? theirs - ours : ours - theirs;
    constexpr std::int64_t kTooFar = 60;
    const std::string said = std::to_string(apart) + " s apart from the hub's";
    return apart <= kTooFar
               ? Examination{"clock", Health::Good, said}
               : Examination{
                     "clock", Health::Warning, said, "signed addresses may fail: set the clock"};
}

void examine_hub(Shell& shell, std::vector<Examination>& list) {
    const Config& config = shell.config;
    const std::string named = config.endpoint + " (" + config.endpoint_origin + ")";
    if (config.is_offline) {
        list.push_back({"hub", Health::Warning, named + " is not asked: offline"});
        return;
    }
    Connection anonymous(shell, "", {.attempts = 1});
    const auto begun = shell.ctx.clock.steady();
    const auto response = anonymous.session.send(
        shell.ctx,
        {.method = transfer::HttpMethod::Get, .url = anonymous.session.url("/api/models?limit=1")}
    );
    const auto spent =
        std::chrono::duration_cast<std::chrono::milliseconds>(shell.ctx.clock.steady() - begun);
    if (!response.ok()) {
        list.push_back(
            {"hub",
             Health::Bad,
             util::to_line(response.error()),
             "start it with 'railhub serve', or set HF_ENDPOINT"}
        );
        return;
    }
    const bool is_hub = response->status == 200 || response->status == 401;
    list.push_back(
        {"hub",
         is_hub ? Health::Good : Health::Bad,
         named + " answers " + std::to_string(response->status) + " in " +
             std::to_string(spent.count()) + " ms",
         is_hub ? "" : "is this address a Hub-compatible server?"}
    );
    list.push_back(examine_clock(shell, *response));
}

std::string token_origin_word(const Config& config) {
    switch (config.token_origin) {
    case TokenOrigin::Flag:
        return "--token";
    case TokenOrigin::Variable:
        return "HF_TOKEN";
    case TokenOrigin::None:
    case TokenOrigin::File:
        return config.token_path;
    }
    return {};
}

Examination examine_token(Shell& shell, bool hub_is_there) {
    const auto token = effective_token(shell.fs, shell.config);
    if (!token.ok()) {
        return {"token", Health::Bad, util::to_line(token.error())};
    }
    if (token->empty()) {
        return {"token", Health::Warning, "none: only public repositories", "railhub login"};
    }
    const std::string origin = token_origin_word(shell.config);
    if (!hub_is_there) {
        return {"token", Health::Good, "from " + origin + ", not checked"};
    }
    Connection connection(shell, *token, {.attempts = 1});
    const auto who = connection.hub.whoami(shell.ctx);
    if (!who.ok()) {
        return {
            "token", Health::Bad, "from " + origin + ": " + who.error().message, "railhub login"};
    }
    return {
        "token", Health::Good, "from " + origin + ": " + who->name + " (" + who->token_role + ")"};
}

// Can a file and a link be made there?
util::Result<> try_folder(Shell& shell, const std::string& folder) {
    RAILHUB_TRY(shell.fs.make_dirs(folder));
    const std::string probe =
        util::join_path(folder, ".railhub-doctor-" + util::random_hex(shell.random, 8));
    RAILHUB_TRY(shell.fs.make_symlink("nowhere", probe));
    return shell.fs.remove(probe);
}

void examine_cache(Shell& shell, std::vector<Examination>& list) {
    const std::string& folder = shell.config.cache_folder;
    const auto usable = try_folder(shell, folder);
    if (!usable.ok()) {
        list.push_back(
            {"cache",
             Health::Bad,
             util::to_line(usable.error()),
             "set HF_HUB_CACHE or HF_HOME to a folder of yours"}
        );
        return;
    }
    list.push_back({"cache", Health::Good, folder});

    struct statvfs disk {};

    if (::statvfs(folder.c_str(), &disk) == 0) {
        const std::uint64_t free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
        constexpr std::uint64_t kLittle = std::uint64_t{5} << 30;
        list.push_back(
            {"disk",
             free_bytes < kLittle ? Health::Warning : Health::Good,
             util::human_bytes(free_bytes) + " free in the cache",
             free_bytes < kLittle ? "large models may not fit" : ""}
        );
    }
}

bool is_in_path(const Config& config, std::string_view program) {
    const auto path = config.environment.find("PATH");
    if (path == config.environment.end()) {
        return false;
    }
    for (const auto folder : util::split(path->second, ':')) {
        if (::access(util::join_path(folder, program).c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

Examination
examine_program(const Config& config, const std::string& program, const std::string& use) {
    if (is_in_path(config, program)) {
        return {program, Health::Good, "installed"};
    }
    return {program, Health::Warning, "not found: " + use, "install " + program};
}

Examination examine_proxy(const Config& config) {
    for (const std::string_view name :
         {"https_proxy", "http_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
        if (config.environment.contains(name)) {
            return {
                "proxy", Health::Good, std::string(name) + " is set and used, except for no_proxy"};
        }
    }
    return {"proxy", Health::Good, "none"};
}

util::Result<ExitCode> show(Shell& shell, const std::vector<Examination>& list) {
    util::Json json = util::Json::array();
    std::vector<std::vector<std::string>> rows;
    bool is_bad = false;
    for (const auto& item : list) {
        const std::string word(health_word(item.health));
        is_bad = is_bad || item.health == Health::Bad;
        json.push_back(util::Json::object(
            {{"name", item.name}, {"health", word}, {"said", item.said}, {"fix", item.fix}}
        ));
        rows.push_back({word, item.name, item.fix.empty() ? item.said : item.said + "; " + item.fix}
        );
    }
    shell.print(json, align(rows));
    return is_bad ? ExitCode::Failed : ExitCode::Done;
}

util::Result<ExitCode> run_doctor(Shell& shell, const Args& /*args*/) {
    std::vector<Examination> list;
    examine_hub(shell, list);
    const bool hub_is_there = !shell.config.is_offline && list.front().health == Health::Good;
    list.push_back(examine_token(shell, hub_is_there));
    examine_cache(shell, list);
    list.push_back(examine_program(shell.config, "git", "only needed to clone and push with git"));
    list.push_back(examine_program(shell.config, "git-lfs", "only needed for large files with git")
    );
    list.push_back(examine_proxy(shell.config));
    return show(shell, list);
}

} // namespace

Command doctor_command() {
    return {
        .name = "doctor",
        .group = "Help",
        .summary = "Check the way to the hub and what is needed on this machine",
        .page = "doctor",
        .run = run_doctor};
}

} // namespace railhub::cli
