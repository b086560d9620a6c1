// SPDX-License-Identifier: Apache-2.0
// ObjectSource: one view of a repo's objects, stored and staged, read through libgit2's odb (which
// verifies every hash) and written into memory until a push stores them.
#pragma once

#include "core/repo/detail/object_table.h"
#include "core/util/context.h"

#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>

struct git_odb;

namespace railhub::repo::detail {

// The transaction and the blobs outlive it. One thread.
class ObjectSource {
  public:
    static util::Result<std::unique_ptr<ObjectSource>>
    open(const util::Context& ctx, db::Transaction& tx, storage::Blobs& blobs, std::int64_t repo);
    ObjectSource(const ObjectSource&) = delete;
    ObjectSource& operator=(const ObjectSource&) = delete;
    ~ObjectSource();

    [[nodiscard]] const util::Context& ctx() const { return ctx_; }

    [[nodiscard]] db::Transaction& tx() { return tx_; }

    [[nodiscard]] storage::Blobs& blobs() { return blobs_; }

    [[nodiscard]] std::int64_t repo() const { return repo_; }

    // nullopt when absent. Corrupt when the content does not match the name.
    util::Result<std::optional<ObjectHeader>> header(const types::Oid& oid);
    util::Result<std::optional<Object>> find(const types::Oid& oid);
    // Corrupt when absent or of another type: for ids that stored objects name.
    util::Result<Object> read(const types::Oid& oid, ObjectType type);
    // As a row would hold it; what only a received pack has is packed now. Corrupt when absent.
    util::Result<PackedObject> packed(const types::Oid& oid);

    // Stages an object unless it is there already; returns its id.
    util::Result<types::Oid> write(ObjectType type, util::ByteView bytes);
    // Stages all objects of an indexed pack; the folder stays until this ends.
    util::Result<> add_pack(const std::string& index_path);

    // Reads what `other` has staged as well; it outlives this one.
    void borrow_staged(ObjectSource& other) { borrowed_ = &other; }

    [[nodiscard]] bool is_staged(const types::Oid& oid) const;

    util::Result<bool> is_stored(const types::Oid& oid) { return table_.contains(oid); }

    // Makes a row of a staged object. Present already is success.
    util::Result<> store(const types::Oid& oid);

    // The blob that holds the content of a stored object; nothing when the row holds it.
    util::Result<std::optional<util::Sha256>> stored_blob(const types::Oid& oid) {
        return table_.blob_of(oid);
    }

    // Ids of the received packs, in order.
    [[nodiscard]] const std::vector<types::Oid>& received() const { return received_; }

    // Stored (not staged) ids in [first, last], at most `limit`.
    util::Result<std::vector<types::Oid>>
    stored_between(const types::Oid& first, const types::Oid& last, std::size_t limit) {
        return table_.between(first, last, limit);
    }

    [[nodiscard]] git_odb* odb();

    // The odb's view of rows and memory, without received packs. For the callbacks.
    util::Result<std::optional<ObjectHeader>> own_header(const types::Oid& oid);
    util::Result<std::optional<PackedObject>> own_packed(const types::Oid& oid);
    util::Result<std::vector<types::Oid>>
    own_between(const types::Oid& first, const types::Oid& last, std::size_t limit);

    // What failed inside a callback, for the caller outside of libgit2.
    void note_failure(util::Error error) { failure_ = std::move(error); }

    std::optional<util::Error> take_failure() { return std::exchange(failure_, std::nullopt); }

  private:
    struct Odb;

    ObjectSource(
        const util::Context& ctx, db::Transaction& tx, storage::Blobs& blobs, std::int64_t repo
    );
    util::Error failure(int code, const types::Oid& oid);

    util::Context ctx_;
    db::Transaction& tx_;
    storage::Blobs& blobs_;
    std::int64_t repo_;
    ObjectTable table_;
    std::unordered_map<types::Oid, PackedObject, OidHash> staged_;
    std::size_t staged_bytes_ = 0;
    std::vector<types::Oid> received_;
    ObjectSource* borrowed_ = nullptr;
    std::optional<util::Error> failure_;
    std::unique_ptr<Odb> odb_;
};

} // namespace railhub::repo::detail
