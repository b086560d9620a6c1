// SPDX-License-Identifier: Apache-2.0
// The cache that huggingface_hub, transformers and datasets use (layout checked against
// huggingface_hub 2.4.0):
//
//   CACHE/models--owner--name/blobs/<etag>                     bytes, once
//                             snapshots/<commit>/<path>        links into blobs/
//                             refs/<revision>                  40 hex, no newline
//                             .no_exist/<commit>/<path>        empty: known to be absent
//                             trees/<commit>.json              listing of a commit
//   CACHE/.locks/models--owner--name/<etag>.lock               held while a blob is fetched
#pragma once

#include "core/transfer/hub_client.h"
#include "core/util/fs.h"

namespace railhub::transfer {

// One repo in the cache. Safe from any thread; other processes may write at the same time. The Fs
// is borrowed.
class RepoCache {
  public:
    RepoCache(util::Fs& fs, std::string cache_folder, const types::RepoId& id);

    [[nodiscard]] std::string blob_path(std::string_view etag) const;
    [[nodiscard]] std::string partial_path(std::string_view etag) const;
    [[nodiscard]] std::string lock_path(std::string_view etag) const;
    [[nodiscard]] std::string snapshot_folder(std::string_view commit) const;

    // Makes the folders and CACHEDIR.TAG.
    util::Result<> prepare() const;
    // Commit a branch or tag was at when it was pulled last; nullopt when unknown.
    util::Result<std::optional<std::string>> ref(std::string_view revision) const;
    util::Result<> set_ref(std::string_view revision, std::string_view commit) const;

    // Is the file there, with its bytes?
    util::Result<bool> has_file(std::string_view commit, std::string_view path) const;
    util::Result<bool> has_blob(std::string_view etag) const;
    // Makes the link of a file to its blob.
    util::Result<>
    link(std::string_view commit, std::string_view path, std::string_view etag) const;
    util::Result<> mark_absent(std::string_view commit, std::string_view path) const;

    util::Result<>
    write_tree(std::string_view commit, const std::vector<RemoteEntry>& entries) const;
    // nullopt when there is none or it cannot be read.
    util::Result<std::optional<std::vector<RemoteEntry>>> tree(std::string_view commit) const;

  private:
    [[nodiscard]] std::string tree_path(std::string_view commit) const;

    util::Fs& fs_;
    std::string cache_folder_;
    std::string name_;   // "models--owner--name"
    std::string folder_; // of this repo
};

} // namespace railhub::transfer
