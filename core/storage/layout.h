// SPDX-License-Identifier: Apache-2.0
// Every path and key of the store, and nothing else knows them:
//
//   <root>/                      a local store
//     format                     "railhub-store 1": a newer number is refused
//     objects/<key>              published, never changed
//       blobs/ab/ab12...         whole files by SHA-256, 256 folders by the first byte
//       xorbs/ab/ab12...         xorbs as received, by the text of their hash, without footer
//       packs/<repo>/<wants>     packs of full clones, kept for the next one; made again when lost
//       trash/<date>/<n>-<key>   what the collector took away; slashes of the key it had are dots
//     tmp/<time>-<pid>-<n>       being written; locked (flock) by its writer, swept when left
//     behind
//
//   <uploads>/                   upload sessions, on the same disk so that a blob is moved, not
//   copied
//     <sha256>-<size>-<part>/    one session; its name says everything about it
//       data                     the file at its full size, parts written in place
//       part-00001               the part is complete and durable; holds its ETag
//     <...>.closing/             being joined; goes back to its name after a crash
#pragma once

#include "core/types/blob_ref.h"
#include "core/xet/hash.h"

#include <optional>
#include <string>
#include <string_view>

namespace railhub::storage {

inline constexpr std::size_t kMaxKeyBytes = 200;
inline constexpr std::string_view kBlobPrefix = "blobs/";
inline constexpr std::string_view kXorbPrefix = "xorbs/";
inline constexpr std::string_view kPackPrefix = "packs/";
inline constexpr std::string_view kTrashPrefix = "trash/";

// InvalidInput unless a relative path of [a-z0-9._-] names, at most kMaxKeyBytes, without "." and
// "..".
util::Result<> check_key(std::string_view key);

std::string blob_key(const util::Sha256& sha256);
// Nothing when the key is not exactly blob_key() of a digest.
std::optional<util::Sha256> blob_of_key(std::string_view key);

std::string xorb_key(const xet::Hash& hash);
// Nothing when the key is not exactly xorb_key() of a hash.
std::optional<xet::Hash> xorb_of_key(std::string_view key);

// Where an object goes; date as "2026-11-22".
std::string trash_key(std::string_view date, std::int64_t entry, std::string_view key);
// The key that it had; nothing when this is no trash_key().
std::optional<std::string> key_before_trash(std::string_view key);

// A local store below `root`.
struct StoreLayout {
    std::string root;

    [[nodiscard]] std::string format_file() const;
    [[nodiscard]] std::string objects() const;
    [[nodiscard]] std::string object(std::string_view key) const;
    [[nodiscard]] std::string temporaries() const;
    [[nodiscard]] std::string temporary(std::string_view name) const;
};

// What an upload session is about; its id says it all.
struct UploadPlan {
    types::BlobRef blob;
    std::uint64_t part_size = 0;

    [[nodiscard]] std::uint64_t part_count() const;
    // Precondition: 1 <= number <= part_count().
    [[nodiscard]] std::uint64_t part_bytes(std::uint32_t number) const;
    [[nodiscard]] std::string id() const;
    // NotFound when the text is not exactly an id.
    static util::Result<UploadPlan> parse(std::string_view id);
};

struct UploadLayout {
    std::string folder;

    [[nodiscard]] std::string session(std::string_view id) const;
    [[nodiscard]] std::string closing(std::string_view id) const;
};

inline constexpr std::string_view kClosingSuffix = ".closing";

std::string upload_data_file(const std::string& session);
std::string upload_part_file(const std::string& session, std::uint32_t number);

} // namespace railhub::storage
