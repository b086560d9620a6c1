// SPDX-License-Identifier: Apache-2.0
// Walk, read, detect.
#include "cli/license_scan.h"

#include "core/util/text.h"
#include "core/util/thread_pool.h"

#include <algorithm>
#include <thread>

namespace railhub::cli {

namespace {

constexpr std::size_t kMaxScannedFiles = 1'000'000;
constexpr std::size_t kMaxScanDepth = 64;
constexpr std::size_t kMaxPassageBytes = 600;
constexpr std::size_t kScanQueue = 256;

util::Result<>
walk(util::Fs& fs, const std::string& path, std::size_t depth, std::vector<std::string>& files) {
    RAILHUB_TRY(const std::optional<util::FileInfo> info, fs.info(path));
    if (!info) {
        return util::fail(util::Code::NotFound, "no file or folder '" + path + "'");
    }
    if (info->is_symlink && depth > 0) {
        return {};
    }
    if (!info->is_directory) {
        files.push_back(path);
        return files.size() <= kMaxScannedFiles
                   ? util::Result<>()
                   : util::fail(
                         util::Code::TooLarge, "more than a million files below '" + path + "'"
                     );
    }
    if (depth >= kMaxScanDepth) {
        return {};
    }
    RAILHUB_TRY(const std::vector<std::string> names, fs.list(path));
    for (const std::string& name : names) {
        if (name != ".git") {
            RAILHUB_TRY(walk(fs, util::join_path(path, name), depth + 1, files));
        }
    }
    return {};
}

ScannedFile scan_file(util::Fs& fs, const license::Catalogue& catalogue, const std::string& path) {
    ScannedFile out;
    out.path = path;
    const util::Result<std::string> bytes = read_start(fs, path);
    if (!bytes.ok()) {
        out.error = bytes.error().message;
        return out;
    }
    out.detection = license::detect(license::Fingerprints::built_in(), *bytes);
    const auto write = [&](std::string_view id) { return reference_of(catalogue, id); };
    out.expression = license::expression_of(out.detection, write);
    out.expressions = license::expressions_of(out.detection, write);
    for (const license::LicenseMatch& match : out.detection.matches) {
        std::vector<std::string>& texts = out.difference_texts.emplace_back();
        for (const license::Difference& difference : match.differences) {
            texts.push_back(passage(*bytes, difference.place));
        }
    }
    for (const license::Place& place : out.detection.added_terms) {
        out.added_texts.push_back(passage(*bytes, place));
    }
    return out;
}

} // namespace

util::Result<std::string> read_start(util::Fs& fs, const std::string& path) {
    RAILHUB_TRY(const std::unique_ptr<util::File> file, fs.open(path, util::OpenMode::Read));
    RAILHUB_TRY(const std::uint64_t size, file->size());
    std::string bytes(std::min<std::uint64_t>(size, license::kMaxTextBytes + 1), '\0');
    const std::span<std::uint8_t> into(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
    RAILHUB_TRY(const std::size_t count, file->read_at(0, into));
    bytes.resize(count);
    return bytes;
}

std::string passage(const std::string& bytes, const license::Place& place) {
    std::size_t end = std::min<std::size_t>(place.end, place.begin + kMaxPassageBytes);
    while (end > place.begin && end < bytes.size() &&
           (static_cast<unsigned char>(bytes[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    std::string text = bytes.substr(place.begin, end - place.begin);
    const bool is_text = util::is_valid_utf8(text);
    if (!is_text) {
        std::replace_if(
            text.begin(),
            text.end(),
            [](char ch) { return static_cast<unsigned char>(ch) >= 0x80; },
            '?'
        );
    }
    return end < place.end ? text + "..." : text;
}

std::string lines_text(const license::Place& place) {
    const std::string first = std::to_string(place.first_line);
    return place.last_line > place.first_line
               ? "lines " + first + "-" + std::to_string(place.last_line)
               : "line " + first;
}

util::Json place_json(const license::Place& place) {
    return util::Json::object(
        {{"begin", place.begin},
         {"end", place.end},
         {"first_line", place.first_line},
         {"last_line", place.last_line}}
    );
}

util::Result<std::vector<std::string>>
files_below(util::Fs& fs, const std::vector<std::string>& paths) {
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        RAILHUB_TRY(walk(fs, path, 0, files));
    }
    return files;
}

std::vector<ScannedFile> scan_files(
    util::Fs& fs, const license::Catalogue& catalogue, const std::vector<std::string>& paths
) {
    std::vector<ScannedFile> found(paths.size());
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    if (paths.size() == 1 || cores == 1) {
        std::transform(paths.begin(), paths.end(), found.begin(), [&](const std::string& path) {
            return scan_file(fs, catalogue, path);
        });
        return found;
    }
    util::ThreadPool pool(cores, kScanQueue);
    for (std::size_t i = 0; i < paths.size(); ++i) {
        pool.submit([&, i] { found[i] = scan_file(fs, catalogue, paths[i]); });
    }
    pool.wait_idle();
    return found;
}

std::string reference_of(const license::Catalogue& catalogue, std::string_view id) {
    const license::Record* record = catalogue.find(id);
    if (record == nullptr || (record->spdx.empty() && record->scancode.empty())) {
        return license::own_reference(id);
    }
    return record->spdx.empty() ? "LicenseRef-scancode-" + record->scancode : record->spdx;
}

} // namespace railhub::cli
