// SPDX-License-Identifier: Apache-2.0
#include "server/api/spool.h"

#include <algorithm>

namespace railhub::server::api {

namespace {

constexpr std::size_t kMemory = std::size_t{1} << 20;

} // namespace

util::Result<> Spool::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t count = std::min(bytes.size(), kMemory - memory_.size());
        memory_.append(bytes.substr(0, count));
        bytes.remove_prefix(count);
        if (memory_.size() == kMemory) {
            RAILHUB_TRY(flush());
        }
    }
    return {};
}

util::Result<> Spool::flush() {
    if (file_ == nullptr) {
        RAILHUB_TRY(fs_.make_dirs(folder_));
        const std::string path = util::join_path(folder_, "spool-" + util::random_hex(random_, 12));
        RAILHUB_TRY(file_, fs_.open(path, util::OpenMode::CreateNew));
        RAILHUB_TRY(fs_.remove(path));
    }
    RAILHUB_TRY(file_->write_at(flushed_, util::as_bytes(memory_)));
    flushed_ += memory_.size();
    memory_.clear();
    return {};
}

util::Result<std::string> Spool::read(std::uint64_t offset, std::uint64_t length) {
    RAILHUB_ASSERT(offset + length <= size());
    std::string bytes(length, '\0');
    std::uint64_t done = 0;
    while (done < length && offset + done < flushed_) {
        const std::uint64_t want = std::min(length - done, flushed_ - (offset + done));
        const std::span<std::uint8_t> into(
            reinterpret_cast<std::uint8_t*>(bytes.data()) + done, want
        );
        RAILHUB_TRY(const std::size_t got, file_->read_at(offset + done, into));
        if (got == 0) {
            return util::fail(util::Code::Io, "a temporary file is shorter than what was written");
        }
        done += got;
    }
    if (done < length) {
        memory_.copy(bytes.data() + done, length - done, offset + done - flushed_);
    }
    return bytes;
}

} // namespace railhub::server::api
