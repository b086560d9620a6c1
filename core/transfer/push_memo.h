// SPDX-License-Identifier: Apache-2.0
// PushMemo: what a push learned about local files, half-sent uploads and xorbs that a Xet server
// has, so that a push after a kill neither hashes nor sends again, and a later one sends only what
// changed. Lines of JSON, appended as things happen, and lists of chunks in a file beside it;
// losing them, or finding them damaged, costs time only.
#pragma once

#include "core/types/blob_ref.h"
#include "core/util/fs.h"
#include "core/util/guarded.h"
#include "core/util/json.h"
#include "core/xet/hash.h"

#include <map>
#include <optional>
#include <vector>

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

// Where a list of chunks is kept, and the hash that says whether it is still that list: of the
// file or of the xorb.
struct ChunkList {
    std::uint64_t at = 0;
    std::uint32_t count = 0; // 0: nothing is kept
    xet::Hash hash;
};

struct FileMemo {
    util::Sha256 sha256;
    ChunkList chunks;
};

// Safe from any thread. One process at a time is not enforced: two pushes of one folder only make
// each other's lines.
class PushMemo {
  public:
    // A file that cannot be read, or is of another version, is an empty memo.
    static util::Result<PushMemo> open(util::Fs& fs, const std::string& path);

    [[nodiscard]] std::optional<FileMemo>
    find_file(const std::string& file, const FileStamp& stamp);
    util::Result<>
    remember_file(const std::string& file, const FileStamp& stamp, const FileMemo& memo);

    // Keeps the chunks of a file or xorb for load(); `hash` is its hash.
    util::Result<ChunkList> keep(const xet::Hash& hash, std::span<const xet::Leaf> chunks);

    enum class ListOf : std::uint8_t { File, Xorb };
    // nullopt when the list is damaged or was never kept.
    [[nodiscard]] std::optional<std::vector<xet::Leaf>>
    load(const ChunkList& list, ListOf kind) const;

    // Xorbs that the Xet server at `cas` has accepted, oldest first.
    [[nodiscard]] std::vector<ChunkList> xorbs(const std::string& cas);
    util::Result<> remember_xorb(const std::string& cas, const ChunkList& xorb);
    // The server does not agree any more.
    void forget_xorbs(const std::string& cas);

    [[nodiscard]] std::optional<std::string> etag_of(const PartKey& part);
    util::Result<> remember_part(const PartKey& part, const std::string& etag);
    void forget_parts(const util::Sha256& blob);

    // Writes it anew without what only a push under way needs: parts, chunks of files. The latest
    // xorbs stay.
    util::Result<> settle();

  private:
    struct KnownFile {
        FileStamp stamp;
        FileMemo memo;
    };

    struct KnownXorb {
        std::string cas;
        ChunkList list;
    };

    struct State {
        std::unique_ptr<util::File> lines;
        std::uint64_t lines_size = 0;
        std::shared_ptr<util::File> lists;
        std::uint64_t lists_size = 0;
        std::map<std::string, KnownFile> files;
        std::map<PartKey, std::string> parts;
        std::vector<KnownXorb> xorbs;
    };

    PushMemo(util::Fs& fs, std::string path) : fs_(fs), path_(std::move(path)) {}

    [[nodiscard]] std::string lists_path() const { return path_ + ".chunks"; }

    util::Result<> load_lines(State& state);
    util::Result<> open_lists(State& state);
    static void load_line(State& state, std::string_view line);
    static util::Result<> append(State& state, const util::Json& line);
    static util::Json file_line(const std::string& file, const KnownFile& known);
    static util::Json xorb_line(const KnownXorb& xorb);
    util::Result<> settle_lists(State& state);

    util::Fs& fs_;
    std::string path_;
    std::unique_ptr<util::Guarded<State>> state_ = std::make_unique<util::Guarded<State>>();
};

} // namespace railhub::transfer
