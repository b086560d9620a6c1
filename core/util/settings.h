// SPDX-License-Identifier: Apache-2.0
// A table of settings -> parsing, help, docs. Order: default, file, variable, flag. Unknown keys
// are errors with the nearest known key; all mistakes are reported at once.
#pragma once

#include "core/util/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::util {

enum class SettingType : std::uint8_t { Text, Size, Number, Duration, Switch, Choice };

// One row. Size: bytes with optional KB/MB/GB/KiB/MiB/GiB. Duration: ms, s, m, h, d.
struct Setting {
    std::string_view name; // "listen": flag --listen, variable RAILHUB_LISTEN, key listen
    SettingType type;
    std::string_view default_value;
    std::string_view sentence;     // help and docs
    std::string_view choices = {}; // for Choice: "off|warn|enforce"
    bool is_secret = false;        // value never printed
};

// Validated values by name. Immutable once built.
class SettingValues {
  public:
    [[nodiscard]] const std::string& text(std::string_view name) const;
    [[nodiscard]] std::uint64_t number(std::string_view name
    ) const; // Size in bytes, Duration in ms
    [[nodiscard]] bool is_on(std::string_view name) const;
    // Where the value came from: "default", "railhub.toml:12", "RAILHUB_LISTEN", "--listen".
    [[nodiscard]] const std::string& origin(std::string_view name) const;

    std::map<std::string, std::string, std::less<>> values;
    std::map<std::string, std::string, std::less<>> origins;
};

struct SettingSource {
    // In rising priority.
    struct Item {
        std::string key;
        std::string value;
        std::string origin;
    };

    std::vector<Item> items;
};

// InvalidInput listing every mistake, one per line.
Result<SettingValues>
resolve_settings(std::span<const Setting> table, const std::vector<SettingSource>& sources);
// "RAILHUB_MAX_BODY" for "max-body".
std::string setting_variable(std::string_view name);
// Markdown table of a settings table, for docs/config.md.
std::string settings_markdown(std::span<const Setting> table);

} // namespace railhub::util
