// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/settings.
#include "core/util/settings.h"
#include "core/util/text.h"
#include "tests/support/catch.h"

#include <array>

namespace railhub::util {

namespace {

constexpr std::array kTable = {
    Setting{"listen", SettingType::Text, "127.0.0.1:8080", "Address and port to serve on"},
    Setting{"max-body", SettingType::Size, "10MiB", "Largest body"},
    Setting{"workers", SettingType::Number, "0", "Threads; 0 = by cores"},
    Setting{"idle", SettingType::Duration, "60s", "How long a connection may idle"},
    Setting{"color", SettingType::Switch, "off", "Colours"},
    Setting{"gate", SettingType::Choice, "off", "License gate", "off|warn|enforce"},
    Setting{"secret", SettingType::Number, "0", "A secret number", {}, true},
};

Result<SettingValues> resolve_one(std::string key, std::string value) {
    return resolve_settings(kTable, {{{{std::move(key), std::move(value), "test:1"}}}});
}

} // namespace

TEST_CASE("defaults hold, and later sources win", "[util][settings]") {
    const SettingSource file{
        {{"listen", "a:1", "railhub.toml:2"}, {"max-body", "1KB", "railhub.toml:3"}}};
    const SettingSource flags{{{"listen", "b:2", "--listen"}}};
    const auto values = resolve_settings(kTable, {file, flags});
    REQUIRE_OK(values);
    CHECK(values->text("listen") == "b:2");
    CHECK(values->origin("listen") == "--listen");
    CHECK(values->number("max-body") == 1000);
    CHECK(values->origin("max-body") == "railhub.toml:3");
    CHECK(values->number("idle") == 60'000);
    CHECK(values->origin("idle") == "default");
    CHECK_FALSE(values->is_on("color"));
}

TEST_CASE("values are read by type", "[util][settings]") {
    CHECK(resolve_one("max-body", "3 GiB")->number("max-body") == 3'221'225'472U);
    CHECK(resolve_one("max-body", "17")->number("max-body") == 17);
    CHECK(resolve_one("max-body", "2tb")->number("max-body") == 2'000'000'000'000U);
    CHECK(resolve_one("idle", "1500ms")->number("idle") == 1500);
    CHECK(resolve_one("idle", "2h")->number("idle") == 7'200'000);
    CHECK(resolve_one("idle", "0")->number("idle") == 0);
    CHECK(resolve_one("workers", "8")->number("workers") == 8);
    CHECK(resolve_one("color", "Yes")->is_on("color"));
    CHECK(resolve_one("gate", "warn")->text("gate") == "warn");
    CHECK(resolve_one("listen", "")->text("listen").empty());
}

TEST_CASE("values that do not fit are refused with what would", "[util][settings]") {
    const std::pair<const char*, const char*> wrong[] = {
        {"max-body", ""},
        {"max-body", "-1"},
        {"max-body", "1.5MB"},
        {"max-body", "1XB"},
        {"max-body", "99999999999TB"},
        {"idle", "5"},
        {"idle", "5 weeks"},
        {"workers", "many"},
        {"workers",
         "8 "
         "x"},
        {"color", "maybe"},
        {"gate", "Warn"},
        {"gate", ""},
    };
    for (const auto& row : wrong) {
        INFO(row.first << " = " << row.second);
        REQUIRE_ERROR(resolve_one(row.first, row.second), Code::InvalidInput);
    }
    CHECK(
        resolve_one("gate", "warm").error().message ==
        "invalid value 'warm' for 'gate' (test:1), expected one of off|warn|enforce"
    );
}

TEST_CASE("all mistakes come at once, unknown keys with the nearest known", "[util][settings]") {
    const SettingSource file{
        {{"lisen", "x", "f:1"},
         {"idle", "x", "f:2"},
         {"quantum", "x", "f:3"},
         {"color", "on", "f:4"}}};
    const auto result = resolve_settings(kTable, {file});
    REQUIRE_ERROR(result, Code::InvalidInput);
    const auto lines = split(result.error().message, '\n');
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == "unknown setting 'lisen' (f:1), did you mean 'listen'?");
    CHECK_THAT(std::string(lines[1]), ContainsSubstring("'idle' (f:2)"));
    CHECK(lines[2] == "unknown setting 'quantum' (f:3)");
}

TEST_CASE("a secret stays out of messages", "[util][settings]") {
    const std::string message = resolve_one("secret", "hunter2").error().message;
    CHECK(message.find("hunter2") == std::string::npos);
    CHECK_THAT(message, ContainsSubstring("'secret'"));
}

TEST_CASE("names become variables and rows of a page", "[util][settings]") {
    CHECK(setting_variable("max-body") == "RAILHUB_MAX_BODY");
    const std::string page = settings_markdown(kTable);
    CHECK_THAT(
        page,
        ContainsSubstring(
            "| `max-body` | `--max-body` | `RAILHUB_MAX_BODY` | size | `10MiB` | Largest body |"
        )
    );
    CHECK_THAT(page, ContainsSubstring("| off\\|warn\\|enforce | `off` | License gate |"));
}

} // namespace railhub::util
