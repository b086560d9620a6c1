// SPDX-License-Identifier: Apache-2.0
// Paths and keys of the store; the drawing is in the header.
#include "core/storage/layout.h"

#include "core/util/fs.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::storage {

namespace {

bool is_key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool is_key_name(std::string_view name) {
    return !name.empty() && name != "." && name != ".." &&
           std::all_of(name.begin(), name.end(), is_key_character);
}

} // namespace

util::Result<> check_key(std::string_view key) {
    const auto names = util::split(key, '/');
    if (key.size() <= kMaxKeyBytes && std::all_of(names.begin(), names.end(), is_key_name)) {
        return {};
    }
    return util::fail(
        util::Code::InvalidInput,
        "invalid object key '" + std::string(key.substr(0, kMaxKeyBytes)) + "'",
        "keys are names of [a-z0-9._-] joined by slashes"
    );
}

std::string blob_key(const util::Sha256& sha256) {
    const std::string hex = sha256.hex();
    return std::string(kBlobPrefix) + hex.substr(0, 2) + "/" + hex;
}

std::optional<util::Sha256> blob_of_key(std::string_view key) {
    const auto sha256 = util::Sha256::parse(key.substr(std::min(key.rfind('/') + 1, key.size())));
    if (!sha256.ok() || blob_key(*sha256) != key) {
        return std::nullopt;
    }
    return *sha256;
}

std::string xorb_key(const xet::Hash& hash) {
    const std::string text = hash.text();
    return std::string(kXorbPrefix) + text.substr(0, 2) + "/" + text;
}

std::optional<xet::Hash> xorb_of_key(std::string_view key) {
    const auto hash = xet::Hash::parse(key.substr(std::min(key.rfind('/') + 1, key.size())));
    if (!hash.ok() || xorb_key(*hash) != key) {
        return std::nullopt;
    }
    return *hash;
}

std::string trash_key(std::string_view date, std::int64_t entry, std::string_view key) {
    std::string name(key);
    std::replace(name.begin(), name.end(), '/', '.');
    return std::string(kTrashPrefix) + std::string(date) + "/" + std::to_string(entry) + "-" + name;
}

std::optional<std::string> key_before_trash(std::string_view key) {
    const std::size_t dash = key.find('-', key.rfind('/') + 1);
    if (!key.starts_with(kTrashPrefix) || dash == key.npos) {
        return std::nullopt;
    }
    std::string before(key.substr(dash + 1));
    std::replace(before.begin(), before.end(), '.', '/');
    return before;
}

std::string StoreLayout::format_file() const {
    return util::join_path(root, "format");
}

std::string StoreLayout::objects() const {
    return util::join_path(root, "objects");
}

std::string StoreLayout::object(std::string_view key) const {
    return util::join_path(objects(), key);
}

std::string StoreLayout::temporaries() const {
    return util::join_path(root, "tmp");
}

std::string StoreLayout::temporary(std::string_view name) const {
    return util::join_path(temporaries(), name);
}

std::uint64_t UploadPlan::part_count() const {
    return blob.size / part_size + (blob.size % part_size != 0 ? 1 : 0);
}

std::uint64_t UploadPlan::part_bytes(std::uint32_t number) const {
    return std::min(part_size, blob.size - part_size * (number - 1));
}

std::string UploadPlan::id() const {
    return blob.sha256.hex() + "-" + std::to_string(blob.size) + "-" + std::to_string(part_size);
}

util::Result<UploadPlan> UploadPlan::parse(std::string_view id) {
    const auto fields = util::split(id, '-');
    if (fields.size() == 3) {
        const auto sha256 = util::Sha256::parse(fields[0]);
        const auto size = util::parse_decimal(fields[1]);
        const auto part_size = util::parse_decimal(fields[2]);
        if (sha256.ok() && size && part_size && *part_size > 0) {
            UploadPlan plan{{*sha256, *size}, *part_size};
            if (plan.id() == id) { // one spelling, so that no two names mean one session
                return plan;
            }
        }
    }
    return util::fail(util::Code::NotFound, "no such upload session");
}

std::string UploadLayout::session(std::string_view id) const {
    return util::join_path(folder, id);
}

std::string UploadLayout::closing(std::string_view id) const {
    return session(id) + std::string(kClosingSuffix);
}

std::string upload_data_file(const std::string& session) {
    return util::join_path(session, "data");
}

std::string upload_part_file(const std::string& session, std::uint32_t number) {
    std::string digits = std::to_string(number);
    digits.insert(0, digits.size() < 5 ? 5 - digits.size() : 0, '0');
    return util::join_path(session, "part-" + digits);
}

} // namespace railhub::storage
