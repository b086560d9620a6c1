// SPDX-License-Identifier: Apache-2.0
// Edits of a file that the client does not have: which windows it must fetch and cut anew, and the
// hashes of all that stays (xet specification, section 5.8).
#include "core/xet/edit_windows.h"
#include "server/api/cas_files.h"
#include "server/api/handlers.h"

#include <algorithm>
#include <charconv>

namespace railhub::server::api {

namespace {

constexpr std::string_view kDirtyHeader = "X-Range-Dirty";
constexpr std::string_view kDirtyUnit = "bytes=";
constexpr std::size_t kMaxDirtySpans = 1024;
// The chunk list of the file is in memory while it is answered: 40 bytes for 64 KiB.
constexpr std::uint64_t kMaxEditedBytes = std::uint64_t{64} << 30;

util::Error bad_dirty(std::string_view what) {
    return util::fail(
        util::Code::InvalidInput,
        std::string(kDirtyHeader) + ": " + std::string(what),
        "send for example 'X-Range-Dirty: bytes=0-99,5000-5999'"
    );
}

// "0-99", both ends included.
util::Result<xet::ByteSpan> dirty_span(std::string_view text, std::uint64_t size) {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    const auto begin = std::from_chars(text.data(), text.data() + text.size(), first);
    const bool has_dash =
        begin.ec == std::errc{} && begin.ptr != text.data() + text.size() && *begin.ptr == '-';
    if (!has_dash) {
        return bad_dirty("'" + std::string(text) + "' is no range");
    }
    const auto end = std::from_chars(begin.ptr + 1, text.data() + text.size(), last);
    if (end.ec != std::errc{} || end.ptr != text.data() + text.size() || last < first) {
        return bad_dirty("'" + std::string(text) + "' is no range");
    }
    return xet::ByteSpan{std::min(first, size), last < size ? last + 1 : size};
}

// In order and disjoint; what is past the end of the file is left out.
util::Result<std::vector<xet::ByteSpan>> dirty_spans(std::string_view header, std::uint64_t size) {
    if (header.substr(0, kDirtyUnit.size()) != kDirtyUnit) {
        return bad_dirty("no range of bytes");
    }
    header.remove_prefix(kDirtyUnit.size());
    std::vector<xet::ByteSpan> spans;
    while (!header.empty()) {
        const std::size_t comma = std::min(header.find(','), header.size());
        RAILHUB_TRY(const xet::ByteSpan span, dirty_span(header.substr(0, comma), size));
        header.remove_prefix(std::min(comma + 1, header.size()));
        if (span.begin < span.end) {
            spans.push_back(span);
        }
        if (spans.size() > kMaxDirtySpans) {
            return bad_dirty("more than " + std::to_string(kMaxDirtySpans) + " ranges");
        }
    }
    std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) {
        return a.begin < b.begin;
    });
    std::vector<xet::ByteSpan> joined;
    for (const xet::ByteSpan& span : spans) {
        if (!joined.empty() && span.begin <= joined.back().end) {
            joined.back().end = std::max(joined.back().end, span.end);
        } else {
            joined.push_back(span);
        }
    }
    if (joined.empty()) {
        return bad_dirty("no range lies in the file");
    }
    return joined;
}

void add_nodes(util::JsonArray& nodes, const std::vector<xet::Leaf>& leaves) {
    for (const xet::Leaf& leaf : leaves) {
        nodes.emplace_back(util::JsonObject{{"hash", leaf.hash.text()}, {"size", leaf.size}});
    }
}

// All left sides from the bottom up, then all right sides from the top down.
util::Json subtree_json(const xet::Subtree& tree) {
    if (tree.is_empty()) {
        return nullptr;
    }
    util::JsonArray nodes;
    util::JsonArray levels;
    for (const auto& level : tree.levels) {
        add_nodes(nodes, level.left);
        levels.emplace_back(util::JsonArray{level.left.size(), level.right.size()});
    }
    for (auto level = tree.levels.rbegin(); level != tree.levels.rend(); ++level) {
        add_nodes(nodes, level->right);
    }
    return util::JsonObject{
        {"nodes", std::move(nodes)},
        {"levels", std::move(levels)},
        {"at_start", tree.reach.to_start},
        {"at_end", tree.reach.to_end}};
}

util::Json windows_json(const std::vector<xet::ByteSpan>& windows) {
    util::JsonArray list;
    for (const xet::ByteSpan& window : windows) {
        list.emplace_back(util::JsonObject{
            {"dirtyByteRange", util::JsonArray{window.begin, window.end}}});
    }
    return list;
}

// The proof for each term that no window touches.
util::Json kept_terms_json(
    const std::vector<xet::Term>& terms,
    std::span<const xet::Leaf> chunks,
    const std::vector<xet::ByteSpan>& windows
) {
    util::JsonArray proofs;
    std::uint64_t offset = 0;
    std::size_t first = 0;
    auto window = windows.begin();
    for (const xet::Term& term : terms) {
        const std::uint64_t end = offset + term.unpacked;
        const std::size_t count = term.end - term.first;
        while (window != windows.end() && window->end <= offset) {
            ++window;
        }
        if (window == windows.end() || window->begin >= end) {
            std::vector<xet::Hash> hashes;
            for (const xet::Leaf& leaf : chunks.subspan(first, count)) {
                hashes.push_back(leaf.hash);
            }
            proofs.emplace_back(xet::range_hash(hashes).text());
        }
        offset = end;
        first += count;
    }
    return proofs;
}

} // namespace

Reply cas_edit_windows(Call& call) {
    RAILHUB_TRY(const xet::Hash hash, hash_param(call, "file"));
    RAILHUB_TRY(const cas::FileRecord file, visible_file(call, hash));
    RAILHUB_TRY(
        const auto dirty, dirty_spans(call.request.headers.text(kDirtyHeader), file.blob.size)
    );
    if (file.blob.size > kMaxEditedBytes) {
        return util::fail(
            util::Code::NotFound,
            "the file is too large to be edited in place",
            "upload it as a whole"
        );
    }
    cas::Engine& engine = call.deps().engine;
    RAILHUB_TRY(const auto whole, engine.reconstruct(call.ctx, *call.tx, file, std::nullopt));
    RAILHUB_TRY(const auto chunks, engine.chunks_of(call.ctx, *call.tx, file));
    const xet::EditWindows found = xet::find_edit_windows(chunks, dirty);
    util::JsonArray gaps;
    for (const xet::Subtree& gap : found.gaps) {
        gaps.push_back(subtree_json(gap));
    }
    const util::Json answer = util::JsonObject{
        {"totalChunks", chunks.size()},
        {"fileSize", file.blob.size},
        {"windows", windows_json(found.windows)},
        {"hashRanges", std::move(gaps)},
        {"gapVerification", kept_terms_json(whole.terms, chunks, found.windows)}};
    auto response = http::Response::text(200, answer.dump(), "application/json");
    response.header("Cache-Control", "no-store");
    return response;
}

} // namespace railhub::server::api
