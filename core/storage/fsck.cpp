// SPDX-License-Identifier: Apache-2.0
// fsck over the object store seam, so that it serves every back end. Each kind of object has a name
// that its bytes can be checked against.
#include "core/storage/fsck.h"

#include "core/storage/layout.h"
#include "core/xet/xorb.h"

namespace railhub::storage {

namespace {

constexpr std::size_t kFsckBlock = std::size_t{1} << 20;
constexpr std::size_t kPackTrailer = util::Sha1::kSize;

std::string as_finding(const util::Error& error) {
    return util::to_line(error) + (error.hint.empty() ? "" : " (" + error.hint + ")");
}

util::Error damaged(std::string what, std::string hint) {
    return util::fail(util::Code::Corrupt, std::move(what), std::move(hint));
}

// Feeds all bytes to `take`, whose error ends it.
util::Result<> read_all(
    const util::Context& ctx,
    ObjectReader& reader,
    const std::function<util::Result<>(util::ByteView)>& take
) {
    util::Bytes block(kFsckBlock);
    for (std::uint64_t offset = 0; offset < reader.size();) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::size_t got, reader.read_at(offset, block));
        if (got == 0) {
            break; // shorter than it was: the hash tells
        }
        RAILHUB_TRY(take(util::ByteView(block).first(got)));
        offset += got;
    }
    return {};
}

util::Result<>
verify_blob(const util::Context& ctx, ObjectReader& reader, const util::Sha256& sha256) {
    util::Sha256Hasher hasher;
    RAILHUB_TRY(read_all(ctx, reader, [&](util::ByteView bytes) {
        hasher.update(bytes);
        return util::Result<>();
    }));
    const util::Sha256 found = hasher.finish();
    return found == sha256 ? util::Result<>()
                           : damaged(
                                 "blob '" + sha256.hex() + "' is damaged: its bytes hash to '" +
                                     found.hex() + "'",
                                 "restore the file from a backup, or remove it and upload it again"
                             );
}

// Every chunk decoded and hashed; Corrupt when they do not make up the name.
util::Result<> verify_xorb(const util::Context& ctx, ObjectReader& reader, const xet::Hash& hash) {
    xet::XorbVerifier verifier;
    util::Result<> fed; // kept apart from errors of reading
    RAILHUB_TRY(read_all(ctx, reader, [&](util::ByteView bytes) {
        fed = fed.ok() ? verifier.update(bytes) : std::move(fed);
        return util::Result<>();
    }));
    if (fed.ok()) {
        const auto layout = verifier.finish();
        if (layout.ok() && layout->hash == hash && layout->body_size() == reader.size()) {
            return {};
        }
    }
    return damaged(
        "xorb '" + hash.text() + "' is damaged: its chunks are not what the name says",
        "restore the file from a backup, or upload the files that use it again"
    );
}

// A pack ends with the SHA-1 of all before.
util::Result<> verify_pack(const util::Context& ctx, ObjectReader& reader) {
    util::Sha1Hasher hasher;
    util::Bytes tail;
    RAILHUB_TRY(read_all(ctx, reader, [&](util::ByteView bytes) {
        tail.insert(tail.end(), bytes.begin(), bytes.end());
        const std::size_t body = tail.size() - std::min(tail.size(), kPackTrailer);
        hasher.update(util::ByteView(tail).first(body));
        tail.erase(tail.begin(), tail.begin() + static_cast<std::ptrdiff_t>(body));
        return util::Result<>();
    }));
    const bool is_sound = tail.size() == kPackTrailer && hasher.finish() == util::Sha1::from(tail);
    return is_sound ? util::Result<>() : damaged("its checksum is wrong", {});
}

// Of a name that says what the bytes are; Corrupt also when it says nothing.
util::Result<> verify_named(const util::Context& ctx, ObjectReader& reader, std::string_view name) {
    if (const auto sha256 = blob_of_key(name)) {
        return verify_blob(ctx, reader, *sha256);
    }
    if (const auto xorb = xorb_of_key(name)) {
        return verify_xorb(ctx, reader, *xorb);
    }
    return damaged("object '" + std::string(name) + "' has no name of ours", "move it away");
}

util::Result<> verify_object(
    const util::Context& ctx, ObjectStore& store, std::string_view key, std::string_view name
) {
    auto reader = store.open(ctx, key);
    if (!reader.ok() && reader.error().code == util::Code::NotFound) {
        return {}; // gone since it was listed
    }
    RAILHUB_TRY(const auto opened, std::move(reader));
    return verify_named(ctx, *opened, name);
}

util::Result<> note_damage(util::Result<> verified, FsckReport& report) {
    if (!verified.ok()) {
        if (verified.error().code == util::Code::Cancelled) {
            return verified;
        }
        report.findings.push_back(as_finding(verified.error()));
    }
    return {};
}

// A cache: its content follows from the history.
util::Result<> check_pack(
    const util::Context& ctx, ObjectStore& store, const ObjectInfo& info, FsckReport& report
) {
    auto reader = store.open(ctx, info.key);
    if (!reader.ok()) {
        return reader.error().code == util::Code::NotFound ? util::Result<>()
                                                           : std::move(reader).error();
    }
    const auto verified = verify_pack(ctx, **reader);
    if (verified.ok() || verified.error().code != util::Code::Corrupt) {
        return verified;
    }
    RAILHUB_TRY(store.remove(ctx, info.key));
    report.mended.push_back(
        "pack '" + info.key + "' was damaged and is deleted; the next clone makes it anew"
    );
    return {};
}

std::uint64_t& count_of(FsckReport& report, const ObjectInfo& info) {
    if (info.key.starts_with(kPackPrefix)) {
        return report.packs;
    }
    if (info.key.starts_with(kTrashPrefix)) {
        return report.trashed;
    }
    return info.key.starts_with(kXorbPrefix) ? report.xorbs : report.blobs;
}

} // namespace

util::Result<> check_object(
    const util::Context& ctx,
    ObjectStore& store,
    FsckDepth depth,
    const ObjectInfo& info,
    FsckReport& report
) {
    const std::string name = key_before_trash(info.key).value_or(info.key);
    const bool is_pack = info.key.starts_with(kPackPrefix);
    if (!is_pack && !blob_of_key(name) && !xorb_of_key(name)) {
        report.findings.push_back("object '" + info.key + "' has no blob name; move it away");
        return {};
    }
    ++count_of(report, info);
    report.bytes += is_pack ? 0 : info.size;
    if (info.size == 0 && !is_pack) {
        report.findings.push_back("object '" + info.key + "' is empty; restore or remove it");
        return {};
    }
    if (depth == FsckDepth::Structure) {
        return {};
    }
    return is_pack ? check_pack(ctx, store, info, report)
                   : note_damage(verify_object(ctx, store, info.key, name), report);
}

util::Result<FsckReport> fsck(const util::Context& ctx, Blobs& blobs, FsckDepth depth) {
    FsckReport report;
    ObjectStore& store = blobs.objects();
    RAILHUB_TRY(report.findings, store.check(ctx));
    util::Task task(ctx.progress, "checking store", 0, "B");
    RAILHUB_TRY(store.list(ctx, {}, [&](const ObjectInfo& info) {
        task.advance(info.size);
        return check_object(ctx, store, depth, info, report);
    }));
    return report;
}

} // namespace railhub::storage
