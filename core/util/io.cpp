// SPDX-License-Identifier: Apache-2.0
// Streams over memory, an owned descriptor, and loops that copy.
#include "core/util/io.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace railhub::util {

Result<std::size_t> MemoryReader::read(std::span<std::uint8_t> into) {
    const std::size_t count = std::min(into.size(), rest_.size());
    if (count > 0) {
        std::memcpy(into.data(), rest_.data(), count);
        rest_ = rest_.subspan(count);
    }
    return count;
}

Result<> StringWriter::write(ByteView bytes) {
    text_.append(as_text(bytes));
    return {};
}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

FileHandle::~FileHandle() {
    close();
}

void FileHandle::close() {
    if (fd_ >= 0) {
        // On Linux the descriptor is gone whatever close() answers; data that matters was synced.
        ::close(std::exchange(fd_, -1));
    }
}

Result<std::string> read_all(Reader& from, std::uint64_t max_bytes) {
    constexpr std::size_t kFirst = std::size_t{16} << 10;
    constexpr std::size_t kLargest = std::size_t{1} << 20;
    std::string text;
    std::size_t used = 0;
    for (;;) {
        text.resize(used + std::clamp(used, kFirst, kLargest));
        const std::span into(
            reinterpret_cast<std::uint8_t*>(text.data()) + used, text.size() - used
        );
        RAILHUB_TRY(const std::size_t count, from.read(into));
        used += count;
        if (used > max_bytes) {
            return fail(
                Code::TooLarge, "input is larger than " + std::to_string(max_bytes) + " bytes"
            );
        }
        if (count == 0) {
            text.resize(used);
            return text;
        }
    }
}

Result<std::uint64_t> copy(const Context& ctx, Reader& from, Writer& to) {
    constexpr std::size_t kBlock = std::size_t{1} << 20;
    const auto buffer = std::make_unique_for_overwrite<std::uint8_t[]>(kBlock);
    std::uint64_t total = 0;
    for (;;) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::size_t count, from.read({buffer.get(), kBlock}));
        if (count == 0) {
            return total;
        }
        RAILHUB_TRY(to.write({buffer.get(), count}));
        total += count;
    }
}

} // namespace railhub::util
