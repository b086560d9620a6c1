// SPDX-License-Identifier: Apache-2.0
// Reading and writing token files.
#include "cli/login_store.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::cli {

namespace {

constexpr std::uint64_t kMaxTokenFile = std::uint64_t{1} << 20;

util::Result<std::string> read_if_there(util::Fs& fs, const std::string& path) {
    auto text = util::read_file(fs, path, kMaxTokenFile);
    if (!text.ok() && text.error().code == util::Code::NotFound) {
        return std::string();
    }
    return text;
}

util::Result<> write_secret(util::Fs& fs, const std::string& path, std::string_view text) {
    RAILHUB_TRY(fs.make_dirs(util::parent_path(path)));
    return util::write_atomic(fs, path, util::as_bytes(text), util::FileAccess::OwnerOnly);
}

util::Result<> remove_if_there(util::Fs& fs, const std::string& path) {
    auto removed = fs.remove(path);
    if (!removed.ok() && removed.error().code == util::Code::NotFound) {
        return {};
    }
    return removed;
}

// A name comes from the hub: what would break the file's lines is replaced.
std::string section_name(std::string_view name) {
    std::string clean;
    for (const char c : name) {
        const bool is_bad = static_cast<unsigned char>(c) < 0x20 || c == '[' || c == ']';
        clean += is_bad ? '_' : c;
    }
    return clean.empty() ? "default" : clean;
}

} // namespace

std::string StoredToken::token() const {
    for (const auto& [key, value] : fields) {
        if (key == "hf_token") {
            return value;
        }
    }
    return {};
}

std::vector<StoredToken> parse_stored_tokens(std::string_view text) {
    std::vector<StoredToken> tokens;
    for (const auto raw : util::split(text, '\n')) {
        const std::string_view line = util::trim(raw);
        if (line.starts_with('[') && line.ends_with(']') && line.size() > 2) {
            tokens.push_back({std::string(line.substr(1, line.size() - 2)), {}});
            continue;
        }
        const auto equals = line.find_first_of("=:");
        const bool is_field = equals != std::string_view::npos && !line.starts_with('#') &&
                              !line.starts_with(';') && !tokens.empty();
        if (is_field) {
            tokens.back().fields.emplace_back(
                util::lower(util::trim(line.substr(0, equals))),
                std::string(util::trim(line.substr(equals + 1)))
            );
        }
    }
    return tokens;
}

std::string print_stored_tokens(const std::vector<StoredToken>& tokens) {
    std::string text;
    for (const auto& token : tokens) {
        text += "[" + token.name + "]\n";
        for (const auto& [key, value] : token.fields) {
            text += key + " = " + value + "\n";
        }
        text += "\n";
    }
    return text;
}

util::Result<std::string> read_token(util::Fs& fs, const Config& config) {
    RAILHUB_TRY(const std::string text, read_if_there(fs, config.token_path));
    return std::string(util::trim(text));
}

util::Result<std::string> effective_token(util::Fs& fs, const Config& config) {
    if (!config.token.empty()) {
        return config.token;
    }
    return read_token(fs, config);
}

util::Result<std::vector<StoredToken>> read_stored_tokens(util::Fs& fs, const Config& config) {
    RAILHUB_TRY(const std::string text, read_if_there(fs, config.stored_tokens_path));
    return parse_stored_tokens(text);
}

util::Result<>
store_token(util::Fs& fs, const Config& config, std::string_view name, std::string_view token) {
    RAILHUB_TRY(auto tokens, read_stored_tokens(fs, config));
    const std::string section = section_name(name);
    std::erase_if(tokens, [&](const StoredToken& known) { return known.name == section; });
    tokens.push_back({section, {{"hf_token", std::string(token)}}});
    std::sort(tokens.begin(), tokens.end(), [](const StoredToken& a, const StoredToken& b) {
        return a.name < b.name;
    });
    RAILHUB_TRY(write_secret(fs, config.stored_tokens_path, print_stored_tokens(tokens)));
    return write_secret(fs, config.token_path, token);
}

util::Result<std::vector<std::string>>
forget_tokens(util::Fs& fs, const Config& config, std::string_view name) {
    RAILHUB_TRY(auto tokens, read_stored_tokens(fs, config));
    RAILHUB_TRY(const std::string active, read_token(fs, config));
    std::vector<std::string> removed;
    bool active_is_gone = name.empty();
    std::erase_if(tokens, [&](const StoredToken& known) {
        const bool is_meant = name.empty() || known.name == name;
        if (is_meant) {
            removed.push_back(known.name);
            active_is_gone = active_is_gone || known.token() == active;
        }
        return is_meant;
    });
    if (tokens.empty()) {
        RAILHUB_TRY(remove_if_there(fs, config.stored_tokens_path));
    } else {
        RAILHUB_TRY(write_secret(fs, config.stored_tokens_path, print_stored_tokens(tokens)));
    }
    if (active_is_gone) {
        RAILHUB_TRY(remove_if_there(fs, config.token_path));
    }
    return removed;
}

} // namespace railhub::cli
