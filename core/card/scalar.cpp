// SPDX-License-Identifier: Apache-2.0
// Null, booleans and numbers by their spelling; everything else is text.
#include "core/card/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace railhub::card {

namespace {

using util::Json;

constexpr std::string_view kCoreTags = "tag:yaml.org,2002:";

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_number_digit(char ch) {
    return ch >= '0' && ch <= '9';
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_number_digit);
}

std::string_view without_sign(std::string_view text) {
    return text.starts_with('+') || text.starts_with('-') ? text.substr(1) : text;
}

std::optional<Json> based_integer(std::string_view text) {
    const int base = text.starts_with("0x") ? 16 : text.starts_with("0o") ? 8 : 0;
    if (base == 0 || text.size() < 3) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(text.data() + 2, text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return Json(value);
}

// [-+]? ( . digits | digits ( . digits* )? ) ( [eE] [-+]? digits )?
bool looks_like_number(std::string_view text) {
    text = without_sign(text);
    const std::size_t exponent = text.find_first_of("eE");
    std::string_view mantissa = text.substr(0, exponent);
    if (exponent != std::string_view::npos &&
        !all_digits(without_sign(text.substr(exponent + 1)))) {
        return false;
    }
    const std::size_t dot = mantissa.find('.');
    if (dot == std::string_view::npos) {
        return all_digits(mantissa);
    }
    const std::string_view whole = mantissa.substr(0, dot);
    const std::string_view fraction = mantissa.substr(dot + 1);
    if (whole.empty()) {
        return all_digits(fraction);
    }
    return all_digits(whole) && (fraction.empty() || all_digits(fraction));
}

std::optional<Json> number(std::string_view text) {
    if (!looks_like_number(text)) {
        return std::nullopt;
    }
    // from_chars knows no leading plus.
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    const char* const end = digits.data() + digits.size();
    std::int64_t integer = 0;
    if (const auto [stop, error] = std::from_chars(digits.data(), end, integer);
        error == std::errc() && stop == end) {
        return Json(integer);
    }
    double value = 0.0;
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc() || stop != end || !std::isfinite(value)) {
        return Json(std::string(text)); // out of range: keep what was written
    }
    return Json(value);
}

Json plain(const std::string& text) {
    if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
        return {};
    }
    if (is_one_of(text, {"true", "True", "TRUE"})) {
        return Json(true);
    }
    if (is_one_of(text, {"false", "False", "FALSE"})) {
        return Json(false);
    }
    const std::string_view unsigned_text = without_sign(text);
    if (is_one_of(unsigned_text, {".inf", ".Inf", ".INF"}) ||
        is_one_of(text, {".nan", ".NaN", ".NAN"})) {
        return {};
    }
    if (std::optional<Json> value = based_integer(text)) {
        return *std::move(value);
    }
    if (std::optional<Json> value = number(text)) {
        return *std::move(value);
    }
    return Json(text);
}

} // namespace

std::optional<util::Json> resolve_scalar(std::string_view tag, const std::string& text) {
    if (tag == "?" || tag.empty()) {
        return plain(text);
    }
    if (tag == "!") {
        return Json(text);
    }
    if (!tag.starts_with(kCoreTags)) {
        return std::nullopt;
    }
    const std::string_view type = tag.substr(kCoreTags.size());
    if (is_one_of(type, {"str", "timestamp"})) {
        return Json(text);
    }
    if (is_one_of(type, {"null", "bool", "int", "float"})) {
        return plain(text);
    }
    return std::nullopt;
}

} // namespace railhub::card
