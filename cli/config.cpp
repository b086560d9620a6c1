// SPDX-License-Identifier: Apache-2.0
// Environment and global options -> Config.
#include "cli/config.h"

#include "core/util/fs.h"
#include "core/util/text.h"
#include "core/util/url.h"

namespace railhub::cli {

namespace {

std::string variable(const Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

bool is_true(const Environment& environment, std::string_view name) {
    const std::string value = util::lower(variable(environment, name));
    return value == "1" || value == "on" || value == "yes" || value == "true";
}

// "~/x" -> home/x.
std::string expand_home(const std::string& path, const std::string& home) {
    if (path == "~" || path.starts_with("~/")) {
        return home + path.substr(1);
    }
    return path;
}

std::string first_of(const std::vector<std::string>& candidates) {
    for (const auto& candidate : candidates) {
        if (!candidate.empty()) {
            return candidate;
        }
    }
    return {};
}

void choose_folders(const Environment& environment, Config& config) {
    const std::string home = first_of({variable(environment, "HOME"), "/"});
    const std::string cache_home =
        first_of({variable(environment, "XDG_CACHE_HOME"), util::join_path(home, ".cache")});
    config.hf_home = expand_home(
        first_of({variable(environment, "HF_HOME"), util::join_path(cache_home, "huggingface")}),
        home
    );
    config.cache_folder = expand_home(
        first_of(
            {variable(environment, "HF_HUB_CACHE"),
             variable(environment, "HUGGINGFACE_HUB_CACHE"),
             util::join_path(config.hf_home, "hub")}
        ),
        home
    );
    config.token_path = expand_home(
        first_of({variable(environment, "HF_TOKEN_PATH"), util::join_path(config.hf_home, "token")}
        ),
        home
    );
    config.stored_tokens_path =
        util::join_path(util::parent_path(config.token_path), "stored_tokens");
    config.state_folder = util::join_path(config.hf_home, "railhub");
}

util::Result<> choose_endpoint(const Environment& environment, const Args& args, Config& config) {
    const std::string from_variable = variable(environment, "HF_ENDPOINT");
    config.endpoint =
        first_of({args.text("endpoint"), from_variable, std::string(kDefaultEndpoint)});
    config.endpoint_origin = args.has("endpoint")     ? "--endpoint"
                             : !from_variable.empty() ? "HF_ENDPOINT"
                                                      : "default";
    while (config.endpoint.ends_with('/')) {
        config.endpoint.pop_back();
    }
    if (!util::Url::parse(config.endpoint)) {
        return util::fail(
            util::Code::InvalidInput,
            "endpoint '" + config.endpoint + "' is not an http or https URL",
            "set " + (args.has("endpoint") ? std::string("--endpoint") : "HF_ENDPOINT") +
                " to something like http://127.0.0.1:8080"
        );
    }
    return {};
}

void choose_token(const Environment& environment, const Args& args, Config& config) {
    if (args.has("token")) {
        config.token = args.text("token");
        config.token_origin = TokenOrigin::Flag;
    } else {
        config.token = first_of(
            {variable(environment, "HF_TOKEN"), variable(environment, "HUGGING_FACE_HUB_TOKEN")}
        );
        config.token_origin = config.token.empty() ? TokenOrigin::None : TokenOrigin::Variable;
    }
    config.token = std::string(util::trim(config.token));
}

} // namespace

util::Result<Config> make_config(const Environment& environment, const Args& args) {
    Config config;
    config.environment = environment;
    choose_folders(environment, config);
    RAILHUB_TRY(choose_endpoint(environment, args, config));
    choose_token(environment, args, config);
    config.is_offline = args.has("offline") || is_true(environment, "HF_HUB_OFFLINE") ||
                        is_true(environment, "TRANSFORMERS_OFFLINE");
    config.uses_xet = !is_true(environment, "HF_HUB_DISABLE_XET");
    config.no_color = !variable(environment, "NO_COLOR").empty();
    return config;
}

} // namespace railhub::cli
