// SPDX-License-Identifier: Apache-2.0
#include "server/config_file.h"

#include "core/util/fs.h"

#include <toml++/toml.h>

#include <exception>

namespace railhub::server {

namespace {

constexpr std::uint64_t kMaxConfigFile = std::uint64_t{1} << 20;

std::string place(const std::string& name, const toml::source_region& region) {
    return name + ":" + std::to_string(region.begin.line);
}

util::Result<std::string> scalar_text(const std::string& where, const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) {
        return *text;
    }
    if (const auto number = node.value_exact<std::int64_t>()) {
        return std::to_string(*number);
    }
    if (const auto flag = node.value_exact<bool>()) {
        return std::string(*flag ? "true" : "false");
    }
    return util::fail(
        util::Code::InvalidInput, where + ": a setting is a string, a whole number, true or false"
    );
}

} // namespace

util::Result<util::SettingSource> parse_config(std::string_view text, const std::string& name) {
    try {
        const toml::table table = toml::parse(text, name);
        util::SettingSource source;
        for (const auto& [key, node] : table) {
            const std::string where = place(name, node.source());
            RAILHUB_TRY(std::string value, scalar_text(where, node));
            source.items.push_back({std::string(key.str()), std::move(value), where});
        }
        return source;
    } catch (const toml::parse_error& error) {
        return util::fail(
            util::Code::InvalidInput,
            place(name, error.source()) + ": " + std::string(error.description())
        );
    } catch (const std::exception& error) {
        return util::fail(util::Code::InvalidInput, name + ": " + error.what());
    }
}

util::Result<util::SettingSource> read_config_file(const std::string& path) {
    const auto fs = util::make_posix_fs();
    RAILHUB_TRY(const std::string text, util::read_file(*fs, path, kMaxConfigFile));
    return parse_config(text, path);
}

} // namespace railhub::server
