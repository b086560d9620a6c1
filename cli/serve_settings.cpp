// SPDX-License-Identifier: Apache-2.0
// Settings as options and variables.
#include "cli/serve_settings.h"

#include "core/util/text.h"

namespace railhub::cli {

namespace {

std::string value_word(util::SettingType type) {
    switch (type) {
    case util::SettingType::Text:
        return "TEXT";
    case util::SettingType::Size:
        return "SIZE";
    case util::SettingType::Number:
        return "N";
    case util::SettingType::Duration:
        return "TIME";
    case util::SettingType::Switch:
        return "on|off";
    case util::SettingType::Choice:
        return "WORD";
    }
    return "TEXT";
}

} // namespace

std::vector<OptionSpec> serve_options(std::span<const util::Setting> table) {
    std::vector<OptionSpec> options;
    for (const auto& setting : table) {
        // Values are checked by the table itself, with all mistakes at once.
        OptionSpec option{
            .name = std::string(setting.name),
            .kind = setting.type == util::SettingType::Switch ? OptionKind::OptionalText
                                                              : OptionKind::Text,
            .value = value_word(setting.type),
            .help = std::string(setting.sentence)};
        if (!setting.choices.empty()) {
            option.value = std::string(setting.choices);
        }
        if (!setting.default_value.empty()) {
            option.help += " [" + std::string(setting.default_value) + "]";
        }
        options.push_back(std::move(option));
    }
    return options;
}

std::vector<util::SettingSource> serve_sources(
    std::span<const util::Setting> table, const Environment& environment, const Args& args
) {
    util::SettingSource variables;
    util::SettingSource options;
    for (const auto& setting : table) {
        const std::string key(setting.name);
        const std::string variable = util::setting_variable(setting.name);
        if (const auto found = environment.find(variable); found != environment.end()) {
            variables.items.push_back({key, found->second, variable});
        }
        if (args.has(key)) {
            const std::string value = args.text(key);
            const bool is_bare = value.empty() && setting.type == util::SettingType::Switch;
            options.items.push_back({key, is_bare ? "on" : value, "--" + key});
        }
    }
    return {variables, options};
}

} // namespace railhub::cli
