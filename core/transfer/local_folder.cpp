// SPDX-License-Identifier: Apache-2.0
// Bookkeeping of a download folder.
#include "core/transfer/local_folder.h"

#include "core/util/text.h"

#include <algorithm>
#include <charconv>

namespace railhub::transfer {

namespace {

constexpr std::size_t kReadBlock = std::size_t{1} << 20;

// "1712656091.123" -> nanoseconds; 0 when it is no number.
std::int64_t metadata_nanos(std::string_view text) {
    const auto dot = text.find('.');
    const auto seconds = util::parse_decimal(text.substr(0, dot));
    if (!seconds) {
        return 0;
    }
    std::string fraction(dot == std::string_view::npos ? "" : text.substr(dot + 1));
    fraction.resize(9, '0');
    const auto nanos = util::parse_decimal(fraction);
    return static_cast<std::int64_t>(*seconds) * 1'000'000'000 +
           static_cast<std::int64_t>(nanos.value_or(0));
}

} // namespace

util::Result<std::string> hash_file(util::Fs& fs, const std::string& path, const ContentId& like) {
    RAILHUB_TRY(const auto file, fs.open(path, util::OpenMode::Read));
    ContentHasher hasher(like);
    util::Bytes block(kReadBlock);
    std::uint64_t at = 0;
    while (true) {
        RAILHUB_TRY(const std::size_t count, file->read_at(at, block));
        if (count == 0) {
            return hasher.finish();
        }
        hasher.update(std::span(block).first(count));
        at += count;
    }
}

std::string LocalFolder::file_path(std::string_view path) const {
    return util::join_path(folder_, path);
}

std::string LocalFolder::book_path(std::string_view path, std::string_view suffix) const {
    return util::join_path(
        folder_, ".cache/huggingface/download/" + std::string(path) + std::string(suffix)
    );
}

std::string LocalFolder::partial_path(std::string_view path, std::string_view etag) const {
    return book_path(path, "." + std::string(etag) + ".incomplete");
}

std::string LocalFolder::lock_path(std::string_view path) const {
    return book_path(path, ".lock");
}

util::Result<bool> LocalFolder::has(std::string_view path, const ContentId& content) const {
    RAILHUB_TRY(const auto info, fs_.info(file_path(path)));
    if (!info || info->is_directory || (!info->is_symlink && info->size != content.size)) {
        return false;
    }
    const auto metadata = util::read_file(fs_, book_path(path, ".metadata"), 4096);
    if (metadata.ok() && !info->is_symlink) {
        const auto lines = util::split(*metadata, '\n');
        const bool is_known = lines.size() >= 3 && lines[1] == content.text();
        // The time is taken after the download: a later change of the file shows.
        if (is_known && info->modified_ns <= metadata_nanos(lines[2])) {
            return true;
        }
    }
    RAILHUB_TRY(const std::string actual, hash_file(fs_, file_path(path), content));
    return actual == content.text();
}

util::Result<> LocalFolder::write_metadata(
    std::string_view path, std::string_view commit, std::string_view etag, const util::Clock& clock
) const {
    const std::int64_t millis = util::to_millis(clock.now());
    const std::string fraction = std::to_string(1000 + millis % 1000).substr(1);
    const std::string text = std::string(commit) + "\n" + std::string(etag) + "\n" +
                             std::to_string(millis / 1000) + "." + fraction + "\n";
    const std::string file = book_path(path, ".metadata");
    RAILHUB_TRY(fs_.make_dirs(util::parent_path(file)));
    const std::string ignore = util::join_path(folder_, ".cache/huggingface/.gitignore");
    RAILHUB_TRY(const auto there, fs_.info(ignore));
    if (!there) {
        RAILHUB_TRY(util::write_atomic(fs_, ignore, util::as_bytes("*")));
    }
    return util::write_atomic(fs_, file, util::as_bytes(text));
}

} // namespace railhub::transfer
