// SPDX-License-Identifier: Apache-2.0
#include "server/middleware/auth.h"

#include "core/util/text.h"

namespace railhub::server {

namespace {

// "user:password"; the token is the password, or the user when there is none.
std::string token_of_basic(std::string_view encoded) {
    const auto decoded = util::from_base64(encoded);
    if (!decoded.ok()) {
        return {};
    }
    const std::string_view text = util::as_text(*decoded);
    const std::size_t colon = text.find(':');
    const std::string_view password =
        colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    return std::string(password.empty() ? text.substr(0, colon) : password);
}

} // namespace

std::optional<std::string> token_of(const http::Headers& headers) {
    const std::string* header = headers.find("Authorization");
    if (header == nullptr || util::trim(*header).empty()) {
        return std::nullopt;
    }
    const std::string_view text = util::trim(*header);
    const std::size_t blank = text.find(' ');
    const std::string scheme = util::lower(text.substr(0, blank));
    const std::string_view rest =
        blank == std::string_view::npos ? std::string_view() : util::trim(text.substr(blank));
    if (scheme == "bearer") {
        return std::string(rest);
    }
    return scheme == "basic" ? token_of_basic(rest) : std::string();
}

util::Error invalid_token() {
    return util::fail(util::Code::Unauthenticated, "Invalid credentials in Authorization header");
}

} // namespace railhub::server
