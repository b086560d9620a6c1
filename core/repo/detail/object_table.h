// SPDX-License-Identifier: Apache-2.0
// Rows of git_object of one repo, and how an object is packed into one. Every row is complete: what
// its object refers to is stored too, so that checks of a push may stop there.
#pragma once

#include "core/db/database.h"
#include "core/repo/detail/object.h"
#include "core/storage/blobs.h"

#include <functional>
#include <string>
#include <vector>

namespace railhub::repo::detail {

// What a row holds: the content deflated, or the name of a blob that is the content.
struct PackedObject {
    ObjectType type = ObjectType::Blob;
    std::uint64_t size = 0;
    std::optional<util::Sha256> blob;
    std::string deflated;
};

// Blobs above 64 KiB (trees, commits and tags above 4 MiB) go to the blob store.
bool belongs_in_blob_store(ObjectType type, std::uint64_t size);

util::Result<PackedObject>
pack_object(const util::Context& ctx, storage::Blobs& blobs, ObjectType type, util::ByteView bytes);

// Whole content of a packed object into memory that `allocate` gives.
using Allocate = std::function<std::uint8_t*(std::size_t)>;
util::Result<> unpack_object(
    const util::Context& ctx,
    storage::Blobs& blobs,
    const PackedObject& packed,
    const Allocate& allocate
);

// Within one transaction, which outlives it. One thread.
class ObjectTable {
  public:
    ObjectTable(db::Transaction& tx, std::int64_t repo) : tx_(tx), repo_(repo) {}

    util::Result<std::optional<ObjectHeader>> header(const types::Oid& oid);
    util::Result<std::optional<PackedObject>> find(const types::Oid& oid);
    util::Result<bool> contains(const types::Oid& oid);
    // The blob that is the content; nothing when the row holds it, or there is none.
    util::Result<std::optional<util::Sha256>> blob_of(const types::Oid& oid);
    // Ids in [first, last] in order, at most `limit`.
    util::Result<std::vector<types::Oid>>
    between(const types::Oid& first, const types::Oid& last, std::size_t limit);
    // Present already is success.
    util::Result<> insert(const types::Oid& oid, const PackedObject& packed);

  private:
    // Prepared once: lookups by the text of a statement cost as much as the statement.
    util::Result<db::Statement*> prepared(std::optional<db::Statement>& slot, std::string_view sql);

    db::Transaction& tx_;
    std::int64_t repo_;
    std::optional<db::Statement> header_;
    std::optional<db::Statement> find_;
    std::optional<db::Statement> insert_;
    std::optional<db::Statement> blob_;
};

} // namespace railhub::repo::detail
