// SPDX-License-Identifier: Apache-2.0
// ContentId: what the bytes of a file must be: SHA-256 of a large file, git blob id of a small one.
#pragma once

#include "core/util/digest.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace railhub::transfer {

// Plain value.
struct ContentId {
    std::uint64_t size = 0;
    std::optional<util::Sha256> sha256; // else
    std::string git_oid;                // 40 hex

    [[nodiscard]] std::string text() const { return sha256 ? sha256->hex() : git_oid; }
};

// One thread at a time.
class ContentHasher {
  public:
    // For the kind of id that `expected` has; git ids need the size in front.
    explicit ContentHasher(const ContentId& expected);

    void update(util::ByteView bytes);
    // Ends the stream; the id's text form.
    std::string finish();

  private:
    std::variant<util::Sha256Hasher, util::Sha1Hasher> hasher_;
};

} // namespace railhub::transfer
