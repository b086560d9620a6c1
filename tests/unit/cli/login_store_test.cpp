// SPDX-License-Identifier: Apache-2.0
// Token files in the official form; folders and endpoint from the environment.
#include "cli/login_store.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <sys/stat.h>

namespace railhub::tests {

namespace {

struct Home {
    TempDir dir;
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    cli::Config config = *cli::make_config({{"HF_HOME", dir.file("hf")}}, {});

    std::string text(const std::string& name) {
        auto content = util::read_file(*fs, dir.file("hf/" + name), 10'000);
        REQUIRE_OK(content);
        return *content;
    }

    mode_t mode(const std::string& name) {
        struct stat info {};

        REQUIRE(::stat(dir.file("hf/" + name).c_str(), &info) == 0);
        return info.st_mode & 0777U;
    }
};

} // namespace

TEST_CASE("tokens are stored in the official form, for the owner alone", "[cli]") {
    Home home;
    REQUIRE_OK(cli::store_token(*home.fs, home.config, "laptop", "hf_1"));
    REQUIRE_OK(cli::store_token(*home.fs, home.config, "ci", "hf_2"));
    CHECK(home.text("token") == "hf_2");
    CHECK(home.text("stored_tokens") == "[ci]\nhf_token = hf_2\n\n[laptop]\nhf_token = hf_1\n\n");
    CHECK(home.mode("token") == 0600);
    CHECK(home.mode("stored_tokens") == 0600);
    CHECK(*cli::effective_token(*home.fs, home.config) == "hf_2");
    home.config.token = "hf_given";
    CHECK(*cli::effective_token(*home.fs, home.config) == "hf_given");
}

TEST_CASE("names from a hub cannot break the file", "[cli]") {
    Home home;
    REQUIRE_OK(cli::store_token(*home.fs, home.config, "a]\n[b", "hf_1"));
    CHECK(home.text("stored_tokens") == "[a___b]\nhf_token = hf_1\n\n");
}

TEST_CASE("fields of other tools are kept", "[cli]") {
    const auto tokens =
        cli::parse_stored_tokens("# comment\n[oauth-ada]\nhf_token = hf_1\nrefresh_token = "
                                 "r=1\nexpires_at: 5\n\n[b]\nHF_Token=hf_2\n");
    REQUIRE(tokens.size() == 2);
    CHECK(tokens[0].token() == "hf_1");
    CHECK(tokens[1].token() == "hf_2");
    CHECK(
        cli::print_stored_tokens(tokens) == "[oauth-ada]\nhf_token = hf_1\nrefresh_token = "
                                            "r=1\nexpires_at = 5\n\n[b]\nhf_token = hf_2\n\n"
    );
}

TEST_CASE("forgetting one token keeps the others", "[cli]") {
    Home home;
    REQUIRE_OK(cli::store_token(*home.fs, home.config, "a", "hf_1"));
    REQUIRE_OK(cli::store_token(*home.fs, home.config, "b", "hf_2"));
    const auto first = cli::forget_tokens(*home.fs, home.config, "a");
    REQUIRE_OK(first);
    CHECK(first->size() == 1);
    CHECK(home.text("token") == "hf_2");
    REQUIRE_OK(cli::forget_tokens(*home.fs, home.config, ""));
    CHECK(cli::effective_token(*home.fs, home.config)->empty());
    CHECK(cli::forget_tokens(*home.fs, home.config, "")->empty());
}

TEST_CASE("folders and endpoint come from the environment", "[cli]") {
    using cli::make_config;
    const auto plain = make_config({{"HOME", "/u/ada"}}, {});
    REQUIRE_OK(plain);
    CHECK(plain->cache_folder == "/u/ada/.cache/huggingface/hub");
    CHECK(plain->token_path == "/u/ada/.cache/huggingface/token");
    CHECK(plain->endpoint == cli::kDefaultEndpoint);
    const auto set = make_config(
        {{"HOME", "/u/ada"},
         {"HF_HOME", "~/hf"},
         {"HF_HUB_CACHE", "/big/cache"},
         {"HF_ENDPOINT", "https://hub.example.org/models/"},
         {"HF_TOKEN", " hf_x\n"},
         {"HF_HUB_OFFLINE", "yes"},
         {"NO_COLOR", "1"}},
        {}
    );
    REQUIRE_OK(set);
    CHECK(set->hf_home == "/u/ada/hf");
    CHECK(set->cache_folder == "/big/cache");
    CHECK(set->endpoint == "https://hub.example.org/models");
    CHECK(set->token == "hf_x");
    CHECK(set->is_offline);
    CHECK(set->no_color);
    const auto xdg = make_config({{"HOME", "/h"}, {"XDG_CACHE_HOME", "/x"}}, {});
    REQUIRE_OK(xdg);
    CHECK(xdg->hf_home == "/x/huggingface");
}

} // namespace railhub::tests
