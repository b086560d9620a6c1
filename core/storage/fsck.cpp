// SPDX-License-Identifier: Apache-2.0
// fsck over the object store seam, so that it serves every back end.
#include "core/storage/fsck.h"

#include "core/storage/layout.h"

namespace railhub::storage {

namespace {

std::string as_finding(const util::Error& error) {
    return util::to_line(error) + (error.hint.empty() ? "" : " (" + error.hint + ")");
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
    auto verified = blobs.verify(ctx, *sha256);
    if (!verified.ok()) {
        if (verified.error().code == util::Code::Cancelled) {
            return verified;
        }
        report.findings.push_back(as_finding(verified.error()));
    }
    return {};
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
