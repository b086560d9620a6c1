// SPDX-License-Identifier: Apache-2.0
#include "server/config.h"

#include "core/util/fs.h"
#include "core/util/text.h"
#include "core/util/url.h"
#include "server/config_file.h"

#include <algorithm>

namespace railhub::server {

namespace {

using util::SettingType;

constexpr std::string_view kDefaultFile = "railhub-server.toml";

constexpr util::Setting kSettings[] = {
    {"config",
     SettingType::Text,
     "",
     "File with settings; without it railhub-server.toml of the working folder, if there is one"},
    {"data",
     SettingType::Text,
     "railhub-data",
     "Folder with everything the hub keeps; made when absent"},
    {"listen",
     SettingType::Text,
     "127.0.0.1:8080",
     "Address and port, [::1]:8080 for IPv6, or unix:/path of a socket; port 0 takes a free one"},
    {"external-url",
     SettingType::Text,
     "",
     "URL under which clients reach the hub; empty: what they send as Host"},
    {"path-prefix",
     SettingType::Text,
     "",
     "Path under which a reverse proxy serves the hub, such as /hub"},
    {"trust-proxy",
     SettingType::Switch,
     "off",
     "Believe the X-Forwarded headers of the peer; only behind a proxy that sets them"},
    {"tls-certificate",
     SettingType::Text,
     "",
     "PEM file with the certificate chain; with tls-key the hub speaks HTTPS"},
    {"tls-key", SettingType::Text, "", "PEM file with the private key"},
    {"workers",
     SettingType::Number,
     "0",
     "Threads that answer requests; 0: four per core, at least eight"},
    {"max-connections", SettingType::Number, "20000", "Connections held at the same time"},
    {"max-header", SettingType::Size, "32KiB", "Longest block of request headers"},
    {"max-lfs-size", SettingType::Size, "512GiB", "Largest file"},
    {"max-regular-size",
     SettingType::Size,
     "16MiB",
     "Largest file of a commit that does not go through LFS"},
    {"max-commit-body", SettingType::Size, "1GiB", "Largest body of a commit request"},
    {"lfs-multipart-threshold",
     SettingType::Size,
     "5GiB",
     "Files from this size on are uploaded in parts, if the client can"},
    {"lfs-part-size", SettingType::Size, "256MiB", "Size of such a part"},
    {"link-lifetime",
     SettingType::Duration,
     "6h",
     "How long signed upload and download links are good"},
    {"xet-token-lifetime",
     SettingType::Duration,
     "15m",
     "How long a Xet token is good; clients ask for a new one by themselves"},
    {"xet-link-lifetime",
     SettingType::Duration,
     "1h",
     "How long the links of a Xet reconstruction are good"},
    {"xet-dedup-lifetime",
     SettingType::Duration,
     "24h",
     "How long a client may use an answer to a chunk query; unused data is kept longer than that"},
    {"header-timeout", SettingType::Duration, "10s", "A request's headers must be here by then"},
    {"idle-timeout",
     SettingType::Duration,
     "60s",
     "A connection without progress is closed after this time"},
    {"drain-timeout",
     SettingType::Duration,
     "30s",
     "How long running requests may go on after SIGTERM"},
    {"license-gate",
     SettingType::Choice,
     "off",
     "What the license check does to commits and pushes, unless a repo says otherwise",
     "off|warn|enforce|strict"},
    {"gc-interval",
     SettingType::Duration,
     "24h",
     "How often garbage is collected; 0s: only by hand, with railhub admin gc"},
    {"gc-grace",
     SettingType::Duration,
     "48h",
     "How long what nothing refers to is left alone; at least 25h, longer than any dedup answer"},
    {"trash-window", SettingType::Duration, "7d", "How long what was collected can be taken back"},
    {"log-format",
     SettingType::Choice,
     "key-value",
     "Form of the log on standard error",
     "key-value|json"},
    {"log-level",
     SettingType::Choice,
     "info",
     "Least level that is logged",
     "debug|info|warn|error"},
    {"access-log", SettingType::Switch, "on", "One log line per request"},
};

util::Error
bad_setting(const util::SettingValues& values, std::string_view name, std::string_view why) {
    return util::fail(
        util::Code::InvalidInput,
        values.origin(name) + ": bad value '" + values.text(name) + "' of '" + std::string(name) +
            "': " + std::string(why)
    );
}

util::Result<> read_listen(const util::SettingValues& values, http::ServerOptions& http) {
    const std::string& text = values.text("listen");
    if (text.starts_with("unix:")) {
        http.address = text;
        return {};
    }
    const std::size_t colon = text.rfind(':');
    const auto port = colon == std::string::npos
                          ? std::nullopt
                          : util::parse_decimal(std::string_view(text).substr(colon + 1));
    if (!port || *port > 65535 || colon == 0) {
        return bad_setting(values, "listen", "write ADDRESS:PORT");
    }
    http.address = text.substr(0, colon);
    if (http.address.starts_with('[') && http.address.ends_with(']')) {
        http.address = http.address.substr(1, http.address.size() - 2);
    }
    http.port = static_cast<std::uint16_t>(*port);
    return {};
}

util::Result<> read_external_url(const util::SettingValues& values, http::ServerOptions& http) {
    std::string url = values.text("external-url");
    while (url.ends_with('/')) {
        url.pop_back();
    }
    if (!url.empty() && !util::Url::parse(url).ok()) {
        return bad_setting(values, "external-url", "it is no http or https URL");
    }
    http.external_url = url;
    return {};
}

util::Result<> read_prefix(const util::SettingValues& values, http::ServerOptions& http) {
    std::string prefix = values.text("path-prefix");
    while (prefix.ends_with('/')) {
        prefix.pop_back();
    }
    if (!prefix.empty() && !prefix.starts_with('/')) {
        return bad_setting(values, "path-prefix", "it begins with a slash");
    }
    http.path_prefix = prefix;
    return {};
}

util::Result<> read_http(const util::SettingValues& values, http::ServerOptions& http) {
    RAILHUB_TRY(read_listen(values, http));
    RAILHUB_TRY(read_external_url(values, http));
    RAILHUB_TRY(read_prefix(values, http));
    const auto duration = [&](std::string_view name) {
        return std::chrono::milliseconds(values.number(name));
    };
    http.trust_forwarded = values.is_on("trust-proxy");
    http.tls_certificate = values.text("tls-certificate");
    http.tls_key = values.text("tls-key");
    if (http.tls_certificate.empty() != http.tls_key.empty()) {
        return util::fail(
            util::Code::InvalidInput,
            "'tls-certificate' and 'tls-key' go together",
            "give both or none"
        );
    }
    http.workers = static_cast<unsigned>(std::min<std::uint64_t>(values.number("workers"), 4096));
    http.max_connections = values.number("max-connections");
    http.max_header_bytes = values.number("max-header");
    http.header_deadline = duration("header-timeout");
    http.body_idle = http.write_idle = http.keep_alive = duration("idle-timeout");
    http.drain = duration("drain-timeout");
    http.max_body_bytes = std::max(values.number("max-lfs-size"), values.number("max-commit-body"));
    return {};
}

util::Result<> read_limits(const util::SettingValues& values, Limits& limits) {
    limits.commit_body = values.number("max-commit-body");
    limits.regular_file = values.number("max-regular-size");
    limits.large_file = values.number("max-lfs-size");
    limits.multipart_threshold = values.number("lfs-multipart-threshold");
    limits.part_size = values.number("lfs-part-size");
    limits.link_lifetime = std::chrono::milliseconds(values.number("link-lifetime"));
    limits.xet_token_lifetime = std::chrono::milliseconds(values.number("xet-token-lifetime"));
    limits.data_link_lifetime = std::chrono::milliseconds(values.number("xet-link-lifetime"));
    limits.dedup_lifetime = std::chrono::milliseconds(values.number("xet-dedup-lifetime"));
    // Clients ask anew a minute before the end.
    if (limits.xet_token_lifetime < std::chrono::minutes(2)) {
        return bad_setting(values, "xet-token-lifetime", "a token lives two minutes at least");
    }
    if (limits.part_size < 4096) {
        return bad_setting(values, "lfs-part-size", "a part has at least 4 KiB");
    }
    return {};
}

util::Result<> read_jobs(const util::SettingValues& values, app::JobSettings& jobs) {
    constexpr auto kLeastGrace = std::chrono::hours(25);
    jobs.collect_every = std::chrono::milliseconds(values.number("gc-interval"));
    jobs.grace = std::chrono::milliseconds(values.number("gc-grace"));
    jobs.trash_window = std::chrono::milliseconds(values.number("trash-window"));
    if (jobs.grace < kLeastGrace) {
        return bad_setting(values, "gc-grace", "clients use what they were told for up to a day");
    }
    return {};
}

util::LogLevel level_of(const std::string& word) {
    if (word == "debug") {
        return util::LogLevel::Debug;
    }
    if (word == "warn") {
        return util::LogLevel::Warn;
    }
    return word == "error" ? util::LogLevel::Error : util::LogLevel::Info;
}

// The file that `config` names in the sources, else the default one when it exists.
util::Result<util::SettingSource> file_source(const std::vector<util::SettingSource>& sources) {
    std::string path;
    for (const util::SettingSource& source : sources) {
        for (const util::SettingSource::Item& item : source.items) {
            if (item.key == "config") {
                path = item.value;
            }
        }
    }
    if (path.empty()) {
        RAILHUB_TRY(const auto there, util::make_posix_fs()->info(std::string(kDefaultFile)));
        if (!there) {
            return util::SettingSource{};
        }
        path = kDefaultFile;
    }
    return read_config_file(path);
}

} // namespace

std::span<const util::Setting> settings_table() {
    return kSettings;
}

util::Result<ServerConfig> make_config(const std::vector<util::SettingSource>& sources) {
    std::vector<util::SettingSource> all;
    RAILHUB_TRY(auto file, file_source(sources));
    all.push_back(std::move(file));
    all.insert(all.end(), sources.begin(), sources.end());
    RAILHUB_TRY(const util::SettingValues values, util::resolve_settings(kSettings, all));
    ServerConfig config;
    config.data_folder = values.text("data");
    if (config.data_folder.empty()) {
        return bad_setting(values, "data", "it names no folder");
    }
    config.license_gate = values.text("license-gate");
    RAILHUB_TRY(read_http(values, config.http));
    RAILHUB_TRY(read_limits(values, config.limits));
    RAILHUB_TRY(read_jobs(values, config.jobs));
    config.log_format =
        values.text("log-format") == "json" ? util::LogFormat::Json : util::LogFormat::KeyValue;
    config.log_level = level_of(values.text("log-level"));
    config.access_log =
        values.is_on("access-log") ? ServerConfig::AccessLog::On : ServerConfig::AccessLog::Off;
    return config;
}

std::string config_page() {
    return "# Server settings\n\n"
           "Printed from the table in `server/config.cpp`. A setting is a flag of `railhub serve` "
           "(`--listen`), a variable (`RAILHUB_LISTEN`)\nand a key of the config file (`listen = "
           "\"...\"`, TOML). A flag wins over a variable, a variable over the file.\n\n" +
           util::settings_markdown(kSettings);
}

} // namespace railhub::server
