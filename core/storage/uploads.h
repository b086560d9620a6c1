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

// Safe from any thread; two writers of the same part: the last complete one wins.
class Uploads {
  public:
    virtual ~Uploads() = default;
    // A session id for this blob cut into parts of part_size (the last one shorter). The id is a
    // function of blob and part_size, so asking again continues the same session.
    virtual util::Result<std::string>
    open(const util::Context& ctx, const types::BlobRef& blob, std::uint64_t part_size) = 0;
    // Stores one part durably and returns its ETag. InvalidInput on a wrong number or length.
    virtual util::Result<std::string> put_part(
        const util::Context& ctx, std::string_view id, std::uint32_t number, util::Reader& body
    ) = 0;
    // Parts already here.
    virtual util::Result<std::vector<UploadPart>>
    parts(const util::Context& ctx, std::string_view id) = 0;
    // Joins all parts, verifies hash and size, publishes the blob, removes the session.
    virtual util::Result<types::BlobRef> complete(
        const util::Context& ctx, std::string_view id, const std::vector<UploadPart>& parts
    ) = 0;
    virtual util::Result<> abort(const util::Context& ctx, std::string_view id) = 0;
    // Removes sessions without activity for that long; returns how many.
    virtual util::Result<std::uint64_t>
    sweep(const util::Context& ctx, std::chrono::milliseconds idle) = 0;
};

// In `folder` on a local disk.
std::unique_ptr<Uploads> make_local_uploads(util::Fs& fs, std::string folder, Blobs& blobs);

} // namespace railhub::storage
