// SPDX-License-Identifier: Apache-2.0
// Statements on git_object, and packing.
#include "core/repo/detail/object_table.h"

#include "core/repo/detail/deflate.h"

#include <algorithm>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

constexpr std::uint64_t kLargestInlineBlob = std::uint64_t{64} << 10;
constexpr std::uint64_t kLargestInlineOther = std::uint64_t{4} << 20;

constexpr std::string_view kSelectHeader =
    "SELECT type, size FROM git_object WHERE repo = ? AND oid = ?";
constexpr std::string_view kSelectObject =
    "SELECT type, size, blob_sha256, data FROM git_object WHERE repo = ? AND oid = ?";
constexpr std::string_view kSelectBlob =
    "SELECT blob_sha256 FROM git_object WHERE repo = ? AND oid = ?";
constexpr std::string_view kSelectBetween =
    "SELECT oid FROM git_object WHERE repo = ? AND oid >= ? AND oid <= ? ORDER BY oid LIMIT ?";
constexpr std::string_view kInsertObject =
    "INSERT INTO git_object (repo, oid, type, size, blob_sha256, data) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (repo, oid) DO NOTHING";

} // namespace

bool belongs_in_blob_store(ObjectType type, std::uint64_t size) {
    return size > (type == ObjectType::Blob ? kLargestInlineBlob : kLargestInlineOther);
}

util::Result<PackedObject> pack_object(
    const util::Context& ctx, storage::Blobs& blobs, ObjectType type, util::ByteView bytes
) {
    PackedObject packed;
    packed.type = type;
    packed.size = bytes.size();
    if (!belongs_in_blob_store(type, bytes.size())) {
        packed.deflated = deflate(bytes);
        return packed;
    }
    RAILHUB_TRY(auto writer, blobs.begin(ctx, bytes.size()));
    RAILHUB_TRY(writer->write(bytes));
    RAILHUB_TRY(const types::BlobRef blob, writer->commit(std::nullopt));
    packed.blob = blob.sha256;
    return packed;
}

util::Result<> unpack_object(
    const util::Context& ctx,
    storage::Blobs& blobs,
    const PackedObject& packed,
    const Allocate& allocate
) {
    std::uint8_t* const memory = allocate(packed.size);
    if (memory == nullptr) {
        return fail(Code::TooLarge, "no memory for " + std::to_string(packed.size) + " bytes");
    }
    const std::span<std::uint8_t> into(memory, packed.size);
    if (!packed.blob) {
        return inflate(util::as_bytes(packed.deflated), into);
    }
    RAILHUB_TRY(const auto reader, blobs.open(ctx, *packed.blob));
    std::size_t filled = 0;
    while (filled < into.size()) {
        RAILHUB_TRY(const std::size_t got, reader->read_at(filled, into.subspan(filled)));
        if (got == 0) {
            return fail(Code::Corrupt, "blob '" + packed.blob->hex() + "' is too short");
        }
        filled += got;
    }
    return {};
}

util::Result<db::Statement*>
ObjectTable::prepared(std::optional<db::Statement>& slot, std::string_view sql) {
    if (!slot) {
        RAILHUB_TRY(auto statement, tx_.prepare(sql));
        slot.emplace(std::move(statement));
    }
    slot->reset();
    return &*slot;
}

util::Result<std::optional<ObjectHeader>> ObjectTable::header(const Oid& oid) {
    RAILHUB_TRY(auto* const rows, prepared(header_, kSelectHeader));
    RAILHUB_TRY(const bool found, rows->bind(repo_, oid.view()).step());
    if (!found) {
        return std::optional<ObjectHeader>();
    }
    const ObjectHeader header{
        static_cast<ObjectType>(rows->integer(0)), static_cast<std::uint64_t>(rows->integer(1))};
    return std::optional<ObjectHeader>(header);
}

util::Result<std::optional<PackedObject>> ObjectTable::find(const Oid& oid) {
    RAILHUB_TRY(auto* const rows, prepared(find_, kSelectObject));
    RAILHUB_TRY(const bool found, rows->bind(repo_, oid.view()).step());
    if (!found) {
        return std::optional<PackedObject>();
    }
    PackedObject packed;
    packed.type = static_cast<ObjectType>(rows->integer(0));
    packed.size = static_cast<std::uint64_t>(rows->integer(1));
    if (rows->is_null(2)) {
        packed.deflated = util::as_text(rows->blob(3));
    } else if (rows->blob(2).size() == util::Sha256::kSize) {
        packed.blob = util::Sha256::from(rows->blob(2));
    } else {
        return fail(Code::Corrupt, "row of object '" + oid.hex() + "' is damaged");
    }
    rows->reset();
    return std::optional<PackedObject>(std::move(packed));
}

util::Result<bool> ObjectTable::contains(const Oid& oid) {
    RAILHUB_TRY(const auto found, header(oid));
    return found.has_value();
}

util::Result<std::optional<util::Sha256>> ObjectTable::blob_of(const Oid& oid) {
    RAILHUB_TRY(auto* const rows, prepared(blob_, kSelectBlob));
    RAILHUB_TRY(const bool found, rows->bind(repo_, oid.view()).step());
    if (!found || rows->blob(0).size() != util::Sha256::kSize) {
        return std::optional<util::Sha256>();
    }
    return std::optional(util::Sha256::from(rows->blob(0)));
}

util::Result<std::vector<Oid>>
ObjectTable::between(const Oid& first, const Oid& last, std::size_t limit) {
    RAILHUB_TRY(auto rows, tx_.prepare(kSelectBetween));
    rows.bind(repo_, first.view(), last.view(), limit);
    std::vector<Oid> oids;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return oids;
        }
        oids.push_back(Oid::from(rows.blob(0)));
    }
}

util::Result<> ObjectTable::insert(const Oid& oid, const PackedObject& packed) {
    RAILHUB_TRY(auto* const statement, prepared(insert_, kInsertObject));
    statement->bind(repo_, oid.view(), static_cast<int>(packed.type), packed.size);
    if (packed.blob) {
        statement->bind(packed.blob->view(), nullptr);
    } else {
        statement->bind(nullptr, util::as_bytes(packed.deflated));
    }
    RAILHUB_TRY(statement->run());
    return {};
}

} // namespace railhub::repo::detail
