// SPDX-License-Identifier: Apache-2.0
// Hashing by the kind of id asked for.
#include "core/transfer/content_id.h"

namespace railhub::transfer {

ContentHasher::ContentHasher(const ContentId& expected) {
    if (!expected.sha256) {
        hasher_.emplace<util::Sha1Hasher>();
        std::string header = "blob " + std::to_string(expected.size);
        header.push_back('\0');
        update(util::as_bytes(header));
    }
}

void ContentHasher::update(util::ByteView bytes) {
    std::visit([bytes](auto& hasher) { hasher.update(bytes); }, hasher_);
}

std::string ContentHasher::finish() {
    return std::visit([](auto& hasher) { return hasher.finish().hex(); }, hasher_);
}

} // namespace railhub::transfer
