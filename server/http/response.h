// SPDX-License-Identifier: Apache-2.0
// An HTTP response as handlers make it.
#pragma once

#include "core/util/bytes.h"
#include "core/util/io.h"
#include "core/util/json.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace railhub::http {

// Bytes of a file. `owner` keeps descriptor and mapping alive until the last byte is sent. `mapped`
// holds the whole file or is empty; where there are both, it serves short bodies and `fd` long
// ones. `read_at` serves stores that have neither. The server applies Range (single range;
// malformed ignored; 416 past the end; If-Range against the ETag header), If-None-Match, and
// answers HEAD.
struct FileBody {
    std::shared_ptr<void> owner;
    int fd = -1;
    util::ByteView mapped;
    std::function<util::Result<std::size_t>(std::uint64_t offset, std::span<std::uint8_t> into)>
        read_at;
    std::uint64_t size = 0;
};

// Bytes made on the fly: called once in a worker with a Writer that sends (chunked). An error after
// the first byte cuts the connection, so that the client sees a broken answer, not a short one.
struct StreamBody {
    std::function<util::Result<>(util::Writer&)> produce;
};

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>>
        headers; // CR/LF and non-Latin-1 are cleaned when sent
    std::variant<std::string, FileBody, StreamBody> body;
    std::string log_note; // extra word for the access log, e.g. an error code

    Response& header(std::string_view name, std::string_view value) {
        headers.emplace_back(name, value);
        return *this;
    }

    static Response
    text(int status, std::string body, std::string_view content_type = "text/plain; charset=utf-8");
    static Response json(int status, const util::Json& body);
    static Response empty(int status);
};

} // namespace railhub::http
