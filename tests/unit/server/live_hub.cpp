// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/server/live_hub.h"

#include "core/app/admin.h"
#include "core/util/digest.h"
#include "tests/support/value.h"

namespace railhub::tests {

namespace {

util::Json line_json(std::string_view key, util::Json value) {
    return util::Json::object({{"key", key}, {"value", std::move(value)}});
}

std::string sha256_of(const std::string& content) {
    return util::sha256(util::as_bytes(content)).hex();
}

} // namespace

std::string commit_body(const std::string& summary, const std::vector<std::string>& lines) {
    std::string body = line_json(
                           "header", util::Json::object({{"summary", summary}, {"description", ""}})
                       ).dump() +
                       "\n";
    for (const std::string& line : lines) {
        body += line + "\n";
    }
    return body;
}

std::string file_line(const std::string& path, const std::string& content) {
    const std::string encoded = util::to_base64(util::as_bytes(content));
    return line_json(
               "file",
               util::Json::object({{"content", encoded}, {"path", path}, {"encoding", "base64"}})
    ).dump();
}

std::string lfs_line(const std::string& path, const std::string& content) {
    return line_json(
               "lfsFile",
               util::Json::object(
                   {{"path", path},
                    {"algo", "sha256"},
                    {"oid", sha256_of(content)},
                    {"size", content.size()}}
               )
    ).dump();
}

std::string target_of(const std::string& url) {
    const std::size_t host = url.find("://");
    REQUIRE(host != std::string::npos);
    const std::size_t path = url.find('/', host + 3);
    return path == std::string::npos ? "/" : url.substr(path);
}

LiveHub::LiveHub(server::ServerConfig config) : config_(std::move(config)) {
    config_.access_log = server::ServerConfig::AccessLog::Off;
    config_.http.port = 0;
    config_.http.drain = std::chrono::milliseconds(2000);
    start();
    const util::Context ctx = context_.context();
    const auto token = [&](const std::string& user, access::TokenRole role) {
        app::TokenRequest request;
        request.user = user;
        request.name = std::string(access::role_word(role));
        request.role = role;
        return value(app::issue_token(ctx, deps(), request)).secret;
    };
    for (const std::string name : {"alice", "mallory"}) {
        app::AccountRequest request;
        request.name = name;
        value(app::add_user(ctx, deps(), request));
    }
    alice = token("alice", access::TokenRole::Write);
    reader = token("alice", access::TokenRole::Read);
    mallory = token("mallory", access::TokenRole::Write);
}

void LiveHub::start() {
    app::HubOptions options;
    options.folder = folder_.file("hub");
    options.role = app::HubOptions::Role::Server;
    options.absent = app::HubOptions::Absent::Create;
    options.license_gate = config_.license_gate.empty() ? "off" : config_.license_gate;
    hub_ = value(app::Hub::open(context_.context(), options));
    running_ = value(server::RunningHub::start(context_.context(), hub_->deps(), config_));
}

void LiveHub::restart() {
    running_->drain();
    running_.reset();
    hub_.reset();
    start();
}

Answer LiveHub::ask(const std::string& method, const std::string& target, const Ask& ask) const {
    std::string text = method + " " + target +
                       " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(running_->port()) +
                       "\r\nConnection: close\r\n";
    if (!ask.token.empty()) {
        text += "Authorization: Bearer " + ask.token + "\r\n";
    }
    if (!ask.type.empty()) {
        text += "Content-Type: " + ask.type + "\r\n";
    }
    for (const auto& [name, header] : ask.headers) {
        text += name + ": " + header + "\r\n";
    }
    if (!ask.body.empty() || method == "POST" || method == "PUT") {
        text += "Content-Length: " + std::to_string(ask.body.size()) + "\r\n";
    }
    Peer peer(running_->port());
    peer.send_all(text + "\r\n" + ask.body);
    return peer.receive(method == "HEAD" ? Peer::Body::None : Peer::Body::Expected);
}

util::Json LiveHub::json(const Answer& answer) {
    INFO(answer.head << answer.body);
    return value(util::parse_json(answer.body));
}

void LiveHub::make_repo(const std::string& name, bool is_private, const std::string& type) {
    const auto body = util::Json::object(
        {{"name", name},
         {"organization", nullptr},
         {"type", type},
         {"visibility", is_private ? "private" : "public"}}
    );
    const Answer made =
        ask("POST",
            "/api/repos/create",
            {.token = alice, .body = body.dump(), .type = "application/json"});
    INFO(made.body);
    REQUIRE(made.status == 200);
}

Answer LiveHub::commit(const std::string& repo, const std::vector<std::string>& lines) {
    return ask(
        "POST",
        "/api/models/" + repo + "/commit/main",
        {.token = alice, .body = commit_body("change", lines), .type = "application/x-ndjson"}
    );
}

void LiveHub::upload(const std::string& repo, const std::string& content) {
    auto object = util::Json::object({{"oid", sha256_of(content)}, {"size", content.size()}});
    auto objects = util::Json::array();
    objects.push_back(std::move(object));
    const auto body = util::Json::object(
        {{"operation", "upload"},
         {"transfers", util::Json::array_of(std::vector<std::string>{"basic"})},
         {"objects", objects}}
    );
    const auto batch = json(
        ask("POST",
            "/" + repo + ".git/info/lfs/objects/batch",
            {.token = alice, .body = body.dump(), .type = "application/vnd.git-lfs+json"})
    );
    const util::Json& item = (*batch.find("objects")->as_array())[0];
    const util::Json* actions = item.find("actions");
    REQUIRE(actions != nullptr);
    const std::string href = actions->find("upload")->text("href");
    const Answer put = ask("PUT", target_of(href), {.body = content});
    INFO(put.body);
    REQUIRE(put.status == 200);
}

std::string LiveHub::head(const std::string& repo) {
    return json(ask("GET", "/api/models/" + repo, {.token = alice})).text("sha");
}

} // namespace railhub::tests
