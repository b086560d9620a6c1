// SPDX-License-Identifier: Apache-2.0
// The JSON value: construction, reads and writes.
#include "core/util/json.h"

#include <algorithm>
#include <limits>

namespace railhub::util {

Json::Json(JsonArray value) : value_(std::move(value)) {}

Json::Json(JsonObject value) : value_(std::move(value)) {}

Json Json::object(std::initializer_list<JsonMember> members) {
    Json object = Json::object();
    for (const JsonMember& member : members) {
        object.set(member.first, member.second);
    }
    return object;
}

JsonKind Json::kind() const noexcept {
    return static_cast<JsonKind>(value_.index());
}

const std::string* Json::as_string() const noexcept {
    return std::get_if<std::string>(&value_);
}

const JsonArray* Json::as_array() const noexcept {
    return std::get_if<JsonArray>(&value_);
}

JsonArray* Json::as_array() noexcept {
    return std::get_if<JsonArray>(&value_);
}

const JsonObject* Json::as_object() const noexcept {
    return std::get_if<JsonObject>(&value_);
}

std::optional<std::int64_t> Json::as_int() const noexcept {
    if (const auto* number = std::get_if<std::int64_t>(&value_)) {
        return *number;
    }
    const auto* number = std::get_if<std::uint64_t>(&value_);
    if (number != nullptr && std::in_range<std::int64_t>(*number)) {
        return static_cast<std::int64_t>(*number);
    }
    return std::nullopt;
}

std::optional<std::uint64_t> Json::as_uint() const noexcept {
    if (const auto* number = std::get_if<std::uint64_t>(&value_)) {
        return *number;
    }
    const auto* number = std::get_if<std::int64_t>(&value_);
    if (number != nullptr && *number >= 0) {
        return static_cast<std::uint64_t>(*number);
    }
    return std::nullopt;
}

std::optional<double> Json::as_double() const noexcept {
    if (const auto* number = std::get_if<double>(&value_)) {
        return *number;
    }
    if (const auto* number = std::get_if<std::int64_t>(&value_)) {
        return static_cast<double>(*number);
    }
    if (const auto* number = std::get_if<std::uint64_t>(&value_)) {
        return static_cast<double>(*number);
    }
    return std::nullopt;
}

std::optional<bool> Json::as_bool() const noexcept {
    const auto* value = std::get_if<bool>(&value_);
    return value == nullptr ? std::nullopt : std::optional(*value);
}

const Json* Json::find(std::string_view key) const noexcept {
    const auto* members = std::get_if<JsonObject>(&value_);
    if (members == nullptr) {
        return nullptr;
    }
    const auto found = std::find_if(members->begin(), members->end(), [key](const auto& member) {
        return member.first == key;
    });
    return found == members->end() ? nullptr : &found->second;
}

Json* Json::find(std::string_view key) noexcept {
    return const_cast<Json*>(std::as_const(*this).find(key));
}

std::string Json::text(std::string_view key, std::string_view fallback) const {
    const Json* const member = find(key);
    const std::string* const value = member == nullptr ? nullptr : member->as_string();
    return value == nullptr ? std::string(fallback) : *value;
}

std::uint64_t Json::number(std::string_view key, std::uint64_t fallback) const {
    const Json* const member = find(key);
    return member == nullptr ? fallback : member->as_uint().value_or(fallback);
}

bool Json::flag(std::string_view key, bool fallback) const {
    const Json* const member = find(key);
    return member == nullptr ? fallback : member->as_bool().value_or(fallback);
}

Json& Json::set(std::string_view key, Json value) {
    if (is_null()) {
        value_ = JsonObject{};
    }
    RAILHUB_ASSERT(is_object());
    if (Json* const member = find(key)) {
        *member = std::move(value);
        return *member;
    }
    return std::get_if<JsonObject>(&value_)->emplace_back(key, std::move(value)).second;
}

Json& Json::push_back(Json value) {
    if (is_null()) {
        value_ = JsonArray{};
    }
    RAILHUB_ASSERT(is_array());
    return as_array()->emplace_back(std::move(value));
}

void Json::erase(std::string_view key) {
    if (auto* members = std::get_if<JsonObject>(&value_)) {
        std::erase_if(*members, [key](const JsonMember& member) { return member.first == key; });
    }
}

bool Json::operator==(const Json& other) const {
    const bool is_integer = kind() == JsonKind::Int || kind() == JsonKind::Uint;
    if (is_integer && kind() != other.kind()) {
        return as_int().has_value() && as_int() == other.as_int() && !other.is_null() &&
               other.kind() != JsonKind::Double;
    }
    const JsonObject* const members = as_object();
    if (members == nullptr) {
        return value_ == other.value_;
    }
    const JsonObject* const others = other.as_object();
    if (others == nullptr || members->size() != others->size()) {
        return false;
    }
    return std::all_of(members->begin(), members->end(), [&other](const JsonMember& member) {
        const Json* const twin = other.find(member.first);
        return twin != nullptr && *twin == member.second;
    });
}

} // namespace railhub::util
