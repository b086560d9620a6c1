// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/transfer/local_hub.h"

#include "core/transfer/content_id.h"
#include "core/util/text.h"

#include <stdexcept>

namespace railhub::tests {

namespace {

std::string git_oid(std::string_view bytes) {
    transfer::ContentHasher hasher({bytes.size(), std::nullopt, ""});
    hasher.update(util::as_bytes(bytes));
    return hasher.finish();
}

} // namespace

std::string pattern(std::size_t size, std::uint32_t seed) {
    std::string bytes(size, '\0');
    std::uint32_t state = seed;
    for (auto& byte : bytes) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<char>(state >> 24U);
    }
    return bytes;
}

LocalServer::LocalServer(http::Handler handler) {
    http::ServerOptions options;
    options.drain = std::chrono::milliseconds(200);
    auto started = http::start_server(
        context_.context(),
        options,
        [this, handler = std::move(handler)](http::Request& request) {
            {
                const std::lock_guard lock(mutex_);
                asked_.push_back(
                    std::string(http::method_word(request.method)) + " " + request.target
                );
            }
            return handler(request);
        },
        [](const http::Exchange&) {}
    );
    if (!started.ok()) {
        throw std::runtime_error(util::to_line(started.error()));
    }
    server_ = std::move(started).value();
}

LocalServer::~LocalServer() {
    server_->drain();
}

std::vector<std::string> LocalServer::asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
}

LocalHub::LocalHub() : server([this](http::Request& request) { return answer(request); }) {}

void LocalHub::add_large(const std::string& path, std::string bytes) {
    files.push_back({path, std::move(bytes), true});
}

void LocalHub::add_small(const std::string& path, std::string bytes) {
    files.push_back({path, std::move(bytes), false});
}

util::Json LocalHub::tree() const {
    util::Json list = util::Json::array();
    for (const auto& file : files) {
        util::Json entry = util::Json::object(
            {{"type", "file"},
             {"path", file.path},
             {"oid", git_oid(file.bytes)},
             {"size", file.bytes.size()}}
        );
        if (file.is_large) {
            const std::string sha256 = util::sha256(util::as_bytes(file.bytes)).hex();
            entry.set(
                "lfs",
                util::Json::object(
                    {{"oid", sha256}, {"size", file.bytes.size()}, {"pointerSize", 130}}
                )
            );
        }
        list.push_back(std::move(entry));
    }
    return list;
}

http::Response LocalHub::answer(http::Request& request) {
    if (is_gone) {
        http::Response gone =
            http::Response::json(404, util::Json::object({{"error", "Repository not found"}}));
        return std::move(gone.header("X-Error-Code", "RepoNotFound"));
    }
    if (request.path.find("/revision/") != std::string::npos) {
        return http::Response::json(
            200, util::Json::object({{"id", "ada/model"}, {"sha", kCommit}})
        );
    }
    if (request.path.find("/tree/") != std::string::npos) {
        return http::Response::json(200, tree());
    }
    for (const auto& file : files) {
        if (request.path.ends_with("/resolve/" + std::string(kCommit) + "/" + file.path)) {
            return file_answer(file, request);
        }
    }
    return http::Response::json(404, util::Json::object({{"error", "no such thing"}}));
}

http::Response LocalHub::file_answer(const File& file, const http::Request& request) {
    ++gets_;
    if (refusals.fetch_sub(1) > 0) {
        http::Response refused = http::Response::text(503, "later");
        return std::move(refused.header("Retry-After", "0"));
    }
    std::size_t begin = 0;
    std::size_t end = file.bytes.size();
    const std::string range(request.headers.text("range"));
    const bool is_range = !range.empty() && !ignores_range;
    if (is_range) { // "bytes=A-B"
        const auto dash = range.find('-');
        begin = static_cast<std::size_t>(*util::parse_decimal(range.substr(6, dash - 6)));
        end = static_cast<std::size_t>(*util::parse_decimal(range.substr(dash + 1))) + 1;
    }
    std::string body = file.bytes.substr(begin, end - begin);
    if (corruptions.fetch_sub(1) > 0) {
        body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 1);
    }
    http::Response response;
    response.status = is_range ? 206 : 200;
    if (is_range) {
        response.header(
            "Content-Range",
            "bytes " + std::to_string(begin) + "-" + std::to_string(end - 1) + "/" +
                std::to_string(file.bytes.size())
        );
    }
    if (cuts.fetch_sub(1) > 0) {
        response.body = http::StreamBody{[body](util::Writer& out) -> util::Result<> {
            RAILHUB_TRY(out.write(util::as_bytes(std::string_view(body).substr(0, body.size() / 2)))
            );
            return util::fail(util::Code::Io, "cut");
        }};
    } else {
        response.body = std::move(body);
    }
    return response;
}

} // namespace railhub::tests
