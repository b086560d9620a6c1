// SPDX-License-Identifier: Apache-2.0
// PushMemo: what a push learned about local files and half-sent uploads, so that a push after a
// kill neither hashes nor sends again. Lines of JSON, appended as things happen; losing it costs
// time only.
#pragma once

#include "core/types/blob_ref.h"
#include "core/util/fs.h"
#include "core/util/guarded.h"
#include "core/util/json.h"

#include <map>
#include <optional>

namespace railhub::transfer {

// What tells that a file is still the one that was hashed.
struct FileStamp {
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;
    std::uint64_t inode = 0;

    bool operator==(const FileStamp&) const = default;
};

// A part of a multipart upload, by the address it was sent to (without its signature).
struct PartKey {
    util::Sha256 blob;
    std::uint64_t part_size = 0;
    std::uint32_t number = 0;
    std::string address;

    auto operator<=>(const PartKey&) const = default;
};

// Safe from any thread. One process at a time is not enforced: two pushes of one folder only make
// each other's lines.
class PushMemo {
  public:
    // A file that cannot be read is an empty memo.
    static util::Result<PushMemo> open(util::Fs& fs, const std::string& path);

    [[nodiscard]] std::optional<util::Sha256>
    hash_of(const std::string& file, const FileStamp& stamp);
    util::Result<>
    remember_hash(const std::string& file, const FileStamp& stamp, const util::Sha256& sha256);

    [[nodiscard]] std::optional<std::string> etag_of(const PartKey& part);
    util::Result<> remember_part(const PartKey& part, const std::string& etag);
    void forget_parts(const util::Sha256& blob);

    // Writes it anew without parts: the push is over.
    util::Result<> settle();

  private:
    struct Hash {
        FileStamp stamp;
        util::Sha256 sha256;
    };

    struct State {
        std::unique_ptr<util::File> file;
        std::uint64_t size = 0;
        std::map<std::string, Hash> hashes;
        std::map<PartKey, std::string> parts;
    };

    PushMemo(util::Fs& fs, std::string path) : fs_(fs), path_(std::move(path)) {}

    void load_line(State& state, std::string_view line);
    static util::Result<> append(State& state, const util::Json& line);
    static util::Json hash_line(const std::string& file, const Hash& hash);

    util::Fs& fs_;
    std::string path_;
    std::unique_ptr<util::Guarded<State>> state_ = std::make_unique<util::Guarded<State>>();
};

} // namespace railhub::transfer
