// SPDX-License-Identifier: Apache-2.0
// An HTTP request as handlers see it. Nothing of the HTTP library shows.
#pragma once

#include "core/util/io.h"
#include "core/util/url.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace railhub::http {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options };

std::string_view method_word(Method method);

// Headers in order; names are compared without regard to case.
class Headers {
  public:
    void add(std::string_view name, std::string_view value);
    // First value or nullptr.
    [[nodiscard]] const std::string* find(std::string_view name) const;
    [[nodiscard]] std::string_view text(std::string_view name) const; // empty when absent

    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const {
        return list_;
    }

  private:
    std::vector<std::pair<std::string, std::string>> list_;
};

// The body, read straight from the connection in blocks as large as the caller's buffer. Chunked
// framing is decoded. Fails with InvalidInput when the peer stops early, TooLarge past the limit,
// Unavailable on a deadline. gzip is not inflated here: see inflating_reader.h. The first read
// sends "100 Continue" if the client waits for it.
class Body : public util::Reader {
  public:
    // Content-Length if given.
    [[nodiscard]] virtual std::optional<std::uint64_t> length() const = 0;
    // Lowers (never raises) how many bytes may be read in all.
    virtual void limit(std::uint64_t max_bytes) = 0;
};

// Lives for the length of the handler call. One thread at a time.
struct Request {
    Method method = Method::Get;
    std::string target;                // raw: path and query as sent, prefix of the hub removed
    std::string path;                  // raw path of target, not decoded
    std::vector<std::string> segments; // path split at '/', each decoded exactly once (hub-api 2.4)
    util::QueryPairs query;
    Headers headers;
    std::string peer; // address of the TCP peer, or of the client when the proxy is trusted
    std::string
        base_url; // "http://host:port[/prefix]" as the client sees the hub: for absolute links
    std::string request_id;
    Body* body = nullptr; // never null inside a handler
    std::vector<std::pair<std::string, std::string>>
        params; // of the matched route: {name} -> value

    std::string route; // name of the route that served it; set by the handler for log and metrics

    [[nodiscard]] std::string_view param(std::string_view name) const;
    // First value of a query parameter, also as `name[]`.
    [[nodiscard]] const std::string* query_value(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> query_values(std::string_view name
    ) const; // all, `name[]` too
    // true/True/1, false/False/0; present without value counts as true (hub-api 1.1).
    [[nodiscard]] bool query_flag(std::string_view name) const;
    // Media type without parameters, lower case.
    [[nodiscard]] std::string content_type() const;
};

} // namespace railhub::http
