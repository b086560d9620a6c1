// SPDX-License-Identifier: Apache-2.0
// Downloads: many files over few connections; large ones in parallel ranges, each resumed where it
// stopped, each verified before it gets its name.
#pragma once

#include "core/transfer/cas_client.h"
#include "core/transfer/content_id.h"
#include "core/transfer/session.h"
#include "core/util/fs.h"

#include <atomic>
#include <functional>
#include <span>

namespace railhub::transfer {

// For a file that a Xet server has, too.
struct XetFile {
    xet::Hash hash;
    // An older version on this disk, with its hash.
    std::string older_path = {};
    std::optional<xet::Hash> older_hash = {};
};

struct Download {
    std::string url;
    ContentId content;
    std::string final_path;
    std::string partial_path; // on the same file system
    std::string lock_path;    // held while it is fetched
    // Called once the file is at final_path, also when another process put it there.
    std::function<util::Result<>()> then = {};
    // Keep: what is at final_path has the right content by its name (a blob of the cache), so it
    // may have come from another process meanwhile. Replace: it is an older version.
    enum class Existing : std::uint8_t { Keep, Replace } existing = Existing::Keep;
    std::optional<XetFile> xet = {};
};

// What became of the bytes. Safe from any thread.
struct DownloadTotals {
    std::atomic<std::uint64_t> reused{0};    // taken from older versions
    std::atomic<std::uint64_t> xet_bytes{0}; // of files, that came through Xet
};

struct DownloadOptions {
    std::size_t connections = 8;
    std::uint64_t piece_size = std::uint64_t{8} << 20;
    const CasClient* cas = nullptr; // null: plain HTTP
    DownloadTotals* totals = nullptr;
};

// Returns when all are there or one failed; what has arrived stays for the next call. final_paths
// must differ.
util::Result<> download_all(
    const util::Context& ctx,
    const Session& session,
    util::Random& random,
    util::Fs& fs,
    std::span<const Download> downloads,
    const DownloadOptions& options
);

} // namespace railhub::transfer
