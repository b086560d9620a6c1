// SPDX-License-Identifier: Apache-2.0
// Git objects as values: type, size, bytes.
#pragma once

#include "core/types/oid.h"
#include "core/util/bytes.h"

#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

namespace railhub::repo::detail {

// Numbers as in packs and in git_object.type.
enum class ObjectType : std::uint8_t { Commit = 1, Tree = 2, Blob = 3, Tag = 4 };

constexpr std::string_view type_word(ObjectType type) {
    switch (type) {
    case ObjectType::Commit:
        return "commit";
    case ObjectType::Tree:
        return "tree";
    case ObjectType::Blob:
        return "blob";
    case ObjectType::Tag:
        return "tag";
    }
    return "object";
}

struct ObjectHeader {
    ObjectType type = ObjectType::Blob;
    std::uint64_t size = 0;
};

// Bytes live as long as any copy of the Object.
struct Object {
    ObjectType type = ObjectType::Blob;
    util::ByteView bytes;
    std::shared_ptr<const void> owner;

    [[nodiscard]] std::string_view text() const { return util::as_text(bytes); }
};

// The id is a hash already.
struct OidHash {
    std::size_t operator()(const types::Oid& oid) const noexcept {
        std::size_t value = 0;
        std::memcpy(&value, oid.bytes.data(), sizeof value);
        return value;
    }
};

} // namespace railhub::repo::detail
