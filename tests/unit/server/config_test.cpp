// SPDX-License-Identifier: Apache-2.0
// Settings from file, variables and flags: priority, mistakes, secrets.
#include "core/util/fs.h"
#include "server/config.h"
#include "server/config_file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/value.h"

namespace railhub::server {

namespace {

using tests::value;

util::Result<ServerConfig> config_of(std::vector<util::SettingSource::Item> items) {
    return make_config({util::SettingSource{std::move(items)}});
}

} // namespace

TEST_CASE("settings have defaults that serve on loopback") {
    const ServerConfig config = value(config_of({}));
    CHECK(config.http.address == "127.0.0.1");
    CHECK(config.http.port == 8080);
    CHECK(config.license_gate == "off");
    CHECK(config.limits.regular_file == 16U << 20U);
}

TEST_CASE("addresses") {
    const auto listen = [](const char* text) { return config_of({{"listen", text, "--listen"}}); };
    CHECK(value(listen("[::1]:0")).http.address == "::1");
    CHECK(value(listen("0.0.0.0:90")).http.port == 90);
    CHECK(value(listen("unix:/run/hub.sock")).http.address == "unix:/run/hub.sock");
    for (const char* bad : {"localhost", ":80", "a:b", "a:70000"}) {
        INFO(bad);
        REQUIRE_ERROR(listen(bad), util::Code::InvalidInput);
    }
}

TEST_CASE("slips are told with the nearest setting") {
    const auto result =
        config_of({{"lisen", "x", "--lisen"}, {"log-level", "loud", "RAILHUB_LOG_LEVEL"}});
    REQUIRE_ERROR(result, util::Code::InvalidInput);
    CHECK(result.error().message.find("lisen") != std::string::npos);
    CHECK((result.error().message + result.error().hint).find("listen") != std::string::npos);
    CHECK(result.error().message.find("loud") != std::string::npos);
}

TEST_CASE("half of TLS is a mistake") {
    REQUIRE_ERROR(config_of({{"tls-key", "k.pem", "--tls-key"}}), util::Code::InvalidInput);
}

TEST_CASE("a config file comes under variables and flags") {
    tests::TempDir folder;
    const std::string path = folder.file("hub.toml");
    const auto fs = util::make_posix_fs();
    value(util::write_atomic(
        *fs, path, util::as_bytes("listen = \"127.0.0.1:9\"\nworkers = 3\naccess-log = false\n")
    ));
    const ServerConfig config =
        value(config_of({{"config", path, "--config"}, {"workers", "5", "--workers"}}));
    CHECK(config.http.port == 9);
    CHECK(config.http.workers == 5);
    CHECK(config.access_log == ServerConfig::AccessLog::Off);
    REQUIRE_ERROR(
        config_of({{"config", folder.file("none.toml"), "--config"}}), util::Code::NotFound
    );
}

TEST_CASE("broken config files name the line") {
    const auto broken = parse_config("a = 1\nb = = 2\n", "hub.toml");
    REQUIRE_ERROR(broken, util::Code::InvalidInput);
    CHECK(broken.error().message.starts_with("hub.toml:2"));
    REQUIRE_ERROR(parse_config("a = [1]\n", "hub.toml"), util::Code::InvalidInput);
    REQUIRE_ERROR(parse_config("[section]\na = 1\n", "hub.toml"), util::Code::InvalidInput);
}

} // namespace railhub::server
