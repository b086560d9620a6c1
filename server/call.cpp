// SPDX-License-Identifier: Apache-2.0
#include "server/call.h"

#include "core/util/text.h"
#include "server/http/inflating_reader.h"

#include <algorithm>

namespace railhub::server {

util::Result<> open_repository(Call& call) {
    if (call.repository == nullptr) {
        RAILHUB_TRY(
            call.repository,
            repo::Repository::open(call.ctx, *call.tx, call.deps().blobs, call.repo->record)
        );
    }
    return {};
}

util::Result<app::RevisionAndPath> revision_and_path(Call& call, std::size_t first_segment) {
    const auto& segments = call.request.segments;
    const auto rest = std::span(segments).subspan(std::min(first_segment, segments.size()));
    RAILHUB_TRY(auto found, app::split_revision(*call.repository, rest));
    call.commit = found.revision.commit;
    return found;
}

util::Result<repo::Resolved> revision_of(Call& call, std::string_view revision) {
    RAILHUB_TRY(auto resolved, app::resolve(*call.repository, revision));
    call.commit = resolved.commit;
    return resolved;
}

util::Result<> begin_snapshot(Call& call) {
    if (call.tx == nullptr) {
        RAILHUB_TRY(call.tx, call.deps().database.begin_read(call.ctx));
    }
    return {};
}

util::Result<std::string> body_text(Call& call, std::uint64_t max_bytes) {
    http::Body& body = *call.request.body;
    if (body.length() && *body.length() > max_bytes) {
        return util::fail(
            util::Code::TooLarge, "the body is larger than " + std::to_string(max_bytes) + " bytes"
        );
    }
    body.limit(max_bytes);
    const std::string encoding = util::lower(call.request.headers.text("Content-Encoding"));
    if (encoding.empty() || encoding == "identity") {
        return util::read_all(body, max_bytes);
    }
    if (encoding != "gzip") {
        return util::fail(util::Code::InvalidInput, "unknown content encoding '" + encoding + "'");
    }
    http::InflateLimits limits;
    limits.max_bytes = max_bytes;
    http::InflatingReader inflated(body, limits);
    return util::read_all(inflated, max_bytes);
}

util::Result<util::Json> body_json(Call& call, std::uint64_t max_bytes) {
    RAILHUB_TRY(const std::string text, body_text(call, max_bytes));
    if (util::trim(text).empty()) {
        return util::Json::object();
    }
    util::JsonLimits limits;
    limits.max_bytes = max_bytes;
    RAILHUB_TRY(auto value, util::parse_json(text, limits));
    if (!value.is_object()) {
        return util::fail(util::Code::InvalidInput, "the body is no JSON object");
    }
    return value;
}

util::Result<std::size_t> query_number(
    const http::Request& request, std::string_view name, std::size_t fallback, std::size_t most
) {
    const std::string* text = request.query_value(name);
    if (text == nullptr || text->empty()) {
        return fallback;
    }
    const auto number = util::parse_decimal(*text);
    if (!number) {
        return util::fail(
            util::Code::InvalidInput, "'" + std::string(name) + "' is no number: '" + *text + "'"
        );
    }
    return static_cast<std::size_t>(std::min<std::uint64_t>(*number, most));
}

std::string repo_url(const http::Request& request, const types::RepoId& id) {
    return request.base_url + "/" + std::string(types::kind_web_prefix(id.kind)) + id.full_name();
}

std::string api_url(const http::Request& request, const types::RepoId& id) {
    return request.base_url + "/api/" + std::string(types::kind_plural(id.kind)) + "/" +
           id.full_name();
}

std::string next_link(const http::Request& request, const util::QueryPairs& changes) {
    std::string query;
    const auto add = [&](std::string_view key, std::string_view value) {
        query += (query.empty() ? "?" : "&") + util::percent_encode(key, "[]") + "=" +
                 util::percent_encode(value);
    };
    for (const auto& pair : request.query) {
        const bool is_changed =
            std::any_of(changes.begin(), changes.end(), [&](const auto& change) {
                return change.first == pair.first;
            });
        if (!is_changed) {
            add(pair.first, pair.second);
        }
    }
    for (const auto& [key, value] : changes) {
        add(key, value);
    }
    return "<" + request.base_url + request.path + query + ">; rel=\"next\"";
}

} // namespace railhub::server
