// SPDX-License-Identifier: Apache-2.0
// Reads the header with limits on tensors, dimensions and products.
#include "core/origin/safetensors.h"

#include <algorithm>
#include <array>

namespace railhub::origin {

namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxTensors = 500'000;
constexpr std::size_t kMaxDimensions = 64;
constexpr std::size_t kMaxTypeName = 16;
constexpr std::string_view kMetadata = "__metadata__";
constexpr std::uint64_t kFirstRead = std::uint64_t{64} << 10;
constexpr std::size_t kMaxTexts = 1024;
constexpr std::size_t kMaxTextBytes = std::size_t{64} << 10;

util::Error not_safetensors(std::string_view why) {
    return util::fail(util::Code::InvalidInput, "not a safetensors header: " + std::string(why));
}

util::Result<std::uint64_t> elements_of(const util::Json& shape) {
    const util::JsonArray* dimensions = shape.as_array();
    if (dimensions == nullptr || dimensions->size() > kMaxDimensions) {
        return not_safetensors("a shape is no list of sizes");
    }
    std::uint64_t product = 1;
    for (const util::Json& dimension : *dimensions) {
        const auto size = dimension.as_uint();
        if (!size) {
            return not_safetensors("a dimension is no size");
        }
        if (__builtin_mul_overflow(product, *size, &product)) {
            return not_safetensors("a tensor is too large");
        }
    }
    return product;
}

util::Result<> add_tensor(const util::Json& tensor, ParameterCount& count) {
    const std::string type = tensor.text("dtype");
    const util::Json* shape = tensor.find("shape");
    if (type.empty() || type.size() > kMaxTypeName || shape == nullptr) {
        return not_safetensors("a tensor has no dtype or shape");
    }
    RAILHUB_TRY(const std::uint64_t elements, elements_of(*shape));
    std::uint64_t& of_type = count.by_type[type];
    if (__builtin_add_overflow(of_type, elements, &of_type) ||
        __builtin_add_overflow(count.total, elements, &count.total)) {
        return not_safetensors("more parameters than can be counted");
    }
    return {};
}

util::Error header_too_long() {
    return util::fail(util::Code::TooLarge, "the safetensors header is too long");
}

util::Result<std::uint64_t> header_length(const ReadAt& read_at) {
    std::array<std::uint8_t, kLengthBytes> prefix{};
    RAILHUB_TRY(const std::size_t got, read_at(0, prefix));
    if (got != kLengthBytes) {
        return not_safetensors("the file is too short");
    }
    std::uint64_t length = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;) {
        length = (length << 8U) | prefix[i];
    }
    return length;
}

// The first bytes of the header; `length` is within the limits.
util::Result<std::string> header_bytes(const ReadAt& read_at, std::uint64_t length) {
    std::string json(length, '\0');
    const std::span<std::uint8_t> into(reinterpret_cast<std::uint8_t*>(json.data()), json.size());
    RAILHUB_TRY(const std::size_t read, read_at(kLengthBytes, into));
    return read == json.size() ? util::Result<std::string>(std::move(json))
                               : not_safetensors("the file is too short");
}

// The object of {"__metadata__":{...}, where it stands first and whole; else empty.
std::string_view leading_metadata(std::string_view header) {
    constexpr std::string_view kBlank = " \t\r\n";
    constexpr std::string_view kKey = "\"__metadata__\"";
    std::size_t at = header.find_first_not_of(kBlank);
    if (at == std::string_view::npos || header[at] != '{') {
        return {};
    }
    at = header.find_first_not_of(kBlank, at + 1);
    if (at == std::string_view::npos || !header.substr(at).starts_with(kKey)) {
        return {};
    }
    at += kKey.size();
    const std::size_t value = header.find_first_not_of(" \t\r\n:", at);
    if (value == std::string_view::npos || header[value] != '{') {
        return {};
    }
    at = value;
    bool in_text = false;
    std::size_t depth = 0;
    for (std::size_t i = at; i < header.size(); ++i) {
        if (in_text && header[i] == '\\') {
            ++i;
        } else if (header[i] == '"') {
            in_text = !in_text;
        } else if (!in_text && header[i] == '{') {
            ++depth;
        } else if (!in_text && header[i] == '}' && --depth == 0) {
            return header.substr(at, i - at + 1);
        }
    }
    return {};
}

util::Result<std::map<std::string, std::string>> texts_in(const util::Json& metadata) {
    const util::JsonObject* members = metadata.as_object();
    if (members == nullptr) {
        return not_safetensors("its metadata are no object");
    }
    std::map<std::string, std::string> texts;
    for (const auto& [key, value] : *members) {
        const std::string* text = value.as_string();
        if (text != nullptr && text->size() <= kMaxTextBytes && texts.size() < kMaxTexts) {
            texts.emplace(key, *text);
        }
    }
    return texts;
}

} // namespace

void ParameterCount::add(const ParameterCount& other) {
    for (const auto& [type, elements] : other.by_type) {
        by_type[type] += elements;
    }
    total += other.total;
}

util::Json ParameterCount::to_json() const {
    auto parameters = util::Json::object();
    for (const auto& [type, elements] : by_type) {
        parameters.set(type, elements);
    }
    return util::Json::object({{"parameters", std::move(parameters)}, {"total", total}});
}

util::Result<ParameterCount> parse_safetensors_header(std::string_view json) {
    RAILHUB_TRY(
        const util::Json header,
        util::parse_json(json, {.max_bytes = kMaxSafetensorsHeader, .max_depth = 8})
    );
    const util::JsonObject* tensors = header.as_object();
    if (tensors == nullptr || tensors->size() > kMaxTensors) {
        return not_safetensors("no object of tensors");
    }
    ParameterCount count;
    for (const auto& [name, tensor] : *tensors) {
        if (name != "__metadata__") {
            RAILHUB_TRY(add_tensor(tensor, count));
        }
    }
    return count;
}

util::Result<ParameterCount> count_parameters(const ReadAt& read_at, std::uint64_t file_size) {
    RAILHUB_TRY(const std::uint64_t length, header_length(read_at));
    if (file_size < kLengthBytes || length > file_size - kLengthBytes) {
        return not_safetensors("the header is longer than the file");
    }
    if (length > kMaxSafetensorsHeader) {
        return header_too_long();
    }
    RAILHUB_TRY(const std::string json, header_bytes(read_at, length));
    return parse_safetensors_header(json);
}

util::Result<std::map<std::string, std::string>>
read_safetensors_texts(const ReadAt& read_at, std::uint64_t max_bytes) {
    RAILHUB_TRY(const std::uint64_t length, header_length(read_at));
    if (length == 0) {
        return not_safetensors("it is empty");
    }
    const std::uint64_t most = std::min(max_bytes, kMaxSafetensorsHeader);
    RAILHUB_TRY(
        const std::string start, header_bytes(read_at, std::min({length, most, kFirstRead}))
    );
    if (const std::string_view object = leading_metadata(start); !object.empty()) {
        RAILHUB_TRY(
            const util::Json texts,
            util::parse_json(object, {.max_bytes = kFirstRead, .max_depth = 8})
        );
        return texts_in(texts);
    }
    if (length > most) {
        return header_too_long();
    }
    RAILHUB_TRY(const std::string json, header_bytes(read_at, length));
    RAILHUB_TRY(
        const util::Json header,
        util::parse_json(json, {.max_bytes = kMaxSafetensorsHeader, .max_depth = 8})
    );
    const util::Json* texts = header.find(kMetadata);
    return texts == nullptr ? std::map<std::string, std::string>() : texts_in(*texts);
}

} // namespace railhub::origin
