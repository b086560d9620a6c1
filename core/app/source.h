// SPDX-License-Identifier: Apache-2.0
// Source: "a folder" and "a repository at a revision" as one readable tree of files.
#pragma once

#include "core/util/context.h"
#include "core/util/fs.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace railhub::app {

// One thread at a time unless the implementation says more. Paths are relative, '/' between parts.
class Source {
  public:
    virtual ~Source() = default;

    // How to name it in messages and reports: "org/name at 1a2b3c4" or "./my-model".
    [[nodiscard]] virtual std::string label() const = 0;

    // All files, sorted. For a commit under way: the tree as it would be after it.
    virtual util::Result<std::vector<std::string>> files(const util::Context& ctx) = 0;

    // Whole content; nullopt when there is no such file; TooLarge past max_bytes (then nothing was
    // read into memory). Only small text files are asked for.
    virtual util::Result<std::optional<std::string>>
    read(const util::Context& ctx, const std::string& path, std::uint64_t max_bytes) = 0;

    // Bytes from an offset on of a file of any size; fewer than asked only at its end. nullopt when
    // there is no such file, or this source cannot look into files.
    virtual util::Result<std::optional<std::string>> read_part(
        const util::Context& ctx, const std::string& path, std::uint64_t offset, std::size_t length
    );
};

// A local folder. Names that begin with a dot are left out; links to files count as files (a hub
// cache is made of them), links to folders are not entered. `fs` is borrowed. Files past 200,000
// are TooLarge.
std::unique_ptr<Source> make_folder_source(util::Fs& fs, std::string folder);

} // namespace railhub::app
