// SPDX-License-Identifier: Apache-2.0
// Hex and base64 (RFC 4648), both ways.
#include "core/util/bytes.h"

#include <array>

namespace railhub::util {

namespace {

constexpr std::string_view kBase64Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64UrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
// Above every 6-bit value, so that one comparison of OR-ed values finds a stranger.
constexpr std::uint8_t kNotBase64 = 0x80;

constexpr std::array<std::uint8_t, 256> make_base64_values() {
    std::array<std::uint8_t, 256> values{};
    for (auto& value : values) {
        value = kNotBase64;
    }
    for (std::size_t i = 0; i < kBase64Alphabet.size(); ++i) {
        values[static_cast<std::uint8_t>(kBase64Alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr std::array<std::uint8_t, 256> kBase64Values = make_base64_values();

std::string encode_base64(ByteView bytes, std::string_view alphabet) {
    std::string text((bytes.size() + 2) / 3 * 4, '=');
    std::size_t out = 0;
    std::size_t at = 0;
    for (; at + 3 <= bytes.size(); at += 3) {
        const std::uint32_t group =
            std::uint32_t{bytes[at]} << 16 | std::uint32_t{bytes[at + 1]} << 8 | bytes[at + 2];
        text[out++] = alphabet[group >> 18];
        text[out++] = alphabet[group >> 12 & 63];
        text[out++] = alphabet[group >> 6 & 63];
        text[out++] = alphabet[group & 63];
    }
    const std::size_t rest = bytes.size() - at;
    if (rest > 0) {
        const std::uint32_t second = rest > 1 ? bytes[at + 1] : 0U;
        const std::uint32_t group = std::uint32_t{bytes[at]} << 16 | second << 8;
        text[out++] = alphabet[group >> 18];
        text[out++] = alphabet[group >> 12 & 63];
        if (rest > 1) {
            text[out++] = alphabet[group >> 6 & 63];
        }
    }
    return text;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

// Up to two '=', and only where they fill the last group of four.
std::string_view without_padding(std::string_view text) {
    if (text.size() % 4 != 0) {
        return text;
    }
    for (int i = 0; i < 2 && text.ends_with('='); ++i) {
        text.remove_suffix(1);
    }
    return text;
}

// The last 2 or 3 characters of unpadded text; false when bits that no byte uses are set.
bool decode_base64_tail(ByteView tail, std::uint8_t* out) {
    const std::uint32_t a = kBase64Values[tail[0]];
    const std::uint32_t b = kBase64Values[tail[1]];
    const std::uint32_t c = tail.size() > 2 ? kBase64Values[tail[2]] : 0U;
    if (((a | b | c) & kNotBase64) != 0) {
        return false;
    }
    const std::uint32_t group = a << 18 | b << 12 | c << 6;
    out[0] = static_cast<std::uint8_t>(group >> 16);
    if (tail.size() > 2) {
        out[1] = static_cast<std::uint8_t>(group >> 8);
        return (group & 0xff) == 0;
    }
    return (group & 0xffff) == 0;
}

} // namespace

std::string to_hex(ByteView bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(kDigits[byte >> 4]);
        text.push_back(kDigits[byte & 15]);
    }
    return text;
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return fail(Code::InvalidInput, "hex text has an odd number of digits");
    }
    Bytes bytes(text.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int high = hex_value(text[2 * i]);
        const int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return fail(Code::InvalidInput, "hex text has a character that is no hex digit");
        }
        bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return bytes;
}

std::string to_base64(ByteView bytes) {
    return encode_base64(bytes, kBase64Alphabet);
}

std::string to_base64url(ByteView bytes) {
    return encode_base64(bytes, kBase64UrlAlphabet);
}

Result<Bytes> from_base64(std::string_view text) {
    const ByteView in = as_bytes(without_padding(text));
    const std::size_t rest = in.size() % 4;
    if (rest == 1) {
        return fail(Code::InvalidInput, "base64 text is cut off");
    }
    const std::size_t whole = in.size() / 4;
    Bytes bytes(whole * 3 + (rest > 0 ? rest - 1 : 0));
    std::uint8_t* out = bytes.data();
    std::uint32_t strangers = 0;
    for (std::size_t i = 0; i < whole; ++i, out += 3) {
        const std::uint32_t a = kBase64Values[in[4 * i]];
        const std::uint32_t b = kBase64Values[in[4 * i + 1]];
        const std::uint32_t c = kBase64Values[in[4 * i + 2]];
        const std::uint32_t d = kBase64Values[in[4 * i + 3]];
        strangers |= a | b | c | d;
        const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
        out[0] = static_cast<std::uint8_t>(group >> 16);
        out[1] = static_cast<std::uint8_t>(group >> 8);
        out[2] = static_cast<std::uint8_t>(group);
    }
    if ((strangers & kNotBase64) != 0 || (rest > 0 && !decode_base64_tail(in.last(rest), out))) {
        return fail(Code::InvalidInput, "text is not base64");
    }
    return bytes;
}

} // namespace railhub::util
