// SPDX-License-Identifier: Apache-2.0
// Reading, verifying and writing xorbs.
#include "core/xet/xorb.h"

#include "core/xet/chunker.h"
#include "core/xet/detail/little_endian.h"

#include <algorithm>

namespace railhub::xet {

namespace {

using detail::append_u32;
using detail::load_u24;
using detail::store_u24;

constexpr std::string_view kFooterIdent = "XETBLOB";

struct RecordHeader {
    std::uint32_t stored = 0;
    Scheme scheme = Scheme::None;
    std::uint32_t size = 0;
};

util::Error bad_xorb(std::string reason) {
    return util::fail(util::Code::InvalidInput, "invalid xorb: " + std::move(reason));
}

util::Result<RecordHeader> parse_record_header(util::ByteView bytes) {
    RecordHeader header;
    if (bytes[0] != 0) {
        return bad_xorb("unknown record version " + std::to_string(bytes[0]));
    }
    if (bytes[4] > static_cast<std::uint8_t>(Scheme::Grouped)) {
        return bad_xorb("unknown compression scheme " + std::to_string(bytes[4]));
    }
    header.stored = load_u24(bytes.data() + 1);
    header.scheme = static_cast<Scheme>(bytes[4]);
    header.size = load_u24(bytes.data() + 5);
    if (header.size == 0 || header.size > kMaxChunk || header.stored > kMaxStoredChunk) {
        return bad_xorb("a chunk has an impossible size");
    }
    return header;
}

bool is_footer_ident(util::ByteView bytes) {
    return util::as_text(bytes.first(kFooterIdent.size())) == kFooterIdent;
}

std::vector<Leaf> leaves_of_chunks(const std::vector<XorbChunk>& chunks) {
    std::vector<Leaf> leaves;
    leaves.reserve(chunks.size());
    std::uint32_t start = 0;
    for (const XorbChunk& chunk : chunks) {
        leaves.push_back({chunk.hash, chunk.uncompressed_end - start});
        start = chunk.uncompressed_end;
    }
    return leaves;
}

} // namespace

XorbVerifier::XorbVerifier() = default;

// Bytes that `held_` must have before the next step: a header, then the whole record.
util::Result<std::size_t> XorbVerifier::wanted() const {
    if (held_.size() < kRecordHeader || at_footer()) {
        return kRecordHeader;
    }
    RAILHUB_TRY(const RecordHeader header, parse_record_header(held_));
    return kRecordHeader + header.stored;
}

bool XorbVerifier::at_footer() const {
    return held_.size() >= kRecordHeader && is_footer_ident(held_);
}

// What follows the end of the record that began earlier.
util::Result<util::ByteView>
XorbVerifier::complete_held(util::ByteView bytes, util::Writer* sound) {
    while (!held_.empty() && !in_footer_ && !bytes.empty()) {
        RAILHUB_TRY(const std::size_t want, wanted());
        const std::size_t count = std::min(bytes.size(), want - held_.size());
        RAILHUB_TRY(hold(bytes.first(count)));
        bytes = bytes.subspan(count);
        if (held_.size() < kRecordHeader || in_footer_) {
            continue;
        }
        RAILHUB_TRY(const std::size_t whole, wanted());
        if (held_.size() == whole) {
            RAILHUB_TRY(take_record(held_));
            RAILHUB_TRY(sound != nullptr ? sound->write(held_) : util::Result<>());
            held_.clear();
        }
    }
    return bytes;
}

// All records that are whole in `bytes`; returns how many bytes they have.
util::Result<std::size_t> XorbVerifier::take_whole(util::ByteView bytes) {
    std::size_t taken = 0;
    while (bytes.size() - taken >= kRecordHeader) {
        const util::ByteView rest = bytes.subspan(taken);
        if (is_footer_ident(rest)) {
            break;
        }
        RAILHUB_TRY(const RecordHeader header, parse_record_header(rest));
        const std::size_t whole = kRecordHeader + header.stored;
        if (rest.size() < whole) {
            break;
        }
        RAILHUB_TRY(take_record(rest.first(whole)));
        taken += whole;
    }
    return taken;
}

util::Result<> XorbVerifier::hold(util::ByteView bytes) {
    held_.insert(held_.end(), bytes.begin(), bytes.end());
    in_footer_ = in_footer_ || at_footer();
    return in_footer_ && held_.size() > kMaxXorbFooter
               ? util::Result<>(bad_xorb("the footer is too long"))
               : util::Result<>{};
}

util::Result<> XorbVerifier::update(util::ByteView bytes, util::Writer* sound) {
    seen_ += bytes.size();
    if (seen_ > kMaxXorbBody) {
        return util::fail(util::Code::TooLarge, "a xorb has more than 64 MiB");
    }
    RAILHUB_TRY(bytes, complete_held(bytes, sound));
    if (!in_footer_) {
        RAILHUB_TRY(const std::size_t taken, take_whole(bytes));
        if (taken > 0 && sound != nullptr) {
            RAILHUB_TRY(sound->write(bytes.first(taken)));
        }
        bytes = bytes.subspan(taken);
    }
    return hold(bytes);
}

util::Result<> XorbVerifier::take_record(util::ByteView record) {
    if (chunks_.size() == kMaxXorbChunks) {
        return util::fail(util::Code::TooLarge, "a xorb has more than 8192 chunks");
    }
    RAILHUB_TRY(const Record parsed, parse_record(record));
    if (parsed.scheme != Scheme::None) {
        chunk_.resize(parsed.size);
    }
    RAILHUB_TRY(const util::ByteView bytes, chunk_of(decoder_, parsed, chunk_));
    XorbChunk chunk;
    chunk.hash = chunk_hash(bytes);
    const std::uint32_t serialized = chunks_.empty() ? 0 : chunks_.back().serialized_end;
    const std::uint32_t uncompressed = chunks_.empty() ? 0 : chunks_.back().uncompressed_end;
    chunk.serialized_end = serialized + static_cast<std::uint32_t>(record.size());
    chunk.uncompressed_end = uncompressed + parsed.size;
    chunks_.push_back(chunk);
    return {};
}

util::Result<XorbLayout> XorbVerifier::finish() {
    if (chunks_.empty()) {
        return bad_xorb("it has no chunks");
    }
    if (in_footer_) {
        // Its content is not looked at: all of it is derived from the records. Its length must fit,
        // so that nothing hides behind the records.
        const bool is_whole = held_.size() >= kXorbFooterFixed + 4 &&
                              detail::load_u32(held_.data() + held_.size() - 4) == held_.size() - 4;
        if (!is_whole) {
            return bad_xorb("the footer is incomplete");
        }
    } else if (!held_.empty()) {
        return bad_xorb("it ends inside a record");
    }
    XorbLayout layout;
    layout.hash = merkle_root(leaves_of_chunks(chunks_));
    layout.chunks = std::move(chunks_);
    return layout;
}

util::Result<XorbLayout> verify_xorb(util::ByteView body) {
    XorbVerifier verifier;
    RAILHUB_TRY(verifier.update(body));
    return verifier.finish();
}

util::Result<Record> parse_record(util::ByteView bytes) {
    if (bytes.size() < kRecordHeader) {
        return bad_xorb("it ends inside a record");
    }
    RAILHUB_TRY(const RecordHeader header, parse_record_header(bytes));
    if (bytes.size() - kRecordHeader < header.stored) {
        return bad_xorb("it ends inside a record");
    }
    return Record{header.scheme, bytes.subspan(kRecordHeader, header.stored), header.size};
}

util::Result<util::ByteView>
chunk_of(ChunkDecoder& decoder, const Record& record, std::span<std::uint8_t> room) {
    if (record.scheme == Scheme::None) {
        return record.payload.size() == record.size ? util::Result<util::ByteView>(record.payload)
                                                    : bad_xorb("a chunk has an impossible size");
    }
    const auto chunk = room.first(record.size);
    RAILHUB_TRY(decoder.decode(record.scheme, record.payload, chunk));
    return util::ByteView(chunk);
}

util::Result<std::size_t>
decode_record(ChunkDecoder& decoder, util::ByteView record, util::Bytes& chunk) {
    RAILHUB_TRY(const Record parsed, parse_record(record));
    chunk.resize(parsed.size);
    RAILHUB_TRY(decoder.decode(parsed.scheme, parsed.payload, chunk));
    return parsed.whole();
}

bool XorbBuilder::fits(std::size_t chunk_size) const {
    // The bound counts the record as if it were stored plain, which it never exceeds.
    return layout_.chunks.size() < kMaxXorbChunks &&
           body_.size() + kRecordHeader + chunk_size <= kMaxXorbBytes &&
           layout_.uncompressed_size() + chunk_size <= kMaxXorbBytes;
}

void XorbBuilder::add(util::ByteView chunk, const Hash& hash, Scheme wanted) {
    RAILHUB_ASSERT(!chunk.empty() && chunk.size() <= kMaxChunk && fits(chunk.size()));
    const std::size_t start = body_.size();
    body_.resize(start + kRecordHeader);
    const Scheme scheme = encode_chunk(wanted, chunk, body_);
    std::uint8_t* const header = body_.data() + start;
    store_u24(header + 1, static_cast<std::uint32_t>(body_.size() - start - kRecordHeader));
    header[4] = static_cast<std::uint8_t>(scheme);
    store_u24(header + 5, static_cast<std::uint32_t>(chunk.size()));
    const std::uint32_t end =
        layout_.uncompressed_size() + static_cast<std::uint32_t>(chunk.size());
    layout_.chunks.push_back({hash, static_cast<std::uint32_t>(body_.size()), end});
}

XorbBuilder::Built XorbBuilder::take() {
    layout_.hash = merkle_root(leaves_of_chunks(layout_.chunks));
    Built built{std::move(body_), std::move(layout_)};
    body_ = {};
    layout_ = {};
    return built;
}

util::Bytes xorb_footer(const XorbLayout& layout) {
    const auto append_text = [](util::Bytes& out, std::string_view text) {
        out.insert(out.end(), text.begin(), text.end());
    };
    const auto count = static_cast<std::uint32_t>(layout.chunks.size());
    util::Bytes out;
    append_text(out, kFooterIdent);
    out.push_back(1);
    out.insert(out.end(), layout.hash.bytes.begin(), layout.hash.bytes.end());
    const std::size_t hashes_at = out.size();
    append_text(out, "XBLBHSH");
    out.push_back(0);
    append_u32(out, count);
    for (const XorbChunk& chunk : layout.chunks) {
        out.insert(out.end(), chunk.hash.bytes.begin(), chunk.hash.bytes.end());
    }
    const std::size_t borders_at = out.size();
    append_text(out, "XBLBBND");
    out.push_back(1);
    append_u32(out, count);
    for (const XorbChunk& chunk : layout.chunks) {
        append_u32(out, chunk.serialized_end);
    }
    for (const XorbChunk& chunk : layout.chunks) {
        append_u32(out, chunk.uncompressed_end);
    }
    append_u32(out, count);
    const std::size_t end = out.size() + 4 + 4 + 16;
    append_u32(out, static_cast<std::uint32_t>(end - hashes_at));
    append_u32(out, static_cast<std::uint32_t>(end - borders_at));
    out.resize(out.size() + 16, 0);
    append_u32(out, static_cast<std::uint32_t>(out.size()));
    return out;
}

std::array<std::uint8_t, kRecordHeader> plain_record_header(std::uint32_t chunk_size) {
    std::array<std::uint8_t, kRecordHeader> header{};
    store_u24(header.data() + 1, chunk_size);
    store_u24(header.data() + 5, chunk_size);
    return header;
}

} // namespace railhub::xet
