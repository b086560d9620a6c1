// SPDX-License-Identifier: Apache-2.0
// The first line is {"memo":2}; then {"file",...,"sha256"}, {"xorb",...,"cas"} and
// {"blob",...,"etag"}; broken lines are skipped. The file of lists begins with 16 bytes that name
// its version; a list is 36 bytes a chunk: hash, size. Lists check themselves: the hash of a file
// or xorb follows from its chunks.
#include "core/transfer/push_memo.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::transfer {

namespace {

constexpr std::uint64_t kMaxMemo = std::uint64_t{256} << 20;
constexpr std::string_view kFirstLine = R"({"memo":2})";
constexpr std::string_view kListsHead = "railhub chunks 1"; // 16 bytes
constexpr std::size_t kListRecord = 36;
// Chunks of xorbs that outlive a push: 36 MB for 64 GB of data.
constexpr std::uint64_t kMaxSettledChunks = std::uint64_t{1} << 20;

util::Bytes packed(std::span<const xet::Leaf> chunks) {
    util::Bytes bytes;
    bytes.reserve(chunks.size() * kListRecord);
    for (const auto& [hash, size] : chunks) {
        bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
        for (unsigned shift = 0; shift < 32; shift += 8) {
            bytes.push_back(static_cast<std::uint8_t>(size >> shift));
        }
    }
    return bytes;
}

std::vector<xet::Leaf> unpacked(util::ByteView bytes) {
    std::vector<xet::Leaf> chunks(bytes.size() / kListRecord);
    for (auto& [hash, size] : chunks) {
        std::copy_n(bytes.begin(), hash.bytes.size(), hash.bytes.begin());
        for (std::size_t i = 0; i < 4; ++i) {
            size |= std::uint64_t{bytes[32 + i]} << (8 * i);
        }
        bytes = bytes.subspan(kListRecord);
    }
    return chunks;
}

void set_list(util::Json& line, const ChunkList& list) {
    line.set("chunks_at", list.at);
    line.set("chunk_count", list.count);
}

// `hash` is the text of the hash that the list must have.
ChunkList read_list(const util::Json& line, const std::string& hash) {
    const auto parsed = xet::Hash::parse(hash);
    const std::uint64_t count = line.number("chunk_count");
    if (!parsed.ok() || count > UINT32_MAX) {
        return {};
    }
    return {line.number("chunks_at"), static_cast<std::uint32_t>(count), *parsed};
}

} // namespace

util::Result<PushMemo> PushMemo::open(util::Fs& fs, const std::string& path) {
    PushMemo memo(fs, path);
    RAILHUB_TRY(fs.make_dirs(util::parent_path(path)));
    {
        auto state = memo.state_->access();
        RAILHUB_TRY(memo.load_lines(*state));
        RAILHUB_TRY(memo.open_lists(*state));
    }
    return memo;
}

util::Result<> PushMemo::load_lines(State& state) {
    const auto text = util::read_file(fs_, path_, kMaxMemo);
    const auto lines = text.ok() ? util::split(*text, '\n') : std::vector<std::string_view>();
    const bool is_ours = lines.size() > 1 && lines.front() == kFirstLine;
    for (std::size_t i = 1; is_ours && i + 1 < lines.size(); ++i) {
        load_line(state, lines[i]);
    }
    RAILHUB_TRY(state.lines, fs_.open(path_, util::OpenMode::ReadWriteCreate));
    if (is_ours) {
        state.lines_size = text->size() - lines.back().size();
        return state.lines->truncate(state.lines_size); // a line cut off by a kill
    }
    RAILHUB_TRY(state.lines->truncate(0));
    const std::string first = std::string(kFirstLine) + "\n";
    state.lines_size = first.size();
    return state.lines->write_at(0, util::as_bytes(first));
}

util::Result<> PushMemo::open_lists(State& state) {
    RAILHUB_TRY(state.lists, fs_.open(lists_path(), util::OpenMode::ReadWriteCreate));
    util::Bytes head(kListsHead.size());
    RAILHUB_TRY(const std::size_t count, state.lists->read_at(0, head));
    if (count == head.size() && util::as_text(head) == kListsHead) {
        RAILHUB_TRY(state.lists_size, state.lists->size());
        return {};
    }
    RAILHUB_TRY(state.lists->truncate(0));
    state.lists_size = kListsHead.size();
    return state.lists->write_at(0, util::as_bytes(kListsHead));
}

void PushMemo::load_line(State& state, std::string_view line) {
    const auto json = util::parse_json(line);
    if (!json.ok()) {
        return;
    }
    if (const auto blob = util::Sha256::parse(json->text("blob")); blob.ok()) {
        const PartKey key{
            *blob,
            json->number("part_size"),
            static_cast<std::uint32_t>(json->number("number")),
            json->text("address")};
        state.parts[key] = json->text("etag");
    }
    const auto sha256 = util::Sha256::parse(json->text("sha256"));
    const util::Json* modified = json->find("modified_ns");
    if (sha256.ok() && modified != nullptr) {
        const FileStamp stamp{
            json->number("size"), modified->as_int().value_or(0), json->number("inode")};
        state.files[json->text("file")] = {stamp, {*sha256, read_list(*json, json->text("xet"))}};
    }
    if (const ChunkList xorb = read_list(*json, json->text("xorb")); xorb.count > 0) {
        state.xorbs.push_back({json->text("cas"), xorb});
    }
}

util::Result<> PushMemo::append(State& state, const util::Json& line) {
    const std::string text = line.dump() + "\n";
    RAILHUB_TRY(state.lines->write_at(state.lines_size, util::as_bytes(text)));
    state.lines_size += text.size();
    return {};
}

util::Json PushMemo::file_line(const std::string& file, const KnownFile& known) {
    util::Json line = util::Json::object(
        {{"file", file},
         {"size", known.stamp.size},
         {"modified_ns", known.stamp.modified_ns},
         {"inode", known.stamp.inode},
         {"sha256", known.memo.sha256.hex()}}
    );
    if (known.memo.chunks.count > 0) {
        line.set("xet", known.memo.chunks.hash.text());
        set_list(line, known.memo.chunks);
    }
    return line;
}

util::Json PushMemo::xorb_line(const KnownXorb& xorb) {
    util::Json line = util::Json::object({{"xorb", xorb.list.hash.text()}, {"cas", xorb.cas}});
    set_list(line, xorb.list);
    return line;
}

std::optional<FileMemo> PushMemo::find_file(const std::string& file, const FileStamp& stamp) {
    auto state = state_->access();
    const auto found = state->files.find(file);
    if (found == state->files.end() || found->second.stamp != stamp) {
        return std::nullopt;
    }
    return found->second.memo;
}

util::Result<>
PushMemo::remember_file(const std::string& file, const FileStamp& stamp, const FileMemo& memo) {
    auto state = state_->access();
    state->files[file] = {stamp, memo};
    return append(*state, file_line(file, {stamp, memo}));
}

util::Result<ChunkList> PushMemo::keep(const xet::Hash& hash, std::span<const xet::Leaf> chunks) {
    auto state = state_->access();
    const util::Bytes bytes = packed(chunks);
    const ChunkList list{state->lists_size, static_cast<std::uint32_t>(chunks.size()), hash};
    RAILHUB_TRY(state->lists->write_at(list.at, bytes));
    state->lists_size += bytes.size();
    return list;
}

std::optional<std::vector<xet::Leaf>> PushMemo::load(const ChunkList& list, ListOf kind) const {
    std::shared_ptr<util::File> file;
    {
        auto state = state_->access();
        const bool is_inside = list.count > 0 && list.at <= state->lists_size &&
                               list.count <= (state->lists_size - list.at) / kListRecord;
        if (!is_inside) {
            return std::nullopt;
        }
        file = state->lists;
    }
    util::Bytes bytes(std::size_t{list.count} * kListRecord);
    const auto count = file->read_at(list.at, bytes);
    if (!count.ok() || *count != bytes.size()) {
        return std::nullopt;
    }
    auto chunks = unpacked(bytes);
    const xet::Hash actual =
        kind == ListOf::File ? xet::file_hash(chunks) : xet::merkle_root(chunks);
    return actual == list.hash ? std::optional(std::move(chunks)) : std::nullopt;
}

std::vector<ChunkList> PushMemo::xorbs(const std::string& cas) {
    auto state = state_->access();
    std::vector<ChunkList> lists;
    for (const auto& xorb : state->xorbs) {
        if (xorb.cas == cas) {
            lists.push_back(xorb.list);
        }
    }
    return lists;
}

util::Result<> PushMemo::remember_xorb(const std::string& cas, const ChunkList& xorb) {
    auto state = state_->access();
    state->xorbs.push_back({cas, xorb});
    return append(*state, xorb_line(state->xorbs.back()));
}

void PushMemo::forget_xorbs(const std::string& cas) {
    auto state = state_->access();
    std::erase_if(state->xorbs, [&](const KnownXorb& xorb) { return xorb.cas == cas; });
}

std::optional<std::string> PushMemo::etag_of(const PartKey& part) {
    auto state = state_->access();
    const auto found = state->parts.find(part);
    return found == state->parts.end() ? std::nullopt : std::optional(found->second);
}

util::Result<> PushMemo::remember_part(const PartKey& part, const std::string& etag) {
    auto state = state_->access();
    state->parts[part] = etag;
    return append(
        *state,
        util::Json::object(
            {{"blob", part.blob.hex()},
             {"part_size", part.part_size},
             {"number", part.number},
             {"address", part.address},
             {"etag", etag}}
        )
    );
}

void PushMemo::forget_parts(const util::Sha256& blob) {
    auto state = state_->access();
    std::erase_if(state->parts, [&](const auto& entry) { return entry.first.blob == blob; });
}

// The latest xorbs that fit, copied to a new file of lists.
util::Result<> PushMemo::settle_lists(State& state) {
    std::uint64_t chunks = 0;
    std::size_t first = state.xorbs.size();
    while (first > 0 && chunks + state.xorbs[first - 1].list.count <= kMaxSettledChunks) {
        chunks += state.xorbs[--first].list.count;
    }
    state.xorbs.erase(
        state.xorbs.begin(), state.xorbs.begin() + static_cast<std::ptrdiff_t>(first)
    );
    util::Bytes bytes(kListsHead.begin(), kListsHead.end());
    for (auto& xorb : state.xorbs) {
        const std::size_t at = bytes.size();
        bytes.resize(at + std::size_t{xorb.list.count} * kListRecord);
        RAILHUB_TRY(state.lists->read_at(xorb.list.at, std::span(bytes).subspan(at)));
        xorb.list.at = at;
    }
    RAILHUB_TRY(util::write_atomic(fs_, lists_path(), bytes));
    RAILHUB_TRY(state.lists, fs_.open(lists_path(), util::OpenMode::ReadWriteCreate));
    state.lists_size = bytes.size();
    return {};
}

util::Result<> PushMemo::settle() {
    auto state = state_->access();
    RAILHUB_TRY(settle_lists(*state));
    std::string text = std::string(kFirstLine) + "\n";
    for (auto& [file, known] : state->files) {
        known.memo.chunks = {};
        text += file_line(file, known).dump() + "\n";
    }
    for (const auto& xorb : state->xorbs) {
        text += xorb_line(xorb).dump() + "\n";
    }
    RAILHUB_TRY(util::write_atomic(fs_, path_, util::as_bytes(text)));
    RAILHUB_TRY(state->lines, fs_.open(path_, util::OpenMode::ReadWriteCreate));
    state->lines_size = text.size();
    state->parts.clear();
    return {};
}

} // namespace railhub::transfer
