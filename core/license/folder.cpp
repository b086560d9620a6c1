// SPDX-License-Identifier: Apache-2.0
// Reads a user's folder of license data; the only part of this module that touches the disk.
#include "core/license/catalogue.h"

namespace railhub::license {

namespace {

constexpr std::size_t kMaxDataFiles = 2000;
constexpr std::uint64_t kMaxDataFileBytes = std::uint64_t{1} << 20;
constexpr std::size_t kMaxFolderDepth = 3; // restrictions/sets/<id>.json

struct Walk {
    util::Fs& fs;
    const std::string& root;
    std::vector<DataFile>& files;
};

util::Result<> read_below(const Walk& walk, const std::string& relative, std::size_t depth) {
    const std::string folder = relative.empty() ? walk.root : util::join_path(walk.root, relative);
    RAILHUB_TRY(const std::vector<std::string> names, walk.fs.list(folder));
    for (const std::string& name : names) {
        const std::string path = relative.empty() ? name : relative + "/" + name;
        const std::string full = util::join_path(walk.root, path);
        RAILHUB_TRY(const std::optional<util::FileInfo> info, walk.fs.info(full));
        if (!info || info->is_symlink || name.starts_with(".")) {
            continue;
        }
        if (info->is_directory) {
            if (depth < kMaxFolderDepth) {
                RAILHUB_TRY(read_below(walk, path, depth + 1));
            }
            continue;
        }
        if (!name.ends_with(".json")) {
            continue;
        }
        if (walk.files.size() >= kMaxDataFiles) {
            return util::fail(
                util::Code::TooLarge, "too many files in license folder '" + walk.root + "'"
            );
        }
        RAILHUB_TRY(std::string text, util::read_file(walk.fs, full, kMaxDataFileBytes));
        walk.files.push_back({path, std::move(text)});
    }
    return {};
}

} // namespace

util::Result<std::vector<DataFile>> read_data_folder(util::Fs& fs, const std::string& folder) {
    std::vector<DataFile> files;
    RAILHUB_TRY(read_below(Walk{fs, folder, files}, "", 1));
    return files;
}

} // namespace railhub::license
