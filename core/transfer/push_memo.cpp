// SPDX-License-Identifier: Apache-2.0
// Lines {"file",...,"sha256"} and {"blob",...,"etag"}; unknown or broken lines are skipped.
#include "core/transfer/push_memo.h"

#include "core/util/text.h"

namespace railhub::transfer {

namespace {

constexpr std::uint64_t kMaxMemo = std::uint64_t{256} << 20;

} // namespace

util::Result<PushMemo> PushMemo::open(util::Fs& fs, const std::string& path) {
    PushMemo memo(fs, path);
    RAILHUB_TRY(fs.make_dirs(util::parent_path(path)));
    {
        auto state = memo.state_->access();
        if (const auto text = util::read_file(fs, path, kMaxMemo); text.ok()) {
            const auto lines = util::split(*text, '\n');
            for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
                memo.load_line(*state, lines[i]);
            }
            state->size = text->size() - (lines.empty() ? 0 : lines.back().size());
        }
        RAILHUB_TRY(state->file, fs.open(path, util::OpenMode::ReadWriteCreate));
        RAILHUB_TRY(state->file->truncate(state->size)); // a line cut off by a kill
    }
    return memo;
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
        state.hashes[json->text("file")] = {stamp, *sha256};
    }
}

util::Result<> PushMemo::append(State& state, const util::Json& line) {
    const std::string text = line.dump() + "\n";
    RAILHUB_TRY(state.file->write_at(state.size, util::as_bytes(text)));
    state.size += text.size();
    return {};
}

util::Json PushMemo::hash_line(const std::string& file, const Hash& hash) {
    return util::Json::object(
        {{"file", file},
         {"size", hash.stamp.size},
         {"modified_ns", hash.stamp.modified_ns},
         {"inode", hash.stamp.inode},
         {"sha256", hash.sha256.hex()}}
    );
}

std::optional<util::Sha256> PushMemo::hash_of(const std::string& file, const FileStamp& stamp) {
    auto state = state_->access();
    const auto found = state->hashes.find(file);
    if (found == state->hashes.end() || found->second.stamp != stamp) {
        return std::nullopt;
    }
    return found->second.sha256;
}

util::Result<> PushMemo::remember_hash(
    const std::string& file, const FileStamp& stamp, const util::Sha256& sha256
) {
    auto state = state_->access();
    state->hashes[file] = {stamp, sha256};
    return append(*state, hash_line(file, {stamp, sha256}));
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

util::Result<> PushMemo::settle() {
    auto state = state_->access();
    std::string text;
    for (const auto& [file, hash] : state->hashes) {
        text += hash_line(file, hash).dump() + "\n";
    }
    RAILHUB_TRY(util::write_atomic(fs_, path_, util::as_bytes(text)));
    RAILHUB_TRY(state->file, fs_.open(path_, util::OpenMode::ReadWriteCreate));
    state->size = text.size();
    state->parts.clear();
    return {};
}

} // namespace railhub::transfer
