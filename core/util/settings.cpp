// SPDX-License-Identifier: Apache-2.0
// Reads settings against their table; prints the table for the docs.
#include "core/util/settings.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <limits>

namespace railhub::util {

namespace {

struct Unit {
    std::string_view name; // lower case
    std::uint64_t factor;
};

constexpr std::array kSizeUnits = {
    Unit{"", 1},
    Unit{"b", 1},
    Unit{"kb", 1'000},
    Unit{"mb", 1'000'000},
    Unit{"gb", 1'000'000'000},
    Unit{"tb", 1'000'000'000'000},
    Unit{"kib", std::uint64_t{1} << 10},
    Unit{"mib", std::uint64_t{1} << 20},
    Unit{"gib", std::uint64_t{1} << 30},
    Unit{"tib", std::uint64_t{1} << 40},
};

constexpr std::array kDurationUnits = {
    Unit{"ms", 1},
    Unit{"s", 1'000},
    Unit{"m", 60'000},
    Unit{"h", 3'600'000},
    Unit{"d", 86'400'000},
};

constexpr std::array<std::string_view, 4> kOnWords = {"on", "true", "yes", "1"};
constexpr std::array<std::string_view, 4> kOffWords = {"off", "false", "no", "0"};

// A value as it is kept, or nothing when it does not fit the type.
using Canonical = std::optional<std::string>;

Canonical with_unit(std::string_view text, std::span<const Unit> units) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_decimal(text.substr(0, digits));
    const std::string unit = lower(trim(text.substr(digits)));
    if (!number) {
        return std::nullopt;
    }
    if (*number == 0 && unit.empty()) {
        return "0";
    }
    for (const Unit& row : units) {
        if (row.name == unit && *number <= std::numeric_limits<std::uint64_t>::max() / row.factor) {
            return std::to_string(*number * row.factor);
        }
    }
    return std::nullopt;
}

Canonical canonical_switch(std::string_view text) {
    const std::string word = lower(text);
    if (std::find(kOnWords.begin(), kOnWords.end(), word) != kOnWords.end()) {
        return "on";
    }
    if (std::find(kOffWords.begin(), kOffWords.end(), word) != kOffWords.end()) {
        return "off";
    }
    return std::nullopt;
}

Canonical canonical_number(std::string_view text) {
    const auto number = parse_decimal(text);
    return number ? Canonical(std::to_string(*number)) : std::nullopt;
}

Canonical canonical_choice(const Setting& setting, std::string_view text) {
    const auto choices = split(setting.choices, '|');
    const bool is_known = std::find(choices.begin(), choices.end(), text) != choices.end();
    return is_known ? Canonical(text) : std::nullopt;
}

Canonical canonical_value(const Setting& setting, std::string_view text) {
    switch (setting.type) {
    case SettingType::Text:
        return std::string(text);
    case SettingType::Size:
        return with_unit(trim(text), kSizeUnits);
    case SettingType::Number:
        return canonical_number(trim(text));
    case SettingType::Duration:
        return with_unit(trim(text), kDurationUnits);
    case SettingType::Switch:
        return canonical_switch(trim(text));
    case SettingType::Choice:
        return canonical_choice(setting, trim(text));
    }
    return std::nullopt;
}

std::string expected_words(const Setting& setting) {
    switch (setting.type) {
    case SettingType::Text:
        return "text";
    case SettingType::Size:
        return "a size such as 512KiB or 10MB";
    case SettingType::Number:
        return "a whole number";
    case SettingType::Duration:
        return "a duration such as 500ms, 30s, 5m, 2h or 7d";
    case SettingType::Switch:
        return "on or off";
    case SettingType::Choice:
        return "one of " + std::string(setting.choices);
    }
    return {};
}

std::string_view type_word(SettingType type) {
    switch (type) {
    case SettingType::Text:
        return "text";
    case SettingType::Size:
        return "size";
    case SettingType::Number:
        return "number";
    case SettingType::Duration:
        return "duration";
    case SettingType::Switch:
        return "on/off";
    case SettingType::Choice:
        return "choice";
    }
    return {};
}

const Setting* find_setting(std::span<const Setting> table, std::string_view name) {
    const auto found = std::find_if(table.begin(), table.end(), [name](const Setting& setting) {
        return setting.name == name;
    });
    return found == table.end() ? nullptr : &*found;
}

std::string unknown_setting(std::span<const Setting> table, const SettingSource::Item& item) {
    std::vector<std::string> names;
    for (const Setting& setting : table) {
        names.emplace_back(setting.name);
    }
    std::string line = "unknown setting '" + item.key + "' (" + item.origin + ")";
    const std::string near_name = nearest(item.key, names);
    return near_name.empty() ? line : line + ", did you mean '" + near_name + "'?";
}

std::string bad_value(const Setting& setting, const SettingSource::Item& item) {
    const std::string shown = setting.is_secret ? "" : "'" + item.value + "' ";
    return "invalid value " + shown + "for '" + item.key + "' (" + item.origin + "), expected " +
           expected_words(setting);
}

// A '|' would end the cell.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c == '|' ? "\\|" : std::string(1, c);
    }
    return out;
}

std::string code_cell(std::string_view text) {
    return text.empty() ? "" : "`" + cell(text) + "`";
}

} // namespace

const std::string& SettingValues::text(std::string_view name) const {
    const auto found = values.find(name);
    RAILHUB_ASSERT(found != values.end());
    return found->second;
}

std::uint64_t SettingValues::number(std::string_view name) const {
    const auto value = parse_decimal(text(name));
    RAILHUB_ASSERT(value.has_value());
    return *value;
}

bool SettingValues::is_on(std::string_view name) const {
    return text(name) == "on";
}

const std::string& SettingValues::origin(std::string_view name) const {
    const auto found = origins.find(name);
    RAILHUB_ASSERT(found != origins.end());
    return found->second;
}

Result<SettingValues>
resolve_settings(std::span<const Setting> table, const std::vector<SettingSource>& sources) {
    SettingValues result;
    for (const Setting& setting : table) {
        const Canonical value = canonical_value(setting, setting.default_value);
        RAILHUB_ASSERT(value.has_value());
        result.values.insert_or_assign(std::string(setting.name), *value);
        result.origins.insert_or_assign(std::string(setting.name), "default");
    }
    std::vector<std::string> mistakes;
    for (const SettingSource& source : sources) {
        for (const SettingSource::Item& item : source.items) {
            const Setting* const setting = find_setting(table, item.key);
            if (setting == nullptr) {
                mistakes.push_back(unknown_setting(table, item));
            } else if (const Canonical value = canonical_value(*setting, item.value)) {
                result.values.insert_or_assign(item.key, *value);
                result.origins.insert_or_assign(item.key, item.origin);
            } else {
                mistakes.push_back(bad_value(*setting, item));
            }
        }
    }
    if (!mistakes.empty()) {
        return fail(Code::InvalidInput, join(mistakes, "\n"));
    }
    return result;
}

std::string setting_variable(std::string_view name) {
    std::string variable = "RAILHUB_";
    for (const char c : name) {
        const bool is_letter = c >= 'a' && c <= 'z';
        variable += c == '-' ? '_' : is_letter ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return variable;
}

std::string settings_markdown(std::span<const Setting> table) {
    std::string text = "| key | flag | variable | type | default | meaning |\n"
                       "| --- | --- | --- | --- | --- | --- |\n";
    for (const Setting& setting : table) {
        const std::string_view type =
            setting.choices.empty() ? type_word(setting.type) : setting.choices;
        text += "| `" + std::string(setting.name) + "` | `--" + std::string(setting.name) +
                "` | `" + setting_variable(setting.name) + "` | " + cell(type) + " | " +
                code_cell(setting.default_value) + " | " + cell(setting.sentence) + " |\n";
    }
    return text;
}

} // namespace railhub::util
