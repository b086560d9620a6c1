// SPDX-License-Identifier: Apache-2.0
// The pointer format is lines of "key value" in a fixed order, so that equal content has equal
// bytes.
#include "core/types/lfs_pointer.h"

#include "core/util/text.h"

#include <limits>

namespace railhub::types {

namespace {

constexpr std::string_view kVersionLine = "version https://git-lfs.github.com/spec/v1\n";

// Takes "<key> <value>\n" off the front and returns the value.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view key) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || !text.starts_with(key) || end < key.size()) {
        return std::nullopt;
    }
    const std::string_view value = text.substr(key.size(), end - key.size());
    text.remove_prefix(end + 1);
    return value;
}

// "ext-0-name sha256:...": what a filter chain of the author's did; nothing to us.
bool skip_extension_line(std::string_view& text) {
    constexpr std::string_view kPrefix = "ext-";
    if (!text.starts_with(kPrefix)) {
        return false;
    }
    const auto line = take_line(text, kPrefix);
    if (!line || line->size() < 3 || (*line)[0] < '0' || (*line)[0] > '9' || (*line)[1] != '-') {
        return false;
    }
    const std::size_t blank = line->find(' ');
    return blank != std::string_view::npos && blank > 2 &&
           line->substr(blank + 1).starts_with("sha256:");
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    const auto size = util::parse_decimal(text);
    const bool has_leading_zero = text.size() > 1 && text.front() == '0';
    // git-lfs reads sizes into a signed 64-bit number.
    if (!size || has_leading_zero || *size > std::numeric_limits<std::int64_t>::max()) {
        return std::nullopt;
    }
    return size;
}

} // namespace

std::string encode_lfs_pointer(const BlobRef& blob) {
    std::string text(kVersionLine);
    text += "oid sha256:" + blob.sha256.hex() + "\n";
    text += "size " + std::to_string(blob.size) + "\n";
    return text;
}

std::optional<BlobRef> parse_lfs_pointer(std::string_view text) {
    if (text.size() >= kMaxPointerSize || !text.starts_with(kVersionLine)) {
        return std::nullopt;
    }
    text.remove_prefix(kVersionLine.size());
    while (text.starts_with("ext-")) {
        if (!skip_extension_line(text)) {
            return std::nullopt;
        }
    }
    const auto oid = take_line(text, "oid sha256:");
    const auto size_text = oid ? take_line(text, "size ") : std::nullopt;
    const auto size = size_text ? parse_size(*size_text) : std::nullopt;
    if (!size || !text.empty()) {
        return std::nullopt;
    }
    const auto sha256 = util::Sha256::parse(*oid);
    if (!sha256.ok()) {
        return std::nullopt;
    }
    return BlobRef{sha256.value(), *size};
}

} // namespace railhub::types
