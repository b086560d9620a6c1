// SPDX-License-Identifier: Apache-2.0
// JSON as a value: parse with limits and a path in the error, print canonically. Hides the JSON
// library, whose header costs seconds in every file that sees it.
#pragma once

#include "core/util/result.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace railhub::util {

class Json;
using JsonArray = std::vector<Json>;
using JsonMember = std::pair<std::string, Json>;
// Members keep insertion order; keys are unique (set() replaces).
using JsonObject = std::vector<JsonMember>;

enum class JsonKind : std::uint8_t { Null, Bool, Int, Uint, Double, String, Array, Object };

template <class U>
concept JsonUnsigned = std::unsigned_integral<U> && !std::same_as<U, bool>;

// A value. Reads never throw and never fail loudly: a missing member or other kind gives nullptr or
// the fallback. One thread at a time for writing.
class Json {
  public:
    Json() = default;

    // Implicit on purpose, so that tables of literals read like JSON.
    // NOLINTBEGIN(google-explicit-constructor)
    Json(std::nullptr_t) {}

    template <std::same_as<bool> B>
    Json(B value) : value_(value) {}

    template <std::signed_integral I>
    Json(I value) : value_(static_cast<std::int64_t>(value)) {}

    template <JsonUnsigned U>
    Json(U value) : value_(static_cast<std::uint64_t>(value)) {}

    Json(double value) : value_(value) {}

    Json(std::string value) : value_(std::move(value)) {}

    Json(std::string_view value) : value_(std::string(value)) {}

    Json(const char* value) : value_(std::string(value)) {}

    Json(JsonArray value);
    Json(JsonObject value);

    // NOLINTEND(google-explicit-constructor)

    static Json array() { return Json(JsonArray{}); }

    static Json object() { return Json(JsonObject{}); }

    // Json::object({{"a", 1}, {"b", "x"}})
    static Json object(std::initializer_list<JsonMember> members);

    template <class Range>
    static Json array_of(const Range& range) {
        JsonArray items;
        for (const auto& item : range) {
            items.emplace_back(item);
        }
        return Json(std::move(items));
    }

    [[nodiscard]] JsonKind kind() const noexcept;

    [[nodiscard]] bool is_null() const noexcept { return kind() == JsonKind::Null; }

    [[nodiscard]] bool is_object() const noexcept { return kind() == JsonKind::Object; }

    [[nodiscard]] bool is_array() const noexcept { return kind() == JsonKind::Array; }

    [[nodiscard]] bool is_string() const noexcept { return kind() == JsonKind::String; }

    // nullptr where the kind differs.
    [[nodiscard]] const std::string* as_string() const noexcept;
    [[nodiscard]] const JsonArray* as_array() const noexcept;
    [[nodiscard]] JsonArray* as_array() noexcept;
    [[nodiscard]] const JsonObject* as_object() const noexcept;
    // Any integral number that fits (also a double without fraction is not an integer).
    [[nodiscard]] std::optional<std::int64_t> as_int() const noexcept;
    [[nodiscard]] std::optional<std::uint64_t> as_uint() const noexcept;
    [[nodiscard]] std::optional<double> as_double() const noexcept;
    [[nodiscard]] std::optional<bool> as_bool() const noexcept;

    // Member of an object, or nullptr.
    [[nodiscard]] const Json* find(std::string_view key) const noexcept;
    [[nodiscard]] Json* find(std::string_view key) noexcept;

    // Member as text/number with a fallback; also when it is absent or of another kind.
    [[nodiscard]] std::string text(std::string_view key, std::string_view fallback = {}) const;
    [[nodiscard]] std::uint64_t number(std::string_view key, std::uint64_t fallback = 0) const;
    [[nodiscard]] bool flag(std::string_view key, bool fallback = false) const;

    // Adds or replaces a member; turns null into an object. Returns the member.
    Json& set(std::string_view key, Json value);
    // Appends; turns null into an array.
    Json& push_back(Json value);
    // Removes a member if present.
    void erase(std::string_view key);

    // Compact, members in order, UTF-8 as it is.
    [[nodiscard]] std::string dump() const;
    // Two-space indent, newline-terminated: for files and people.
    [[nodiscard]] std::string dump_pretty() const;
    // Members sorted by key, compact: the form that is hashed or compared.
    [[nodiscard]] std::string dump_canonical() const;

    bool operator==(const Json& other) const;

  private:
    std::variant<
        std::monostate,
        bool,
        std::int64_t,
        std::uint64_t,
        double,
        std::string,
        JsonArray,
        JsonObject>
        value_;
};

struct JsonLimits {
    std::size_t max_bytes = std::size_t{64} << 20;
    std::size_t max_depth = 64;
    std::size_t max_values = 4'000'000;
};

// InvalidInput with line and column, or TooLarge. Duplicate keys and invalid UTF-8 are errors.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

} // namespace railhub::util
