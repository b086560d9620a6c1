// SPDX-License-Identifier: Apache-2.0
// Look-ups on a request.
#include "server/http/request.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::http {

std::string_view method_word(Method method) {
    switch (method) {
    case Method::Get:
        return "GET";
    case Method::Head:
        return "HEAD";
    case Method::Post:
        return "POST";
    case Method::Put:
        return "PUT";
    case Method::Patch:
        return "PATCH";
    case Method::Delete:
        return "DELETE";
    case Method::Options:
        return "OPTIONS";
    }
    return "GET";
}

void Headers::add(std::string_view name, std::string_view value) {
    list_.emplace_back(name, value);
}

const std::string* Headers::find(std::string_view name) const {
    for (const auto& header : list_) {
        if (util::equal_ignore_case(header.first, name)) {
            return &header.second;
        }
    }
    return nullptr;
}

std::string_view Headers::text(std::string_view name) const {
    const std::string* value = find(name);
    return value == nullptr ? std::string_view{} : std::string_view(*value);
}

std::string_view Request::param(std::string_view name) const {
    for (const auto& pair : params) {
        if (pair.first == name) {
            return pair.second;
        }
    }
    return {};
}

namespace {

// "expand" is also written "expand[]".
bool is_query_key(std::string_view key, std::string_view name) {
    if (key.size() == name.size() + 2 && key.ends_with("[]")) {
        key.remove_suffix(2);
    }
    return key == name;
}

} // namespace

const std::string* Request::query_value(std::string_view name) const {
    for (const auto& pair : query) {
        if (is_query_key(pair.first, name)) {
            return &pair.second;
        }
    }
    return nullptr;
}

std::vector<std::string> Request::query_values(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& pair : query) {
        if (is_query_key(pair.first, name)) {
            values.push_back(pair.second);
        }
    }
    return values;
}

bool Request::query_flag(std::string_view name) const {
    const std::string* value = query_value(name);
    if (value == nullptr) {
        return false;
    }
    return value->empty() || *value == "1" || util::equal_ignore_case(*value, "true");
}

std::string Request::content_type() const {
    const std::string_view value = headers.text("content-type");
    return util::lower(util::trim(value.substr(0, value.find(';'))));
}

} // namespace railhub::http
