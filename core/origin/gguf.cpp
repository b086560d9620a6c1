// SPDX-License-Identifier: Apache-2.0
// A window moves over the header; lengths are checked before anything is taken or passed over.
#include "core/origin/gguf.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::origin {

namespace {

constexpr std::size_t kWindow = std::size_t{64} << 10;
constexpr std::uint32_t kNewestVersion = 3;
constexpr std::string_view kKept = "general.";

enum GgufType : std::uint32_t {
    kUint8,
    kInt8,
    kUint16,
    kInt16,
    kUint32,
    kInt32,
    kFloat32,
    kBool,
    kText,
    kArray,
    kUint64,
    kInt64,
    kFloat64,
    kGgufTypes
};

// Bytes of a scalar; 0 for texts and arrays.
constexpr std::array<std::uint8_t, kGgufTypes> kScalarBytes = {
    1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

util::Error not_gguf(std::string_view why) {
    return util::fail(util::Code::InvalidInput, "not a GGUF header: " + std::string(why));
}

// Past the limit, not past the end: what was read so far holds.
util::Error is_beyond() {
    return util::fail(util::Code::TooLarge, "the GGUF header is too long");
}

class GgufScan {
  public:
    GgufScan(const ReadAt& read_at, const GgufLimits& limits)
        : read_at_(read_at), limits_(limits) {}

    util::Result<GgufMetadata> run() {
        RAILHUB_TRY(const std::uint64_t entries, begin());
        for (std::uint64_t i = 0; i < entries; ++i) {
            auto taken = entry();
            if (!taken.ok() && taken.error().code == util::Code::TooLarge) {
                metadata_.is_cut = true;
                return std::move(metadata_);
            }
            RAILHUB_TRY(taken);
        }
        return std::move(metadata_);
    }

  private:
    // Magic, version, counts; the number of entries.
    util::Result<std::uint64_t> begin() {
        RAILHUB_TRY(const std::string magic, bytes(4));
        if (magic != "GGUF") {
            return not_gguf("it begins with other bytes");
        }
        RAILHUB_TRY(const std::string version, bytes(4));
        metadata_.version = static_cast<std::uint32_t>(number_in(version));
        if (metadata_.version == 0 || metadata_.version > kNewestVersion) {
            is_big_endian_ = true;
            metadata_.version = static_cast<std::uint32_t>(number_in(version));
        }
        if (metadata_.version == 0 || metadata_.version > kNewestVersion) {
            return not_gguf("its version is unknown");
        }
        RAILHUB_TRY(count()); // of tensors
        RAILHUB_TRY(const std::uint64_t entries, count());
        return entries <= limits_.max_entries ? util::Result<std::uint64_t>(entries)
                                              : not_gguf("it has too many entries");
    }

    util::Result<> entry() {
        RAILHUB_TRY(const std::uint64_t length, count());
        if (length > limits_.max_key) {
            return not_gguf("a key is too long");
        }
        RAILHUB_TRY(const std::string key, bytes(length));
        RAILHUB_TRY(const std::uint64_t type, number(4));
        const bool kept = key.starts_with(kKept) && kept_ < limits_.max_kept;
        kept_ += kept ? 1 : 0;
        if (type == kText) {
            return text_entry(key, kept);
        }
        if (type == kArray) {
            return array_entry(key, kept, 1);
        }
        if (type >= kGgufTypes) {
            return not_gguf("a value has an unknown type");
        }
        RAILHUB_TRY(const std::uint64_t value, number(kScalarBytes.at(type)));
        if (kept && (type == kUint32 || type == kUint64)) {
            metadata_.numbers.insert_or_assign(key, value);
        }
        return {};
    }

    util::Result<> text_entry(const std::string& key, bool kept) {
        RAILHUB_TRY(auto text, text_value(kept));
        if (kept && !text.empty()) {
            metadata_.texts.insert_or_assign(key, std::move(text));
        }
        return {};
    }

    // Empty when it is not wanted, too long or no text.
    util::Result<std::string> text_value(bool wanted) {
        RAILHUB_TRY(const std::uint64_t length, count());
        if (!wanted || length > limits_.max_text) {
            RAILHUB_TRY(pass_over(length));
            return std::string();
        }
        RAILHUB_TRY(std::string text, bytes(length));
        return util::is_valid_utf8(text) ? std::move(text) : std::string();
    }

    util::Result<> array_entry(const std::string& key, bool kept, int depth) {
        if (depth > limits_.max_nesting) {
            return not_gguf("arrays are nested too deeply");
        }
        RAILHUB_TRY(const std::uint64_t type, number(4));
        RAILHUB_TRY(const std::uint64_t length, count());
        if (type >= kGgufTypes) {
            return not_gguf("an array has an unknown type");
        }
        if (const std::uint8_t size = kScalarBytes.at(type); size > 0) {
            std::uint64_t total = 0;
            return __builtin_mul_overflow(length, std::uint64_t{size}, &total)
                       ? util::Result<>(not_gguf("an array is too long"))
                       : pass_over(total);
        }
        for (std::uint64_t i = 0; i < length; ++i) {
            if (type == kArray) {
                RAILHUB_TRY(array_entry(key, false, depth + 1));
                continue;
            }
            RAILHUB_TRY(auto text, text_value(kept && i < limits_.max_items));
            if (!text.empty()) {
                metadata_.lists[key].push_back(std::move(text));
            }
        }
        return {};
    }

    // Version 1 counts in 32 bits.
    util::Result<std::uint64_t> count() { return number(metadata_.version == 1 ? 4 : 8); }

    util::Result<std::uint64_t> number(std::size_t size) {
        RAILHUB_TRY(const std::string raw, bytes(size));
        return number_in(raw);
    }

    [[nodiscard]] std::uint64_t number_in(const std::string& raw) const {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            const std::size_t at = is_big_endian_ ? i : raw.size() - 1 - i;
            value = (value << 8U) | static_cast<unsigned char>(raw[at]);
        }
        return value;
    }

    util::Result<> pass_over(std::uint64_t length) {
        if (length > limits_.max_bytes || at_ > limits_.max_bytes - length) {
            return is_beyond();
        }
        at_ += length;
        return {};
    }

    util::Result<std::string> bytes(std::uint64_t length) {
        const std::uint64_t begin = at_;
        RAILHUB_TRY(pass_over(length));
        std::string out;
        while (out.size() < length) {
            const std::uint64_t from = begin + out.size();
            if (from < window_at_ || from >= window_at_ + window_.size()) {
                RAILHUB_TRY(fill(from));
            }
            const std::size_t offset = from - window_at_;
            const std::size_t part = std::min<std::uint64_t>(
                length - out.size(), static_cast<std::uint64_t>(window_.size() - offset)
            );
            out.append(window_, offset, part);
        }
        return out;
    }

    util::Result<> fill(std::uint64_t from) {
        window_.resize(kWindow);
        const std::span<std::uint8_t> into(
            reinterpret_cast<std::uint8_t*>(window_.data()), window_.size()
        );
        RAILHUB_TRY(const std::size_t got, read_at_(from, into));
        window_.resize(got);
        window_at_ = from;
        return got > 0 ? util::Result<>() : util::Result<>(not_gguf("the file is too short"));
    }

    const ReadAt& read_at_;
    const GgufLimits& limits_;
    GgufMetadata metadata_;
    bool is_big_endian_ = false;
    std::uint64_t at_ = 0;
    std::string window_;
    std::uint64_t window_at_ = 0;
    std::size_t kept_ = 0;
};

} // namespace

util::Result<GgufMetadata> read_gguf(const ReadAt& read_at, const GgufLimits& limits) {
    return GgufScan(read_at, limits).run();
}

} // namespace railhub::origin
