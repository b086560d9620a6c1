// SPDX-License-Identifier: Apache-2.0
// Bytes that came with a request head and wait to be read: the start of a body, or the next
// request.
#pragma once

#include "core/util/bytes.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace railhub::http {

// Costs no memory while it is empty and was released. One thread at a time.
class InputBuffer {
  public:
    [[nodiscard]] bool is_empty() const { return start_ == bytes_.size(); }

    [[nodiscard]] std::string_view text() const { return std::string_view(bytes_).substr(start_); }

    [[nodiscard]] util::ByteView view() const { return util::as_bytes(text()); }

    void append(util::ByteView bytes) { bytes_.append(util::as_text(bytes)); }

    // Precondition: count <= view().size().
    void drop(std::size_t count) { start_ += count; }

    // Moves up to into.size() bytes out.
    std::size_t take(std::span<std::uint8_t> into) {
        const std::size_t count = std::min(into.size(), text().size());
        std::copy_n(view().begin(), count, into.begin());
        drop(count);
        return count;
    }

    // Gives back the memory of what was dropped.
    void release() {
        if (is_empty()) {
            std::string().swap(bytes_);
        } else if (start_ > 0) {
            bytes_ = std::string(text());
        }
        start_ = 0;
    }

  private:
    std::string bytes_;
    std::size_t start_ = 0;
};

} // namespace railhub::http
