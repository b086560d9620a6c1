// SPDX-License-Identifier: Apache-2.0
// Streams of bytes: Reader, Writer, and an owned file descriptor.
#pragma once

#include "core/util/bytes.h"
#include "core/util/context.h"

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

namespace railhub::util {

// One thread at a time.
class Reader {
  public:
    virtual ~Reader() = default;
    // Fills up to into.size() bytes; 0 = end. May return less than asked.
    virtual Result<std::size_t> read(std::span<std::uint8_t> into) = 0;
};

// One thread at a time.
class Writer {
  public:
    virtual ~Writer() = default;
    // Takes all bytes or fails.
    virtual Result<> write(ByteView bytes) = 0;
};

// Reads from memory; the text must outlive it.
class MemoryReader final : public Reader {
  public:
    explicit MemoryReader(ByteView bytes) : rest_(bytes) {}

    explicit MemoryReader(std::string_view text) : rest_(as_bytes(text)) {}

    // A temporary would be gone before it is read.
    template <class Text>
    requires std::same_as<Text, std::string> || std::same_as<Text, Bytes>
    explicit MemoryReader(Text&& text) = delete;

    Result<std::size_t> read(std::span<std::uint8_t> into) override;

  private:
    ByteView rest_;
};

// Appends to a string it owns.
class StringWriter final : public Writer {
  public:
    Result<> write(ByteView bytes) override;

    [[nodiscard]] const std::string& text() const { return text_; }

    std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

// Owns a file descriptor; closes it. Move only.
class FileHandle {
  public:
    FileHandle() = default;

    explicit FileHandle(int fd) : fd_(fd) {}

    FileHandle(FileHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

    FileHandle& operator=(FileHandle&& other) noexcept;
    ~FileHandle();

    [[nodiscard]] int fd() const { return fd_; }

    [[nodiscard]] bool is_open() const { return fd_ >= 0; }

    int release() { return std::exchange(fd_, -1); }

    void close();

  private:
    int fd_ = -1;
};

// Reads until the end; TooLarge past max_bytes.
Result<std::string> read_all(Reader& from, std::uint64_t max_bytes);

// Copies until the end in blocks of 1 MiB; returns the number of bytes.
Result<std::uint64_t> copy(const Context& ctx, Reader& from, Writer& to);

} // namespace railhub::util
