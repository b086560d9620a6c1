// SPDX-License-Identifier: Apache-2.0
// PackWriter: a pack as a stream. Rows are copied as they are compressed already, large blobs
// stream from the store, and what gains by deltas goes through libgit2's packbuilder.
#pragma once

#include "core/repo/detail/object_source.h"
#include "core/repo/detail/pack_objects.h"

#include <array>
#include <string>
#include <vector>

namespace railhub::repo::detail {

enum class Deltas : std::uint8_t { Skip, Seek };

// One pack. One thread.
class PackWriter {
  public:
    PackWriter(ObjectSource& source, util::Writer& to) : source_(source), to_(to) {}

    // First all objects, then write().
    util::Result<> add(const PackObject& object);
    util::Result<> write(Deltas deltas);

    [[nodiscard]] std::size_t object_count() const { return objects_.size(); }

  private:
    class Splice; // of libgit2's pack into ours
    class Output; // a Writer into this pack

    // The end of the path says which objects are alike; libgit2 looks at no more than this.
    using PathTail = std::array<char, 17>;

    struct Entry {
        types::Oid oid;
        ObjectType type = ObjectType::Blob;
        PathTail tail{}; // NUL at its end
    };

    util::Result<> put(util::ByteView bytes);
    util::Result<> flush();
    util::Result<> put_header();
    util::Result<> put_trailer();
    util::Result<> put_entry_header(ObjectType type, std::uint64_t size);
    util::Result<> put_object(const types::Oid& oid);
    util::Result<> put_blob_of_store(const util::Sha256& sha256);
    util::Result<> put_with_deltas(const std::vector<Entry>& entries, util::Task& sending);
    util::Result<bool> gains_by_deltas(const Entry& entry);

    ObjectSource& source_;
    util::Writer& to_;
    util::Sha1Hasher hasher_;
    std::string buffer_;
    std::vector<Entry> objects_;
};

} // namespace railhub::repo::detail
