// SPDX-License-Identifier: Apache-2.0
// Entries stand alone (no offsets between them), so that those of libgit2 and ours can follow each
// other; the header and the checksum are ours.
#include "core/repo/detail/pack_writer.h"

#include "core/repo/detail/deflate.h"
#include "core/repo/detail/git.h"

#include <algorithm>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

constexpr std::size_t kPackHeader = 12;
constexpr std::size_t kPackTrailer = 20;
constexpr std::size_t kBufferSize = std::size_t{64} << 10;
constexpr std::size_t kReadSize = std::size_t{256} << 10;

struct Compressing {
    const util::Context& ctx;
    std::optional<util::Task> task;
    std::uint32_t done = 0;
};

int compressing_callback(int stage, std::uint32_t current, std::uint32_t total, void* payload) {
    auto& compressing = *static_cast<Compressing*>(payload);
    if (stage == GIT_PACKBUILDER_DELTAFICATION) {
        if (!compressing.task) {
            compressing.task.emplace(
                compressing.ctx.progress, "Compressing objects", total, "objects"
            );
        }
        compressing.task->advance(current - std::min(compressing.done, current));
        compressing.done = current;
    }
    return compressing.ctx.stop.stop_requested() ? GIT_EUSER : 0;
}

} // namespace

class PackWriter::Output final : public util::Writer {
  public:
    explicit Output(PackWriter& pack) : pack_(pack) {}

    util::Result<> write(util::ByteView bytes) override { return pack_.put(bytes); }

  private:
    PackWriter& pack_;
};

// Passes on what lies between the header and the checksum of a pack.
class PackWriter::Splice {
  public:
    Splice(PackWriter& pack, util::Task& sending, std::size_t objects)
        : pack_(pack), sending_(sending), objects_(objects) {}

    static int callback(void* data, size_t size, void* payload) {
        auto& splice = *static_cast<Splice*>(payload);
        auto done = splice.take(util::ByteView(static_cast<const std::uint8_t*>(data), size));
        if (done.ok()) {
            done = splice.pack_.source_.ctx().check_stop();
        }
        if (!done.ok()) {
            splice.failure_ = std::move(done).error();
            return GIT_EUSER;
        }
        return 0;
    }

    std::optional<util::Error> take_failure() { return std::exchange(failure_, std::nullopt); }

    void finish() { sending_.advance(objects_ - shown_); }

  private:
    util::Result<> take(util::ByteView bytes) {
        const std::size_t skipped = std::min(header_left_, bytes.size());
        header_left_ -= skipped;
        held_ += util::as_text(bytes.subspan(skipped));
        if (held_.size() <= kPackTrailer) {
            return {};
        }
        const std::size_t ready = held_.size() - kPackTrailer;
        RAILHUB_TRY(pack_.put(util::as_bytes(std::string_view(held_).substr(0, ready))));
        held_.erase(0, ready);
        return {};
    }

    PackWriter& pack_;
    util::Task& sending_;
    std::size_t objects_;
    std::size_t shown_ = 0;
    std::size_t header_left_ = kPackHeader;
    std::string held_;
    std::optional<util::Error> failure_;
};

util::Result<> PackWriter::add(const PackObject& object) {
    Entry entry{object.oid, object.type, {}};
    const std::size_t length = std::min(object.path.size(), entry.tail.size() - 1);
    std::copy_n(
        object.path.end() - static_cast<std::ptrdiff_t>(length), length, entry.tail.begin()
    );
    objects_.push_back(entry);
    return {};
}

util::Result<> PackWriter::put(util::ByteView bytes) {
    hasher_.update(bytes);
    if (buffer_.size() + bytes.size() > kBufferSize) {
        RAILHUB_TRY(flush());
    }
    if (bytes.size() > kBufferSize) {
        return to_.write(bytes);
    }
    buffer_ += util::as_text(bytes);
    return {};
}

util::Result<> PackWriter::flush() {
    if (buffer_.empty()) {
        return {};
    }
    RAILHUB_TRY(to_.write(util::as_bytes(buffer_)));
    buffer_.clear();
    return {};
}

util::Result<> PackWriter::put_header() {
    std::array<std::uint8_t, kPackHeader> header{'P', 'A', 'C', 'K', 0, 0, 0, 2};
    for (std::size_t i = 0; i < 4; ++i) {
        header.at(8 + i) = static_cast<std::uint8_t>(objects_.size() >> (24 - 8 * i) & 0xffU);
    }
    return put(header);
}

util::Result<> PackWriter::put_trailer() {
    const util::Sha1 sum = hasher_.finish();
    RAILHUB_TRY(flush());
    return to_.write(sum.view());
}

// Type and size: 4 bits of the size in the first byte, 7 in each that follows.
util::Result<> PackWriter::put_entry_header(ObjectType type, std::uint64_t size) {
    util::Bytes header;
    auto byte = static_cast<unsigned>(type) << 4U | static_cast<unsigned>(size & 15U);
    size >>= 4U;
    while (size > 0) {
        header.push_back(static_cast<std::uint8_t>(byte | 0x80U));
        byte = static_cast<unsigned>(size & 0x7fU);
        size >>= 7U;
    }
    header.push_back(static_cast<std::uint8_t>(byte));
    return put(header);
}

util::Result<> PackWriter::put_object(const Oid& oid) {
    RAILHUB_TRY(source_.ctx().check_stop());
    RAILHUB_TRY(const PackedObject object, source_.packed(oid));
    RAILHUB_TRY(put_entry_header(object.type, object.size));
    return object.blob ? put_blob_of_store(*object.blob) : put(util::as_bytes(object.deflated));
}

util::Result<> PackWriter::put_blob_of_store(const util::Sha256& sha256) {
    RAILHUB_TRY(const auto reader, source_.blobs().open(source_.ctx(), sha256));
    Output output(*this);
    DeflateWriter deflated(output);
    util::Bytes block(kReadSize);
    std::uint64_t offset = 0;
    while (true) {
        RAILHUB_TRY(const std::size_t got, reader->read_at(offset, block));
        if (got == 0) {
            return deflated.finish();
        }
        RAILHUB_TRY(deflated.write(util::ByteView(block).first(got)));
        offset += got;
    }
}

util::Result<bool> PackWriter::gains_by_deltas(const Entry& entry) {
    if (entry.type == ObjectType::Tree) {
        return true;
    }
    if (entry.type != ObjectType::Blob) {
        return false;
    }
    RAILHUB_TRY(const auto header, source_.header(entry.oid));
    return header && !belongs_in_blob_store(entry.type, header->size);
}

util::Result<> PackWriter::put_with_deltas(const std::vector<Entry>& entries, util::Task& sending) {
    GitRepository repository;
    GitPackBuilder builder;
    int code = git_repository_wrap_odb(util::Out(repository), source_.odb());
    if (code == 0) {
        code = git_packbuilder_new(util::Out(builder), repository.get());
    }
    if (code != 0) {
        return git_failure(Code::Io, "cannot build pack");
    }
    git_packbuilder_set_threads(builder.get(), 1); // the transaction belongs to this thread
    Compressing compressing{source_.ctx(), std::nullopt};
    git_packbuilder_set_callbacks(builder.get(), compressing_callback, &compressing);
    Splice splice(*this, sending, entries.size());
    for (std::size_t i = 0; i < entries.size() && code == 0; ++i) {
        const git_oid id = to_git(entries[i].oid);
        code = git_packbuilder_insert(builder.get(), &id, entries[i].tail.data());
    }
    if (code == 0) {
        code = git_packbuilder_foreach(builder.get(), Splice::callback, &splice);
    }
    if (code == 0) {
        splice.finish();
        return {};
    }
    RAILHUB_TRY(source_.ctx().check_stop());
    auto failure = splice.take_failure();
    if (!failure) {
        failure = source_.take_failure();
    }
    return failure ? std::move(*failure) : git_failure(Code::Io, "cannot build pack");
}

util::Result<> PackWriter::write(Deltas deltas) {
    if (objects_.size() > UINT32_MAX) {
        return fail(Code::TooLarge, "pack would have more than 4294967295 objects");
    }
    util::Task sending(source_.ctx().progress, "Sending objects", objects_.size(), "objects");
    std::vector<Entry> delta_entries;
    RAILHUB_TRY(put_header());
    for (const Entry& entry : objects_) {
        bool seeks_delta = false;
        if (deltas == Deltas::Seek) {
            RAILHUB_TRY(seeks_delta, gains_by_deltas(entry));
        }
        if (seeks_delta) {
            delta_entries.push_back(entry);
            continue;
        }
        RAILHUB_TRY(put_object(entry.oid));
        sending.advance(1);
    }
    if (!delta_entries.empty()) {
        RAILHUB_TRY(put_with_deltas(delta_entries, sending));
    }
    return put_trailer();
}

} // namespace railhub::repo::detail
