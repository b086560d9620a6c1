// SPDX-License-Identifier: Apache-2.0
#include "server/api/file_reply.h"

#include "core/util/text.h"
#include "core/util/url.h"

namespace railhub::server::api {

namespace {

struct Ending {
    std::string_view ending;
    std::string_view type;
};

constexpr Ending kEndings[] = {
    {".json", "application/json"},
    {".jsonl", "text/plain; charset=utf-8"},
    {".md", "text/plain; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".py", "text/plain; charset=utf-8"},
    {".yaml", "text/plain; charset=utf-8"},
    {".yml", "text/plain; charset=utf-8"},
    {".toml", "text/plain; charset=utf-8"},
    {".html", "text/plain; charset=utf-8"},
    {".js", "text/plain; charset=utf-8"},
    {".jinja", "text/plain; charset=utf-8"},
    {".csv", "text/csv; charset=utf-8"},
    {".tsv", "text/plain; charset=utf-8"},
    {".gitattributes", "text/plain; charset=utf-8"},
    {".gitignore", "text/plain; charset=utf-8"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".wav", "audio/wav"},
    {".mp3", "audio/mpeg"},
    {".flac", "audio/flac"},
    {".mp4", "video/mp4"},
    {".pdf", "application/pdf"},
};

std::string_view file_name_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

} // namespace

http::FileBody file_body(std::shared_ptr<storage::ObjectReader> reader) {
    http::FileBody body;
    body.size = reader->size();
    body.fd = reader->fd();
    body.mapped = reader->mapped();
    storage::ObjectReader& source = *reader;
    body.read_at = [&source](std::uint64_t offset, std::span<std::uint8_t> into) {
        return source.read_at(offset, into);
    };
    body.owner = std::move(reader);
    return body;
}

http::FileBody file_body(std::string bytes) {
    auto owner = std::make_shared<std::string>(std::move(bytes));
    http::FileBody body;
    body.size = owner->size();
    body.mapped = util::as_bytes(*owner);
    body.owner = std::move(owner);
    return body;
}

std::string_view content_type_of(std::string_view path) {
    const std::string name = util::lower(file_name_of(path));
    for (const Ending& row : kEndings) {
        if (name.ends_with(row.ending)) {
            return row.type;
        }
    }
    return "application/octet-stream";
}

std::string content_disposition(const http::Request& request, std::string_view path) {
    const std::string_view name = file_name_of(path);
    std::string plain;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        plain += byte < 0x20 || byte > 0x7E || c == '"' || c == '\\' ? '_' : c;
    }
    const std::string_view kind = request.query_flag("download") ? "attachment" : "inline";
    return std::string(kind) + "; filename*=UTF-8''" + util::percent_encode(name) +
           "; filename=\"" + plain + "\";";
}

void add_content_guards(http::Response& response) {
    response.header("X-Content-Type-Options", "nosniff");
    response.header("Content-Security-Policy", "default-src 'none'; sandbox");
}

} // namespace railhub::server::api
