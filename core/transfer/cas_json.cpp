// SPDX-License-Identifier: Apache-2.0
// Limits: a term has at most a xorb's chunks and bytes; a range at most what a xorb can take.
#include "core/transfer/cas_json.h"

#include "core/util/text.h"
#include "core/util/url.h"
#include "core/xet/chunker.h"
#include "core/xet/xorb.h"

#include <algorithm>

namespace railhub::transfer {

namespace {

constexpr std::size_t kMaxTokenText = 64'000;
constexpr std::size_t kMaxEventLine = std::size_t{1} << 20;
// Records of any writer: all chunks stored as they are, and a footer.
constexpr std::uint64_t kMaxRange =
    xet::kMaxXorbBytes + xet::kMaxXorbChunks * (xet::kRecordHeader + 40) + 4096;

util::Error bad_cas(const std::string& what) {
    return util::fail(util::Code::Corrupt, "the answer of the Xet server makes no sense: " + what);
}

struct Span {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

util::Result<Span> read_span(const util::Json* json, const std::string& what) {
    if (json == nullptr) {
        return bad_cas("no " + what);
    }
    const util::Json* begin = json->find("start");
    const util::Json* end = json->find("end");
    const auto first = begin == nullptr ? std::nullopt : begin->as_uint();
    const auto last = end == nullptr ? std::nullopt : end->as_uint();
    if (!first || !last || *first > *last) {
        return bad_cas("a broken " + what);
    }
    return Span{*first, *last};
}

util::Result<Span> read_chunks(const util::Json* json) {
    RAILHUB_TRY(const Span chunks, read_span(json, "chunk range"));
    if (chunks.begin == chunks.end || chunks.end > xet::kMaxXorbChunks) {
        return bad_cas(
            "chunks " + std::to_string(chunks.begin) + " to " + std::to_string(chunks.end)
        );
    }
    return chunks;
}

util::Result<CasRange>
read_range(std::string url, const util::Json* chunks_json, const util::Json* bytes_json) {
    RAILHUB_TRY(const Span chunks, read_chunks(chunks_json));
    RAILHUB_TRY(const Span bytes, read_span(bytes_json, "byte range"));
    if (bytes.end - bytes.begin >= kMaxRange) {
        return bad_cas("a range of " + util::human_bytes(bytes.end - bytes.begin));
    }
    if (!util::Url::parse(url).ok()) {
        return bad_cas("an address that is no URL");
    }
    return CasRange{
        std::move(url),
        static_cast<std::uint32_t>(chunks.begin),
        static_cast<std::uint32_t>(chunks.end),
        bytes.begin,
        bytes.end + 1};
}

util::Result<std::vector<xet::Term>> read_terms(const util::Json& json) {
    const util::Json* list = json.find("terms");
    const util::JsonArray* items = list == nullptr ? nullptr : list->as_array();
    if (items == nullptr) {
        return bad_cas("no terms");
    }
    std::vector<xet::Term> terms;
    for (const auto& item : *items) {
        RAILHUB_TRY(const xet::Hash xorb, xet::Hash::parse(item.text("hash")));
        RAILHUB_TRY(const Span chunks, read_chunks(item.find("range")));
        const std::uint64_t unpacked = item.number("unpacked_length");
        if (unpacked == 0 || unpacked > (chunks.end - chunks.begin) * xet::kMaxChunk) {
            return bad_cas("a term of " + std::to_string(unpacked) + " bytes");
        }
        terms.push_back(
            {xorb,
             static_cast<std::uint32_t>(unpacked),
             static_cast<std::uint32_t>(chunks.begin),
             static_cast<std::uint32_t>(chunks.end)}
        );
    }
    return terms;
}

// {"<xorb>": [{"range", "url", "url_range"}]}
util::Result<> read_v1_item(const util::Json& item, std::vector<CasRange>& ranges) {
    RAILHUB_TRY(
        CasRange range, read_range(item.text("url"), item.find("range"), item.find("url_range"))
    );
    ranges.push_back(std::move(range));
    return {};
}

// {"<xorb>": [{"url", "ranges": [{"chunks", "bytes"}]}]}
util::Result<> read_v2_item(const util::Json& item, std::vector<CasRange>& ranges) {
    const util::Json* list = item.find("ranges");
    const util::JsonArray* parts = list == nullptr ? nullptr : list->as_array();
    if (parts == nullptr) {
        return bad_cas("an address without ranges");
    }
    for (const auto& part : *parts) {
        RAILHUB_TRY(
            CasRange range, read_range(item.text("url"), part.find("chunks"), part.find("bytes"))
        );
        ranges.push_back(std::move(range));
    }
    return {};
}

} // namespace

util::Result<CasToken> read_cas_token(const util::Json& json) {
    CasToken token;
    token.access = json.text("accessToken");
    token.url = json.text("casUrl");
    while (token.url.ends_with('/')) {
        token.url.pop_back();
    }
    const util::Json* expires = json.find("exp");
    token.expires_seconds = expires == nullptr ? 0 : expires->as_int().value_or(0);
    const bool is_usable = !token.access.empty() && token.access.size() <= kMaxTokenText &&
                           token.expires_seconds > 0 && util::Url::parse(token.url).ok();
    return is_usable ? util::Result<CasToken>(token) : bad_cas("no usable token");
}

const CasRange* Reconstruction::range_of(const xet::Term& term) const {
    const auto of_xorb = ranges.find(term.xorb);
    if (of_xorb == ranges.end()) {
        return nullptr;
    }
    const auto found =
        std::find_if(of_xorb->second.begin(), of_xorb->second.end(), [&](const CasRange& range) {
            return range.first <= term.first && term.end <= range.end;
        });
    return found == of_xorb->second.end() ? nullptr : &*found;
}

util::Result<Reconstruction> read_reconstruction(const util::Json& json) {
    Reconstruction result;
    result.skip = json.number("offset_into_first_range");
    RAILHUB_TRY(result.terms, read_terms(json));
    const util::Json* v2 = json.find("xorbs");
    const util::Json* by_xorb = v2 != nullptr ? v2 : json.find("fetch_info");
    const util::JsonObject* members = by_xorb == nullptr ? nullptr : by_xorb->as_object();
    for (std::size_t i = 0; members != nullptr && i < members->size(); ++i) {
        const auto& [name, list] = (*members)[i];
        RAILHUB_TRY(const xet::Hash xorb, xet::Hash::parse(name));
        const util::JsonArray* items = list.as_array();
        for (std::size_t k = 0; items != nullptr && k < items->size(); ++k) {
            auto& ranges = result.ranges[xorb];
            const util::Json& item = (*items)[k];
            RAILHUB_TRY(v2 != nullptr ? read_v2_item(item, ranges) : read_v1_item(item, ranges));
        }
    }
    if (!result.terms.empty() && result.skip >= result.terms.front().unpacked) {
        return bad_cas("the part begins behind its first term");
    }
    for (const xet::Term& term : result.terms) {
        if (result.range_of(term) == nullptr) {
            return bad_cas("no address for a term of xorb '" + term.xorb.text() + "'");
        }
    }
    return result;
}

util::Result<ShardEvent> read_shard_event(std::string_view line) {
    RAILHUB_TRY(
        const util::Json json, util::parse_json(line, {.max_bytes = kMaxEventLine, .max_depth = 8})
    );
    const std::string type = json.text("type");
    if (type == "error") {
        return ShardEvent{
            ShardEvent::Kind::Failure,
            json.text("message", "no reason given"),
            json.flag("retryable")};
    }
    return ShardEvent{
        type == "result" ? ShardEvent::Kind::Result : ShardEvent::Kind::Progress, {}, false};
}

} // namespace railhub::transfer
