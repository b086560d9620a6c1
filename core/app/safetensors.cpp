// SPDX-License-Identifier: Apache-2.0
// Reads the header with limits on tensors, dimensions and products.
#include "core/app/safetensors.h"

#include <array>

namespace railhub::app {

namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxTensors = 500'000;
constexpr std::size_t kMaxDimensions = 64;
constexpr std::size_t kMaxTypeName = 16;

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
    std::array<std::uint8_t, kLengthBytes> prefix{};
    RAILHUB_TRY(const std::size_t got, read_at(0, prefix));
    if (got != kLengthBytes) {
        return not_safetensors("the file is too short");
    }
    std::uint64_t length = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;) {
        length = (length << 8U) | prefix[i];
    }
    if (length > file_size - kLengthBytes) {
        return not_safetensors("the header is longer than the file");
    }
    if (length > kMaxSafetensorsHeader) {
        return util::fail(util::Code::TooLarge, "the safetensors header is too long");
    }
    std::string json(length, '\0');
    const std::span<std::uint8_t> into(reinterpret_cast<std::uint8_t*>(json.data()), json.size());
    RAILHUB_TRY(const std::size_t read, read_at(kLengthBytes, into));
    if (read != json.size()) {
        return not_safetensors("the file is too short");
    }
    return parse_safetensors_header(json);
}

} // namespace railhub::app
