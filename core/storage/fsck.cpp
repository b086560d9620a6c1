// SPDX-License-Identifier: Apache-2.0
// fsck over the object store seam, so that it serves every back end.
#include "core/storage/fsck.h"

#include "core/storage/layout.h"
#include "core/xet/xorb.h"

namespace railhub::storage {

namespace {

constexpr std::size_t kFsckBlock = std::size_t{1} << 20;

std::string as_finding(const util::Error& error) {
    return util::to_line(error) + (error.hint.empty() ? "" : " (" + error.hint + ")");
}

// Every chunk decoded and hashed; Corrupt when they do not make up the name.
util::Result<> verify_xorb(const util::Context& ctx, ObjectStore& store, const xet::Hash& hash) {
    RAILHUB_TRY(const auto reader, store.open(ctx, xorb_key(hash)));
    util::Bytes block(kFsckBlock);
    xet::XorbVerifier verifier;
    util::Result<> fed;
    for (std::uint64_t offset = 0; fed.ok() && offset < reader->size();) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::size_t got, reader->read_at(offset, block));
        if (got == 0) {
            break;
        }
        fed = verifier.update(util::ByteView(block).first(got));
        offset += got;
    }
    if (fed.ok()) {
        const auto layout = verifier.finish();
        if (layout.ok() && layout->hash == hash) {
            return {};
        }
    }
    return util::fail(
        util::Code::Corrupt,
        "xorb '" + hash.text() + "' is damaged: its chunks are not what the name says",
        "restore the file from a backup, or upload the files that use it again"
    );
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

util::Result<> check_object(
    const util::Context& ctx,
    Blobs& blobs,
    FsckDepth depth,
    const ObjectInfo& info,
    FsckReport& report
) {
    // A cache: its content follows from the history, and clients check the pack they get.
    if (info.key.starts_with(kPackPrefix)) {
        return {};
    }
    if (const auto xorb = xorb_of_key(info.key)) {
        ++report.xorbs;
        report.bytes += info.size;
        return depth == FsckDepth::Structure
                   ? util::Result<>()
                   : note_damage(verify_xorb(ctx, blobs.objects(), *xorb), report);
    }
    const auto sha256 = blob_of_key(info.key);
    if (!sha256) {
        report.findings.push_back("object '" + info.key + "' has no blob name; move it away");
        return {};
    }
    ++report.blobs;
    report.bytes += info.size;
    if (depth == FsckDepth::Structure) {
        if (info.size == 0) {
            report.findings.push_back(
                "blob '" + sha256->hex() + "' is empty; restore or remove it"
            );
        }
        return {};
    }
    return note_damage(blobs.verify(ctx, *sha256), report);
}

} // namespace

util::Result<FsckReport> fsck(const util::Context& ctx, Blobs& blobs, FsckDepth depth) {
    FsckReport report;
    RAILHUB_TRY(report.findings, blobs.objects().check(ctx));
    util::Task task(ctx.progress, "checking store", 0, "B");
    RAILHUB_TRY(blobs.objects().list(ctx, {}, [&](const ObjectInfo& info) {
        task.advance(info.size);
        return check_object(ctx, blobs, depth, info, report);
    }));
    return report;
}

} // namespace railhub::storage
