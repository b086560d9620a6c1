// SPDX-License-Identifier: Apache-2.0
#include "core/origin/onnx.h"

#include <array>
#include <vector>

namespace railhub::origin {

namespace {

constexpr std::uint64_t kMetadataField = 14; // ModelProto.metadata_props
constexpr std::size_t kMaxTexts = 1024;
constexpr std::size_t kMaxText = std::size_t{64} << 10;
constexpr std::size_t kMaxFields = 100'000;

util::Error not_onnx() {
    return {util::Code::InvalidInput, "not an ONNX file: its fields are broken"};
}

// A varint at `at`; moves `at` behind it.
util::Result<std::uint64_t> read_varint(const ReadAt& read_at, std::uint64_t& at) {
    constexpr unsigned kGroup = 7;
    constexpr std::size_t kLongest = 10;
    std::array<std::uint8_t, kLongest> bytes{};
    RAILHUB_TRY(const std::size_t got, read_at(at, bytes));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < got; ++i) {
        value |= std::uint64_t{bytes[i] & 0x7FU} << (kGroup * i);
        if ((bytes[i] & 0x80U) == 0) {
            at += i + 1;
            return value;
        }
    }
    return not_onnx();
}

// What stands in one field; only texts are of interest.
struct Field {
    std::uint64_t number = 0;
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
};

// The field at `at`, which moves behind it.
util::Result<Field> read_field(const ReadAt& read_at, std::uint64_t& at, std::uint64_t end) {
    enum Wire : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

    RAILHUB_TRY(const std::uint64_t tag, read_varint(read_at, at));
    Field field{tag >> 3U, at, 0};
    switch (tag & 7U) {
    case Varint: {
        RAILHUB_TRY(read_varint(read_at, at));
        field.size = at - field.begin;
        break;
    }
    case Fixed64:
        field.size = 8;
        break;
    case Fixed32:
        field.size = 4;
        break;
    case Bytes: {
        RAILHUB_TRY(field.size, read_varint(read_at, at));
        field.begin = at;
        break;
    }
    default:
        return not_onnx();
    }
    if (field.number == 0 || field.begin > end || field.size > end - field.begin) {
        return not_onnx();
    }
    at = field.begin + field.size;
    return field;
}

util::Result<std::string> read_text(const ReadAt& read_at, const Field& field) {
    if (field.size > kMaxText) {
        return std::string();
    }
    std::vector<std::uint8_t> bytes(field.size);
    RAILHUB_TRY(const std::size_t got, read_at(field.begin, bytes));
    bytes.resize(got);
    return std::string(bytes.begin(), bytes.end());
}

// StringStringEntryProto: key = 1, value = 2.
util::Result<>
read_entry(const ReadAt& read_at, const Field& entry, std::map<std::string, std::string>& into) {
    std::string key;
    std::string value;
    std::uint64_t at = entry.begin;
    const std::uint64_t end = entry.begin + entry.size;
    for (std::size_t i = 0; at < end && i < kMaxTexts; ++i) {
        RAILHUB_TRY(const Field part, read_field(read_at, at, end));
        if (part.number == 1) {
            RAILHUB_TRY(key, read_text(read_at, part));
        } else if (part.number == 2) {
            RAILHUB_TRY(value, read_text(read_at, part));
        }
    }
    if (!key.empty() && into.size() < kMaxTexts) {
        into[key] = std::move(value);
    }
    return {};
}

} // namespace

util::Result<std::map<std::string, std::string>>
read_onnx_texts(const ReadAt& read_at, std::uint64_t file_size) {
    std::map<std::string, std::string> texts;
    std::uint64_t at = 0;
    for (std::size_t i = 0; at < file_size && i < kMaxFields; ++i) {
        RAILHUB_TRY(const Field field, read_field(read_at, at, file_size));
        if (field.number == kMetadataField) {
            RAILHUB_TRY(read_entry(read_at, field, texts));
        }
    }
    return texts;
}

} // namespace railhub::origin
