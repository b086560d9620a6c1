// SPDX-License-Identifier: Apache-2.0
// JSON Lines read piece by piece: one value is captured as text within bounds, one long string is
// streamed away, so that a line of any length needs little memory.
#pragma once

#include "core/util/io.h"
#include "core/util/json.h"

#include <array>
#include <functional>
#include <string>
#include <string_view>

namespace railhub::server::api {

// One thread at a time. The reader is borrowed. Errors are InvalidInput with the line number, or
// what the reader says.
class JsonLines {
  public:
    explicit JsonLines(util::Reader& from) : from_(from) {}

    [[nodiscard]] std::size_t line() const { return line_; }

    // Skips blank lines; false at the end of the input.
    util::Result<bool> next_line();
    // After the line's value: nothing but blanks up to the end of the line.
    util::Result<> end_line();

    // Opens the object that comes next; then next_member() until it is false.
    util::Result<> begin_object();
    // Reads the key and the colon of the next member into `key` (at most 256 bytes); false after
    // the closing brace. `is_first` is true for the first call on an object.
    enum class Position : std::uint8_t { First, Later };
    util::Result<bool> next_member(Position position, std::string& key);

    // The value that comes next, whatever it is; TooLarge past max_bytes of text.
    util::Result<util::Json> value(std::size_t max_bytes);
    // The string that comes next, handed to `sink` in pieces, unescaped. Whether it is valid UTF-8
    // is for the one who uses it.
    using Sink = std::function<util::Result<>(std::string_view)>;
    util::Result<> stream_string(const Sink& sink);

    [[nodiscard]] util::Error error(std::string_view what) const;

  private:
    util::Result<int> peek(); // -1 at the end
    util::Result<int> get();
    util::Result<> skip_blanks();
    util::Result<> expect(char wanted);
    util::Result<> capture(std::string& text, std::size_t max_bytes);
    util::Result<> capture_string(std::string& text, std::size_t max_bytes);
    util::Result<> unescape(std::string& text);
    util::Result<unsigned> code_unit();

    util::Reader& from_;
    std::array<std::uint8_t, 64 * 1024> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t line_ = 0;
};

} // namespace railhub::server::api
