// SPDX-License-Identifier: Apache-2.0
// Downloads into a plain folder, with the bookkeeping that huggingface_hub keeps beside them:
// FOLDER/.cache/huggingface/download/<path>.metadata holds commit, etag and time, a line each.
#pragma once

#include "core/transfer/content_id.h"
#include "core/util/clock.h"
#include "core/util/fs.h"

namespace railhub::transfer {

// Safe from any thread. The Fs is borrowed.
class LocalFolder {
  public:
    LocalFolder(util::Fs& fs, std::string folder) : fs_(fs), folder_(std::move(folder)) {}

    [[nodiscard]] std::string file_path(std::string_view path) const;
    [[nodiscard]] std::string partial_path(std::string_view path, std::string_view etag) const;
    [[nodiscard]] std::string lock_path(std::string_view path) const;

    // Does the file hold that content? By its metadata when it was not touched since, else by hash.
    util::Result<bool> has(std::string_view path, const ContentId& content) const;
    util::Result<> write_metadata(
        std::string_view path,
        std::string_view commit,
        std::string_view etag,
        const util::Clock& clock
    ) const;

  private:
    [[nodiscard]] std::string book_path(std::string_view path, std::string_view suffix) const;

    util::Fs& fs_;
    std::string folder_;
};

// Hash of a file of the disk, in the kind that `like` has.
util::Result<std::string> hash_file(util::Fs& fs, const std::string& path, const ContentId& like);

} // namespace railhub::transfer
