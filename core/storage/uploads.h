// SPDX-License-Identifier: Apache-2.0
// Upload sessions of many parts (the LFS "multipart" transfer). They survive a restart: the parts
// on disk are the state. Expired sessions are swept.
#pragma once

#include "core/storage/blobs.h"
#include "core/util/fs.h"

#include <chrono>
#include <string>
#include <vector>

namespace railhub::storage {

struct UploadPart {
    std::uint32_t number = 0; // from 1
    std::string etag;
};

struct CompletedUpload {
    types::BlobRef blob;
    // Listed while the hash was verified; empty when the blob was here already.
    std::vector<xet::Leaf> chunks;
};

// Safe from any thread. Two writers of the same part: the one that started last wins, the other
// gets Conflict (it is usually a connection that died and whose client tries again).
class Uploads {
  public:
    virtual ~Uploads() = default;
    // A session id for this blob cut into parts of part_size (the last one shorter); at most
    // kMaxUploadParts of them. The id is a function of blob and part_size, so asking again
    // continues the same session. Space for the whole file is taken now (Io when it does not fit).
    virtual util::Result<std::string>
    open(const util::Context& ctx, const types::BlobRef& blob, std::uint64_t part_size) = 0;
    // Stores one part durably and returns its ETag. InvalidInput on a wrong number or length; the
    // part is then missing.
    virtual util::Result<std::string> put_part(
        const util::Context& ctx, std::string_view id, std::uint32_t number, util::Reader& body
    ) = 0;
    // Parts already here, by number.
    virtual util::Result<std::vector<UploadPart>>
    parts(const util::Context& ctx, std::string_view id) = 0;
    // Joins all parts, verifies hash and size, publishes the blob, removes the session.
    // InvalidInput and the session stays when `parts` is not exactly what is here; InvalidInput and
    // the session is gone when the hash is wrong.
    virtual util::Result<CompletedUpload> complete(
        const util::Context& ctx, std::string_view id, const std::vector<UploadPart>& parts
    ) = 0;
    // Absent is success.
    virtual util::Result<> abort(const util::Context& ctx, std::string_view id) = 0;
    // What is being received.
    virtual util::Result<std::vector<types::BlobRef>> open_blobs(const util::Context& ctx) = 0;
    // Removes sessions without activity for that long; returns how many.
    virtual util::Result<std::uint64_t>
    sweep(const util::Context& ctx, std::chrono::milliseconds idle) = 0;
};

inline constexpr std::uint64_t kMaxUploadParts = 10'000;

// In `folder` on a local disk; on the disk of the blobs' store, so that a finished file is moved
// there and not copied. Folder and blobs are borrowed.
std::unique_ptr<Uploads> make_local_uploads(util::Fs& fs, std::string folder, Blobs& blobs);

} // namespace railhub::storage
